"""Reporting a message, deciding on it, blocking, muting, the provider's staff, the end of a conversation, keeping it."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import files, limits, sealing
from core.actors import Actor
from core.errors import Conflict, invalid
from ledger.acts import action, record
from messaging import access, happenings, hints, rules
from messaging.actions.sending import say
from messaging.models import Block, Conversation, Hold, Message, Party, Proposal, Report, Revision
from messaging.rules import EventKind, ReportCategory, ReportMeasure, ReportState, Side, State
from verification.models import Account


@action("message.reported")
def report_message(
    *, conversation_id: UUID, message_id: UUID, category: str, reasons: str, by: Account, now: dt.datetime
) -> Report:
    """Report another's message to the provider; it is kept as it stands, with the few before it.

    Raises NotFound for a stranger or another conversation's message, Invalid for one's own, Conflict for the same again.
    """
    if category not in ReportCategory.values:
        raise invalid("/category", "unknown", _("Choose what is wrong with the message."))
    party = access.party_of(by, conversation_id, lock=True)
    message = access.message_row(party.conversation, message_id)
    if message.sender_id == party.pk:
        raise invalid("/message", "own", _("This is your own message."))
    if Report.objects.filter(message_id=message.pk, reporter=party).exists():
        raise Conflict(_("You reported this message already."), state="reported")
    limits.require_room(f"reports:{by.pk}", limit=rules.REPORTS_A_DAY, within=dt.timedelta(days=1), now=now)
    key = sealing.new_data_key(now=now)
    report = Report(conversation=party.conversation, message_id=message.pk, reporter=party, category=category)
    report.data_key, report.reported_at = key, now
    kept = {"reasons": reasons.strip(), "messages": [_kept(one) for one in access.with_those_before(message)]}
    report.evidence_sealed = sealing.seal_json(key, row=(access.TABLE, report.pk), field="evidence", value=kept)
    report.save(force_insert=True)
    facts = {"report": str(report.pk), "message": str(message.pk), "sha256": bytes(message.digest).hex()}
    _record(party.conversation, facts | {"category": category}, by, now)
    return report


def _kept(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.pk),
        "seq": message.seq,
        "side": message.sender.side,
        "body": message.body,
        "attachments": message.attachments or [],
        "sent_at": message.sent_at.isoformat(),
        "sha256": bytes(message.digest).hex(),
        # What was first said stands above; what its sender made of it since, here.
        "revisions": [
            {"kind": one.kind, "body": one.body, "made_at": one.made_at.isoformat()}
            for one in Revision.objects.filter(message=message.pk).order_by("number")
        ],
    }


def _record(conversation: Conversation, facts: dict[str, Any], by: Actor, now: dt.datetime) -> None:
    provider = conversation.provider.code
    record(subject=conversation.ledger_reference, provider=provider, by=by, facts=facts, now=now)


@action("message.report_decided")
def decide_report(
    *, report_id: UUID, decision: str, measure: str, reasons: str, by: Account, now: dt.datetime
) -> Report:
    """Decide a report with reasons that both sides read; upheld, it may silence the sender or close the conversation.

    Raises NotFound for whoever is no handler of the provider, Invalid for a decision that is none, Conflict once decided.
    """
    report = access.report_for(by, report_id, lock=True)
    access.require_open(report)
    if decision not in (ReportState.UPHELD, ReportState.DISMISSED):
        raise invalid("/decision", "unknown", _("Decide: upheld or dismissed."))
    if measure not in ReportMeasure.values or (decision == ReportState.DISMISSED and measure != ReportMeasure.NONE):
        raise invalid("/measure", "unknown", _("Choose what follows; nothing follows from a dismissed report."))
    if not reasons.strip():
        raise invalid("/reasons", "required", _("Give reasons: both sides read them."))
    report.state, report.measure, report.reasons = ReportState(decision), ReportMeasure(measure), reasons.strip()
    report.decided_at, report.decided_by = now, by
    report.save(update_fields=["state", "measure", "reasons", "decided_at", "decided_by"])
    sender = access.reported_party(report)
    if measure == ReportMeasure.SILENCED and sender is not None:
        # Also who is silenced by a block already: what the provider ordered must not end with that.
        _silence(Party.objects.filter(pk=sender.pk), now)
    if measure == ReportMeasure.CLOSED:
        _close(report.conversation, None, now)
    facts = {"report": str(report.pk), "message": str(report.message_id), "decision": decision, "measure": measure}
    _record(report.conversation, facts, by, now)
    return report


def _silence(parties: QuerySet[Party], since: dt.datetime | None) -> int:
    """Let these parties only read since then, or, without an instant, write again, and return how many they are.

    Each hears at once of itself, and nobody of another. That is no happening: those are numbered without gaps and go to
    everybody, also into every transcript.
    """
    # Locked, so that what the provider orders meanwhile is not undone.
    found = list(parties.select_for_update(of=("self",)).order_by("pk"))
    Party.objects.filter(pk__in=[one.pk for one in found]).update(silenced_at=since)
    hints.tell_silenced(
        [hints.Silenced(str(one.conversation_id), str(one.pk), is_silenced=since is not None) for one in found]
    )
    return len(found)


def _close(conversation: Conversation, party: Party | None, now: dt.datetime) -> None:
    closed = Conversation.objects.filter(pk=conversation.pk, state=State.OPEN).update(state=State.CLOSED, closed_at=now)
    if closed:
        happenings.note(conversation, EventKind.CLOSED, by=party, now=now)


@action("conversation.ended")
def end_conversation(*, conversation_id: UUID, by: Account, now: dt.datetime) -> Conversation:
    """Close a conversation at the wish of one of its two sides; both can still read it.

    Raises NotFound for a stranger, Denied for staff, Conflict when it is closed already or its matter still needs it.
    """
    party = access.party_of(by, conversation_id, lock=True)
    access.other_side(party)
    if party.conversation.state != State.OPEN:
        raise Conflict(_("This conversation is closed already."), state="closed")
    access.require_may_end(party.conversation)
    _close(party.conversation, party, now)
    _record(party.conversation, {"side": party.side}, by, now)
    return party.conversation


@action("conversation.blocked")
def block(*, conversation_id: UUID, by: Account, now: dt.datetime) -> Block:
    """Take no more messages of the other side, in this conversation and in new ones; where a matter runs, it goes on.

    Raises NotFound for a stranger, Denied for staff, Conflict where the matter needs both sides or it is so already.
    """
    party = access.party_of(by, conversation_id, lock=True)
    other = access.other_side(party)
    access.require_may_end(party.conversation)
    holder, subscriber = party.conversation.rights_holder, (party.subscriber or other.subscriber)
    assert subscriber is not None
    known = Block.objects.filter(rights_holder=holder, subscriber=subscriber, by_side=party.side, ended_at__isnull=True)
    if known.exists():
        raise Conflict(_("You block the other side already."), state="blocked")
    made = Block.objects.create(rights_holder=holder, subscriber=subscriber, by_side=party.side, made_at=now)
    between = [one.pk for one in access.conversations_between(holder, subscriber.pk)]
    _silence(Party.objects.filter(conversation__in=between, side=other.side, silenced_at__isnull=True), now)
    _record(party.conversation, {"side": party.side, "conversations": len(between)}, by, now)
    return made


@action("conversation.unblocked")
def unblock(*, conversation_id: UUID, by: Account, now: dt.datetime) -> None:
    """Take messages of the other side again; what the provider silenced stays so. Raises Conflict without a block."""
    party = access.party_of(by, conversation_id, lock=True)
    other = access.other_side(party)
    holder, subscriber = party.conversation.rights_holder, (party.subscriber or other.subscriber)
    assert subscriber is not None
    standing = Block.objects.filter(
        rights_holder=holder, subscriber=subscriber, by_side=party.side, ended_at__isnull=True
    ).first()
    if standing is None:
        raise Conflict(_("You block nobody here."), state="open")
    standing.ended_at = now
    standing.save(update_fields=["ended_at"])
    # Wherever the block silenced it, also where the matter has come to need both sides since.
    silenced = Party.objects.filter(side=other.side, silenced_at=standing.made_at)
    count = _silence(
        silenced.filter(conversation__rights_holder=holder, conversation__parties__subscriber=subscriber), None
    )
    _record(party.conversation, {"side": party.side, "conversations": count}, by, now)


def mute(*, conversation_id: UUID, is_muted: bool, by: Account, now: dt.datetime) -> None:
    """Want no notice of a conversation, or want it again: one's own preference, of which nobody else hears."""
    party = access.party_of(by, conversation_id)
    Party.objects.filter(pk=party.pk).update(muted_at=now if is_muted else None)


