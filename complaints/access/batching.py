"""Batches: who may see which, what an act would do in each of many matters, and how far it is."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from complaints import regimes, rules
from complaints.access.appeals import with_open_window
from complaints.access.impartial import barred_by
from complaints.access.inquiries import inquiry_states
from complaints.access.measures import free_items
from complaints.access.opening import address_of
from complaints.access.searching import Wanted, ids_for, rows_for
from complaints.models import (
    Appeal,
    Assignment,
    Batch,
    BatchRow,
    Complaint,
    ComplaintItem,
    DeclaredInterest,
    InterestException,
)
from complaints.rules import Interest, RowState
from core.actors import Actor
from core.errors import NotFound
from verification.access import accounts_of_person, organisations_where
from verification.models import Account, Organisation
from verification.rules import Role


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


def batch_of_act(subject: str) -> Batch:
    """Return the batch of a recorded act, for what follows from it and for nobody's eyes."""
    return Batch.objects.select_related("provider", "made_by").get(pk=UUID(subject.removeprefix("batch:")))


def _assigning_rows() -> QuerySet[BatchRow]:
    return BatchRow.objects.filter(state=RowState.DONE, batch__act=rules.BatchAct.ASSIGNMENT)


def was_given_by_batch(assignment: Assignment) -> bool:
    """Say whether it was a batch that gave the matter: it did so in the same transaction, at the same instant."""
    rows = _assigning_rows().filter(complaint=assignment.complaint_id, done_at=assignment.assigned_at)
    return rows.filter(batch__made_by=assignment.assigned_by_id).exists()


def given_by_batch(batch: Batch) -> list[Assignment]:
    """Return the assignments that the batch made to somebody else than who made it, and that stand still."""
    if batch.act != rules.BatchAct.ASSIGNMENT:
        return []
    rows = _assigning_rows().filter(batch=batch, complaint=OuterRef("complaint"), done_at=OuterRef("assigned_at"))
    found = Assignment.objects.filter(handler=batch.given["to"], assigned_by=batch.made_by, ended_at__isnull=True)
    others = found.exclude(handler=batch.made_by).filter(Exists(rows))
    return list(others.select_related("handler").order_by("pk"))


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


@dataclass(frozen=True)
class Planned:
    """What is to be done in each matter: by whom, where, which act, with what, when."""

    by: Account
    provider: Organisation
    act: str
    given: Mapping[str, Any]
    now: dt.datetime


def forecast(planned: Planned, references: Sequence[str]) -> list[tuple[str, Complaint | None, str]]:
    """Return each reference with its complaint and the code of why the act is not possible there, or nothing.

    A few queries for thousands of matters. Whatever can bar the act is asked by the very sets that its guards ask, so
    that they say the same as long as nothing changes; the guards decide.
    """
    found = {one.reference: one for one in _known(planned).filter(reference__in=list(references))}
    facts = _facts_of(planned, list(found.values()))
    told: list[tuple[str, Complaint | None, str]] = []
    for reference in dict.fromkeys(references):
        one = found.get(reference)
        code = "not_found" if one is None else rules.why_not(planned.act, one.state, facts[one.pk])
        told.append((reference, one, code))
    return told


def references_found(account: Account, provider: Organisation, wanted: Wanted) -> list[str]:
    """Return the references of what a search finds of the provider's, in its order; one more than a batch takes at most."""
    ids = ids_for(account, replace(wanted, provider=provider.code), rules.MOST_IN_BATCH + 1)
    return [one.reference for one in rows_for(account, ids)]


def _facts_of(planned: Planned, complaints: Sequence[Complaint]) -> dict[UUID, dict[str, bool]]:
    """Return by complaint every fact that ``rules.why_not`` asks for; what the act does not need is not looked up."""
    names = {"is_own", "is_declared", "is_had_already", *(name for bars in rules.BARS.values() for name in bars)}
    known = {one.pk: {name: bool(getattr(one, name, False)) for name in names} for one in complaints}
    for pk in _excepted(planned.by, [one for one in complaints if known[one.pk]["is_declared"]]):
        known[pk]["is_declared"] = False
    act = rules.BatchAct(planned.act)
    if act is rules.BatchAct.ASSIGNMENT:
        chosen = Account.objects.get(pk=planned.given["to"])
        for pk in _excepted(chosen, [one for one in complaints if known[one.pk]["is_barred_to_chosen"]]):
            known[pk]["is_barred_to_chosen"] = False
    if act is rules.BatchAct.MEASURE:
        waiting = _waiting_for_answer(planned, complaints)
        for one in complaints:
            known[one.pk]["waits_for_answer"] = one.pk in waiting
    if act is rules.BatchAct.CLOSING:
        open_ones = with_open_window([one.reference for one in complaints], planned.now)
        for one in complaints:
            known[one.pk]["has_open_window"] = one.reference in open_ones
    if act is rules.BatchAct.LETTER:
        for one in complaints:
            known[one.pk]["has_no_address"] = not address_of(one)
    return known


