"""Which complaints an account may see at all: the one place that says so, for lists and for a single one."""

from collections.abc import Iterator
from functools import cache, reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints import rules
from complaints.models import Complaint, ComplaintItem, Measure
from core.actors import Actor
from core.errors import NotFound
from hosting.models import Subscriber
from verification.access import organisations_where
from verification.models import Account, Membership
from verification.rules import STAFF_ROLES, Role


@cache
def _lost_uploaders() -> QuerySet[Membership]:
    """Return, for an outer subscriber, roles as uploader that were taken away and not given again.

    It is a part of questions, names nobody and is never asked by itself: so it is put together once.
    """
    same = {"account": OuterRef("account"), "organisation": OuterRef("provider"), "role": Role.UPLOADER}
    held = {"account": OuterRef("account"), "organisation": OuterRef("organisation"), "role": Role.UPLOADER}
    again = Membership.objects.filter(**held, ended_at__isnull=True)
    return Membership.objects.filter(**same, ended_at__isnull=False).exclude(Exists(again))


def own_subscribers(account: Actor) -> QuerySet[Subscriber]:
    """Return the subscribers whose uploader the account is now."""
    if not isinstance(account, Account):
        return Subscriber.objects.none()
    present = Subscriber.objects.filter(account=account, provider__suspended_at__isnull=True)
    return present.exclude(Exists(_lost_uploaders()))


def has_uploads(account: Actor) -> bool:
    """Say whether the account is, or was, an uploader anywhere: whoever never was is spared the longer questions."""
    return isinstance(account, Account) and Subscriber.objects.filter(account=account).exists()


def told_items(account: Actor) -> QuerySet[ComplaintItem]:
    """Return the items of the account's own content of which it was told."""
    return ComplaintItem.objects.filter(content__subscriber__in=own_subscribers(account), told_at__isnull=False)


def _grounds_of(account: Account) -> Iterator[Q]:
    """Yield on which grounds the account sees complaints, those first that are asked quickly and hold for most.

    Staff sees what counts (confirmed), the provider's service what was acted on, the uploader what it was told of.
    """
    staff = Q(provider__in=organisations_where(account, *STAFF_ROLES)) & ~Q(state__in=rules.BEFORE_IT_COUNTS)
    yield Q(complainant=account) | staff
    acted_on = Exists(Measure.objects.filter(complaint=OuterRef("pk")))
    service = Q(provider__in=organisations_where(account, Role.SERVICE)) & Q(acted_on)
    yield service | Q(Exists(told_items(account).filter(complaint=OuterRef("pk"))))


def _seen_on(ground: Q) -> QuerySet[Complaint]:
    return Complaint.objects.filter(ground).select_related("provider", "data_key").order_by("-pk")


def visible_to(account: Actor) -> QuerySet[Complaint]:
    """Return the complaints that the account may see, in whatever part: its own, against it, or of its provider."""
    if not isinstance(account, Account) or not account.is_active:
        return Complaint.objects.none()
    return _seen_on(reduce(or_, _grounds_of(account)))


def get_for(account: Actor, reference: str, lock: bool = False) -> Complaint:
    """Return the complaint of this reference; NotFound when the account may not see it. ``lock`` holds its row.

    It is found on the same grounds as by ``visible_to``, asked one after the other: one is enough.
    """
    if not isinstance(account, Account) or not account.is_active:
        raise NotFound
    for ground in _grounds_of(account):
        found = _seen_on(ground).filter(reference=reference)
        complaint = (found.select_for_update(of=("self",)) if lock else found).first()
        if complaint is not None:
            return complaint
    raise NotFound


def needs_both_sides(reference: str) -> bool:
    """Say whether the complaint is open, so that its two sides must be able to write to each other."""
    state = rules.State
    open_in = (state.FILED, state.DEFECTIVE, state.ACCEPTED, state.ACTED, state.FORWARDED, state.CONTESTED)
    return Complaint.objects.filter(reference=reference, state__in=open_in).exists()
