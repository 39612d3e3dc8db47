"""How a notice is corrected: by its complainant's account, or without one by the link that was mailed to its address."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from complaints import regimes, rules
from complaints.access import correctable
from complaints.access.known import known_of
from complaints.actions.claiming import note_claim
from complaints.actions.filing import attach_evidence, facts_of, note_completeness, state_of
from complaints.actions.grouping import note_keys, priority_of
from complaints.actions.mending import begin_cure, end_question, resume, stop_waiting
from complaints.actions.notice import (
    Notice,
    check_bounds,
    corrected,
    earns,
    items_of,
    match_earlier,
    missing_of,
    notice_of,
    seal_private_parts,
    start_counting,
    works_of,
)
from complaints.actions.repeating import refuse_repetition
from complaints.models import Complaint, ComplaintItem, Correction
from complaints.regimes.curing import touched
from complaints.regimes.shape import Regime
from complaints.rules import Side, State
from core import sealing
from core.actors import Actor
from core.inserts import insert
from ledger.acts import action, record
from verification.access import verified_names
from verification.models import Account


@action("complaint.corrected")
def correct_complaint(
    *, reference: str, by: Actor, changes: Mapping[str, Any], link: str = "", now: dt.datetime
) -> Complaint:
    """Put what is given in place of what the notice said, keep the earlier text sealed, check it anew; return it.

    ``changes`` holds fields of Notice. With the token of a mailed ``link`` no account is needed; the address to which
    it went stays what it was. Raises Denied for others than the complainant, Gone for a link that was used or has
    expired, Conflict once it was decided on.
    """
    complaint = correctable(by, reference, link, now)
    rules.check_state(complaint.state, (State.FILED, State.DEFECTIVE))
    law = regimes.of(complaint)
    before = notice_of(complaint)
    after = corrected(before, _with_address(changes, before) if link else changes)
    check_bounds(law, after)
    if not link:
        note_claim(complaint, after, by, verified_names(by, now))
    _keep_previous(complaint, before, by, now)
    added = Notice(after.capacity, after.contact, evidence=list(changes.get("evidence") or ()))
    attach_evidence(complaint, added, by, now)
    stop_waiting(complaint, because="corrected", now=now)
    _rewrite(complaint, after, changes)
    refuse_repetition(complaint)
    _check_again(complaint, law, before, after, now)
    facts = facts_of(complaint, after, Side.COMPLAINANT)
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _with_address(changes: Mapping[str, Any], before: Notice) -> dict[str, Any]:
    """Return the changes with the address to which the link went: who has the link must not move the notice away."""
    return {**changes, "contact": {**(changes.get("contact") or {}), "email": before.contact["email"]}}


def _keep_previous(complaint: Complaint, before: Notice, by: Actor, now: dt.datetime) -> None:
    kept = Correction(complaint=complaint, made_at=now, made_by=by if isinstance(by, Account) else None)
    said = {**before.as_seen_by_law(), "capacity": before.capacity, "evidence": [str(one) for one in before.evidence]}
    row = ("complaints_correction", kept.pk)
    kept.previous_sealed = sealing.seal_json(complaint.data_key, row=row, field="previous", value=said)
    kept.save(force_insert=True)


def _rewrite(complaint: Complaint, after: Notice, changes: Mapping[str, Any]) -> None:
    complaint.capacity, complaint.grounds = after.capacity, after.grounds
    complaint.statements = list(dict.fromkeys(after.statements))
    seal_private_parts(complaint, after)
    if changes.get("works") is not None:
        complaint.works.all().delete()
        insert(*works_of(complaint, after))
    if changes.get("items") is not None:
        complaint.items.all().delete()
        known = known_of(complaint.provider, after.items)
        insert(*items_of(complaint, after, known))
        complaint.is_earning = earns(after.items, known.content)


def _check_again(complaint: Complaint, law: Regime, before: Notice, after: Notice, now: dt.datetime) -> None:
    """Note what is lacking now, and let the provider's time start, run on, stand still or fall away with it."""
    was_asked = bool(complaint.asked)
    answered = touched(law.elements, before.as_seen_by_law(), after.as_seen_by_law()) if was_asked else set()
    complaint.missing = missing_of(law, after)
    complaint.asked = [element for element in complaint.asked if element not in answered]
    complaint.answer_due_at, complaint.goes_with = None, None
    complaint.priority = priority_of(complaint)
    if complaint.missing:
        complaint.complete_at = None
        end_question(complaint, now)
    elif was_asked and not complaint.asked:
        resume(complaint, law, now)
    elif not complaint.asked:
        start_counting(complaint, law, now)
    to = state_of(complaint.missing, complaint.asked)
    rules.check_move(complaint.state, to)
    complaint.state, complaint.changed_at = to, now
    complaint.save()
    if to is State.DEFECTIVE:
        begin_cure(complaint, now)
    else:
        _match_again(complaint, after)
    note_completeness(complaint, now)


def _match_again(complaint: Complaint, after: Notice) -> None:
    items = list(complaint.items.order_by("position"))
    note_keys(complaint, items, after.works)
    ComplaintItem.objects.bulk_update(items, ["repeat_key"])
    match_earlier(complaint, items)
