"""Who may report, block, join and hold, and what waits for the provider because of it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from core import sealing
from core.actors import Actor
from core.desk import Waiting
from core.errors import Conflict, Denied, NotFound
from messaging import rules, subjects
from messaging.models import Block, Conversation, Hold, Message, Party, Report
from messaging.rules import ReportMeasure, ReportState, Side, State
from verification.access import organisations_where, require_staff
from verification.models import Account
from verification.rules import Role

TABLE = "messaging_report"
KEEPERS = (Role.HANDLER, Role.AUTHORIZER)


def other_side(party: Party) -> Party:
    """Return the rights holder's opposite, or the uploader's. Raises Denied for staff, who have none."""
    if party.side == Side.STAFF:
        raise Denied(_("Only the two sides of a conversation may do this."))
    opposite = Side.UPLOADER if party.side == Side.RIGHTS_HOLDER else Side.RIGHTS_HOLDER
    return Party.objects.select_related("subscriber").get(conversation=party.conversation_id, side=opposite)


def message_row(conversation: Conversation, message_id: UUID) -> Message:
    """Return a message of the conversation; NotFound for another's."""
    found = Message.objects.filter(conversation=conversation, pk=message_id).first()
    if found is None:
        raise NotFound
    return found


def with_those_before(message: Message) -> list[Message]:
    """Return the message with the few before it, the oldest first: what was said is judged in its place."""
    earlier = Message.objects.filter(conversation=message.conversation_id, seq__lte=message.seq).order_by("-seq")
    return list(earlier.select_related("sender")[: rules.EVIDENCE_BEFORE + 1])[::-1]


def require_may_end(conversation: Conversation) -> None:
    """Raise Conflict while the matter of the conversation still needs that both sides can speak."""
    subjects.require_may_fall_silent(conversation.subject)


def block_between(rights_holder: Account, subscriber_id: Any, subject: str) -> Block | None:
    """Return the block that keeps these two from a new conversation on the subject, or None."""
    if subjects.needs_both_sides(subject):
        return None
    return Block.objects.filter(rights_holder=rights_holder, subscriber=subscriber_id, ended_at__isnull=True).first()


def sanctioned_sides(rights_holder: Account, subscriber_id: Any, subject: str) -> set[Side]:
    """Return the sides that the provider silenced in an earlier conversation of these two on the subject.

    Where it closed that conversation, the sender is silenced in the next one, and there is one only while the matter
    needs both sides: raises Conflict otherwise.
    """
    upheld = Report.objects.filter(
        conversation__subject=subject, conversation__rights_holder=rights_holder,
        conversation__parties__subscriber=subscriber_id, state=ReportState.UPHELD,
        measure__in=(ReportMeasure.SILENCED, ReportMeasure.CLOSED),
    )  # fmt: skip
    found = dict(upheld.order_by("pk").values_list("message_id", "measure"))
    if ReportMeasure.CLOSED in found.values() and not subjects.needs_both_sides(subject):
        raise Conflict(_("The provider closed the conversation about this; there is no new one."), state="sanctioned")
    senders = Message.objects.filter(pk__in=list(found), sender__side__in=(Side.RIGHTS_HOLDER, Side.UPLOADER))
    return {Side(side) for side in senders.order_by("pk").values_list("sender__side", flat=True)}


def conversations_between(rights_holder: Account, subscriber_id: Any) -> list[Conversation]:
    """Return the open conversations of the two in which one may stop listening to the other, locked, in order."""
    found = Conversation.objects.filter(
        rights_holder=rights_holder, state=State.OPEN, parties__subscriber=subscriber_id
    ).order_by("pk")
    return [one for one in found.select_for_update(of=("self",)) if not subjects.needs_both_sides(one.subject)]


def is_blocking(conversation: Any) -> bool:
    """Say whether the reader's side, in a conversation that ``visible_to`` gave, blocks the other side."""
    me = next(one for one in conversation.parties.all() if one.pk == conversation.me)
    uploader = next(one for one in conversation.parties.all() if one.side == Side.UPLOADER)
    standing = Block.objects.filter(
        rights_holder=conversation.rights_holder_id, subscriber=uploader.subscriber_id, by_side=me.side, ended_at=None
    )
    return bool(standing.exists())


# --- the provider's staff


def conversation_of_provider(account: Actor, conversation_id: UUID, *roles: Role) -> Conversation:
    """Return a conversation at the staff's provider, of which it may know but not read; NotFound for others."""
    found = Conversation.objects.filter(pk=conversation_id).select_related("provider").first()
    if found is None:
        raise NotFound
    require_staff(account, found.provider, *(roles or (Role.HANDLER,)))
    return found


