"""Which notices belong together: of one sender, of one filing, about the same item."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, QuerySet

from complaints import rules
from complaints.access.seeing import visible_to
from complaints.models import Complaint, ComplaintItem
from complaints.rules import ItemState, State
from core.actors import Actor
from core.planned import AnyOf, planned

_SETTLED = (ItemState.RESTORED, ItemState.REJECTED)


def latest_of_sender(complaint: Complaint, keys: Iterable[bytes]) -> tuple[Complaint | None, bool]:
    """Return the notice that the same sender filed last before this one, and whether it said any of these keys before.

    The sender is the account, or without one the address; only confirmed notices to the same provider count.
    """
    provider, said = complaint.provider_id, list(set(keys))
    if complaint.complainant_id is not None:
        found = _latest_of_account(provider, complaint.complainant_id, complaint.pk, said)
    elif complaint.sender_index:
        found = _latest_of_address(provider, bytes(complaint.sender_index), complaint.pk, said)
    else:
        return None, False
    return (found[0], found[0].has_said) if found else (None, False)  # type: ignore[attr-defined]  # annotated


@planned
def _latest_of_account(provider: Any, account: Any, but: Any, keys: Any) -> QuerySet[Complaint]:
    return _latest(Complaint.objects.filter(provider=provider, complainant=account), but, keys)


@planned
def _latest_of_address(provider: Any, sender: Any, but: Any, keys: Any) -> QuerySet[Complaint]:
    return _latest(Complaint.objects.filter(provider=provider, sender_index=sender), but, keys)


def _latest(held: QuerySet[Complaint], but: Any, keys: Any) -> QuerySet[Complaint]:
    counting = held.filter(confirmed_at__isnull=False).exclude(pk=but).annotate(has_said=Exists(_said(but, keys)))
    return counting.order_by("-pk").only("pk", "group", "filed_at")[:1]


def first_said(complaint: Complaint, keys: Iterable[bytes]) -> dict[bytes, ComplaintItem]:
    """Return by its key the item of an earlier notice, still dealt with, that says each of these first."""
    return {bytes(item.repeat_key or b""): item for item in _first_said(complaint.pk, list(set(keys)))}


@planned
def _first_said(before: Any, keys: Any) -> QuerySet[ComplaintItem]:
    return _said(before, keys).select_related("complaint").order_by("-pk")


def _said(before: Any, keys: Any) -> QuerySet[ComplaintItem]:
    said = ComplaintItem.objects.filter(AnyOf(F("repeat_key"), keys), repeats__isnull=True, complaint__lt=before)
    return said.filter(complaint__state__in=rules.OPEN_STATES).exclude(state__in=_SETTLED)


def in_group(account: Actor, group: str) -> QuerySet[Complaint]:
    """Return the notices of one filing that the account may see, newest first."""
    return visible_to(account).filter(group=group)


def group_references(account: Actor, group: str) -> list[str]:
    """Return the references of the notices of one filing that the account may see, in the order of their filing."""
    return list(in_group(account, group).order_by("pk").values_list("reference", flat=True))


def count_filed_with(account: Actor, group: str) -> int:
    """Return how many notices of one filing the account may see; counted up to a hundred and one."""
    return len(in_group(account, group).order_by().values_list("pk")[: rules.MOST_COUNTED + 1]) if group else 0


def others_about(complaint: Complaint, items: Iterable[ComplaintItem]) -> list[Complaint]:
    """Return other notices about the same content as these items of the complaint, newest first, a few at most.

    Whoever calls this has checked who asks.
    """
    mine = {item.content_id for item in items if item.content_id is not None}
    if not mine:
        return []
    about = ComplaintItem.objects.filter(content__in=mine).exclude(complaint=complaint).values("complaint")
    counting = Complaint.objects.filter(pk__in=about, confirmed_at__isnull=False)
    return list(counting.select_related("provider").order_by("-pk")[: rules.MOST_OTHERS])


def waiting_with(complaint: Complaint) -> QuerySet[Complaint]:
    """Return the notices that go with this one and have not been decided on."""
    return Complaint.objects.filter(goes_with=complaint, state=State.FILED).order_by("pk")
