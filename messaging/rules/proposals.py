"""Proposals by which two sides settle: kinds and their terms, states and moves, what was undertaken, deadlines."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.errors import Conflict
from messaging.rules.conversations import Side


class ProposalKind(TextChoices):
    """What one side offers the other."""

    REMOVE_BY = "remove_by", gettext_lazy("Removal by a date")
    LICENSE = "license", gettext_lazy("Licence")
    CREDIT = "credit", gettext_lazy("Credit line")
    TRIM = "trim", gettext_lazy("Cut of a part")
    DISPUTE = "dispute", gettext_lazy("Dispute")


class ProposalState(TextChoices):
    """Where a proposal stands."""

    OPEN = "open", gettext_lazy("waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "accepted")
    DECLINED = "declined", gettext_lazy("declined")
    COUNTERED = "countered", gettext_lazy("answered by another proposal")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")
    EXPIRED = "expired", gettext_lazy("expired without an answer")


class Answer(TextChoices):
    """How the other side can answer."""

    ACCEPT = "accept", pgettext_lazy("proposal", "Accept")
    DECLINE = "decline", gettext_lazy("Decline")
    COUNTER = "counter", gettext_lazy("Propose something else")


class UndertakingKind(TextChoices):
    """What an uploader has undertaken to do with the content."""

    REMOVAL = "removal", gettext_lazy("Removal")
    TRIM = "trim", gettext_lazy("Cut of a part")


class Reporter(TextChoices):
    """Who says that an undertaking was carried out."""

    SERVICE = "service", gettext_lazy("the provider's service")
    RIGHTS_HOLDER = "rights_holder", gettext_lazy("the rights holder")


# Each state in its own row; what is over stays over.
PROPOSAL_MOVES: dict[ProposalState, tuple[ProposalState, ...]] = {
    ProposalState.OPEN: (
        ProposalState.ACCEPTED,
        ProposalState.DECLINED,
        ProposalState.COUNTERED,
        ProposalState.WITHDRAWN,
        ProposalState.EXPIRED,
    ),
    ProposalState.ACCEPTED: (),
    ProposalState.DECLINED: (),
    ProposalState.COUNTERED: (),
    ProposalState.WITHDRAWN: (),
    ProposalState.EXPIRED: (),
}
# By these the other side has answered; the maker alone withdraws, and nobody but the clock lets one expire.
ANSWERED = (ProposalState.ACCEPTED, ProposalState.DECLINED, ProposalState.COUNTERED)
# An accepted dispute says that the two do not agree: it settles nothing.
SETTLING = (ProposalKind.REMOVE_BY, ProposalKind.LICENSE, ProposalKind.CREDIT, ProposalKind.TRIM)
PROPOSERS = (Side.RIGHTS_HOLDER, Side.UPLOADER)
UNDERTAKEN = {ProposalKind.REMOVE_BY: UndertakingKind.REMOVAL, ProposalKind.TRIM: UndertakingKind.TRIM}

# The columns that a kind must have; those in OPTIONAL it may have, and no others.
REQUIRED: dict[ProposalKind, tuple[str, ...]] = {
    ProposalKind.REMOVE_BY: ("due_on",),
    ProposalKind.LICENSE: ("text", "amount", "currency"),
    ProposalKind.CREDIT: ("text",),
    ProposalKind.TRIM: ("from_ms", "to_ms", "due_on"),
    ProposalKind.DISPUTE: ("text",),
}
OPTIONAL: dict[ProposalKind, tuple[str, ...]] = {ProposalKind.LICENSE: ("territory", "until_on")}

LONGEST_TERMS = 8_000
LONGEST_CREDIT = 500
LONGEST_REASONS = 2_000
LONGEST_TERRITORY = 200
LARGEST_AMOUNT = Decimal(10) ** 12
AMOUNT_DIGITS, AMOUNT_PLACES = 16, 3
MOST_OPEN_PROPOSALS = 5
LONGEST_AHEAD = dt.timedelta(days=366)
LONGEST_LICENCE = dt.timedelta(days=366 * 100)
LONGEST_CONTENT_MS = 1_000 * 60 * 60 * 100


@dataclass(frozen=True)
class Terms:
    """What a proposal offers: its kind and the columns that this kind has."""

    kind: ProposalKind
    text: str = ""
    due_on: dt.date | None = None
    until_on: dt.date | None = None
    amount: Decimal | None = None
    currency: str = ""
    territory: str = ""
    from_ms: int | None = None
    to_ms: int | None = None


COLUMNS = ("text", "due_on", "until_on", "amount", "currency", "territory", "from_ms", "to_ms")


def check_proposal_move(state: str, new: ProposalState) -> None:
    """Raise Conflict unless a proposal in this state may move to the new one.

    House rule: an answer is final, so that both sides can rely on it; who changes their mind makes a new proposal.
    """
    if new not in PROPOSAL_MOVES[ProposalState(state)]:
        raise Conflict(
            _("This proposal is over: %(state)s. Make a new one.") % {"state": ProposalState(state).label},
            state=str(state),
        )


def expires_at(made_at: dt.datetime, due_on: dt.date | None, zone: str) -> dt.datetime:
    """Return until when a proposal can be answered.

    House rule: 14 days, and no longer than the day on which what it offers would have to be done.
    """
    latest = made_at + dt.timedelta(days=14)
    return latest if due_on is None else min(latest, end_of_day(due_on, zone))


def end_of_day(day: dt.date, zone: str) -> dt.datetime:
    """Return the instant at which a day of this time zone is over.

    House rule: what is to be done by a day may be done on that day, as it is counted where the provider is.
    """
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    return midnight.astimezone(dt.UTC)


def is_ahead(day: dt.date, zone: str, now: dt.datetime, longest: dt.timedelta) -> bool:
    """Say whether a day of this time zone is not over yet, and will be within so long a time.

    House rule: who makes a proposal names a day that can still be kept, and none so far off that nobody means it.
    """
    # A day more than the longest is surely too far, whatever the zone; the last days of all have none after them.
    return day <= (now + longest).date() + dt.timedelta(days=1) and now < end_of_day(day, zone) <= now + longest


def removed_within() -> dt.timedelta:
    """Return how long the provider's service has to remove what an uploader wants removed now.

    House rule: three days, as long as a webhook is tried; then both sides and the provider are told that it was not.
    """
    return dt.timedelta(days=3)


def position(milliseconds: int) -> str:
    """Return a place in a recording as people write it: 1:02:03, with .5 where it is not a whole second.

    House rule: hours, minutes and seconds as on a player, so that both sides find the same place.
    """
    seconds, rest = divmod(milliseconds, 1_000)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{rest:03}".rstrip("0") if rest else text


def said(of: Any) -> dict[str, str | None]:
    """Return the terms of a proposal under the names by which programs give and read them.

    House rule: every value is a text, so that the same terms have the same digest wherever it is computed.
    """
    if of.kind == ProposalKind.REMOVE_BY:
        return {"date": of.due_on.isoformat()}
    if of.kind == ProposalKind.TRIM:
        return {"from": position(of.from_ms), "to": position(of.to_ms), "date": of.due_on.isoformat()}
    if of.kind == ProposalKind.LICENSE:
        return {
            "terms": of.text,
            "amount": plain(of.amount, of.currency),
            "currency": of.currency,
            "territory": of.territory,
            "until": of.until_on.isoformat() if of.until_on else None,
        }
    return {"text" if of.kind == ProposalKind.CREDIT else "reasons": of.text}


def plain(amount: Decimal, currency: str) -> str:
    """Return an amount with as many decimal places as its currency has.

    House rule: ISO 4217's number of places, so that 5 and 5.00 euro are one amount.
    """
    from messaging.rules.currencies import DECIMALS

    return f"{amount:.{DECIMALS[currency]}f}"


def canonical(record: Mapping[str, Any]) -> bytes:
    """Return the record as the bytes that are digested: JSON, sorted by key, without spaces.

    House rule: one writing only, so that a digest can be computed again from what a package holds.
    """
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def record_digest(salt: bytes, record: Mapping[str, Any]) -> str:
    """Return the digest (64 hex digits) of a record, as the ledger keeps it.

    House rule: SHA-256 over the conversation's salt and the record; the ledger alone confirms no guess of what was agreed.
    """
    return hashlib.sha256(salt + canonical(record)).hexdigest()
