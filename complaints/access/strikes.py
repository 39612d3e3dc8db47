"""Against whom a matter counts, whether it is final, and how many points somebody has."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from complaints.access.opening import address_of
from complaints.access.policies import numbers_under, policy_in_force
from complaints.access.seeing import own_subscribers
from complaints.models import Complaint, ComplaintItem, ConfirmationLink, Finding, Strike
from complaints.models.strikes import OF_ACCOUNT, OF_ADDRESS, OF_SUBSCRIBER, Held
from complaints.rules import ItemState, Side, State
from complaints.rules.policies import StrikeKind
from complaints.rules.strikes import (
    FOUND_IN,
    Counted,
    Standing,
    is_final_against_complainant,
    is_final_against_uploader,
    total_of,
)
from core import clocks, sealing
from core.models import Clock
from hosting.models import Subscriber
from verification.models import Account, Organisation

FINALITY = "complaint.finality_due"
FINALITY_CLOCK = "final"
MOST_IN_FACTS = 100  # an act names no more items than these


@dataclass(frozen=True)
class Against:
    """Whom a matter is held against: for what, and as an uploader which subscriber with which content."""

    holder: str
    kind: StrikeKind
    subscriber: Subscriber | None = None
    content: list[UUID] = field(default_factory=list)


def clock_key(reference: str) -> str:
    """Return the name under which the clocks of a matter's finality run, apart from the clocks of the law."""
    return f"strikes:{reference}"


def clock_name(holder: str) -> str:
    """Return the name of the clock after which the matter is final against this one, short enough for a clock."""
    return f"{FINALITY_CLOCK}:{hashlib.sha256(holder.encode()).hexdigest()[:40]}"


def finality_clocks(reference: str, holder: str) -> list[Clock]:
    """Return the clocks that were ever started for the matter's being final against this one, the first first.

    One without a holder was started before each uploader had an own clock, and is everybody's.
    """
    return [one for one in clocks.of_matter(clock_key(reference)) if one.basis.get("holder", holder) == holder]


def run_out(complaint: Complaint, now: dt.datetime) -> dict[str, dt.datetime]:
    """Return against whom the matter's time to contest has passed, of those whose clock runs, and since when."""
    ripe = [one for one in clocks.running(clock_key(complaint.reference)) if one.due_at <= now]
    of_all = [one.due_at for one in ripe if "holder" not in one.basis]
    found = dict.fromkeys(held_to_account(complaint), of_all[0]) if of_all else {}
    return {**found, **{str(one.basis["holder"]): one.due_at for one in ripe if "holder" in one.basis}}


def holder_of_subscriber(subscriber: Subscriber) -> str:
    """Return how a subscriber is named where strikes are counted."""
    return f"{OF_SUBSCRIBER}{subscriber.pk}"


def holder_of_address(address: str) -> str:
    """Return how a guest is named: by the blind index of a confirmed address, which says nothing without the key."""
    return f"{OF_ADDRESS}{sealing.blind_index('complainant', address.strip().lower()).hex()}"


def holders_of_account(account: Account) -> list[str]:
    """Return the names under which an account files notices: its own, and that of its address as a guest."""
    return [f"{OF_ACCOUNT}{account.pk}", holder_of_address(account.email)]


def holder_of_complainant(complaint: Complaint, address: str) -> str | None:
    """Return how the complainant is named; None for a guest whose address nobody has confirmed, as in a letter."""
    if complaint.complainant_id is not None:
        return f"{OF_ACCOUNT}{complaint.complainant_id}"
    is_confirmed = ConfirmationLink.objects.filter(complaint=complaint, used_at__isnull=False).exists()
    return holder_of_address(address) if is_confirmed and address else None


def to_count(complaint: Complaint) -> dict[str, Against]:
    """Return against whom the matter is to count as it stands and does not yet, by holder."""
    counting = {strike.holder for strike in standing_strikes(complaint)}
    return {holder: one for holder, one in held_to_account(complaint).items() if holder not in counting}


def will_count(complaint: Complaint) -> bool:
    """Say whether a strike for the matter, as it stands, is still to be given to somebody."""
    return bool(to_count(complaint))


