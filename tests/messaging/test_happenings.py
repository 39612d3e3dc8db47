"""What happens besides messages: numbered by itself, kept, and told to the open sockets."""

import pytest

from messaging import access, happenings, shown, steps
from messaging.models import Conversation, Event
from messaging.rules import EventKind
from tests.messaging import world


@pytest.mark.django_db
def test_happenings_are_numbered_in_their_conversation_and_leave_the_numbers_of_messages_alone() -> None:
    one, another = world.pair(), world.pair()

    numbers = [
        happenings.note(pair.conversation, EventKind.STAFF_JOINED, by=None, now=world.now()).number
        for pair in (one, another, one)
    ]

    assert numbers == [1, 1, 2]
    assert Conversation.objects.get(pk=one.conversation.pk).last_seq == 0


@pytest.mark.django_db
def test_the_end_of_a_conversation_is_a_happening() -> None:
    pair = world.pair()

    steps.close(pair.conversation.subject, world.now())

    assert [event.kind for event in Event.objects.filter(conversation=pair.conversation)] == [EventKind.CLOSED]


@pytest.mark.django_db
def test_a_page_shows_what_happened_up_to_the_number_from_which_its_socket_goes_on() -> None:
    pair = world.pair()
    happenings.note(pair.conversation, EventKind.STAFF_JOINED, by=None, now=world.now())
    found = access.get_for(pair.uploader, pair.conversation.pk)

    happenings.note(pair.conversation, EventKind.STAFF_LEFT, by=None, now=world.now())

    assert [one["happened"] for one in shown.happened(found)] == [EventKind.STAFF_JOINED.label]
    assert found.last_event == 1


@pytest.mark.django_db
def test_a_happening_is_told_by_references_only() -> None:
    pair = world.pair()
    party = pair.party("uploader")

    event = happenings.note(
        pair.conversation, EventKind.MESSAGE_WITHDRAWN, by=party, now=world.NOW, message="m-1", seq=3
    )

    assert happenings.told(event) == {
        "number": 1, "kind": "message_withdrawn", "by": str(party.pk), "at": "2026-03-29T00:59:59.000000Z",
        "message": "m-1", "seq": 3,
    }  # fmt: skip


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_an_open_socket_hears_what_happens(serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.rights_holder)
    client.open(pair)

    steps_of = happenings.note(
        pair.conversation, EventKind.REMOVAL_ANNOUNCED, by=pair.party("uploader"), now=world.now()
    )

    frame = client.next("event")
    assert frame["event"] == happenings.told(steps_of)
    client.close()
