"""What follows when two sides settle: the provider's service is told what to do, and everybody what was not done."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core import mail
from hosting import events, outbox
from ledger.followers import follower
from ledger.models import Entry
from messaging import access, subjects, words
from messaging.models import Conversation
from verification.access import staff_of
from verification.rules import Role

TOLD = {
    "proposal.accepted": _(
        "The two sides of a conversation agreed: see what is to be done with the content, and until when."
    ),
    "removal.announced": _("An uploader wants its own content removed: take it down and report that it is done."),
    "undertaking.done": _("What an uploader undertook was reported as done."),
    "undertaking.overdue": _("What an uploader undertook was not reported as done in time."),
}
COPIED = ("proposal", "kind", "undertaking", "due_at", "done_by")

for _name, _meaning in TOLD.items():
    events.register(_name, _meaning)


@follower("messaging.webhooks", acts=tuple(TOLD), from_now=True)
def tell_service(entry: Entry) -> None:
    """Put the news into the outbox: ids and states, and which content it is about by the service's own ids."""
    if entry.act == "proposal.accepted" and not access.is_settling(str(entry.facts["kind"])):
        return
    conversation = access.conversation_of_reference(entry.subject)
    data: dict[str, Any] = {"conversation": str(conversation.pk)}
    data |= {name: entry.facts[name] for name in COPIED if entry.facts.get(name) is not None}
    if conversation.subject.startswith("C-"):
        data["complaint"] = conversation.subject
    if entry.act == "proposal.accepted" and "undertaking" in data:
        data["due_at"] = access.due_at_of(data["undertaking"])
    outbox.put(entry, {**data, "items": subjects.content_of(conversation.subject, access.uploader_of(conversation))})


@follower("messaging.overdue", acts=("undertaking.overdue",))
def tell_overdue(entry: Entry) -> None:
    """Mail both sides, and the handlers of the provider, that what was undertaken was not reported as done in time."""
    conversation = access.conversation_of_reference(entry.subject)
    is_removal = entry.facts["kind"] == "removal"
    for party in access.sides_of(conversation):
        address, language = access.mailed_at(party, purpose=f"telling the uploader: {entry.act}", now=entry.at)
        if address:
            page = f"/conversations/{conversation.pk}/"
            context = {"page": page, "is_removal": is_removal, "side": party.side}
            _enqueue(entry, str(party.side), address, language, context)
    for handler in staff_of(conversation.provider, Role.HANDLER):
        # The handlers see the complaint; what was said in a conversation is between the two sides.
        page = subjects.page_of(conversation.subject) if conversation.subject.startswith("C-") else ""
        context = {"page": page, "is_removal": is_removal, "side": "handler", "items": _named(conversation)}
        _enqueue(entry, f"handler:{handler.pk}", handler.email, handler.language, context)


def _named(conversation: Conversation) -> str:
    found = subjects.content_of(conversation.subject, access.uploader_of(conversation))
    return ", ".join(one["external_id"] for one in found[:20])


def _enqueue(entry: Entry, whom: str, address: Any, language: str, context: dict[str, Any]) -> None:
    conversation = access.conversation_of_reference(entry.subject)
    due = words.day_of(str(entry.facts["due_at"]), language)
    mail.enqueue(
        dedupe=f"{entry.pk}:{whom}:overdue",
        to=address,
        template="messaging/mail/overdue",
        context={"title": mail.one_line(conversation.title or conversation.subject), "due": due, **context},
        language=language,
        subject_reference=entry.subject,
        now=entry.at,
    )
