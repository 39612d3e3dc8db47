"""States, moves, lengths and what is missing of a request: values and pure functions, each with its source."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.calendars import add_working_days, end_of_day
from core.errors import Conflict
from investigations.bases import Basis, Capacity, Category

__all__ = ["Capacity", "Category"]

MOST_DOCUMENTS = 20
MOST_CONTENT = 50
LONGEST_GROUND = 500
JURISDICTIONS = {"cn": "CN", "us": "US-federal", "eu": "EU", "jp": "JP"}


class State(TextChoices):
    """Where a request stands."""

    FILED = "filed", _("filed")
    INCOMPLETE = "incomplete", _("incomplete")
    CONSULTING = "consulting", _("the uploader is being heard")
    ASSESSING = "assessing", _("being assessed")
    RECOMMENDED = "recommended", _("assessed, waiting for a decision")
    AUTHORIZED = "authorized", _("authorized")
    DISCLOSED = "disclosed", _("ready to be collected")
    COLLECTED = "collected", _("collected")
    EXPIRED = "expired", _("not collected in time")
    REFUSED = "refused", _("refused")
    REVOKED = "revoked", _("revoked")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Recommendation(TextChoices):
    """What the reviewer advises."""

    GRANT = "grant", _("grant all that is asked")
    PARTIAL = "partial", _("grant in part")
    REFUSE = "refuse", _("refuse")


class Decision(TextChoices):
    """What the authorizer decides."""

    AUTHORIZE = "authorize", _("authorize")
    REFUSE = "refuse", _("refuse")


class DisclosureState(TextChoices):
    """Where one delivery stands, in the words that the request's own states have for it."""

    READY = "disclosed", _("ready to be collected")
    COLLECTED = "collected", _("collected")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")
    VOID = "void", _("void, because the request was changed")


# A correction leads back to the beginning from everywhere before the collection; it voids what followed.
_CORRECTED = (State.FILED, State.INCOMPLETE)
MOVES: dict[State, tuple[State, ...]] = {
    State.FILED: (*_CORRECTED, State.CONSULTING, State.RECOMMENDED, State.WITHDRAWN),
    State.INCOMPLETE: (*_CORRECTED, State.RECOMMENDED, State.WITHDRAWN),
    State.CONSULTING: (*_CORRECTED, State.ASSESSING, State.WITHDRAWN),
    State.ASSESSING: (*_CORRECTED, State.CONSULTING, State.RECOMMENDED, State.WITHDRAWN),
    State.RECOMMENDED: (*_CORRECTED, State.AUTHORIZED, State.REFUSED, State.WITHDRAWN),
    State.AUTHORIZED: (*_CORRECTED, State.DISCLOSED, State.REVOKED, State.WITHDRAWN),
    State.DISCLOSED: (*_CORRECTED, State.COLLECTED, State.EXPIRED, State.REVOKED, State.WITHDRAWN),
    State.COLLECTED: (State.DISCLOSED,),
    State.EXPIRED: (State.DISCLOSED, State.REVOKED, State.WITHDRAWN),
    State.REFUSED: (),
    State.REVOKED: (),
    State.WITHDRAWN: (),
}
UNDECIDED_STATES = (State.FILED, State.INCOMPLETE, State.CONSULTING, State.ASSESSING, State.RECOMMENDED)


def check_move(state: str, target: State) -> None:
    """Raise Conflict, naming the state, unless the chart allows the move.

    House rule: the chart above, which is the order of the contract's states.
    """
    if target not in MOVES[State(state)]:
        raise Conflict(_("This is not possible while the request is: %s.") % State(state).label, state=state)


def acknowledge_by(received_at: dt.datetime, *, regime: str, zone: str) -> dt.datetime:
    """Return until when the requester must have a receipt: the end of the second working day after the filing.

    House rule: two working days, as the registries' disclosure service has it; no regime names a length.
    """
    day = received_at.astimezone(dt.UTC).date()
    return end_of_day(add_working_days(day, 2, JURISDICTIONS[regime]), zone)


