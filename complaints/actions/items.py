"""Items by the names that people and programs give them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from complaints.models import ComplaintItem
from complaints.rules import ItemState
from core.errors import Invalid, Problem


def names_of(item: ComplaintItem) -> set[str]:
    """Return the texts by which an item may be named: its id, address, external id, and those of its content."""
    names = {str(item.pk), item.url, item.external_id}
    if item.content is not None:
        names |= {item.content.external_id, item.content.url}
    return names - {""}


def named(items: list[ComplaintItem], names: Sequence[str], free: frozenset[UUID]) -> list[ComplaintItem]:
    """Return the items of these names, each once; Invalid for names of none, and of items that are not free."""
    chosen: dict[UUID, ComplaintItem] = {}
    problems = []
    for place, name in enumerate(names):
        item = next((one for one in items if name and name in names_of(one)), None)
        if item is None:
            problems.append(Problem(f"/items/{place}", "unknown_item", _("The complaint has no such item.")))
        elif item.pk not in free:
            problems.append(_not_free(place, item))
        else:
            chosen[item.pk] = item
    if not names:
        problems.append(Problem("/items", "required", _("Name at least one item, or leave the list out for all.")))
    if problems:
        raise Invalid(problems)
    return list(chosen.values())


def _not_free(place: int, item: ComplaintItem) -> Problem:
    if item.state == ItemState.REJECTED:
        text = _("The notice was rejected for this item; only an appeal takes it up again.")
        return Problem(f"/items/{place}", "rejected", text)
    return Problem(f"/items/{place}", "under_measure", _("This item is under a measure already, or restored."))
