"""What is always true of a row: each constraint, broken on purpose."""

import uuid
from typing import Any

import pytest

from core.ids import uuid7
from messaging.models import Conversation, Event, Message, Party, Revision
from tests.constraints import broken
from tests.messaging import world

pytestmark = pytest.mark.django_db


CONVERSATION = {
    "conversation_state_known": {"state": "asleep"},
    "conversation_closed_has_time": {"state": "closed"},
    "conversation_covered_in_range": {"covered_seq": 3, "is_covered": False},
    "conversation_covered_to_the_end": {"last_seq": 1},
    "conversation_events_counted_up": {"last_event": -1},
}


@pytest.mark.parametrize("name", CONVERSATION)
def test_conversations(name: str) -> None:
    pair = world.pair()

    found = broken(lambda: Conversation.objects.filter(pk=pair.conversation.pk).update(**CONVERSATION[name]))

    # An unknown state breaks two constraints, and the database names one of them.
    assert found == name or (name, found) == ("conversation_state_known", "conversation_closed_has_time")


def test_one_open_conversation_for_each_rights_holder_and_subject() -> None:
    known = world.pair().conversation
    same = {"provider": known.provider, "subject": known.subject, "rights_holder": known.rights_holder}

    assert broken(lambda: Conversation.objects.create(**same, created_at=world.NOW)) == "conversation_open_once"


PARTY: dict[str, dict[str, Any]] = {
    "party_side_known": {"side": "neighbour", "subscriber": None},
    "party_is_somebody": {"account": None},
    "party_read_in_range": {"read_seq": -1},
    "party_delivered_in_range": {"delivered_seq": -1},
    "party_only_staff_leaves": {"left_at": world.NOW},
}


@pytest.mark.parametrize("name", PARTY)
def test_parties(name: str) -> None:
    party = world.pair().party("rights_holder")

    assert broken(lambda: Party.objects.filter(pk=party.pk).update(**PARTY[name])) == name


@pytest.mark.parametrize(
    ("name", "side"), [("party_account_once", "rights_holder"), ("party_subscriber_once", "uploader")]
)
def test_nobody_takes_part_twice(name: str, side: str) -> None:
    party = world.pair().party(side)
    party.pk = uuid7()

    assert broken(lambda: party.save(force_insert=True)) == name


MESSAGE = {
    "message_seq_counts_from_one": {"seq": 0},
    "message_says_something": {"body": ""},
    "message_body_bounded": {"body": "x" * 8_001},
    "message_seq_once": {"seq": 1},
}


@pytest.mark.parametrize("name", MESSAGE)
def test_messages(name: str) -> None:
    pair = world.pair()
    given = {
        "conversation": pair.conversation, "sender": pair.party("uploader"), "seq": 2, "body": "Hello",
        "digest": b"x" * 32, "sent_at": world.NOW,
    }  # fmt: skip
    Message.objects.create(**given | {"seq": 1}, id=uuid.uuid4(), client_id=uuid.uuid4())
    another = {**given, **MESSAGE[name], "id": uuid.uuid4(), "client_id": uuid.uuid4()}

    assert broken(lambda: Message.objects.create(**another)) == name


def test_a_message_does_not_quote_itself() -> None:
    pair, own = world.pair(), uuid.uuid4()
    given = {"conversation": pair.conversation, "sender": pair.party("uploader"), "seq": 1, "body": "Hello"}
    said = {**given, "digest": b"x" * 32, "sent_at": world.NOW, "client_id": uuid.uuid4()}

    assert broken(lambda: Message.objects.create(**said, id=own, quotes=own)) == "message_quotes_another"


EVENT: dict[str, dict[str, Any]] = {
    "event_number_once": {},
    "event_number_counts_from_one": {"number": 0},
    "event_kind_known": {"kind": "eclipse"},
}


@pytest.mark.parametrize("name", EVENT)
def test_events(name: str) -> None:
    given = {"conversation": world.pair().conversation, "number": 1, "kind": "closed", "happened_at": world.NOW}
    Event.objects.create(**given)

    another = given | EVENT[name] if name != "event_kind_known" else given | EVENT[name] | {"number": 2}

    assert broken(lambda: Event.objects.create(**another)) == name


REVISION: dict[str, dict[str, Any]] = {
    "revision_number_once": {"number": 1},
    "revision_number_counts_from_one": {"number": 0},
    "revision_kind_known": {"kind": "eaten"},
    "revision_says_something_or_nothing": {"body": ""},
    "revision_body_bounded": {"body": "x" * 8_001},
    "revision_withdrawn_once": {"kind": "withdrawn", "body": ""},
}


@pytest.mark.parametrize("name", REVISION)
def test_revisions(name: str) -> None:
    pair = world.pair()
    message = Message.objects.create(
        id=uuid.uuid4(), client_id=uuid.uuid4(), conversation=pair.conversation, sender=pair.party("uploader"), seq=1,
        body="Hello", digest=b"x" * 32, sent_at=world.NOW,
    )  # fmt: skip
    given = {"message": message, "number": 2, "kind": "edited", "body": "Hi", "digest": b"y" * 32, "made_at": world.NOW}
    Revision.objects.create(**given | {"number": 1, "kind": "withdrawn", "body": ""})

    assert broken(lambda: Revision.objects.create(**given | REVISION[name])) == name