def _waiting_for_answer(planned: Planned, complaints: Sequence[Complaint]) -> set[UUID]:
    """Return the matters in which the law lets no measure be ordered before the answer of an uploader."""
    asking = [one.pk for one in complaints if regimes.of(one).inquiry is not None]
    if not asking or _is_forwarding(planned):
        return set()
    grounds = planned.given["grounds"]
    items = free_items(ComplaintItem.objects.filter(complaint__in=asking), is_forwarding=False, now=planned.now)
    return {
        pk
        for pk, states in inquiry_states(items).items()
        if rules.removal_grounds(states, is_believed=rules.RemovalGround.REASONABLE_BELIEF in grounds) is None
    }


def _is_forwarding(planned: Planned) -> bool:
    return bool(planned.given.get("kind") == rules.MeasureKind.FORWARD_ONLY)


def _known(planned: Planned) -> QuerySet[Complaint]:
    """Return the provider's complaints, each with what the forecast needs to know of it."""
    items = ComplaintItem.objects.filter(complaint=OuterRef("pk"))
    counting = Complaint.objects.filter(provider=planned.provider).exclude(state__in=rules.BEFORE_IT_COUNTS)
    own, declared = _bars_of(planned.by, planned.provider, items)
    found: QuerySet[Any] = counting.annotate(is_own=own, is_declared=declared)
    act = rules.BatchAct(planned.act)
    if act is rules.BatchAct.MEASURE:
        found = found.annotate(
            has_nothing_free=~Exists(free_items(items, is_forwarding=_is_forwarding(planned), now=planned.now))
        )
    if act is rules.BatchAct.CLOSING:
        appeals = Appeal.objects.filter(complaint=OuterRef("pk"), decided_at__isnull=True)
        found = found.annotate(has_open_appeal=Exists(appeals))
    if act is rules.BatchAct.ASSIGNMENT:
        found = _to_chosen(found, planned, items)
    return found.select_related("complainant", "data_key") if act is rules.BatchAct.LETTER else found


def _to_chosen(found: QuerySet[Complaint], planned: Planned, items: QuerySet[ComplaintItem]) -> QuerySet[Complaint]:
    chosen = Account.objects.get(pk=planned.given["to"])
    own, declared = _bars_of(chosen, planned.provider, items)
    had = Assignment.objects.filter(complaint=OuterRef("pk"), handler=chosen, ended_at__isnull=True)
    return found.annotate(is_barred_to_chosen=own | declared, is_had_already=Exists(had))


def _bars_of(account: Account, provider: Organisation, items: QuerySet[ComplaintItem]) -> tuple[Q, Q]:
    """Return the conditions of a matter in which the person is a party, and in which it declared an interest."""
    person = accounts_of_person(account)
    own = Q(complainant__in=person) | Q(Exists(items.filter(content__subscriber__account__in=person)))
    return own, _declared(person, provider, items)


def _declared(person: set[UUID], provider: Organisation, items: QuerySet[ComplaintItem]) -> Q:
    """Return the condition of a matter in which this person declared an interest, excepted or not."""
    declared = DeclaredInterest.objects.filter(account__in=person, complaint__provider=provider)
    named = Q(pk__in=declared.values("complaint"))
    filed = Q(complainant__in=declared.filter(about=Interest.COMPLAINANT).values("complaint__complainant"))
    of_uploaders = ComplaintItem.objects.filter(
        complaint__in=declared.filter(about=Interest.UPLOADER).values("complaint"), content__isnull=False
    )
    uploaded = Q(Exists(items.filter(content__subscriber__in=of_uploaders.values("content__subscriber"))))
    return named | filed | uploaded


def _excepted(account: Account, declared: list[Complaint]) -> set[UUID]:
    """Return those of the matters in which an exception lets the account act; each of the few is asked as its guard asks."""
    if not declared:
        return set()
    found = set(
        InterestException.objects.filter(complaint__in=declared, account=account).values_list("complaint", flat=True)
    )
    return {one.pk for one in declared if one.pk in found and not barred_by(account, one)}
