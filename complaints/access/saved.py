"""The searches that an account keeps: its own, and nobody else's."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from complaints.models import SavedSearch
from complaints.rules import search
from core import sealing
from core.actors import Actor
from core.errors import NotFound
from verification.models import Account

SAVED_SEARCH_TABLE = "complaints_savedsearch"


@dataclass(frozen=True)
class KeptSearch:
    """A kept search, opened for whose it is: its name and the query of an address."""

    name: str
    query: dict[str, str]


def saved_searches_of(account: Actor) -> QuerySet[SavedSearch]:
    """Return the searches that the account keeps, in the order in which they were first saved."""
    if not isinstance(account, Account):
        return SavedSearch.objects.none()
    return SavedSearch.objects.filter(account=account).select_related("data_key").order_by("pk")


def saved_search_for(account: Actor, search_id: UUID) -> SavedSearch:
    """Return one of the account's own searches, locked; NotFound for any other."""
    found = saved_searches_of(account).filter(pk=search_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound
    return found


def saved_search_named(account: Account, name: str) -> SavedSearch | None:
    """Return the account's search of this name, however it is spelled."""
    return saved_searches_of(account).filter(name_index=saved_search_index(account, name)).first()


def saved_search_index(account: Account, name: str) -> bytes:
    """Return by what the account's search of this name is found without being opened."""
    return sealing.blind_index("saved_search", f"{account.pk}:{search.name_key(name)}")


def opened_search(saved: SavedSearch) -> KeptSearch:
    """Return what is kept. Whoever calls this has found it for whose it is."""
    row = (SAVED_SEARCH_TABLE, saved.pk)
    return KeptSearch(**sealing.open_json(saved.data_key, row=row, field="kept", sealed=bytes(saved.kept_sealed)))
