"""Who in this process listens to which conversation, and how each gets every message once and in order.

A message of our own writer goes to the listeners at once when it is the next one. Whatever else is heard of (hints of
other processes, the look at last_seq every two seconds) only says that there is more: it is then read from PostgreSQL.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

from messaging import frames
from messaging.rules import CATCH_UP_CHUNK
from messaging.storing import Draft

log = logging.getLogger(__name__)
Read = Callable[[UUID, int, int], Awaitable[list[frames.Row]]]


class Listener(Protocol):
    """A socket, as the hub sees it."""

    def push(self, frame: str) -> None:
        """Take a frame to be sent; it never blocks."""


class Seat:
    """A listener's place in a room: as which party, and up to which number it has everything."""

    __slots__ = ("listener", "party", "position", "room")

    def __init__(self, room: "Room", listener: Listener, party: UUID, position: int) -> None:
        self.room, self.listener, self.party, self.position = room, listener, party, position


class Room:
    """What this process knows of one conversation that somebody listens to."""

    __slots__ = ("catching_up", "conversation", "origins", "seats", "seen", "seq", "visitors")

    def __init__(self, conversation: UUID) -> None:
        self.conversation = conversation
        self.seats: set[Seat] = set()
        self.visitors = 0  # who came in, seated or still catching up
        self.seq = 0  # up to here the seats were served
        self.seen = 0  # up to here messages are known to exist
        self.origins: dict[UUID, Any] = {}  # message -> the socket that sent it and must not get it back
        self.catching_up: asyncio.Task[None] | None = None


class Hub:
    """The rooms of one process."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self.rooms: dict[UUID, Room] = {}

    # --- coming and going

    async def sit_down(self, conversation: UUID, listener: Any, party: UUID, after: int) -> Seat:
        """Give the listener everything after a number, then a seat: from then on it misses nothing.

        The listener's ``drained`` is awaited between chunks, so that a long history goes at the reader's pace.
        """
        room = self.rooms.setdefault(conversation, Room(conversation))
        room.visitors += 1
        seat = Seat(room, listener, party, after)
        try:
            while True:
                rows = await self._read(conversation, seat.position, CATCH_UP_CHUNK)
                for row in rows:
                    listener.push(frames.message(row))
                    seat.position = row.seq
                # What the others in the room were given meanwhile is there, though this reading began too early to see
                # it. What was only heard of may not be: a wrong hint must not keep anybody standing.
                if len(rows) < CATCH_UP_CHUNK and seat.position >= (room.seen if rows else room.seq):
                    break
                await listener.drained()
        except BaseException:
            self._leave(room)
            raise
        # No await since the last look: nothing can have been committed here in between unseen.
        if not room.seats:
            room.seq, room.origins = seat.position, {}
        room.seen = max(room.seen, seat.position)
        room.seats.add(seat)
        self._go_on(room)
        return seat

    def stand_up(self, seat: Seat) -> None:
        """Take a seat away."""
        if seat in seat.room.seats:
            seat.room.seats.discard(seat)
            self._leave(seat.room)

    def _leave(self, room: Room) -> None:
        room.visitors -= 1
        if not room.visitors and self.rooms.get(room.conversation) is room:
            del self.rooms[room.conversation]

    # --- news

    def committed(self, draft: Draft) -> None:
        """Deliver what our own writer committed; by reading, when something of others comes before it."""
        room = self.rooms.get(draft.conversation)
        if room is None:
            return
        if not draft.is_new or not room.seats or draft.seq != room.seq + 1:
            if draft.origin is not None and draft.seq > room.seq:
                room.origins[draft.id] = draft.origin
            self.heard(draft.conversation, draft.seq)
            return
        assert draft.sent_at is not None
        row = frames.Row(
            draft.id, draft.conversation, draft.seq, draft.sender, draft.body, draft.attachments, draft.sent_at
        )
        self._deliver(room, row, draft.origin)

    def expect(self, conversation: UUID, message: UUID, origin: Any) -> None:
        """Remember that this socket sends the message by another way than our writer."""
        room = self.rooms.get(conversation)
        if room is not None:
            room.origins[message] = origin

    def expect_no_more(self, conversation: UUID, message: UUID) -> None:
        """Forget it, since the message was refused or is already known."""
        room = self.rooms.get(conversation)
        if room is not None:
            room.origins.pop(message, None)

    def heard(self, conversation: UUID, seq: int) -> None:
        """Take note that the conversation has reached a number."""
        room = self.rooms.get(conversation)
        if room is not None and seq > room.seen:
            room.seen = seq
        if room is not None:
            self._go_on(room)

    def pass_on(
        self, conversation: UUID, frame: str, *, but_listener: Any = None, but_party: UUID | None = None
    ) -> None:
        """Give a frame that is not kept to whoever listens."""
        room = self.rooms.get(conversation)
        for seat in tuple(room.seats) if room is not None else ():
            if seat.listener is not but_listener and seat.party != but_party:
                seat.listener.push(frame)

    def _deliver(self, room: Room, row: frames.Row, origin: Any) -> None:
        room.seq = row.seq
        room.seen = max(room.seen, row.seq)
        frame = None
        for seat in tuple(room.seats):
            if seat.position >= row.seq:
                continue
            seat.position = row.seq
            if seat.listener is not origin:
                frame = frame or frames.message(row)
                seat.listener.push(frame)

    def _go_on(self, room: Room) -> None:
        if room.seats and room.seen > room.seq and room.catching_up is None:
            room.catching_up = asyncio.get_running_loop().create_task(self._catch_up(room))

    async def _catch_up(self, room: Room) -> None:
        try:
            while room.seats and room.seq < room.seen:
                rows = await self._read(room.conversation, room.seq, CATCH_UP_CHUNK)
                if not rows:  # a hint that was wrong; the next look finds what is there
                    room.seen = room.seq
                for row in rows:
                    if row.seq == room.seq + 1:
                        self._deliver(room, row, room.origins.pop(row.id, None))
        except Exception as error:  # noqa: BLE001 - whatever it is, this goes on
            # The look every two seconds tries again.
            log.warning("messages could not be read to be delivered", extra={"error": type(error).__name__})
            room.seen = room.seq
        finally:
            room.catching_up = None