def answer_by(received_at: dt.datetime) -> dt.datetime:
    """Return until when a complete request must be decided.

    House rule: 30 days of 24 hours, as the registries' disclosure service has it; orders ask for no undue delay.
    """
    return received_at + dt.timedelta(days=30)


def hearing_ends(asked_at: dt.datetime) -> dt.datetime:
    """Return until when the uploader may answer before the assessment goes on without an answer.

    House rule: 14 days; the Japanese act (art. 6(1)) asks for the hearing and names no length, two weeks are usual.
    """
    return asked_at + dt.timedelta(days=14)


def collection_ends(disclosed_at: dt.datetime) -> dt.datetime:
    """Return until when a disclosure can be collected.

    House rule: seven days; after that an authorizer decides anew, with reasons.
    """
    return disclosed_at + dt.timedelta(days=7)


def longest_delay(asked_at: dt.datetime) -> dt.datetime:
    """Return how late the uploader may be told at most, seen from the day on which it is asked for.

    House rule: one year. The laws name grounds and no length (PIPL arts. 18, 35); a delay without end is none.
    """
    return asked_at + dt.timedelta(days=366)


@dataclass(frozen=True)
class Missing:
    """An element that a request lacks: its code, the article that asks for it, and what to do."""

    element: str
    source: str
    detail: str | Promise


@dataclass(frozen=True)
class Given:
    """What a request has, as far as it matters for its being complete."""

    has_complaint: bool
    content: int
    categories: int
    documents: int
    has_purpose: bool
    has_necessity: bool
    needs_approval_abroad: bool


def missing(basis: Basis, given: Given) -> list[Missing]:
    """Return what the request lacks, in the order of the form.

    Law: the documents are those that the basis names; purpose and necessity: PIPL arts. 6, 55; DSA art. 10(2).
    """
    checks = (
        (given.content, "content", "House rule", _("Name the content that is concerned.")),
        (given.categories, "categories", "House rule", _("Say which data you ask for.")),
        (given.has_purpose, "purpose", "PIPL art. 6", _("Say what the data is for.")),
        (given.has_necessity, "necessity", "PIPL art. 6", _("Say why it is needed, and why nothing less will do.")),
    )
    lacking = [Missing(element, source, detail) for is_there, element, source, detail in checks if not is_there]
    return lacking + _missing_documents(basis, given)


def _missing_documents(basis: Basis, given: Given) -> list[Missing]:
    needed = [
        Missing(document.code, document.source, document.label)
        for document in basis.documents
        if not (document.is_in_complaint and given.has_complaint)
    ]
    if given.needs_approval_abroad:
        detail = _("The approval of the competent PRC authority for giving data abroad")
        needed.append(Missing("approval_abroad", "PIPL art. 41", detail))
    return needed[given.documents :]


def needs_approval_abroad(*, regime: str, provider_country: str) -> bool:
    """Say whether giving the data needs the approval of a PRC authority first.

    Law: PIPL art. 41: data stored in the PRC is not given to foreign judicial or law enforcement bodies without it.
    """
    return provider_country == "CN" and regime != "cn"


def canonical(record: Mapping[str, object]) -> bytes:
    """Return the record as canonical JSON: keys sorted, no spaces, UTF-8.

    House rule: the form of RFC 8785 for the values that records have (no floats), so that anybody can hash it again.
    """
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(record: Mapping[str, object]) -> str:
    """Return the SHA-256 of the canonical record in hex.

    House rule: approvals are bound to it (promise D2), so that any edit of what was approved voids them.
    """
    return hashlib.sha256(canonical(record)).hexdigest()


def commitment(salt: str, sha256: str) -> str:
    """Return the SHA-256 (hex) of the salt and a file's SHA-256 (both hex), one after the other as text.

    House rule: the ledger keeps no bare hash of anything that came from people (promise E4).
    """
    return hashlib.sha256(f"{salt}{sha256}".encode("ascii")).hexdigest()


def in_order(categories: Iterable[str]) -> list[str]:
    """Return the categories without doubles, in the order of the enum.

    House rule: one order everywhere, so that equal sets have equal digests.
    """
    asked = set(categories)
    return [category.value for category in Category if category.value in asked]
