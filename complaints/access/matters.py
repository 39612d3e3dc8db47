"""As whom somebody looks at a complaint, what of it they see, and who may do what with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints import rules
from complaints.access.impartial import require_impartial
from complaints.access.seeing import has_uploads, own_subscribers, told_items
from complaints.models import Appeal, Complaint, ComplaintItem, CounterNotice, Measure, MeasureItem
from complaints.rules import ItemState, Side, State
from core import clocks
from core.actors import Actor
from core.errors import Denied, NotFound
from core.models import Clock
from core.times import rfc3339
from hosting.models import Subscriber
from ledger.models import Entry
from verification.access import organisations_where, require_staff
from verification.models import Account, Membership
from verification.rules import STAFF_ROLES, Role


@dataclass(frozen=True)
class Viewer:
    """As whom an account looks at a complaint."""

    account: Account
    sides: frozenset[Side]

    @property
    def is_staff(self) -> bool:
        """Whether this is staff of the provider."""
        return bool(self.sides.intersection(rules.STAFF_SIDES))

    @property
    def side(self) -> Side:
        """The side that counts: a party's own first."""
        return next(side for side in Side if side in self.sides)


def viewer_of(account: Actor, complaint: Complaint) -> Viewer:
    """Return as whom the account looks at the complaint; NotFound when as nobody."""
    if not isinstance(account, Account):
        raise NotFound
    roles = Membership.objects.filter(
        account=account, organisation=complaint.provider_id, organisation__suspended_at__isnull=True
    ).filter(ended_at__isnull=True, role__in=[*STAFF_ROLES, Role.SERVICE])
    sides = {Side(role) for role in roles.values_list("role", flat=True)}
    if complaint.complainant_id == account.pk:
        sides.add(Side.COMPLAINANT)
    if has_uploads(account) and told_items(account).filter(complaint=complaint).exists():
        sides.add(Side.UPLOADER)
    if not sides:
        raise NotFound
    return Viewer(account, frozenset(sides))


def items_for(viewer: Viewer, complaint: Complaint) -> list[ComplaintItem]:
    """Return the items that the viewer may see: all, but an uploader only those of its own content."""
    items = ComplaintItem.objects.filter(complaint=complaint)
    items = items.select_related("content", "content__subscriber").prefetch_related("repeats__complaint")
    if viewer.sides == {Side.UPLOADER}:
        items = items.filter(content__subscriber__in=own_subscribers(viewer.account), told_at__isnull=False)
    return list(items.order_by("position", "pk"))


def own_items(account: Actor, complaint: Complaint) -> list[ComplaintItem]:
    """Return the items of the account's own content of which it was told, locked."""
    items = told_items(account).filter(complaint=complaint).select_related("content", "content__subscriber")
    return list(items.select_for_update(of=("self",)).order_by("position", "pk"))


def require_complainant(account: Actor, complaint: Complaint) -> None:
    """Raise Denied unless the account filed the complaint."""
    if not isinstance(account, Account) or complaint.complainant_id != account.pk:
        raise Denied(_("Only the complainant may do this."))


def require_handler(account: Actor, complaint: Complaint) -> Account:
    """Return the account as a handler of the complaint's provider; Denied for a party and everybody else who sees it."""
    try:
        require_staff(account, complaint.provider, Role.HANDLER)
    except NotFound:
        raise Denied(_("Only a handler of the provider may do this.")) from None
    assert isinstance(account, Account)
    require_impartial(account, complaint)
    return account


def require_party(account: Actor, complaint: Complaint) -> frozenset[Side]:
    """Return on which sides the account stands in the complaint; Denied for everybody else who sees it."""
    sides = viewer_of(account, complaint).sides.intersection(rules.PARTIES)
    if not sides:
        raise Denied(_("Only the complainant or the uploader may appeal."))
    return sides


def require_contester(account: Actor, complaint: Complaint) -> None:
    """Raise Denied unless the account is an uploader who was told, or a handler, who files what came as a letter."""
    if not viewer_of(account, complaint).sides.intersection((Side.UPLOADER, Side.HANDLER)):
        raise Denied(_("Only the uploader of the content may answer the notice."))


def require_suitor(account: Actor, complaint: Complaint) -> Side:
    """Return as whom the account may show a suit: the complainant, or a handler where it has no account; else Denied."""
    if complaint.complainant_id is None:
        require_handler(account, complaint)
        return Side.HANDLER
    require_complainant(account, complaint)
    return Side.COMPLAINANT


def require_reader_of_contact(account: Actor, complaint: Complaint) -> Side:
    """Return as whom the account may read what a counter-notice disclosed to the complainant; Denied for all others.

    The complainant; a handler only where the complainant has no account and is sent a copy by post.
    """
    if complaint.complainant_id is None:
        require_handler(account, complaint)
        return Side.HANDLER
    require_complainant(account, complaint)
    return Side.COMPLAINANT


def require_decider(account: Actor, complaint: Complaint) -> Account:
    """Return the account as one that decides appeals there; Denied for a party and everybody else who sees it."""
    try:
        require_staff(account, complaint.provider, Role.HANDLER, Role.REVIEWER)
    except NotFound:
        raise Denied(_("Only a handler or a reviewer of the provider may do this.")) from None
    assert isinstance(account, Account)
    require_impartial(account, complaint)
    return account


