"""What the sockets of one process share: connections, writer, hub, hints, and the look at everything every two seconds."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg

from messaging import admission, database, frames, rules, storing
from messaging.admission import Pass
from messaging.hints import Hints, Passed, Present, Silenced
from messaging.hub import Hub, Listener, Seat
from messaging.presence import Presence
from messaging.reading import Reader, Stretch
from messaging.storing import Draft
from messaging.wire import Wire
from messaging.writer import Writer

log = logging.getLogger(__name__)

# Up to which message a party has read, and up to which number of what happened, if that is said.
ReadMark = tuple[int, int | None]
M = TypeVar("M")
MARKED_AGAIN_AFTER = 0.5  # seconds


class Socket(Listener, Protocol):
    """A socket, as the runtime sees it."""

    let_in: Pass
    places: dict[str, "Place"]
    shows_typing: bool

    def silence(self, place: "Place", *, is_silenced: bool) -> None:
        """Follow that a party may only read, or may write again."""

    def switch(self, *, shows_presence: bool, shows_typing: bool) -> None:
        """Follow what the account set."""

    def end(self, code: int) -> None:
        """Close the socket with this code."""

    def lose(self, party: UUID) -> None:
        """Forget a place that is no more."""


class Place:
    """A socket's right to write in a conversation: as which party. Looked at again every two seconds.

    Whether a silenced party may write is asked by the insert; here it is known so that nobody sees it typing either.
    """

    __slots__ = ("conversation", "is_silenced", "party")

    def __init__(self, conversation: UUID, party: UUID, *, is_silenced: bool = False) -> None:
        self.conversation, self.party, self.is_silenced = conversation, party, is_silenced


class Bucket:
    """How many frames an account may still send at once, over all its sockets of this process."""

    __slots__ = ("at", "left", "refused")

    def __init__(self) -> None:
        self.left, self.at, self.refused = rules.FRAMES_AT_ONCE, time.monotonic(), 0

    def takes(self) -> bool:
        """Say whether one more frame fits, and count it."""
        now = time.monotonic()
        self.left = min(rules.FRAMES_AT_ONCE, self.left + (now - self.at) * rules.FRAMES_A_SECOND)
        self.at = now
        if self.left < 1:
            self.refused += 1
            return False
        if self.refused and self.left > rules.FRAMES_AT_ONCE / 2:
            self.refused = 0
        self.left -= 1
        return True

    @property
    def is_flooded(self) -> bool:
        """Say whether frames went on coming long after they were refused."""
        return self.refused > rules.REFUSALS_BEFORE_CLOSE


class Runtime:
    """One for each event loop that has sockets."""

    _running: "WeakKeyDictionary[asyncio.AbstractEventLoop, Runtime]" = WeakKeyDictionary()

    def __init__(self) -> None:
        self.pool = database.pool()
        self._wire = Wire()
        self.reader = Reader(self._histories)
        self.writer = Writer(self._announce)
        self.hub = Hub(self.reader.read, self.events, self.writer.origin_of)
        self.hints = Hints(
            self.pool, self.hub.heard, self._passed_on, self.look_at_rooms, is_present=self._is_present,
            is_silenced=self._is_silenced,
        )  # fmt: skip
        self.presence = Presence(self.hub, self.hints.tell_present, time.monotonic)
        self.sockets: set[Socket] = set()
        self._buckets: dict[UUID, Bucket] = {}
        self._marks: dict[UUID, ReadMark] = {}
        self._marked = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._started: asyncio.Future[None]

    @classmethod
    async def of_this_loop(cls) -> "Runtime":
        """Return the runtime of the running loop, started."""
        loop = asyncio.get_running_loop()
        runtime = cls._running.get(loop)
        if runtime is None:
            runtime = cls._running[loop] = cls()
            runtime._started = loop.create_task(runtime._start())
        # Sockets that come at the same moment wait for the same start.
        await asyncio.shield(runtime._started)
        return runtime

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        await self.pool.open(wait=False)
        work = (
            self.writer.run(),
            self.hints.send(),
            self.hints.hear(),
            self._look_for_ever(),
            self._mark_for_ever(),
            self._mark_delivered_for_ever(),
        )
        self._tasks = [loop.create_task(one) for one in work]

    async def stop(self) -> None:
        """End everything that runs for the sockets of this loop."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._wire.drop()
        await self.pool.close()
        self._running.pop(asyncio.get_running_loop(), None)

    def bucket(self, account: UUID) -> Bucket:
        """Return the account's bucket; it outlives its sockets, so that signing in anew refills nothing."""
        return self._buckets.setdefault(account, Bucket())

    # --- reading

    async def rows(self, statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows of one of our statements; each of them can be asked again when its connection breaks.

        So no connection is tried out before it is used, which would cost as much again.
        """
        for left in range(database.MOST_CONNECTIONS, -1, -1):
            async with self.pool.connection() as held:
                try:
                    cursor = await held.execute(statement.encode(), parameters)
                    return await cursor.fetchall()
                except psycopg.OperationalError:
                    if not held.broken or not left:
                        raise
        raise AssertionError("the last connection answers or raises")

    async def _histories(self, wanted: Sequence[Stretch]) -> list[tuple[Any, ...]]:
        """Return the rows of these stretches, on a connection of their own: they are asked for more often than all else."""
        until = asyncio.get_running_loop().time() + database.PATIENCE
        while True:
            try:
                return await self._wire.rows(storing.HISTORIES, storing.stretches(wanted))
            except psycopg.OperationalError:
                if asyncio.get_running_loop().time() > until:
                    raise
            await asyncio.sleep(database.PAUSE)

    async def events(self, conversation: UUID, after: int, limit: int) -> list[tuple[int, str]]:
        """Return the numbers and frames of what happened in a conversation after a number, in order."""
        given = {"conversation": conversation, "after": after, "limit": limit}
        rows = await self.rows(storing.EVENTS, given)
        return [
            (number, frames.event(conversation, subject, frames.happening(number, kind, party, at, data)))
            for number, kind, party, data, at, subject in rows
        ]

    # --- news

    def _announce(self, draft: Draft) -> None:
        self.hub.committed(draft)
        if draft.is_new and not self.hints.is_alone:
            self.hints.tell(draft.conversation, draft.seq)

    def _passed_on(self, passed: Passed) -> None:
        if passed.number:
            self.hub.happened(UUID(passed.conversation), passed.number, passed.frame)
            return
        but = UUID(passed.but_party) if passed.but_party else None
        self.hub.pass_on(UUID(passed.conversation), passed.frame, but_party=but, wanted=passed.wanted)

    def _is_present(self, process: str, present: Present) -> None:
        self.presence.heard(process, UUID(present.conversation), UUID(present.party), here=present.here)

    def _is_silenced(self, silenced: Silenced) -> None:
        for socket in tuple(self.sockets):
            place = socket.places.get(silenced.conversation)
            if place is not None and str(place.party) == silenced.party:
                socket.silence(place, is_silenced=silenced.is_silenced)

    def pass_on(self, conversation: UUID, frame: str, *, but_party: UUID | None = None, wanted: str = "") -> None:
        """Give a frame that is not kept to whoever listens, here and elsewhere."""
        self.hub.pass_on(conversation, frame, but_party=but_party, wanted=wanted)
        if not self.hints.is_alone:
            self.hints.pass_on(conversation, frame, but_party, wanted)

    # --- marks

    def mark_read(self, party: UUID, seq: int, event: int | None) -> None:
        """Have the party's marks moved; those that come quickly are moved together."""
        earlier_seq, earlier_event = self._marks.get(party, (0, None))
        # Two that name no event say so together; beside one that does, the other's is for messages only.
        events = [one for one in (event, earlier_event) if one is not None]
        self._marks[party] = (max(seq, earlier_seq), max(events, default=None))
        self._marked.set()

    async def _mark_for_ever(self) -> None:
        while True:
            await self._marked.wait()
            self._marked.clear()
            marks, self._marks = self._marks, {}
            left = await self._keep(marks, self._move_read)
            if left:
                await asyncio.sleep(MARKED_AGAIN_AFTER)
            for party in left:
                self.mark_read(party, *marks[party])

    async def _move_read(self, marks: dict[UUID, ReadMark]) -> None:
        order = sorted(marks)
        seqs, events = zip(*(marks[party] for party in order), strict=True)
        given = {"parties": order, "seqs": list(seqs), "events": list(events)}
        for party, conversation, seq in await self.rows(storing.MARK_READ, given):
            self.pass_on(conversation, frames.has_read(conversation, party, seq), but_party=party)

    async def _mark_delivered_for_ever(self) -> None:
        """Keep, once a second, up to where each party was given the others' messages."""
        while True:
            await asyncio.sleep(rules.DELIVERED_WITHIN_SECONDS)
            marks: dict[UUID, int] = {}
            seats = self._just_delivered()
            for seat in seats:
                marks[seat.party] = max(seat.told, marks.get(seat.party, 0))
            left = await self._keep(marks, self._move_delivered) if marks else set()
            for seat in seats:
                if seat.party in left:
                    seat.told = 0
                    self.hub.moved.add(seat.room)

    async def _move_delivered(self, marks: dict[UUID, int]) -> None:
        order = sorted(marks)
        given = {"parties": order, "seqs": [marks[party] for party in order]}
        for party, conversation, seq in await self.rows(storing.MARK_DELIVERED, given):
            frame = frames.delivered(conversation, party, seq)
            self.pass_on(conversation, frame, but_party=party, wanted="delivered")

    def _just_delivered(self) -> list[Seat]:
        found: list[Seat] = []
        rooms, self.hub.moved = self.hub.moved, set()
        for room in rooms:
            for seat in room.seats:
                if seat.delivered <= seat.told:
                    continue
                if seat.listener.is_drained:
                    seat.told = seat.delivered
                    found.append(seat)
                else:  # it waits for a reader who may never take it
                    self.hub.moved.add(room)
        return found

    async def _keep(self, marks: dict[UUID, M], move: Callable[[dict[UUID, M]], Awaitable[None]]) -> set[UUID]:
        """Move marks, and return whose could not be moved now; one that is locked keeps no other back."""
        try:
            await move(marks)
        except psycopg.errors.LockNotAvailable:
            if len(marks) == 1:
                return set(marks)
            return {left for party, mark in marks.items() for left in await self._keep({party: mark}, move)}
        except Exception as error:  # noqa: BLE001 - whatever it is, this goes on
            log.warning("marks were not kept", extra={"error": type(error).__name__})
            return set(marks) if isinstance(error, psycopg.OperationalError) else set()
        return set()

    # --- looking again

    async def _look_for_ever(self) -> None:
        pause = rules.LOOK_AGAIN_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = rules.LOOK_AGAIN_SECONDS
            self._look_at_presence()
            if not self.sockets:
                continue
            try:
                self.hints.say_hello()
                await self._look_at_passes()
                await self._look_at_places()
                await self._look_at_silence()
                await self._look_at_preferences()
                await self.look_at_rooms()
            except Exception as error:  # noqa: BLE001 - whatever it is, this goes on
                log.warning("the sockets could not be looked at", extra={"error": type(error).__name__})
                pause = rules.LOOK_AFTER_FAILURE_SECONDS
            self._empty_old_buckets()

    async def _look_at_passes(self) -> None:
        """Close the sockets whose session, token, account or role is no more."""
        passes = {socket.let_in for socket in self.sockets}
        accounts = {(one.account_id, one.password) for one in passes}
        given = {
            "accounts": [account for account, _ in accounts],
            "passwords": [password for _, password in accounts],
            "sessions": list({one.session_key for one in passes if one.session_key is not None}),
            "tokens": list({one.token_id for one in passes if one.token_id is not None}),
            "memberships": list({membership for one in passes for membership in one.memberships}),
        }
        ended = set(await self.rows(admission.ENDED_PASSES, given))
        if ended:
            for socket in tuple(self.sockets):
                if not ended.isdisjoint(_grounds(socket.let_in)):
                    socket.end(rules.SESSION_ENDED)

    async def _look_at_places(self) -> None:
        """Take away the places of those who don't take part any more."""
        held = {(place.party, s.let_in.account_id) for s in self.sockets for place in s.places.values()}
        given = {"parties": [party for party, _ in held], "accounts": [account for _, account in held]}
        lost = set(await self.rows(admission.LOST_PLACES, given)) if held else set()
        for socket in tuple(self.sockets) if lost else ():
            for place in tuple(socket.places.values()):
                if (place.party, socket.let_in.account_id) in lost:
                    socket.lose(place.party)

    async def _look_at_silence(self) -> None:
        """Let those who may only read, or may write again, follow where no hint said so."""
        asked = [(socket, place, place.is_silenced) for socket in self.sockets for place in socket.places.values()]
        if not asked:
            return
        given = {"parties": list({place.party for _socket, place, _was in asked})}
        silenced = {party for (party,) in await self.rows(admission.SILENCED, given)}
        for socket, place, was in asked:
            is_held = socket.places.get(str(place.conversation)) is place
            # What a hint said meanwhile is newer than the answer.
            if is_held and place.is_silenced == was != (place.party in silenced):
                socket.silence(place, is_silenced=not was)

    async def _look_at_preferences(self) -> None:
        """Follow what accounts have set since their sockets were opened."""
        given = {"accounts": list({socket.let_in.account_id for socket in self.sockets})}
        rows = await self.rows(admission.PREFERENCES, given)
        wanted = {account: (presence, typing) for account, presence, typing in rows}
        for socket in tuple(self.sockets) if wanted else ():
            if socket.places and (set_ := wanted.get(socket.let_in.account_id)):
                socket.switch(shows_presence=set_[0], shows_typing=set_[1])

    def _look_at_presence(self) -> None:
        try:
            newcomers, self.hints.newcomers = self.hints.newcomers, False
            self.presence.look(self.hints.others, is_alone=self.hints.is_alone, is_asked=newcomers)
        except Exception:
            log.exception("it could not be told who is here")

    async def look_at_rooms(self) -> None:
        """Find conversations that have moved without a hint."""
        rooms = list(self.hub.rooms.values())
        given = {
            "conversations": [room.conversation for room in rooms],
            "seqs": [room.seq for room in rooms],
            "events": [room.event for room in rooms],
        }
        for conversation, seq, event in await self.rows(storing.MOVED, given) if rooms else ():
            self.hub.heard(conversation, seq)
            self.hub.happened(conversation, event)

    def _empty_old_buckets(self) -> None:
        full_after = rules.FRAMES_AT_ONCE / rules.FRAMES_A_SECOND
        if len(self._buckets) > len(self.sockets):
            old = time.monotonic() - full_after
            signed_in = {socket.let_in.account_id for socket in self.sockets}
            self._buckets = {key: one for key, one in self._buckets.items() if one.at > old or key in signed_in}


def _grounds(let_in: Pass) -> set[tuple[str, str]]:
    """Return everything on which a pass rests, as ENDED_PASSES names it."""
    grounds = {("account", str(let_in.account_id))}
    grounds |= {("membership", str(membership)) for membership in let_in.memberships}
    if let_in.session_key is not None:
        grounds.add(("session", let_in.session_key))
    if let_in.token_id is not None:
        grounds.add(("token", str(let_in.token_id)))
    return grounds