# --- the provider's staff


@action("conversation.staff_joined")
def join_as_staff(*, conversation_id: UUID, reasons: str, by: Account, now: dt.datetime) -> Party:
    """Join a conversation as the provider's staff, visibly: both sides see it at once, and why.

    Raises NotFound for whoever is no handler of the provider, Invalid without reasons, Conflict for who is in it already.
    """
    conversation = access.conversation_of_provider(by, conversation_id)
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    if not reasons.strip():
        raise invalid("/reasons", "required", _("Say why you join: both sides read it."))
    known = Party.objects.filter(conversation=conversation, account=by).first()
    if known is not None and known.left_at is None:
        raise Conflict(_("You take part in this conversation already."), state="joined")
    if known is None:
        known = Party(conversation=conversation, side=Side.STAFF, account=by, joined_at=now)
    known.left_at = None
    known.save()
    happenings.note(conversation, EventKind.STAFF_JOINED, by=known, now=now)
    # The reasons are its first message, so that they are part of the conversation and of every transcript.
    say(party=known, body=reasons.strip())
    _record(conversation, {"reasons": sealing.keyed_digest("reasons", reasons.strip())}, by, now)
    return known


@action("conversation.staff_left")
def leave_as_staff(*, conversation_id: UUID, by: Account, now: dt.datetime) -> Party:
    """Leave a conversation that one joined as staff. Raises NotFound for whoever is not in it, Denied for its two sides."""
    party = access.party_of(by, conversation_id, lock=True)
    if party.side != Side.STAFF:
        raise Conflict(_("Only the provider's staff joins and leaves."), state="party")
    party.left_at = now
    party.save(update_fields=["left_at"])
    happenings.note(party.conversation, EventKind.STAFF_LEFT, by=party, now=now)
    _record(party.conversation, {}, by, now)
    return party