def require_service(account: Actor, complaint: Complaint) -> Account:
    """Return the account as the program of the complaint's provider; Denied for everybody else who sees it."""
    mine = organisations_where(account, Role.SERVICE).filter(pk=complaint.provider_id)
    if not isinstance(account, Account) or not mine.exists():
        raise Denied(_("Only the provider's own service may do this."))
    return account


def clocks_of(complaint: Complaint) -> list[Clock]:
    """Return the complaint's clocks in the order in which they were started."""
    return list(clocks.of_matter(complaint.reference))


def timeline_of(complaint: Complaint) -> list[Entry]:
    """Return the recorded acts of the complaint that concern its parties, the first first."""
    return list(_acts_on(complaint).exclude(act__in=rules.STAFF_ONLY_ACTS))


def timeline_for(viewer: Viewer, complaint: Complaint) -> list[Entry]:
    """Return the recorded acts that the viewer may see: staff also how the provider divides its work."""
    is_party = bool(viewer.sides.intersection(rules.PARTIES))
    return list(_acts_on(complaint)) if viewer.is_staff and not is_party else timeline_of(complaint)


def _acts_on(complaint: Complaint) -> QuerySet[Entry]:
    return Entry.objects.filter(subject=complaint.reference, act__startswith="complaint.").order_by("pk")


def filing_of(complaint: Complaint) -> Entry:
    """Return the entry of the act by which the notice came in."""
    filed = ("complaint.filed", "complaint.filed_from_letter")
    return Entry.objects.filter(subject=complaint.reference, act__in=filed).order_by("pk")[0]


def measures_of(complaint: Complaint) -> list[Measure]:
    """Return the complaint's measures in order, with the items that they cover."""
    return list(complaint.measures.prefetch_related("covered__item", "reports").order_by("pk"))


def counter_notices_of(complaint: Complaint) -> list[CounterNotice]:
    """Return the complaint's counter-notices in order, with the items that they contest."""
    return list(complaint.counter_notices.select_related("subscriber").prefetch_related("items").order_by("pk"))


def open_appeal(complaint: Complaint) -> Appeal | None:
    """Return the complaint's oldest undecided appeal, if there is one."""
    return complaint.appeals.filter(decided_at__isnull=True).order_by("pk").first()


# --- for what follows from recorded acts


def for_follower(reference: str) -> Complaint:
    """Return the complaint of a recorded act, for the code that follows it and for nobody's eyes."""
    return Complaint.objects.select_related("provider", "data_key", "complainant").get(reference=reference)


def measure_of(complaint: Complaint, measure_id: str) -> Measure:
    """Return the measure of the complaint by its id."""
    return Measure.objects.get(complaint=complaint, pk=measure_id)


def told_uploaders(
    complaint: Complaint, measure: Measure | None = None
) -> list[tuple[Subscriber, list[ComplaintItem]]]:
    """Return the uploaders who know of the complaint (of the measure, where one is given), each with its items."""
    items = ComplaintItem.objects.filter(complaint=complaint, told_at__isnull=False, content__isnull=False)
    if measure is not None:
        items = items.filter(covered_by__measure=measure)
    related = items.select_related("content__subscriber__account", "content__subscriber__data_key")
    found: dict[UUID, tuple[Subscriber, list[ComplaintItem]]] = {}
    for item in related.order_by("position", "pk"):
        assert item.content is not None
        subscriber = item.content.subscriber
        found.setdefault(subscriber.pk, (subscriber, []))[1].append(item)
    return list(found.values())


def rejected_items(complaint: Complaint) -> list[ComplaintItem]:
    """Return the items for which the notice was rejected, each with its reasons."""
    return list(complaint.items.filter(state=ItemState.REJECTED).order_by("position", "pk"))


def waits_for_forwarding(complaint: Complaint) -> bool:
    """Say whether a counter-notice of the complaint has not reached the complainant yet."""
    open_ones = complaint.counter_notices.filter(ended_at__isnull=True, reached_at__isnull=True)
    return complaint.state == State.CONTESTED and open_ones.exists()


def is_acted_on(complaint: Complaint) -> bool:
    """Say whether a measure was ever ordered in the complaint: from then on the provider's service knows of it."""
    return complaint.measures.exists()


def registered_items(complaint: Complaint) -> list[dict[str, Any]]:
    """Return the items that the provider's service has registered, by its own ids, each with its state.

    With it the terms of the measure that it is under: until when and where, as far as the measure has them.
    """
    items = complaint.items.filter(content__isnull=False).order_by("position", "pk")
    covers = MeasureItem.objects.filter(measure__complaint=complaint, ended_at__isnull=True).select_related("measure")
    terms = {cover.item_id: terms_of(cover.measure) for cover in covers}
    return [
        {"external_id": external_id, "state": state, **terms.get(pk, {})}
        for pk, external_id, state in items.values_list("pk", "content__external_id", "state")
    ]


def terms_of(measure: Measure) -> dict[str, Any]:
    """Return until when and in which countries a measure holds; what it does not have is left out."""
    terms: dict[str, Any] = {}
    if measure.ends_at is not None:
        terms["until"] = rfc3339(measure.ends_at)
    if measure.territory:
        terms["territory"] = measure.territory
    return terms
