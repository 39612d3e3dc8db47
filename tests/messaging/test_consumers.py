"""The socket's protocol, frame by frame, against a real server."""

import json
import uuid
from collections.abc import Callable

import pytest
from django.db import transaction

from messaging import access, actions, steps
from messaging.models import Message, Party
from messaging.rules import ProposalKind, Terms
from tests.messaging import world
from tests.messaging.conftest import Client, Serving

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


def test_the_whole_exchange(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    assert holder.socket.subprotocol == "portal.v1"
    [opened] = holder.open(pair)
    conversation = str(pair.conversation.pk)
    me = str(pair.party("rights_holder").pk)
    assert opened == {"type": "opened", "conversation": conversation, "last_seq": 0, "me": me}
    uploader.open(pair)

    ack = holder.say(pair, 'Is this yours?\n🎬 "quoted" \u2028')
    message = uploader.next()

    assert set(ack) == {"type", "client_id", "id", "seq", "sent_at", "conversation"}
    assert message == {
        "type": "message", "conversation": conversation, "id": ack["id"], "seq": 1, "sender": me,
        "body": "Is this yours?\n🎬 \"quoted\" \u2028", "attachments": [], "sent_at": ack["sent_at"],
    }  # fmt: skip
    assert Message.objects.get(pk=ack["id"]).seq == 1
    assert holder.is_silent()


def test_opening_after_a_number_gives_what_came_after_it(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)
    for n in range(1, 451):
        holder.send(type="send", conversation=str(pair.conversation.pk), client_id=str(uuid.uuid4()), body=f"{n}")
    for _ in range(450):
        assert holder.next()["type"] == "ack"

    found = serving.as_account(pair.uploader).open(pair, after=7)

    assert [frame["seq"] for frame in found[:-1]] == list(range(8, 451))
    assert found[-1]["last_seq"] == 450


def test_opening_after_more_than_there_is_still_hears_the_next(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    assert uploader.open(pair, after=2**31)[0]["last_seq"] == 0

    holder.say(pair)

    assert uploader.next("message")["seq"] == 1


def test_the_senders_other_sockets_get_the_message_too(serving: Serving, pair: world.Pair) -> None:
    first, second = serving.as_account(pair.rights_holder), serving.as_account(pair.rights_holder)
    first.open(pair)
    second.open(pair)

    first.say(pair)

    assert second.next()["type"] == "message"
    assert first.is_silent()


def test_the_same_client_id_is_acked_again_and_stored_once(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    uploader.open(pair)
    client_id = str(uuid.uuid4())

    first, second = holder.say(pair, "Once", client_id), holder.say(pair, "Once", client_id)
    conflict = holder.say(pair, "Another", client_id)

    assert first == second
    assert (conflict["type"], conflict["code"]) == ("error", "conflict")
    assert uploader.next()["seq"] == 1
    assert uploader.is_silent()
    assert Message.objects.count() == 1


def test_twins_in_one_batch_are_one_message(serving: Serving, pair: world.Pair) -> None:
    holder, client_id = serving.as_account(pair.rights_holder), str(uuid.uuid4())
    for _ in range(20):
        holder.send(type="send", conversation=str(pair.conversation.pk), client_id=client_id.upper(), body="Once")

    acks = [holder.next() for _ in range(20)]

    assert {(ack["type"], ack["seq"], ack["client_id"]) for ack in acks} == {("ack", 1, client_id.upper())}
    assert Message.objects.count() == 1


def test_of_twins_the_one_that_says_what_is_stored_is_acked(serving: Serving, pair: world.Pair) -> None:
    holder, client_id = serving.as_account(pair.rights_holder), str(uuid.uuid4())
    first = holder.say(pair, "Once", client_id)

    for body in ["Another"] * 5 + ["Once"] * 5:
        holder.send(type="send", conversation=str(pair.conversation.pk), client_id=client_id, body=body)
    answers = [holder.next() for _ in range(10)]

    assert [answer for answer in answers if answer["type"] == "ack"] == [first] * 5
    assert [answer.get("code") for answer in answers if answer["type"] == "error"] == ["conflict"] * 5


def test_acks_and_the_others_messages_come_in_the_order_of_their_numbers(serving: Serving, pair: world.Pair) -> None:
    both = [serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)]
    for client in both:
        client.open(pair)

    for _ in range(200):
        for client in both:
            client.send(type="send", conversation=str(pair.conversation.pk), client_id=str(uuid.uuid4()), body="Hello")

    for client in both:
        assert [client.next()["seq"] for _ in range(400)] == list(range(1, 401))


def test_reading_and_typing_are_passed_on(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    holder.open(pair)
    uploader.open(pair)
    holder.say(pair)
    uploader.next("message")
    conversation, sender = str(pair.conversation.pk), str(pair.party("uploader").pk)

    uploader.send(type="typing", conversation=conversation)
    assert holder.next() == {"type": "typing", "conversation": conversation, "sender": sender}

    uploader.send(type="read", conversation=conversation, seq=7)
    assert holder.next() == {"type": "read", "conversation": conversation, "sender": sender, "seq": 1}
    assert Party.objects.get(pk=sender).read_seq == 1
    assert uploader.is_silent()


def test_a_mark_names_how_far_what_happened_was_seen(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    holder.open(pair)
    uploader.open(pair)
    for _ in range(2):
        actions.propose(
            conversation_id=pair.conversation.pk, terms=Terms(ProposalKind.CREDIT, text="Film by the studio"),
            by=pair.rights_holder, now=world.now(),
        )  # fmt: skip
    conversation, sender = str(pair.conversation.pk), pair.party("uploader").pk

    for event, unread in ((1, 1), (None, 0)):
        uploader.send(type="read", conversation=conversation, seq=0, event=event)
        assert holder.next("read") == {"type": "read", "conversation": conversation, "sender": str(sender), "seq": 0}
        assert access.get_for(pair.uploader, pair.conversation.pk).unread == unread
    for wrong in (-1, "1", True, 1.5, 2**53):
        uploader.send(type="read", conversation=conversation, seq=0, event=wrong)
        assert uploader.next("error")["code"] == "invalid"


def test_ping_is_answered(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)

    holder.send(type="ping")

    assert holder.next() == {"type": "pong"}


def test_a_stranger_is_refused_every_frame(serving: Serving, pair: world.Pair) -> None:
    stranger = serving.as_account(world.pair().rights_holder)
    conversation, unknown = str(pair.conversation.pk), str(uuid.uuid4())

    for target in (conversation, unknown):
        for frame in (
            {"type": "open", "after": 0}, {"type": "read", "seq": 1}, {"type": "typing"},
            {"type": "send", "client_id": str(uuid.uuid4()), "body": "Hello"},
        ):  # fmt: skip
            stranger.send(conversation=target, **frame)
            assert stranger.next()["code"] == "not_found"
    assert not Message.objects.exists()


def test_a_closed_conversation_is_read_and_not_written(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)
    holder.open(pair)
    holder.say(pair)
    with transaction.atomic():
        steps.close(pair.conversation.subject, world.now())

    assert holder.say(pair)["code"] == "closed"
    assert [frame["type"] for frame in holder.open(pair)] == ["message", "opened"]


CLIENT_ID = "6b1c6a8e-9f5e-4e8e-8a51-0a4f2d8f8f10"
MALFORMED = {
    "no JSON": ("{", "malformed"),
    "empty": ("", "malformed"),
    "a number": ("1", "malformed"),
    "a list": ("[]", "malformed"),
    "null": ("null", "malformed"),
    "text after the end": ('{"type":"ping"} x', "malformed"),
    "NaN": ('{"type":"open","after":NaN}', "malformed"),
    "a key twice": ('{"type":"ping","type":"ping"}', "malformed"),
    "a key twice, deep": ('{"type":"ping","x":{"a":1,"a":2}}', "malformed"),
    "too deep": ("[" * 30_000, "malformed"),
    "too deep, whole": ('{"type":"ping","x":' + "[" * 9_000 + "]" * 9_000 + "}", "malformed"),
    "many objects": ('{"type":"ping","x":[' + "{}," * 64 + "{}]}", "malformed"),
    "huge number": ('{"type":"read","seq":' + "9" * 5_000 + "}", "malformed"),
    "no type": ("{}", "unknown_type"),
    "an unknown type": ('{"type":"sudo"}', "unknown_type"),
    "a server's type": ('{"type":"ack"}', "unknown_type"),
    "a type that is no text": ('{"type":["open"]}', "unknown_type"),
    "a method's name": ('{"type":"__class__"}', "unknown_type"),
    "no conversation": ('{"type":"open"}', "invalid"),
    "a conversation that is a number": ('{"type":"open","conversation":5}', "invalid"),
    "a conversation in braces": ('{"type":"open","conversation":"{CLIENT}"}', "invalid"),
    "a conversation with NUL": ('{"type":"open","conversation":"\\u0000"}', "invalid"),
    "after below zero": ('{"type":"open","conversation":"CONVERSATION","after":-1}', "invalid"),
    "after true": ('{"type":"open","conversation":"CONVERSATION","after":true}', "invalid"),
    "after a fraction": ('{"type":"open","conversation":"CONVERSATION","after":1.5}', "invalid"),
    "after a text": ('{"type":"open","conversation":"CONVERSATION","after":"1"}', "invalid"),
    "after beyond all": ('{"type":"open","conversation":"CONVERSATION","after":9007199254740993}', "invalid"),
    "read without a number": ('{"type":"read","conversation":"CONVERSATION"}', "invalid"),
    "no client_id": ('{"type":"send","conversation":"CONVERSATION","body":"x"}', "invalid"),
    "a client_id that is none": ('{"type":"send","conversation":"CONVERSATION","client_id":"1","body":"x"}', "invalid"),
    "no body": ('{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT"}', "invalid"),
    "a blank body": ('{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":" \\n"}', "invalid"),
    "a body that is a number": ('{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":5}', "invalid"),
    "a body with NUL": ('{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":"a\\u0000"}', "invalid"),
    "half a surrogate": ('{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":"\\ud800"}', "invalid"),
    "a body too long": (
        '{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":"%s"}' % ("x" * 8_001), "too_long"
    ),
    "attachments that are a text": (
        '{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":"x","attachments":"y"}', "invalid"
    ),
    "an attachment that is none": (
        '{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":"x","attachments":["y"]}', "invalid"
    ),
    "an attachment of nobody": (
        '{"type":"send","conversation":"CONVERSATION","client_id":"CLIENT","body":"x","attachments":["CLIENT"]}',
        "invalid",
    ),
    "a client_id with half a surrogate": (
        '{"type":"send","conversation":"CONVERSATION","client_id":"\\ud800","body":"x"}', "invalid"
    ),
}  # fmt: skip


def test_malformed_frames_are_answered_and_end_nothing(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)
    wrong = {}

    for name, (text, code) in MALFORMED.items():
        holder.socket.send(text.replace("CONVERSATION", str(pair.conversation.pk)).replace("CLIENT", CLIENT_ID))
        answer = holder.next(within=5)
        if answer["type"] != "error" or answer["code"] != code:
            wrong[name] = answer
    holder.socket.send(b"\x00\x01")
    assert holder.next()["code"] == "binary"

    assert wrong == {}
    assert holder.say(pair)["seq"] == 1
    assert Message.objects.count() == 1


def test_an_error_gives_the_client_id_back(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)

    holder.send(type="send", conversation=str(pair.conversation.pk), client_id=CLIENT_ID, body="")

    assert holder.next()["client_id"] == CLIENT_ID


def test_fragments_make_one_frame(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)

    holder.socket.send(iter(['{"type"', ':"pi', 'ng"}']))

    assert holder.next() == {"type": "pong"}


def test_a_frame_that_is_too_large_closes_with_4413(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)

    holder.socket.send(json.dumps({"type": "ping", "x": "y" * 70_000}))

    assert holder.close_code() == 4413


def test_a_flood_gets_errors_and_then_4429(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)
    codes = set()

    try:
        for _ in range(6_000):
            holder.socket.send('{"type":"ping"}')
    except Exception:
        pass
    try:
        while True:
            frame = holder.next(within=5)
            codes.add(frame.get("code", frame["type"]))
    except Exception:
        pass

    assert codes == {"pong", "too_fast"}
    assert holder.close_code() == 4429


def test_many_open_conversations_on_one_socket(serving: Serving, pair: world.Pair) -> None:
    holder = serving.as_account(pair.rights_holder)
    others = [world.pair(pair.provider) for _ in range(3)]
    for other in others:
        world_side = access.party_of(other.rights_holder, other.conversation.pk)
        world_side.account = pair.rights_holder
        world_side.save()

    seen = [holder.open(one)[-1]["conversation"] for one in [pair, *others]]

    assert seen == [str(one.conversation.pk) for one in [pair, *others]]
    for other in others:
        uploader: Client = serving.as_account(other.uploader)
        uploader.say(other)
        assert holder.next("message")["conversation"] == str(other.conversation.pk)


@pytest.mark.parametrize(
    "promise",
    [
        test_the_whole_exchange,
        test_opening_after_a_number_gives_what_came_after_it,
        test_acks_and_the_others_messages_come_in_the_order_of_their_numbers,
        test_reading_and_typing_are_passed_on,
        test_ping_is_answered,
        test_a_stranger_is_refused_every_frame,
        test_a_flood_gets_errors_and_then_4429,
    ],
)
def test_it_is_the_same_under_a_server_where_no_text_goes_straight(
    promise: Callable[[Serving, world.Pair], None], any_server: Serving, pair: world.Pair
) -> None:
    promise(any_server, pair)
