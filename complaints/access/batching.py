"""Batches: who may see which, what an act would do in each of many matters, and how far it is."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from complaints import rules
from complaints.access.searching import Wanted, ids_for, rows_for
from complaints.models import (
    Appeal,
    Batch,
    BatchRow,
    Complaint,
    ComplaintItem,
    DeclaredInterest,
    InterestException,
)
from complaints.rules import Interest, ItemState, RowState
from core.actors import Actor
from core.errors import NotFound
from verification.access import accounts_of_person, organisations_where
from verification.models import Account, Organisation
from verification.rules import Role

FREE = (ItemState.NOTICED, ItemState.FORWARDED)


def batches_of(account: Actor) -> QuerySet[Batch]:
    """Return the batches of the providers whose handler the account is, newest first."""
    found = Batch.objects.filter(provider__in=organisations_where(account, Role.HANDLER))
    return found.select_related("provider", "made_by").order_by("-pk")


def batch_for(account: Actor, batch_id: UUID, *, lock: bool = False) -> Batch:
    """Return the batch; NotFound for whoever is no handler of its provider."""
    found = batches_of(account).filter(pk=batch_id)
    batch = (found.select_for_update(of=("self",)) if lock else found).first()
    if batch is None:
        raise NotFound
    return batch


def counts_of(batch: Batch) -> dict[str, int]:
    """Return how many matters of the batch stand where, by the state of their rows."""
    counted = BatchRow.objects.filter(batch=batch).order_by().values_list("state").annotate(Count("pk"))
    return dict.fromkeys(RowState.values, 0) | dict(counted)


def rows_of(batch: Batch, *states: RowState) -> QuerySet[BatchRow]:
    """Return the matters of the batch (those that stand so, where it is said) in the order in which they were given."""
    found = batch.rows.filter(state__in=states) if states else batch.rows.all()
    return found.order_by("position")


def seen_of(complaint: Complaint) -> str:
    """Return how the complaint stands, as a text that differs once anything was decided or changed in it."""
    return f"{complaint.state}:{complaint.changed_at.isoformat()}"


def forecast(
    account: Account, provider: Organisation, act: str, references: Sequence[str]
) -> list[tuple[str, Complaint | None, str]]:
    """Return each reference with its complaint and the code of why the act is not possible there, or nothing.

    A few queries for thousands of matters. It foretells what the guards of the act will say and does not replace them.
    """
    found = {one.reference: one for one in _known(account, provider).filter(reference__in=list(references))}
    told: list[tuple[str, Complaint | None, str]] = []
    for reference in dict.fromkeys(references):
        one = found.get(reference)
        told.append((reference, one, "not_found" if one is None else rules.why_not(act, one.state, _facts_of(one))))
    return told


def references_found(account: Account, provider: Organisation, wanted: Wanted) -> list[str]:
    """Return the references of what a search finds of the provider's, in its order; one more than a batch takes at most."""
    ids = ids_for(account, replace(wanted, provider=provider.code), rules.MOST_IN_BATCH + 1)
    return [one.reference for one in rows_for(account, ids)]


def _facts_of(complaint: Complaint) -> dict[str, bool]:
    names = ("is_own", "is_declared", "has_free_items", "has_open_appeal")
    return {name: bool(getattr(complaint, name)) for name in names}


def _known(account: Account, provider: Organisation) -> QuerySet[Complaint]:
    """Return the provider's complaints, each with what the forecast needs to know of it."""
    person = accounts_of_person(account)
    items = ComplaintItem.objects.filter(complaint=OuterRef("pk"))
    free = items.filter(state__in=FREE, contested_by__isnull=True)
    appeals = Appeal.objects.filter(complaint=OuterRef("pk"), decided_at__isnull=True)
    own = Q(complainant__in=person) | Q(Exists(items.filter(content__subscriber__account__in=person)))
    counting = Complaint.objects.filter(provider=provider).exclude(state__in=rules.BEFORE_IT_COUNTS)
    return counting.annotate(
        is_own=own,
        is_declared=_declared(person, provider, items),
        has_free_items=Exists(free),
        has_open_appeal=Exists(appeals),
    )


def _declared(person: set[UUID], provider: Organisation, items: QuerySet[ComplaintItem]) -> Q:
    """Return the condition of a matter in which this person declared an interest that nobody excepted."""
    declared = DeclaredInterest.objects.filter(account__in=person, complaint__provider=provider)
    named = Q(pk__in=declared.values("complaint"))
    filed = Q(complainant__in=declared.filter(about=Interest.COMPLAINANT).values("complaint__complainant"))
    of_uploaders = ComplaintItem.objects.filter(
        complaint__in=declared.filter(about=Interest.UPLOADER).values("complaint"), content__isnull=False
    )
    uploaded = Q(Exists(items.filter(content__subscriber__in=of_uploaders.values("content__subscriber"))))
    excepted = InterestException.objects.filter(account__in=person).values("complaint")
    return (named | filed | uploaded) & ~Q(pk__in=excepted)
