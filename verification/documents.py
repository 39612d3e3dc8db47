"""Whether a number can be one of a document at all: structure and check digits. Whose it is, a person must look at."""

import re
import unicodedata

import phonenumbers
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from core.errors import Invalid, Problem, invalid
from verification.rules import DOCUMENTS_OF, PRC_DOCUMENTS, DocumentType, IdentityKind

# ICAO Doc 9303, part 4: at most nine characters in the machine-readable zone; some states print more than it holds.
PASSPORT = re.compile(r"[A-Z0-9]{5,15}")
OTHER_NUMBER = re.compile(r"[A-Z0-9./-]{3,40}")


def _resident_number(text: str) -> str:
    # Not ric.validate: its list of places lacks codes that were withdrawn, and people born there keep their number.
    if len(text) != 18 or not text[:17].isdigit() or ric.calc_check_digit(text) != text[-1]:  # noqa: PLR2004
        raise ValidationError
    ric.get_birth_date(text)
    return text


CHECKED = {
    DocumentType.RESIDENT_IDENTITY_CARD: _resident_number,
    DocumentType.UNIFIED_SOCIAL_CREDIT_CODE: uscc.validate,
}


def number_of(kind: str, document_type: str, country: str, number: str) -> str:
    """Return the document's number in its one spelling; Invalid, pointing at what is wrong, when it cannot be one.

    PRC resident identity numbers follow GB 11643-1999, unified social credit codes GB 32100-2015, with check digits.
    """
    problems = _misfits(kind, document_type, country)
    if problems:
        raise Invalid(problems)
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    checked = CHECKED.get(DocumentType(document_type))
    if checked is not None:
        try:
            return str(checked(text))
        except ValidationError:
            detail = _("This cannot be such a number: its length, its date or its check digit is wrong.")
            raise invalid("/document/number", "check_digit", detail) from None
    pattern = PASSPORT if document_type == DocumentType.PASSPORT else OTHER_NUMBER
    if not pattern.fullmatch(text):
        raise invalid("/document/number", "structure", _("Give the number as it is printed: letters and digits."))
    return text


def _misfits(kind: str, document_type: str, country: str) -> list[Problem]:
    problems = []
    if document_type not in DOCUMENTS_OF[IdentityKind(kind)]:
        detail = _("This document does not identify such a person or organisation.")
        problems.append(Problem("/document/type", "document_type", detail))
    if document_type in PRC_DOCUMENTS and country != "CN":
        problems.append(Problem("/document/country", "country", _("This document is issued in CN only.")))
    return problems


def phone_of(text: str, country: str) -> str:
    """Return the telephone number in E.164 form; Invalid when none can be dialled so from the country given."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise invalid("/phone", "phone", _("Give a telephone number with its country code, as in +86 10 1234 5678."))
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def folded(name: str) -> str:
    """Return the name without differences of case, spacing and width, to see whether two are the same."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
