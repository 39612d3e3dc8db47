"""Against whom a matter counts, whether it is final, and how many points somebody has."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import QuerySet

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


@dataclass(frozen=True)
class Against:
    """Whom a matter is held against: for what, and as an uploader which subscriber with which content."""

    holder: str
    kind: StrikeKind
    subscriber: Subscriber | None = None
    content: list[UUID] = field(default_factory=list)


def clock_key(reference: str) -> str:
    """Return the name under which the clock of a matter's finality runs, apart from the clocks of the law."""
    return f"strikes:{reference}"


def finality_clocks(reference: str) -> list[Clock]:
    """Return the clocks that were ever started for the matter's finality, the first first."""
    return list(clocks.of_matter(clock_key(reference)))


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


def will_count(complaint: Complaint) -> bool:
    """Say whether the matter is final and a strike for it is still to be given to somebody."""
    if not is_final(complaint):
        return False
    held = {strike.holder for strike in standing_strikes(complaint)}
    return bool(set(held_to_account(complaint)) - held)


def held_to_account(complaint: Complaint) -> dict[str, Against]:
    """Return against whom the matter counts as it stands, by holder."""
    finding = open_finding(complaint)
    if finding is not None:
        holder = holder_of_complainant(complaint, address_of(complaint).reveal())
        return {} if holder is None else {holder: Against(holder, StrikeKind(finding.kind))}
    found: dict[str, Against] = {}
    for item in restricted_items(complaint):
        assert item.content is not None
        holder = holder_of_subscriber(item.content.subscriber)
        against = found.setdefault(holder, Against(holder, StrikeKind.INFRINGEMENT, item.content.subscriber))
        against.content.append(item.content.pk)
    return found


def restricted_items(complaint: Complaint) -> list[ComplaintItem]:
    """Return the items that are under a measure and whose uploader is known, in order."""
    found = ComplaintItem.objects.filter(complaint=complaint, state=ItemState.RESTRICTED, content__isnull=False)
    return list(found.select_related("content__subscriber").order_by("position", "pk"))


def standing_of(complaint: Complaint, side: str) -> Standing:
    """Return how the matter stands now against this side: whether that side contests it at this moment."""
    return Standing(
        state=State(complaint.state),
        has_restricted_items=ComplaintItem.objects.filter(complaint=complaint, state=ItemState.RESTRICTED).exists(),
        is_contested=complaint.counter_notices.filter(ended_at__isnull=True).exists(),
        is_appealed=complaint.appeals.filter(side=side, decided_at__isnull=True).exists(),
    )


def open_finding(complaint: Complaint) -> Finding | None:
    """Return the finding of misuse that stands in the matter, if there is one."""
    return Finding.objects.filter(complaint=complaint, ended_at__isnull=True).first()


def is_final(complaint: Complaint) -> bool:
    """Say whether the matter counts against somebody as it stands, once its time to contest has passed."""
    finding = open_finding(complaint)
    if finding is not None:
        return is_final_against_complainant(standing_of(complaint, Side.COMPLAINANT), finding.kind)
    return is_final_against_uploader(standing_of(complaint, Side.UPLOADER))


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
    held = set(held_to_account(complaint)) if is_final(complaint) else set()
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