def held_to_account(complaint: Complaint) -> dict[str, Against]:
    """Return against whom the matter counts as it stands, by holder, once the time of each to contest has passed.

    Of several uploaders each answers for the own items alone: what one of them contests rests for that one only.
    """
    finding = open_finding(complaint)
    if finding is not None:
        standing = _standing_against_complainant(complaint)
        holder = holder_of_complainant(complaint, address_of(complaint).reveal())
        is_final = holder is not None and is_final_against_complainant(standing, finding.kind)
        return {holder: Against(holder, StrikeKind(finding.kind))} if holder is not None and is_final else {}
    found: dict[str, Against] = {}
    for item in restricted_items(complaint):
        assert item.content is not None
        holder = holder_of_subscriber(item.content.subscriber)
        against = found.setdefault(holder, Against(holder, StrikeKind.INFRINGEMENT, item.content.subscriber))
        against.content.append(item.content.pk)
    contesting, appealing = _contesting(complaint), _appealing(complaint, found.values())
    return {
        holder: against
        for holder, against in found.items()
        if is_final_against_uploader(
            Standing(
                State(complaint.state),
                bool(against.content),
                is_contested=holder in contesting,
                is_appealed=holder in appealing,
                is_settled=complaint.settled_at is not None,
            )
        )
    }


def given_new_time(complaint: Complaint, act: str, facts: Mapping[str, Any]) -> set[str]:
    """Return to whom a recorded act did something, so that the time to contest begins anew for them and nobody else."""
    concerned = set(to_count(complaint))
    items = facts.get("items", [])
    if open_finding(complaint) is not None or len(items) >= MOST_IN_FACTS:
        return concerned
    found = Q(pk__in=items)
    if act == "complaint.upheld":
        found |= Q(content__subscriber__in=complaint.counter_notices.values("subscriber"))
    if "appeal" in facts:
        appellant = complaint.appeals.select_related("filed_by").get(pk=facts["appeal"]).filed_by
        found |= Q(content__subscriber__in=own_subscribers(appellant))
    named = complaint.items.filter(found, content__isnull=False).select_related("content__subscriber")
    return concerned & {holder_of_subscriber(item.content.subscriber) for item in named if item.content}


def restricted_items(complaint: Complaint) -> list[ComplaintItem]:
    """Return the items that are under a measure and whose uploader is known, in order."""
    found = ComplaintItem.objects.filter(complaint=complaint, state=ItemState.RESTRICTED, content__isnull=False)
    return list(found.select_related("content__subscriber").order_by("position", "pk"))


def _standing_against_complainant(complaint: Complaint) -> Standing:
    is_appealed = complaint.appeals.filter(side=Side.COMPLAINANT, decided_at__isnull=True).exists()
    return Standing(State(complaint.state), has_restricted_items=False, is_contested=False, is_appealed=is_appealed)


def _contesting(complaint: Complaint) -> set[str]:
    """Return the uploaders of whom a counter-notice is open."""
    open_ones = complaint.counter_notices.filter(ended_at__isnull=True).select_related("subscriber")
    return {holder_of_subscriber(one.subscriber) for one in open_ones}


def _appealing(complaint: Complaint, uploaders: Iterable[Against]) -> set[str]:
    """Return those of the uploaders of whom an appeal is open.

    An appeal of somebody who is none of them any more, as after a change of hands, is taken for everybody's: in doubt
    nothing counts.
    """
    known, found = {one.holder for one in uploaders}, set[str]()
    open_ones = complaint.appeals.filter(side=Side.UPLOADER, decided_at__isnull=True).select_related("filed_by")
    for appeal in open_ones:
        mine = {holder_of_subscriber(one) for one in own_subscribers(appeal.filed_by)}
        found |= mine & known or known
    return found


def open_finding(complaint: Complaint) -> Finding | None:
    """Return the finding of misuse that stands in the matter, if there is one."""
    return Finding.objects.filter(complaint=complaint, ended_at__isnull=True).first()


