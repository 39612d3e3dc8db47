"""Where the law says so, what came back on a counter-notice is not complained about again by the same claimant."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints import regimes
from complaints.access import contact_of
from complaints.models import Complaint, ComplaintItem
from complaints.models.complaint import CAME_BACK
from complaints.rules import Capacity
from core import sealing
from core.errors import Conflict
from hosting.rules import spellings_of

MOST_NAMED = 10


def claimant_index_of(address: str) -> bytes | None:
    """Return by what a claimant's notices are found again without a plain address; None where there is no address."""
    plain = address.strip().lower()
    return sealing.blind_index("claimant", plain) if plain else None


def refuse_repetition(complaint: Complaint) -> None:
    """Raise Conflict for a notice of items that came back on a counter-notice against this claimant's earlier notice.

    It is called once it is certain whose notice this is: nobody learns anything of somebody else's.
    """
    law = regimes.at_version(complaint.regime, complaint.regime_version)
    if law.counter is None or not law.counter.bars_repetition:
        return
    items = list(complaint.items.order_by("position", "pk"))
    returned = _returned(complaint, items)
    barred = [item for item in items if any(_is_same(item, one) for one in returned)]
    if barred:
        names = ", ".join(item.url or item.external_id for item in barred[:MOST_NAMED])
        text = _(
            "This came back after a counter-notice, and whoever complained then may not give notice of it again "
            "(%(source)s): %(items)s. Turn to the copyright authority or to a court; leave it out to give notice of "
            "the rest."
        )
        values = {"source": _(law.counter.bars_repetition), "items": names}
        raise Conflict(text % values, state=complaint.state, code="repetition_barred")


def _returned(complaint: Complaint, items: list[ComplaintItem]) -> list[ComplaintItem]:
    """Return the items of the same claimant's earlier notices that came back on a counter-notice."""
    found = returned_alike(items).filter(
        complaint__provider=complaint.provider_id,
        complaint__regime=complaint.regime,
        covered_by__ended_because="restored",
    )
    same = Q()
    if complaint.claimant_index is not None:
        same |= Q(complaint__claimant_index=complaint.claimant_index)
    if complaint.complainant_id is not None:
        same |= Q(complaint__complainant=complaint.complainant_id)
    if not same:
        return []
    earlier = found.filter(same).exclude(complaint=complaint).select_related("complaint__data_key").distinct()
    return [item for item in earlier.order_by("pk") if _is_same_owner(item.complaint, complaint)]


def returned_alike(items: list[ComplaintItem]) -> QuerySet[ComplaintItem]:
    """Return what came back on a counter-notice, whoever's it is, and is named as one of these items is."""
    urls = {spelling for item in items if item.url for spelling in spellings_of(item.url)}
    contents = [item.content_id for item in items if item.content_id]
    ids = [item.external_id for item in items if item.external_id]
    named_alike = Q(content__in=contents) | Q(url__in=urls) | Q(external_id__in=ids)
    return ComplaintItem.objects.filter(named_alike, CAME_BACK)


def _is_same(item: ComplaintItem, earlier: ComplaintItem) -> bool:
    if item.content_id and item.content_id == earlier.content_id:
        return True
    if item.external_id and item.external_id == earlier.external_id:
        return True
    return bool(item.url) and earlier.url in spellings_of(item.url)


def _is_same_owner(earlier: Complaint, complaint: Complaint) -> bool:
    """Say whether two notices are one owner's: an agent who now names somebody else speaks for somebody else."""
    if Capacity.AGENT not in (earlier.capacity, complaint.capacity):
        return True
    names = (contact_of(one)["name"].reveal().strip().casefold() for one in (earlier, complaint))
    return len(set(names)) == 1