def staff_of(conversation: Conversation) -> list[Party]:
    """Return the provider's staff who take part in the conversation now."""
    return list(Party.objects.filter(conversation=conversation, side=Side.STAFF, left_at__isnull=True).order_by("pk"))


def reports_for(account: Actor) -> QuerySet[Report]:
    """Return the reports at the handler's providers, those that wait first, then the newest. Raises Denied for others."""
    at = organisations_where(account, Role.HANDLER)
    if not at.exists():
        raise Denied(_("This needs the role: %(role)s.") % {"role": Role.HANDLER.label})
    found = Report.objects.filter(conversation__provider__in=at.order_by().values("pk"))
    return found.select_related("conversation__provider", "data_key", "reporter").order_by("-pk")


def report_for(account: Actor, report_id: UUID, *, lock: bool = False) -> Report:
    """Return the report; NotFound for whoever is no handler of its provider."""
    found = reports_for(account).filter(pk=report_id)
    report = (found.select_for_update(of=("self",)) if lock else found).first()
    if report is None:
        raise NotFound
    require_staff(account, report.conversation.provider, Role.HANDLER)
    return report


def evidence_for(account: Account, report: Report, now: dt.datetime) -> dict[str, Any]:
    """Return what was reported, as it stood: ``reasons`` and ``messages``; the look is recorded.

    Of a report that ``report_for`` gave to this account. Raises Gone when it was erased with its conversation.
    """
    purpose = "deciding on the report of a message"
    sealing.record_opening(key=report.data_key, fields=["evidence"], by=account, purpose=purpose, now=now)
    row, sealed = (TABLE, report.pk), bytes(report.evidence_sealed)
    found: dict[str, Any] = sealing.open_json(report.data_key, row=row, field="evidence", sealed=sealed)
    return found


def report_of(report_id: Any) -> Report:
    """Return the report of a recorded act, for the code that follows it."""
    found = Report.objects.select_related("conversation__provider", "reporter__account", "reporter__subscriber")
    return found.get(pk=report_id)


def reported_party(report: Report) -> Party | None:
    """Return who sent the reported message."""
    message = Message.objects.filter(pk=report.message_id).select_related("sender__subscriber").first()
    return message.sender if message is not None else None


def reports_of(party: Party) -> list[Any]:
    """Return the reports that this party made in its conversation, and the decided ones about its own messages.

    Each with ``seq``, the number of its message.
    """
    own = Q(reporter=party)
    about = Exists(Message.objects.filter(pk=OuterRef("message_id"), sender=party))
    found = Report.objects.filter(own | (Q(about) & ~Q(state=ReportState.OPEN)), conversation=party.conversation_id)
    seq = Subquery(Message.objects.filter(pk=OuterRef("message_id")).values("seq"))
    return list(found.annotate(seq=seq).order_by("pk"))


def require_open(report: Report) -> None:
    """Raise Conflict for a report that was decided already."""
    if report.state != ReportState.OPEN:
        raise Conflict(_("This report was decided already."), state=report.state)


def reports_waiting_for(account: Account) -> list[Waiting]:
    """Return the reported messages on which the handler's provider has not decided yet."""
    at = organisations_where(account, Role.HANDLER)
    waiting = Report.objects.filter(state=ReportState.OPEN, conversation__provider__in=at.order_by().values("pk"))
    return [
        Waiting(
            title=_("A message was reported"),
            url=reverse("messaging:report", args=[report.pk]),
            reference="",
            role=str(Role.HANDLER.label),
            since=report.reported_at,
            detail=report.get_category_display(),
        )
        for report in waiting.order_by("reported_at", "pk")[:50]
    ]


# --- keeping and forgetting


def hold_on(conversation: Conversation) -> Hold | None:
    """Return the legal hold that stands on the conversation, or None."""
    return Hold.objects.filter(conversation=conversation, lifted_at__isnull=True).first()


def to_forget(now: dt.datetime, limit: int = 100) -> list[Conversation]:
    """Return closed conversations whose time is over and on which no hold stands, the longest closed first."""
    held = Hold.objects.filter(conversation=OuterRef("pk"), lifted_at__isnull=True)
    # A year earlier than needed is asked for, and the rule decides: so the calendar is reckoned in one place.
    found = Conversation.objects.filter(
        ~Exists(held), closed_at__lte=now - dt.timedelta(days=3 * 365 - 1), forgotten_at__isnull=True
    )
    old = found.select_related("provider").order_by("closed_at", "pk")[: limit * 2]
    return [one for one in old if one.closed_at and rules.forgotten_at(one.closed_at) <= now][:limit]
