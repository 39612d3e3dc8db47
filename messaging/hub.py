"""Who in this process listens to which conversation, and how each gets every message once and in order.

A message of our own writer goes to the listeners at once when it is the next one. Whatever else is heard of (hints of
other processes, the look at last_seq every two seconds) only says that there is more: it is then read from PostgreSQL.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Protocol
from uuid import UUID

from messaging import frames
from messaging.rules import CATCH_UP_CHUNK, HIGHEST_SEQ
from messaging.storing import Draft

log = logging.getLogger(__name__)
Read = Callable[[UUID, int, int], Awaitable[list[frames.Row]]]
# The numbers and frames of what happened in a conversation after a number.
ReadEvents = Callable[[UUID, int, int], Awaitable[list[tuple[int, str]]]]
# The socket that sends a message which our own writer has in hand, or None.
OriginOf = Callable[[UUID], Any]
NOTHING_MORE: frozenset[str] = frozenset()


def _nobody(_message: UUID) -> None:
    return None


class Listener(Protocol):
    """A socket, as the hub sees it."""

    shows_presence: bool

    @property
    def is_drained(self) -> bool:
        """Say whether everything that was pushed is sent."""

    def push(self, frame: str) -> None:
        """Take a frame to be sent; it never blocks."""


class Seat:
    """A listener's place in a room: as which party, and up to which number it has everything.

    ``event`` is the same for what happened besides messages, or None for who takes that as it comes.
    """

    __slots__ = ("delivered", "event", "is_silenced", "listener", "party", "position", "room", "told", "wants")

    def __init__(self, room: "Room", listener: Listener, party: UUID, position: int) -> None:
        self.room, self.listener, self.party, self.position = room, listener, party, position
        self.delivered = self.told = 0  # up to here it was given others' messages; up to here its mark was moved
        self.event: int | None = None
        self.wants = NOTHING_MORE
        self.is_silenced = False  # it may read, and nobody is told of it any more


class Room:
    """What this process knows of one conversation that somebody listens to."""

    __slots__ = ("catching_up", "conversation", "origins", "reading_events", "seats", "seen", "seq", "visitors")

    def __init__(self, conversation: UUID) -> None:
        self.conversation = conversation
        self.seats: set[Seat] = set()
        self.visitors = 0  # who came in, seated or still catching up
        self.seq = 0  # up to here the seats were served
        self.seen = 0  # up to here messages are known to exist
        self.origins: dict[UUID, Any] = {}  # message -> the socket that sent it and must not get it back
        self.catching_up: asyncio.Task[None] | None = None
        self.reading_events: asyncio.Task[None] | None = None

    @property
    def event(self) -> int:
        """Return up to which number everybody has what happened, of those who want all of it."""
        return min((seat.event for seat in self.seats if seat.event is not None), default=HIGHEST_SEQ)


class Hub:
    """The rooms of one process."""

    def __init__(self, read: Read, read_events: ReadEvents, origin_of: OriginOf = _nobody) -> None:
        self._read, self._read_events, self._origin_of = read, read_events, origin_of
        self.rooms: dict[UUID, Room] = {}
        self.moved: set[Room] = set()  # somebody was given messages there since this was last emptied
        self.changed: set[UUID] = set()  # somebody left since then

    # --- coming and going

    async def sit_down(
        self,
        conversation: UUID,
        listener: Any,
        party: UUID,
        after: int,
        *,
        events_after: int | None = None,
        wants: frozenset[str] = NOTHING_MORE,
    ) -> Seat:
        """Give the listener everything after a number, then a seat: from then on it misses nothing.

        With ``events_after`` also what happened besides messages after that number, each once and in order. The
        listener's ``drained`` is awaited between chunks, so that a long history goes at the reader's pace.
        """
        room = self.rooms.setdefault(conversation, Room(conversation))
        room.visitors += 1
        seat = Seat(room, listener, party, after)
        seat.event, seat.wants = events_after, wants
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
        seat.delivered = seat.position
        self.moved.add(room)
        self._go_on(room)
        if seat.event is not None:
            try:
                await self._give_events(room, (seat,))
            except BaseException:
                self.stand_up(seat)
                raise
        return seat

    def stand_up(self, seat: Seat) -> None:
        """Take a seat away."""
        if seat in seat.room.seats:
            seat.room.seats.discard(seat)
            self.changed.add(seat.room.conversation)
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

    def pass_on(self, conversation: UUID, frame: str, *, but_party: UUID | None = None, wanted: str = "") -> None:
        """Give a frame that is not kept to whoever listens; one that must be ``wanted``, to who wants it."""
        room = self.rooms.get(conversation)
        for seat in tuple(room.seats) if room is not None else ():
            if seat.party != but_party and (not wanted or wanted in seat.wants):
                seat.listener.push(frame)

    def happened(self, conversation: UUID, number: int, frame: str = "") -> None:
        """Give what happened to whoever listens; to who wants all of it in order, whatever comes before it first.

        Without a frame it is only known that so much happened.
        """
        room = self.rooms.get(conversation)
        if room is None:
            return
        for seat in tuple(room.seats):
            if seat.event is None and frame:
                seat.listener.push(frame)
            elif seat.event is not None and frame and number == seat.event + 1:
                seat.event = number
                seat.listener.push(frame)
        if room.event < number and room.reading_events is None:
            room.reading_events = asyncio.get_running_loop().create_task(self._catch_up_events(room))

    async def _catch_up_events(self, room: Room) -> None:
        try:
            await self._give_events(room, room.seats)
        except Exception as error:  # noqa: BLE001 - whatever it is, this goes on
            # The look every two seconds tries again.
            log.warning("happenings could not be read to be delivered", extra={"error": type(error).__name__})
        finally:
            room.reading_events = None

    async def _give_events(self, room: Room, seats: Collection[Seat]) -> None:
        """Give these seats what happened after what they have, until there is nothing more."""
        while True:
            after = min((seat.event for seat in seats if seat.event is not None), default=HIGHEST_SEQ)
            found = await self._read_events(room.conversation, after, CATCH_UP_CHUNK) if after < HIGHEST_SEQ else []
            for number, frame in found:
                for seat in tuple(seats):
                    if seat.event is not None and number == seat.event + 1:
                        seat.event = number
                        seat.listener.push(frame)
            if len(found) < CATCH_UP_CHUNK:
                return

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
                if seat.party != row.sender:
                    seat.delivered = row.seq
                    self.moved.add(room)

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
                        self._deliver(room, row, room.origins.pop(row.id, None) or self._origin_of(row.id))
        except Exception as error:  # noqa: BLE001 - whatever it is, this goes on
            # The look every two seconds tries again.
            log.warning("messages could not be read to be delivered", extra={"error": type(error).__name__})
            room.seen = room.seq
        finally:
            room.catching_up = None
