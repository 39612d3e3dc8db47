"""What the socket gives only to who asks for it: what happened meanwhile, delivered marks, presence; and quotations."""

import time
import uuid
from typing import Any

import pytest

from messaging import actions, happenings
from messaging.models import Message, Party
from messaging.rules import EventKind
from tests.messaging import world
from tests.messaging.conftest import Client, Frame, Serving, first_event

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def opened(client: Client, pair: world.Pair, **asked: Any) -> list[Frame]:
    """Open the conversation and return everything up to ``opened``."""
    client.send(type="open", conversation=str(pair.conversation.pk), after=0, **asked)
    found = [client.next()]
    while found[-1]["type"] != "opened":
        found.append(client.next())
    return found


def note(pair: world.Pair, times: int = 1) -> None:
    for _ in range(times):
        happenings.note(pair.conversation, EventKind.STAFF_JOINED, by=None, now=world.now())


def withdraw(pair: world.Pair, message: str) -> None:
    actions.withdraw_message(
        conversation_id=pair.conversation.pk, message_id=uuid.UUID(message), by=pair.rights_holder, now=world.now()
    )


def presence(client: Client) -> tuple[str, bool]:
    frame = client.next("presence")
    assert set(frame) == {"type", "conversation", "sender", "here"}
    return frame["sender"], frame["here"]


# --- what happened


def test_who_gives_a_number_gets_what_happened_after_it_before_opened(serving: Serving, pair: world.Pair) -> None:
    note(pair, 130)
    client = serving.as_account(pair.rights_holder)

    *events, last = opened(client, pair, events=2)

    assert [frame["event"]["number"] for frame in events] == list(range(3, 131))
    assert {frame["type"] for frame in events} == {"event"}
    assert (last["last_event"], last["last_seq"]) == (130, 0)


def test_who_gives_none_gets_only_what_it_got_before(serving: Serving, pair: world.Pair) -> None:
    note(pair, 3)

    [only] = opened(serving.as_account(pair.rights_holder), pair)

    assert set(only) == {"type", "conversation", "last_seq", "me"}


def test_a_number_beyond_all_still_hears_the_next(serving: Serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.rights_holder)
    assert opened(client, pair, events=99)[0]["last_event"] == 0

    note(pair)

    assert client.next("event")["event"]["number"] == 1


def test_what_happens_comes_once_and_in_order_also_when_every_hint_gets_lost(
    deaf_serving: Serving, pair: world.Pair
) -> None:
    client = deaf_serving.as_account(pair.rights_holder)
    opened(client, pair, events=0)

    note(pair, 3)

    assert [client.next("event")["event"]["number"] for _ in range(3)] == [1, 2, 3]


