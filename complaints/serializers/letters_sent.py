"""What is shown of letters that handlers wrote, and of the templates for them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from complaints import access, rules
from complaints.rules import HOUSE_LETTERS, HouseLetter, Purpose, Side
from core import sealing
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.access import Recipient, Viewer
    from complaints.models import Complaint, LetterTemplate, SentLetter
    from verification.models import Organisation

READING = "reading what was written in the matter"


def letters_for(viewer: Viewer, complaint: Complaint, now: dt.datetime) -> list[dict[str, Any]]:
    """Return the letters that the viewer may read, each with its text; where staff reads, it is recorded."""
    found = access.letters_to_read(viewer, complaint)
    is_party = bool(viewer.sides.intersection(rules.PARTIES))
    if found and not is_party:
        sealing.record_opening(key=complaint.data_key, fields=["letters"], by=viewer.account, purpose=READING, now=now)
    text_of = access.text_for_party if is_party else access.text_of
    return [_letter(one, text_of(one, complaint)) for one in found]


def _letter(one: SentLetter, text: dict[str, str]) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "to": Side.COMPLAINANT.value if one.subscriber is None else one.subscriber.pseudonym,
        "side": one.side,
        "subject": text["subject"],
        "body": text["body"],
        "language": one.language,
        "sent_at": rfc3339(one.sent_at),
    }


def on_page(letters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return letters as the page of a matter lists them."""
    return [
        {**one, "label": Side(one["side"]).label, "at": dt.datetime.fromisoformat(one["sent_at"])} for one in letters
    ]


def recipient_label(one: Recipient) -> str:
    """Return how a recipient is called in a choice."""
    if one.side is Side.COMPLAINANT:
        return str(_("The complainant"))
    return _("The uploader %(pseudonym)s") % {"pseudonym": one.key}


def template_shown(one: LetterTemplate | HouseLetter) -> dict[str, Any]:
    """Return a template: the provider's own by its id and version, one of the house by its key."""
    return {
        "id": one.key if isinstance(one, HouseLetter) else str(one.pk),
        "is_house": isinstance(one, HouseLetter),
        "name": one.name,
        "purpose": one.purpose,
        "language": one.language,
        "version": None if isinstance(one, HouseLetter) else one.version,
        "subject": one.subject,
        "body": one.body,
    }


def templates_shown(provider: Organisation) -> list[dict[str, Any]]:
    """Return the templates that the provider's handlers can use: its own, then those of the house."""
    own = [template_shown(one) for one in access.templates_of(provider)]
    return own + [template_shown(one) for one in HOUSE_LETTERS]


def template_choices(provider: Organisation) -> list[tuple[str, str]]:
    """Return the templates as choices of a form."""
    languages = dict(settings.LANGUAGES)
    return [
        (one["id"], f"{one['name']} ({Purpose(one['purpose']).label}, {languages.get(one['language'], '')})")
        for one in templates_shown(provider)
    ]


def placeholders() -> list[dict[str, str]]:
    """Return everything that a template may name, with what it stands for."""
    return [{"name": f"{{{{{name}}}}}", "stands_for": str(what)} for name, what in rules.PLACEHOLDERS.items()]
