"""Mails on acts of staff to who is no side of the matter: the colleague given it, the agent whose powers were checked."""

from django.utils import translation

from complaints import access
from complaints.rules import State
from complaints.serializers.words import local_day
from core.mail import enqueue, one_line
from ledger.followers import follower
from ledger.models import Entry

POWERS = {"powers.checked": "powers_checked", "powers.refused": "powers_refused"}


@follower("complaints.assigned", acts=("complaint.assigned",))
def tell_colleague(entry: Entry) -> None:
    """Tell the handler to whom somebody else gave a matter, if she has it still; what a batch gives is told together."""
    if entry.facts["to"] == entry.actor:
        return
    complaint = access.for_follower(entry.subject)
    held = access.held(complaint)
    if held is None or held.handler.ledger_reference != entry.facts["to"] or access.was_given_by_batch(held):
        return
    zone, language = complaint.provider.time_zone, held.handler.language
    with translation.override(language or None):
        facts = {
            "reference": complaint.reference,
            "provider": one_line(complaint.provider.name, 200),
            "state": str(State(complaint.state).label),
            "due": "" if complaint.answer_due_at is None else local_day(complaint.answer_due_at, zone),
            "page": f"/complaints/{complaint.reference}/",
        }
    enqueue(
        dedupe=f"{entry.pk}:handler:{held.handler_id}:assigned_handler",
        to=held.handler.email,
        template="complaints/mail/assigned_handler",
        context=facts,
        language=language,
        subject_reference=complaint.reference,
        now=entry.at,
    )


@follower("complaints.assigned_by_batch", acts=("batch.finished", "batch.stopped"))
def tell_colleague_of_many(entry: Entry) -> None:
    """Tell the handler to whom a batch gave matters how many, in one mail."""
    batch = access.batch_of_act(entry.subject)
    given = access.given_by_batch(batch)
    if not given:
        return
    handler = given[0].handler
    enqueue(
        dedupe=f"{entry.pk}:handler:{handler.pk}:assigned_many",
        to=handler.email,
        template="complaints/mail/assigned_many",
        context={
            "provider": one_line(batch.provider.name, 200),
            "count": len(given),
            "page": "/desk/complaints/?tab=mine",
        },
        language=handler.language,
        subject_reference=entry.subject,
        now=entry.at,
    )


@follower("complaints.powers_decided", acts=tuple(POWERS))
def tell_agent(entry: Entry) -> None:
    """Tell the agent whether the powers hold, with the reasons."""
    powers = access.powers_of_act(entry.subject)
    with translation.override(powers.agent.language or None):
        submitted = local_day(powers.submitted_at, powers.provider.time_zone)
    enqueue(
        dedupe=f"{entry.pk}:agent:{POWERS[entry.act]}",
        to=powers.agent.email,
        template=f"complaints/mail/{POWERS[entry.act]}",
        context={
            "provider": one_line(powers.provider.name, 200),
            "submitted": submitted,
            "reasons": one_line(powers.reasons, 2000),
            "page": "/powers/",
        },
        language=powers.agent.language,
        subject_reference=entry.subject,
        now=entry.at,
    )
