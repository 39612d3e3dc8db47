"""Mails to the provider's handlers: what was not carried out in time, and what is to be looked at again."""

from typing import Any

from django.utils import translation

from complaints import access
from complaints.serializers import measures
from core.mail import enqueue
from ledger.followers import follower
from ledger.models import Entry
from verification.access import staff_of
from verification.rules import Role

TO_HANDLERS = {"complaint.execution_overdue": "overdue_handler", "complaint.review_due": "review_handler"}


@follower("complaints.to_handlers", acts=tuple(TO_HANDLERS))
def remind_handlers(entry: Entry) -> None:
    """Remind every handler of the provider, each in their own language."""
    complaint = access.for_follower(entry.subject)
    measure = access.measure_of(complaint, entry.facts["measure"])
    facts: dict[str, Any] = {
        "reference": complaint.reference,
        "provider": complaint.provider.name,
        "is_return": entry.facts.get("what") == "undone",
        "chases": entry.facts.get("chases", 0),
        "page": f"/complaints/{complaint.reference}/",
    }
    name = TO_HANDLERS[entry.act]
    for handler in staff_of(complaint.provider, Role.HANDLER):
        with translation.override(handler.language or None):
            execution = measures.execution_words(measure)
        enqueue(
            dedupe=f"{entry.pk}:handler:{handler.pk}:{name}",
            to=handler.email,
            template=f"complaints/mail/{name}",
            context=facts | {"execution": execution},
            language=handler.language,
            subject_reference=complaint.reference,
            now=entry.at,
        )