# --- keeping and forgetting


@action("conversation.held")
def place_hold(*, conversation_id: UUID, reasons: str, by: Account, now: dt.datetime) -> Hold:
    """Keep a conversation from being forgotten, for as long as a dispute or a proceeding needs it.

    Raises NotFound for whoever is no handler or authorizer of the provider, Invalid without reasons, Conflict when it is
    held or was forgotten.
    """
    conversation = access.conversation_of_provider(by, conversation_id, *access.KEEPERS)
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    if not reasons.strip():
        raise invalid("/reasons", "required", _("Say why this must be kept."))
    if conversation.forgotten_at is not None:
        raise Conflict(_("What was said here was erased already."), state="forgotten")
    if access.hold_on(conversation) is not None:
        raise Conflict(_("A legal hold stands on this conversation already."), state="held")
    hold = Hold.objects.create(conversation=conversation, reasons=reasons.strip(), placed_at=now, placed_by=by)
    _record(conversation, {"hold": str(hold.pk)}, by, now)
    return hold


@action("conversation.released")
def lift_hold(*, conversation_id: UUID, by: Account, now: dt.datetime) -> Hold:
    """End the legal hold of a conversation. Raises NotFound as above, Conflict where none stands."""
    conversation = access.conversation_of_provider(by, conversation_id, *access.KEEPERS)
    Conversation.objects.select_for_update().get(pk=conversation.pk)
    hold = access.hold_on(conversation)
    if hold is None:
        raise Conflict(_("No legal hold stands on this conversation."), state="open")
    hold.lifted_at = now
    hold.save(update_fields=["lifted_at"])
    _record(conversation, {"hold": str(hold.pk)}, by, now)
    return hold


@action("conversation.forgotten")
def forget(*, conversation: Conversation, by: Actor, now: dt.datetime) -> int:
    """Erase what was said in a conversation whose time is over, and return in how many messages.

    Numbers, senders, times and digests stay, so that the ledger's entries still prove what somebody kept. The database
    itself refuses it for one that is open, held or not closed that long. Raises Conflict when another was quicker.
    """
    held = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if held.forgotten_at is not None or access.hold_on(held) is not None:
        raise Conflict(state="held")
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging_forget(%s)", [held.pk])
        count = int(cursor.fetchone()[0])
    for file in files.attached_to(held.ledger_reference, "message"):
        sealing.destroy(file.data_key, now=now)
    for report in Report.objects.filter(conversation=held).select_related("data_key"):
        sealing.destroy(report.data_key, now=now)
    made = Proposal.objects.filter(conversation=held)
    made.update(text="", territory="", reasons="", is_forgotten=True)
    held.title, held.forgotten_at = "", now
    held.save(update_fields=["title", "forgotten_at"])
    _record(conversation, {"messages": count}, by, now)
    return count


def require_room_to_open(*, by: Account, now: dt.datetime) -> None:
    """Raise TooFast for who opens conversations faster than a person with a whole catalogue would."""
    limits.require_room(f"conversations:{by.pk}", limit=rules.OPENED_AN_HOUR, within=dt.timedelta(hours=1), now=now)
