"""Roles, states of an identity, levels and lengths of validity: values and pure functions, each with its source."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, invalid


class Role(TextChoices):
    """What an account may be in an organisation, or (rights holder, uploader) for itself."""

    RIGHTS_HOLDER = "rights_holder", _("rights holder")
    UPLOADER = "uploader", _("uploader")
    HANDLER = "handler", _("handler")
    REVIEWER = "reviewer", _("reviewer")
    AUTHORIZER = "authorizer", _("authorizer")
    AUDITOR = "auditor", _("auditor")
    AUTHORITY_OFFICER = "authority_officer", _("authority officer")
    SERVICE = "service", _("provider's service")


STAFF_ROLES = (Role.HANDLER, Role.REVIEWER, Role.AUTHORIZER, Role.AUDITOR)
# Roles that act only with a second factor set up (promise A4).
SECOND_FACTOR_ROLES = (*STAFF_ROLES, Role.AUTHORITY_OFFICER)


class OrganisationKind(TextChoices):
    """What an organisation is."""

    PROVIDER = "provider", _("provider")
    AUTHORITY = "authority", _("authority")
    RIGHTS_HOLDER = "rights_holder", _("rights holder's organisation")


# Which kind of organisation gives which role; None: a role that a person has for themselves.
ROLE_BELONGS_TO: dict[Role, tuple[OrganisationKind | None, ...]] = {
    Role.RIGHTS_HOLDER: (None, OrganisationKind.RIGHTS_HOLDER),
    Role.UPLOADER: (OrganisationKind.PROVIDER,),
    Role.HANDLER: (OrganisationKind.PROVIDER,),
    Role.REVIEWER: (OrganisationKind.PROVIDER,),
    Role.AUTHORIZER: (OrganisationKind.PROVIDER,),
    Role.AUDITOR: (OrganisationKind.PROVIDER,),
    Role.SERVICE: (OrganisationKind.PROVIDER,),
    Role.AUTHORITY_OFFICER: (OrganisationKind.AUTHORITY,),
}


# Words that stand in addresses of the portal where an organisation's code could stand, or that open one. A test holds
# them against the addresses there are.
RESERVED_CODES = frozenset((
    "_allauth", "about", "account", "accounts", "admin", "api", "at", "badge", "claim", "complain", "complaints",
    "confirm", "contact", "conversations", "demo", "desk", "done", "embed", "healthz", "home", "identities",
    "investigations", "jsi18n", "language", "law", "ledger", "media", "mend", "my-content", "new", "notices",
    "policies", "powers", "problems", "readyz", "restrictions", "rules", "searches", "static", "track", "ui",
    "well-known",
))  # fmt: skip


def check_code(code: str) -> None:
    """Raise Invalid for a code that is a word of the portal's own addresses, whose pages would hide the organisation's.

    House rule: an organisation's code is part of its public addresses, as in `/complain/CODE/`; it lasts, so that a
    word that another page has is refused at the start.
    """
    if code.casefold() in RESERVED_CODES:
        text = _("“%(code)s” is a word of the portal's own addresses. Choose another code, as in films-host.")
        raise invalid("/code", "reserved", text % {"code": code})


class IdentityKind(TextChoices):
    """Whether a person or an organisation is identified."""

    NATURAL_PERSON = "natural_person", _("natural person")
    ORGANISATION = "organisation", _("organisation")


class IdentityState(TextChoices):
    """Where a real-name identity stands."""

    SUBMITTED = "submitted", _("submitted")
    VERIFIED = "verified", _("verified")
    REFUSED = "refused", _("refused")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ERASED = "erased", _("erased")


IDENTITY_MOVES: dict[IdentityState, tuple[IdentityState, ...]] = {
    IdentityState.SUBMITTED: (
        IdentityState.VERIFIED,
        IdentityState.REFUSED,
        IdentityState.WITHDRAWN,
        IdentityState.ERASED,
    ),
    IdentityState.VERIFIED: (IdentityState.EXPIRED, IdentityState.WITHDRAWN, IdentityState.ERASED),
    IdentityState.REFUSED: (IdentityState.ERASED,),
    IdentityState.EXPIRED: (IdentityState.ERASED,),
    IdentityState.WITHDRAWN: (IdentityState.ERASED,),
    IdentityState.ERASED: (),
}


def check_move(present: str, wanted: IdentityState) -> None:
    """Raise Conflict, with the present state, unless an identity may go from here to there.

    House rule: IDENTITY_MOVES; nothing comes back from an end, a new identity is submitted instead.
    """
    if wanted not in IDENTITY_MOVES[IdentityState(present)]:
        raise Conflict(state=present)


class DocumentType(TextChoices):
    """What proves an identity."""

    RESIDENT_IDENTITY_CARD = "resident_identity_card", _("resident identity card (PRC)")
    PASSPORT = "passport", _("passport")
    NATIONAL_IDENTITY_CARD = "national_identity_card", _("national identity card")
    DRIVING_LICENCE = "driving_licence", _("driving licence")
    COMPANY_REGISTER = "company_register", _("entry in a company register")
    UNIFIED_SOCIAL_CREDIT_CODE = "unified_social_credit_code", _("unified social credit code (PRC)")


DOCUMENTS_OF: dict[IdentityKind, tuple[DocumentType, ...]] = {
    IdentityKind.NATURAL_PERSON: (
        DocumentType.RESIDENT_IDENTITY_CARD,
        DocumentType.PASSPORT,
        DocumentType.NATIONAL_IDENTITY_CARD,
        DocumentType.DRIVING_LICENCE,
    ),
    IdentityKind.ORGANISATION: (DocumentType.COMPANY_REGISTER, DocumentType.UNIFIED_SOCIAL_CREDIT_CODE),
}
PRC_DOCUMENTS = (DocumentType.RESIDENT_IDENTITY_CARD, DocumentType.UNIFIED_SOCIAL_CREDIT_CODE)


class Decision(TextChoices):
    """What a reviewer can decide about an identity."""

    VERIFY = "verify", _("verify")
    REFUSE = "refuse", _("refuse")


class Level(TextChoices):
    """How sure a verified identity is."""

    BASIC = "basic", _("basic: the document was seen")
    SUBSTANTIAL = "substantial", _("substantial: document and person were compared")
    HIGH = "high", _("high: confirmed with the issuer or in person")


def verification_lasts(level: str) -> dt.timedelta:
    """Return for how long a verification of this level holds before it must be renewed.

    House rule: basic one year, substantial two, high three; the law asks for periodic renewal (CN e-commerce law,
    art. 27) and names no length.
    """
    return {Level.BASIC: 365, Level.SUBSTANTIAL: 730, Level.HIGH: 1095}[Level(level)] * dt.timedelta(days=1)


# House rule: what a form or a program may give at most.
LONGEST_DOCUMENT_NUMBER = 40
MOST_ADDRESS_LINES = 6
MOST_DOCUMENTS = 10
MOST_WRONG_CODES = 5
CODES_WITHIN = dt.timedelta(minutes=5)
CODE_STEP = dt.timedelta(seconds=30)
CODE_TOLERANCE_STEPS = 1
CODES_KEPT_FOR = dt.timedelta(hours=1)
TOKEN_USUAL_DAYS = 90
TOKEN_LONGEST_DAYS = 366
REMIND_OF_EXPIRY_WITHIN = dt.timedelta(days=30)


def verified_until(reviewed_at: dt.datetime, level: str, document_expires_on: dt.date | None) -> dt.datetime:
    """Return until when a verification holds: as long as its level allows, and never longer than the document.

    House rule: a document counts through the last day printed on it, in UTC.
    """
    longest = reviewed_at + verification_lasts(level)
    if document_expires_on is None:
        return longest
    day_after = document_expires_on + dt.timedelta(days=1)
    return min(longest, dt.datetime.combine(day_after, dt.time(), tzinfo=dt.UTC))


def rules_take_effect_from(published_at: dt.datetime, *, is_first: bool) -> dt.datetime:
    """Return from when on a version of service rules can hold: a provider's first one at once, a changed one later.

    Law: E-Commerce Law of the PRC, art. 34: changes are published at least seven days before they take effect.
    """
    return published_at if is_first else published_at + dt.timedelta(days=7)


def code_counters(now: dt.datetime) -> list[int]:
    """Return the counters whose one-time codes are taken at this instant, the present one first.

    House rule: RFC 6238 with steps of 30 seconds, one step of tolerance to either side for clocks that are wrong.
    """
    present = int(now.timestamp()) // int(CODE_STEP.total_seconds())
    around = range(1, CODE_TOLERANCE_STEPS + 1)
    return [present, *(present - step for step in around), *(present + step for step in around)]


def token_expires_at(issued_at: dt.datetime, days: int) -> dt.datetime:
    """Return when a bearer token ends that is issued for so many days.

    House rule: a day at least, a year at most, so that a forgotten token does not live for ever.
    """
    return issued_at + dt.timedelta(days=min(max(days, 1), TOKEN_LONGEST_DAYS))


# House rule: so many files in so long a time from one account.
FILES_MOST = 300
FILES_WITHIN = dt.timedelta(hours=1)
