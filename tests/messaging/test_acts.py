"""Every act of this app leaves exactly one entry, under its own name."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.actors import SYSTEM
from ledger.acts import ACTIONS
from ledger.models import Entry
from messaging import actions
from messaging.models import Conversation, Proposal, Undertaking
from messaging.rules import ProposalKind, Terms
from tests.messaging import world
from tests.messaging.world import handler_of


def written_in() -> Conversation:
    """Return a conversation with one message that no entry covers yet."""
    pair = world.pair()
    actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body="Good morning", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip
    return Conversation.objects.select_related("provider").get(pk=pair.conversation.pk)


def host_with_content() -> dict[str, object]:
    host = world.provider()
    of = world.subscriber(host, world.account("uploader"))
    subject = f"content:{world.content(of).pk}"
    return {"provider": host, "subject": subject, "by": world.rights_holder(host), "subscriber": of}


def planned_call() -> object:
    """Return the planned call of an uploader who is not here."""
    given = host_with_content()
    of = given["subscriber"]
    of.account = of.claimed_at = None  # type: ignore[attr-defined]
    of.save()  # type: ignore[attr-defined]
    conversation = actions.open_conversation(**given, now=world.now())
    return actions.plan_call(conversation_id=conversation.pk, now=world.now())


def said() -> dict[str, object]:
    """Return what names a message that its sender has just sent."""
    pair = world.pair()
    draft = actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body="Good morning", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip
    return {"conversation_id": pair.conversation.pk, "message_id": draft.id, "by": pair.rights_holder}


def proposed() -> tuple[world.Pair, Proposal]:
    """Return a pair with a proposal of the rights holder that waits."""
    pair = world.pair()
    terms = Terms(ProposalKind.REMOVE_BY, due_on=world.now().date() + dt.timedelta(days=3))
    return pair, actions.propose(
        conversation_id=pair.conversation.pk, terms=terms, by=pair.rights_holder, now=world.now()
    )


def undertaken() -> tuple[world.Pair, Undertaking]:
    """Return a pair whose uploader removes the content now."""
    pair = world.pair()
    return pair, actions.remove_now(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())


CREDIT = Terms(ProposalKind.CREDIT, text="Film by the studio")


def staffed(pair: world.Pair) -> world.Pair:
    """Return the pair with a handler of its provider, as ``handler``."""
    pair.handler = handler_of(pair.provider)  # type: ignore[attr-defined]
    return pair


def reported() -> object:
    """Return a report that waits, and the handler who decides."""
    pair = staffed(world.pair())
    said = said_in(pair)
    made = actions.report_message(
        conversation_id=pair.conversation.pk, message_id=said, category="abuse", reasons="", by=pair.uploader,
        now=world.now(),
    )  # fmt: skip
    return made, pair.handler  # type: ignore[attr-defined]


def said_in(pair: world.Pair) -> UUID:
    draft = actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body="Good morning", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip
    return draft.id


def pair_with_message() -> object:
    pair = world.pair()
    return pair, said_in(pair)


def blocked() -> world.Pair:
    pair = world.pair()
    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())
    return pair


def joined() -> world.Pair:
    pair = staffed(world.pair())
    join(pair)
    return pair


def join(pair: Any) -> object:
    given = {"conversation_id": pair.conversation.pk, "by": pair.handler, "now": world.now()}
    return actions.join_as_staff(reasons="To help.", **given)


def hold(pair: Any) -> object:
    given = {"conversation_id": pair.conversation.pk, "by": pair.handler, "now": world.now()}
    return actions.place_hold(reasons="A suit.", **given)


def held() -> world.Pair:
    pair = staffed(world.pair())
    hold(pair)
    return pair


def long_closed() -> Conversation:
    pair = world.pair()
    long_ago = world.now() - dt.timedelta(days=3 * 366)
    Conversation.objects.filter(pk=pair.conversation.pk).update(state="closed", closed_at=long_ago)
    return Conversation.objects.select_related("provider").get(pk=pair.conversation.pk)


def as_uploader(act: Callable[..., object]) -> Callable[..., object]:
    return lambda pair: act(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())


def as_handler(act: Callable[..., object]) -> Callable[..., object]:
    return lambda pair: act(conversation_id=pair.conversation.pk, by=pair.handler, now=world.now())


# What an act needs first, and the act on it.
ACTS: dict[str, tuple[Callable[[], object], Callable[..., object]]] = {
    "conversation.opened": (host_with_content, lambda given: actions.open_conversation(**given, now=world.now())),
    "conversation.uploader_called": (
        planned_call,
        lambda call: actions.call_uploader(call_id=call.pk, by=SYSTEM, now=world.now()),
    ),
    "message.reported": (
        pair_with_message,
        lambda given: actions.report_message(
            conversation_id=given[0].conversation.pk,
            message_id=given[1],
            category="abuse",
            reasons="",
            by=given[0].uploader,
            now=world.now(),
        ),
    ),
    "message.report_decided": (
        reported,
        lambda given: actions.decide_report(
            report_id=given[0].pk, decision="dismissed", measure="none", reasons="Fair.", by=given[1], now=world.now()
        ),
    ),
    "conversation.ended": (world.pair, as_uploader(actions.end_conversation)),
    "conversation.blocked": (world.pair, as_uploader(actions.block)),
    "conversation.unblocked": (blocked, as_uploader(actions.unblock)),
    "conversation.staff_joined": (lambda: staffed(world.pair()), join),
    "conversation.staff_left": (joined, as_handler(actions.leave_as_staff)),
    "conversation.held": (lambda: staffed(world.pair()), hold),
    "conversation.released": (held, as_handler(actions.lift_hold)),
    "conversation.forgotten": (
        long_closed,
        lambda one: actions.forget(conversation=one, by=SYSTEM, now=world.now()),
    ),
    "conversation.covered": (written_in, lambda one: actions.cover(conversation=one, by=SYSTEM, now=world.now())),
    "message.edited": (said, lambda given: actions.edit_message(**given, body="Good day", now=world.now())),
    "message.withdrawn": (said, lambda given: actions.withdraw_message(**given, now=world.now())),
    "proposal.made": (
        world.pair,
        lambda pair: actions.propose(
            conversation_id=pair.conversation.pk, terms=CREDIT, by=pair.uploader, now=world.now()
        ),
    ),
    "proposal.accepted": (
        proposed, lambda one: actions.accept(proposal_id=one[1].pk, by=one[0].uploader, now=world.now()),
    ),
    "proposal.declined": (
        proposed, lambda one: actions.decline(proposal_id=one[1].pk, by=one[0].uploader, now=world.now()),
    ),
    "proposal.countered": (
        proposed,
        lambda one: actions.counter(proposal_id=one[1].pk, terms=CREDIT, by=one[0].uploader, now=world.now()),
    ),
    "proposal.withdrawn": (
        proposed,
        lambda one: actions.withdraw_proposal(proposal_id=one[1].pk, by=one[0].rights_holder, now=world.now()),
    ),
    "proposal.expired": (
        proposed, lambda one: actions.expire_proposal(proposal_id=one[1].pk, now=one[1].expires_at),
    ),
    "removal.announced": (
        world.pair,
        lambda pair: actions.remove_now(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now()),
    ),
    "undertaking.done": (
        undertaken,
        lambda one: actions.report_done(undertaking_id=one[1].pk, by=one[0].rights_holder, now=world.now()),
    ),
    "undertaking.overdue": (
        undertaken, lambda one: actions.miss_undertaking(undertaking_id=one[1].pk, now=one[1].due_at),
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
def test_an_act_leaves_one_entry_under_its_name(name: str):
    prepare, act = ACTS[name]
    prepared = prepare()
    before = set(Entry.objects.values_list("pk", flat=True))

    act(prepared)

    assert [entry.act for entry in Entry.objects.exclude(pk__in=before)] == [name]


def test_every_act_is_in_this_table():
    assert {name for name, act in ACTIONS.items() if act.__module__.startswith("messaging.")} == set(ACTS)