def standing_strikes(complaint: Complaint) -> list[Strike]:
    """Return the strikes that rest on the matter and stand, in order."""
    return list(Strike.objects.filter(complaint=complaint, taken_back_at__isnull=True).order_by("pk"))


def may_be_found_misuse(complaint: Complaint) -> bool:
    """Say whether a finding of misuse could count against somebody here: none stands, and the sender is known."""
    return (
        open_finding(complaint) is None
        and complaint.confirmed_at is not None
        and holder_of_complainant(complaint, address_of(complaint).reveal()) is not None
    )


def finding_without_ground(complaint: Complaint) -> Finding | None:
    """Return the finding that the matter's state bears no more, as after a granted appeal; None while it does."""
    finding = open_finding(complaint)
    if finding is None or complaint.state in (*FOUND_IN[StrikeKind(finding.kind)], State.CLOSED):
        return None
    return finding


def strikes_to_take_back(complaint: Complaint) -> list[Strike]:
    """Return the strikes that the matter does not bear (any more): all, or those of whom nothing is held against."""
    held = held_to_account(complaint)
    return [strike for strike in standing_strikes(complaint) if strike.holder not in held]


def has_something_to_take_back(complaint: Complaint) -> bool:
    """Say whether a strike or a finding rests on a matter that does not bear it."""
    return bool(strikes_to_take_back(complaint)) or finding_without_ground(complaint) is not None


def strikes_of(provider: Organisation, holders: Iterable[str]) -> QuerySet[Strike]:
    """Return the strikes that stand against somebody at the provider, the newest first."""
    found = Strike.objects.filter(provider=provider, holder__in=list(holders), taken_back_at__isnull=True)
    return found.select_related("policy", "complaint").order_by("-counted_at", "-pk")


def strikes_by_id(ids: Iterable[str]) -> list[Strike]:
    """Return the strikes of a recorded act, for the code that follows it."""
    found = Strike.objects.filter(pk__in=list(ids)).select_related("provider", "policy", "subscriber", "complaint")
    return list(found.order_by("pk"))


def same_holders(row: Held) -> list[str]:
    """Return every name of whom a strike or restriction concerns: an account is also the guest of its address."""
    if not row.holder.startswith(OF_ACCOUNT):
        return [row.holder]
    account = Account.objects.filter(pk=row.holder.removeprefix(OF_ACCOUNT)).first()
    return [row.holder] if account is None else holders_of_account(account)


def counted(strike: Strike) -> Counted:
    """Return the strike as it is weighed."""
    return Counted(
        kind=strike.kind,
        counted_at=strike.counted_at,
        noticed_on=strike.noticed_on,
        content=frozenset(strike.content),
        scale=numbers_under(strike).of(strike.side),
    )


def points_at(provider: Organisation, holders: Iterable[str], side: str, at: dt.datetime) -> int:
    """Return how many points somebody has at this instant, of the strikes that still stand now."""
    present = policy_in_force(provider, at).numbers.of(side)
    found = strikes_of(provider, holders).filter(side=side, counted_at__lte=at)
    return total_of([counted(one) for one in found], at, provider.time_zone, present)


@dataclass(frozen=True)
class Record:
    """What stands against somebody at one provider, in one part: as an uploader (of a subscriber) or a complainant."""

    provider: Organisation
    side: str
    holders: list[str]
    strikes: list[Strike]
    points: int


def records_of(account: Account, now: dt.datetime) -> list[Record]:
    """Return what stands against the account, by provider and part; empty where nothing does."""
    uploads = [[holder_of_subscriber(one)] for one in own_subscribers(account).order_by("pk")]
    found = []
    for holders in (*uploads, holders_of_account(account)):
        standing = Strike.objects.filter(holder__in=holders, taken_back_at__isnull=True)
        strikes = list(standing.select_related("provider", "policy", "complaint").order_by("-counted_at", "-pk"))
        for provider in {one.provider.pk: one.provider for one in strikes}.values():
            mine = [one for one in strikes if one.provider_id == provider.pk]
            side = mine[0].side
            found.append(Record(provider, side, holders, mine, points_at(provider, holders, side, now)))
    return found
