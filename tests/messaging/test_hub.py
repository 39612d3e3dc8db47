"""The hub alone: whoever comes in while others are being served misses nothing."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from core import times
from messaging import frames
from messaging.hub import Hub
from messaging.storing import Draft

CONVERSATION, PARTY = uuid4(), uuid4()


class Reader:
    """A listener that keeps the numbers of what it was given."""

    shows_presence = True
    is_drained = True

    def __init__(self) -> None:
        self.seqs: list[int] = []

    def push(self, frame: str) -> None:
        """Keep the number."""
        self.seqs.append(json.loads(frame)["seq"])

    async def drained(self) -> None:
        """Wait for nothing."""
        await asyncio.sleep(0)


class Stored:
    """What is committed; ``meanwhile`` is called once, after a reading began and before its answer is taken."""

    def __init__(self) -> None:
        self.rows: list[frames.Row] = []
        self.events: list[tuple[int, str]] = []
        self.meanwhile: Callable[[], None] | None = None

    async def read(self, _conversation: UUID, after: int, limit: int) -> list[frames.Row]:
        """Answer with what was there when the reading began."""
        found = [row for row in self.rows if row.seq > after][:limit]
        await asyncio.sleep(0)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return found

    async def read_events(self, _conversation: UUID, after: int, limit: int) -> list[tuple[int, str]]:
        """Answer with what had happened when the reading began."""
        found = [event for event in self.events if event[0] > after][:limit]
        await asyncio.sleep(0)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return found

    def happen(self) -> tuple[int, str]:
        """Let something happen, and return its number and frame as a hint brings them."""
        number = len(self.events) + 1
        self.events.append((number, json.dumps({"seq": number})))
        return self.events[-1]

    def commit(self) -> Draft:
        """Store one more message and return it as the writer announces it."""
        draft = Draft(CONVERSATION, PARTY, uuid4(), str(uuid4()), "a message")
        draft.seq, draft.sent_at, draft.is_new = len(self.rows) + 1, times.now(), True
        self.rows.append(frames.Row(draft.id, CONVERSATION, draft.seq, PARTY, draft.body, None, draft.sent_at))
        return draft


def test_what_is_committed_while_somebody_who_has_everything_comes_in_is_not_missed() -> None:
    stored, first, second = Stored(), Reader(), Reader()
    hub = Hub(stored.read, stored.read_events)

    async def story() -> Any:
        await hub.sit_down(CONVERSATION, first, PARTY, 0)
        hub.committed(stored.commit())
        stored.meanwhile = lambda: hub.committed(stored.commit())
        seat = await hub.sit_down(CONVERSATION, second, PARTY, 1)
        opened_at = seat.position
        hub.committed(stored.commit())
        return opened_at

    opened_at = asyncio.run(story())

    assert first.seqs == [1, 2, 3]
    assert second.seqs == [2, 3]
    assert opened_at == 2


def test_who_sends_a_message_does_not_get_it_when_others_read_it_before_its_number_is_told() -> None:
    stored, sender, reader = Stored(), Reader(), Reader()
    in_hand: dict[UUID, Reader] = {}
    hub = Hub(stored.read, stored.read_events, in_hand.get)

    async def story() -> None:
        for listener in (sender, reader):
            await hub.sit_down(CONVERSATION, listener, PARTY, 0)
        stored.commit()  # by another process
        ours = stored.commit()
        ours.origin = in_hand[ours.id] = sender
        hub.heard(CONVERSATION, 1)
        catching_up = hub.rooms[CONVERSATION].catching_up
        assert catching_up is not None
        await catching_up
        hub.committed(ours)

    asyncio.run(story())

    assert sender.seqs == [1]
    assert reader.seqs == [1, 2]


def test_a_wrong_hint_keeps_nobody_standing() -> None:
    stored, reader = Stored(), Reader()
    hub = Hub(stored.read, stored.read_events)

    async def story() -> None:
        await hub.sit_down(CONVERSATION, Reader(), PARTY, 0)
        hub.heard(CONVERSATION, 7)
        await asyncio.wait_for(hub.sit_down(CONVERSATION, reader, PARTY, 0), 2)
        hub.committed(stored.commit())

    asyncio.run(story())

    assert reader.seqs == [1]


def test_what_happens_while_it_is_read_what_happened_comes_once_and_in_order() -> None:
    stored, reader = Stored(), Reader()
    hub = Hub(stored.read, stored.read_events)
    for _ in range(3):
        stored.happen()

    async def come_in() -> None:
        await hub.sit_down(CONVERSATION, Reader(), PARTY, 0)  # so that the room is there
        seating = asyncio.create_task(hub.sit_down(CONVERSATION, reader, uuid4(), 0, events_after=1))
        await asyncio.sleep(0)
        stored.meanwhile = lambda: hub.happened(CONVERSATION, *stored.happen())
        await seating
        await asyncio.sleep(0.01)

    asyncio.run(come_in())

    assert reader.seqs == [2, 3, 4]


def test_a_hint_that_got_lost_is_made_up_for_by_the_next() -> None:
    stored, reader, hearsay = Stored(), Reader(), Reader()
    hub = Hub(stored.read, stored.read_events)

    async def listen() -> None:
        await hub.sit_down(CONVERSATION, reader, PARTY, 0, events_after=0)
        await hub.sit_down(CONVERSATION, hearsay, PARTY, 0)
        stored.happen()
        stored.happen()
        third = stored.happen()
        hub.happened(CONVERSATION, *third)
        hub.happened(CONVERSATION, *third)
        await asyncio.sleep(0.01)
        stored.happen()
        hub.happened(CONVERSATION, 4)
        await asyncio.sleep(0.01)

    asyncio.run(listen())

    assert reader.seqs == [1, 2, 3, 4]
    assert hearsay.seqs == [3, 3]  # who didn't ask gets what the hints bring, as it comes


def test_a_reader_that_leaves_while_it_is_served_leaves_nobody_behind() -> None:
    stored = Stored()
    hub = Hub(stored.read, stored.read_events)

    async def leave() -> None:
        seating = asyncio.create_task(hub.sit_down(CONVERSATION, Reader(), PARTY, 0, events_after=0))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        seating.cancel()
        await asyncio.gather(seating, return_exceptions=True)

    asyncio.run(leave())

    assert hub.rooms == {}