def test_a_withdrawal_is_heard_of_and_the_message_comes_without_its_words(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    uploader.open(pair)
    ack = holder.say(pair, "Never mind")

    withdraw(pair, ack["id"])

    told = uploader.next("event")["event"]
    assert (told["kind"], told["message"], told["seq"]) == ("message_withdrawn", ack["id"], 1)
    message = serving.as_account(pair.uploader).open(pair)[0]
    assert (message["body"], message["attachments"]) == ("", [])
    assert "withdrawn_at" in message


def test_an_edited_message_comes_in_its_last_words(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)
    ack = holder.say(pair, "Pleese")
    actions.edit_message(
        conversation_id=pair.conversation.pk, message_id=uuid.UUID(ack["id"]), body="Please", by=pair.rights_holder,
        now=world.now(),
    )  # fmt: skip

    message = serving.as_account(pair.uploader).open(pair)[0]

    assert (message["body"], message["seq"]) == ("Please", 1)
    assert set(message) - {"edited_at"} == {
        "type", "conversation", "id", "seq", "sender", "body", "attachments", "sent_at",
    }  # fmt: skip


# --- quotations


def test_a_quotation_reaches_the_other_side_and_not_the_socket_that_sent_it(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    holder.open(pair)
    uploader.open(pair)
    first = holder.say(pair, "A question")
    uploader.next("message")
    conversation, client_id = str(pair.conversation.pk), str(uuid.uuid4())

    for _ in range(2):
        uploader.send(type="send", conversation=conversation, client_id=client_id, body="Yes", quotes=first["id"])
        assert (uploader.next("ack", "error")["type"]) == "ack"

    assert holder.next("message")["quotes"] == first["id"]
    assert holder.is_silent()
    assert uploader.is_silent()
    assert Message.objects.count() == 2


def test_a_quotation_from_elsewhere_is_refused(serving: Serving, pair: world.Pair) -> None:
    other = world.pair(pair.provider)
    elsewhere = serving.as_account(other.uploader).say(other)["id"]
    uploader, conversation = serving.as_account(pair.uploader), str(pair.conversation.pk)

    for wrong in (elsewhere, str(uuid.uuid4()), 5, [], "x", {"id": elsewhere}):
        client_id = str(uuid.uuid4())
        uploader.send(type="send", conversation=conversation, client_id=client_id, body="Yes", quotes=wrong)
        answer = uploader.next()
        assert (answer["type"], answer["code"], answer["client_id"]) == ("error", "invalid", client_id)
    assert uploader.say(pair)["seq"] == 1


# --- delivered marks


def test_the_sender_learns_that_a_message_reached_the_other_side(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    opened(holder, pair, **{"with": ["delivered"]})
    holder.say(pair)
    assert holder.is_silent(1.5)

    uploader.open(pair)

    sender = str(pair.party("uploader").pk)
    assert holder.next() == {
        "type": "delivered", "conversation": str(pair.conversation.pk), "sender": sender, "seq": 1
    }  # fmt: skip
    holder.say(pair)
    assert holder.next("delivered")["seq"] == 2
    assert Party.objects.get(pk=sender).delivered_seq == 2
    assert uploader.next("message")["seq"] == 2
    assert uploader.is_silent(1.2)  # it did not ask, and what it is told of itself it knows


def test_the_mark_of_the_sender_does_not_move_by_its_own_messages(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    opened(uploader, pair, **{"with": ["delivered"]})
    holder.open(pair)

    holder.say(pair)

    uploader.next("message")
    assert uploader.is_silent(1.5)
    assert pair.party("rights_holder").delivered_seq == 0


def test_what_is_read_was_delivered(serving: Serving, pair: world.Pair) -> None:
    serving.as_account(pair.rights_holder).say(pair)

    actions.mark_read(conversation_id=pair.conversation.pk, seq=1, by=pair.uploader)

    assert pair.party("uploader").delivered_seq == 1


# --- presence


def test_who_asks_learns_who_is_here_and_who_goes(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    them, me = str(pair.party("uploader").pk), str(pair.party("rights_holder").pk)
    uploader.open(pair)

    opened(holder, pair, **{"with": ["presence", "the weather"]})
    assert presence(holder) == (them, True)
    uploader.close()
    assert presence(holder) == (them, False)

    again = serving.as_account(pair.uploader)
    opened(again, pair, **{"with": ["presence"]})
    assert presence(again) == (me, True)
    assert presence(holder) == (them, True)
    assert holder.is_silent()


def test_who_does_not_ask_is_told_nothing_of_it(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    holder.open(pair)

    opened(uploader, pair, **{"with": ["presence", "delivered"]})
    uploader.close()

    assert holder.is_silent(2.5)


def test_a_page_that_is_loaded_anew_is_no_coming_and_going(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    uploader.open(pair)
    opened(holder, pair, **{"with": ["presence"]})
    assert presence(holder)[1] is True

    other = serving.as_account(pair.uploader)
    other.open(pair)
    uploader.close()

    assert holder.is_silent(2.5)


def test_who_does_not_show_itself_is_shown_nobody(serving: Serving, pair: world.Pair) -> None:
    actions.set_preferences(shows_presence=False, shows_typing=True, by=pair.uploader)
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)

    opened(holder, pair, **{"with": ["presence"]})
    opened(uploader, pair, **{"with": ["presence"]})

    assert holder.is_silent()
    assert uploader.is_silent()


def test_switching_presence_off_and_on_is_followed_by_open_sockets(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    opened(uploader, pair, **{"with": ["presence"]})
    opened(holder, pair, **{"with": ["presence"]})
    assert [presence(client)[1] for client in (holder, uploader)] == [True, True]

    for shows in (False, True):
        actions.set_preferences(shows_presence=shows, shows_typing=True, by=pair.uploader)
        assert [presence(client)[1] for client in (holder, uploader)] == [shows, shows]
    assert holder.is_silent()


def test_who_is_here_is_known_through_other_processes_too(
    serving: Serving, second_serving: Serving, pair: world.Pair
) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), second_serving.as_account(pair.uploader)
    them = str(pair.party("uploader").pk)
    opened(holder, pair, **{"with": ["presence"]})
    uploader.open(pair)

    assert presence(holder) == (them, True)
    late = serving.as_account(pair.rights_holder)
    opened(late, pair, **{"with": ["presence"]})
    assert presence(late) == (them, True)
    uploader.close()
    assert presence(holder) == (them, False)
    assert presence(late) == (them, False)


def test_a_process_that_dies_takes_its_people_along(
    serving: Serving, second_serving: Serving, pair: world.Pair
) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), second_serving.as_account(pair.uploader)
    opened(holder, pair, **{"with": ["presence"]})
    uploader.open(pair)
    assert presence(holder)[1] is True

    second_serving.restart()

    until = time.monotonic() + 12
    assert holder.next("presence", within=until - time.monotonic())["here"] is False


def test_a_block_ends_that_the_two_see_each_other_here_and_typing(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    opened(holder, pair, **{"with": ["presence"]})
    opened(uploader, pair, **{"with": ["presence"]})
    assert [presence(client)[1] for client in (holder, uploader)] == [True, True]

    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    assert [presence(client)[1] for client in (holder, uploader)] == [False, False]
    again = serving.as_account(pair.rights_holder)
    opened(again, pair, **{"with": ["presence"]})
    for client in (holder, again):
        client.send(type="typing", conversation=str(pair.conversation.pk))
    assert again.is_silent()
    assert uploader.is_silent(2.5)


# --- who may only read


def block(pair: world.Pair) -> None:
    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())


def unblock(pair: world.Pair) -> None:
    actions.unblock(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())


def silenced(client: Client, within: float = 8) -> bool:
    frame = client.next("silenced", within=within)
    assert set(frame) == {"type", "conversation", "silenced"}
    return bool(frame["silenced"])


def test_who_is_silenced_hears_it_at_once_and_again_when_it_may_write(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)
    opened(holder, pair, **{"with": ["silenced"]})
    assert silenced(holder) is False
    first_event(holder, pair)

    block(pair)
    assert silenced(holder, within=1) is True
    assert holder.say(pair)["code"] == "silenced"
    unblock(pair)
    assert silenced(holder, within=1) is False

    assert holder.say(pair)["seq"] == 1
    assert holder.is_silent(2.5)  # and the look every two seconds says nothing twice


def test_nobody_else_hears_that_somebody_was_silenced(serving: Serving, pair: world.Pair) -> None:
    asked: dict[str, Any] = {"with": ["silenced", "delivered"], "events": 0}
    mine, theirs = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    opened(mine, pair, **asked)
    opened(theirs, pair, **asked)
    not_asked = serving.as_account(pair.rights_holder)
    not_asked.open(pair)
    assert (silenced(mine), silenced(theirs)) == (False, False)

    block(pair)

    assert silenced(mine) is True
    assert theirs.is_silent(2.5)
    assert not_asked.is_silent()
    assert not pair.conversation.events.exists()


def test_what_holds_is_told_again_to_who_comes_back(serving: Serving, pair: world.Pair) -> None:
    block(pair)
    for _ in range(2):
        holder = serving.as_account(pair.rights_holder)
        opened(holder, pair, **{"with": ["silenced"]})
        assert silenced(holder) is True
        holder.close()
    unblock(pair)

    again = serving.as_account(pair.rights_holder)
    opened(again, pair, **{"with": ["silenced"]})

    assert silenced(again) is False


def test_who_is_silenced_hears_it_also_when_every_hint_gets_lost(deaf_serving: Serving, pair: world.Pair) -> None:
    holder = deaf_serving.as_account(pair.rights_holder)
    opened(holder, pair, **{"with": ["silenced"]})
    assert silenced(holder) is False

    block(pair)
    assert silenced(holder, within=5) is True
    unblock(pair)

    assert silenced(holder, within=5) is False


# --- typing


def test_who_does_not_show_that_it_types_is_not_seen_typing(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    holder.open(pair)
    uploader.open(pair)
    typing = {"type": "typing", "conversation": str(pair.conversation.pk)}
    uploader.send(**typing)
    assert holder.next()["type"] == "typing"

    actions.set_preferences(shows_presence=True, shows_typing=False, by=pair.uploader)
    quiet = serving.as_account(pair.uploader)
    quiet.open(pair)
    quiet.send(**typing)

    assert holder.is_silent()
    assert quiet.is_silent()


@pytest.mark.parametrize(
    "asked",
    [
        {"events": -1}, {"events": "0"}, {"events": True}, {"events": 1.0}, {"events": []}, {"events": 2**53},
        {"with": "presence"}, {"with": [1]}, {"with": {}}, {"with": [["presence"]]}, {"with": ["x"] * 11}, {"with": 7},
    ],
)  # fmt: skip
def test_what_is_asked_for_wrongly_is_refused(serving: Serving, pair: world.Pair, asked: dict[str, Any]) -> None:
    client = serving.as_account(pair.rights_holder)

    client.send(type="open", conversation=str(pair.conversation.pk), after=0, **asked)

    assert client.next()["code"] == "invalid"
    assert opened(client, pair)[0]["type"] == "opened"
