"""The socket `/ws/v1/`: frames in, one call, frames out. Channels brings it to this door; the loop behind it is our own.

The usual JSON consumer dispatches each frame through the channel layer's machinery and delivers by group_send; measured
at the same durability this loop carries several times as much (docs: performance). No exception of a frame ends it.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ClassVar
from uuid import UUID

import psycopg
from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg_pool import PoolTimeout

from core import straight, times
from core.access import Who
from core.errors import Conflict, DomainError, Invalid
from messaging import actions, admission, door, frames, rules
from messaging.frames import BadFrame
from messaging.hub import Seat
from messaging.outgoing import Outgoing
from messaging.runtime import Place, Runtime
from messaging.storing import Draft
from verification.access import account_for

log = logging.getLogger(__name__)

DETAILS: dict[str, Promise] = {
    "not_found": _("There is no such conversation."),
    "conflict": _("This client_id was used for another message. Use a new one."),
    "closed": _("This conversation is closed: it can be read, but not written in."),
    "silenced": _("You can read this conversation, but not write in it any more."),
    "unavailable": _("This could not be stored now. Send it again with the same client_id."),
    "too_fast": _("Too many at once; wait a little."),
    "binary": _("Frames are text."),
    "too_many": _("Too many conversations are open on this socket."),
    "broken": _("Something broke on our side; nothing was half done."),
}
TRY_AGAIN_LATER = 1013
CLOSED = "closed"
SILENCED = "silenced"  # who asks for it is told whether it may write, and of nobody else


class Conversations(AsyncConsumer):
    """One socket of one client, which carries all its conversations."""

    who: ClassVar[Who] = Who.SIGNED_IN

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Let in, serve until the socket closes, leave nothing behind."""
        self._send, self._receive = send, receive
        self.places: dict[str, Place] = {}
        self._seats: dict[UUID, Seat] = {}
        self.shows_presence = self.shows_typing = False  # until it is looked up with the first place
        self._is_waiting = False  # for the next frame, with none under way
        await receive()  # websocket.connect
        if not await self._enter(scope):
            return
        self._runtime = await Runtime.of_this_loop()
        self._bucket = self._runtime.bucket(self.let_in.account_id)
        self._task = asyncio.current_task()
        # Our own server has it; under others there are `receive` and `send` alone.
        offered: straight.Straight | None = scope.get("extensions", {}).get(straight.EXTENSION)
        self._out = Outgoing(send, self._give_up, offered.write if offered is not None else None)
        self.push, self.end, self.drained = self._out.push, self._out.end, self._out.drained
        self._runtime.sockets.add(self)
        sending = asyncio.create_task(self._out.run())
        if offered is not None:
            offered.takes = self._take_straight
        try:
            await self._serve()
        except asyncio.CancelledError:
            if not self._out.close_code:  # not ours: the server stops
                raise
        finally:
            if offered is not None:
                offered.takes = None
            self._runtime.sockets.discard(self)
            for seat in self._seats.values():
                self._runtime.hub.stand_up(seat)
            if self._out.close_code and not sending.done():
                # The code is worth a moment's patience, if the reader takes anything at all.
                await asyncio.wait({sending}, timeout=1)
            sending.cancel()

    def _give_up(self) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()

    async def _enter(self, scope: Any) -> bool:
        subprotocol = rules.SUBPROTOCOL if rules.SUBPROTOCOL in scope.get("subprotocols", ()) else None
        code = 0
        try:
            self.let_in = await door.enter(scope)
        except door.NotLetIn as refusal:
            code = refusal.close_code
        except (DatabaseError, psycopg.Error, PoolTimeout) as error:
            log.warning("nobody can be let in", extra={"error": type(error).__name__})
            code = TRY_AGAIN_LATER
        # Accepted also when it is closed at once: only so does the client see the code.
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol})
        if code:
            await self._send({"type": "websocket.close", "code": code})
        return not code

    def _refuse(
        self, code: str, client_id: str | None = None, detail: str | Promise = "", conversation: UUID | None = None
    ) -> None:
        self.push(frames.error(code, detail or DETAILS[code], client_id, conversation))

    # --- in

    async def _serve(self) -> None:
        while True:
            self._is_waiting = True
            event = await self._receive()
            self._is_waiting = False
            if event["type"] == "websocket.disconnect":
                return
            if self._out.close_code:
                continue
            text = event.get("text")
            if not self._bucket.takes():
                self._refuse_flood(text)
            elif text is None:
                self._take_bytes(event.get("bytes") or b"")
            elif len(text) > rules.LARGEST_FRAME_BYTES // 4 and len(text.encode()) > rules.LARGEST_FRAME_BYTES:
                self.end(rules.FRAME_TOO_LARGE)
            else:
                await self._take(text)

    def _refuse_flood(self, text: str | None) -> None:
        if self._bucket.is_flooded:
            self.end(rules.TOO_FAST)
            return
        client_id = None
        if text is not None and len(text) <= rules.LARGEST_FRAME_BYTES:
            with suppress(BadFrame):
                client_id = frames.client_id_in(frames.read(text))
        self._refuse("too_fast", client_id)

    def _take_bytes(self, data: bytes) -> None:
        if len(data) > rules.LARGEST_FRAME_BYTES:
            self.end(rules.FRAME_TOO_LARGE)
        else:
            self._refuse("binary")

    def _take_straight(self, text: str) -> bool:
        """Take a frame that comes while none is under way, if nothing has to be waited for; say whether it is taken."""
        # Where less than one frame was left when it was last counted, the usual way counts anew.
        if not self._is_waiting or self._out.close_code or self._bucket.left < 1:
            return False
        if len(text) > rules.LARGEST_FRAME_BYTES // 4:
            return False
        frame: dict[str, Any] = {}
        try:
            frame = frames.read(text)
            if not self._take_at_once(frame):
                return False
        except Exception as error:  # noqa: BLE001 - each is answered
            self._answer(error, frame)
        self._bucket.takes()
        return True

    async def _take(self, text: str) -> None:
        frame: dict[str, Any] = {}
        try:
            frame = frames.read(text)
            if not self._take_at_once(frame):
                await getattr(self, f"_take_{frame['type']}")(frame)
        except Exception as error:  # noqa: BLE001 - each is answered
            self._answer(error, frame)

    def _answer(self, error: Exception, frame: dict[str, Any]) -> None:
        """Say why a frame was not taken."""
        if isinstance(error, BadFrame):
            self._refuse(error.code, error.client_id, error.detail)
            return
        code: str = "broken"
        detail: str | Promise = ""
        if isinstance(error, DomainError):
            # For a program a closed conversation is another matter than a client_id that was used before.
            code = CLOSED if isinstance(error, Conflict) and error.state == CLOSED else error.code
            detail = error.problems[0].detail if isinstance(error, Invalid) and error.problems else error.detail
        elif isinstance(error, (psycopg.OperationalError, PoolTimeout, DatabaseError)):
            code = "unavailable"
        else:
            log.error("a frame could not be handled", exc_info=error)
        self._refuse(code, frames.client_id_in(frame), detail, frames.conversation_in(frame))

    def _take_at_once(self, frame: dict[str, Any]) -> bool:
        """Do what a frame asks for, unless something has to be waited for; say whether it is done."""
        kind = frame["type"]
        if kind == "ping":
            self.push(frames.PONG)
            return True
        place = self.places.get(frame["conversation"]) if isinstance(frame.get("conversation"), str) else None
        if place is None or kind == "open":
            return False
        if kind == "send":
            return self._put(frame, place)
        if kind == "read":
            self._runtime.mark_read(place.party, frames.seq_of(frame, "seq"), frames.number_of(frame, "event"))
        else:
            self._pass_on_typing(place)
        return True

    def _put(self, frame: dict[str, Any], place: Place) -> bool:
        """Give the writer a message of nothing but text, while it has room; say whether it was one."""
        client_id, body = frames.client_id_of(frame), frames.body_of(frame)
        if frames.attachments_of(frame) or frames.quotes_of(frame) is not None or self._runtime.writer.is_full:
            return False
        self._runtime.writer.put(self._draft(place, client_id, body, frame["client_id"]))
        return True

    def _draft(self, place: Place, client_id: str, body: str, written_id: str) -> Draft:
        draft = Draft(place.conversation, place.party, self.let_in.account_id, client_id, body)
        draft.written_id, draft.origin, draft.settle = written_id, self, self._settle
        return draft

    async def _take_open(self, frame: dict[str, Any]) -> None:
        conversation, after = frames.conversation_of(frame), frames.seq_of(frame, "after", without=0)
        events, wants = frames.number_of(frame, "events"), frames.wanted_in(frame)
        if conversation not in self._seats and len(self._seats) >= rules.MOST_OPEN_CONVERSATIONS:
            self._refuse("too_many", conversation=conversation)
            return
        found = await self._look_up(conversation)
        if found is None:
            self._refuse("not_found", conversation=conversation)
            return
        place, last_seq, last_event = found
        party = place.party
        self.places[str(conversation)] = place
        seat = self._seats.pop(conversation, None)
        if seat is not None:
            self._runtime.hub.stand_up(seat)
        hub = self._runtime.hub
        after, events = min(after, last_seq), min(events, last_event) if events is not None else None
        seat = await hub.sit_down(conversation, self, party, after, events_after=events, wants=wants)
        seat.is_silenced = place.is_silenced
        if str(conversation) not in self.places:  # lost while catching up
            hub.stand_up(seat)
            return
        self._seats[conversation] = seat
        self.push(frames.opened(conversation, seat.position, party, seat.event))
        self._tell_whether_silenced(seat)
        self._runtime.presence.came(seat)

    async def _take_send(self, frame: dict[str, Any]) -> None:
        client_id, body = frames.client_id_of(frame), frames.body_of(frame)
        files, quotes = frames.attachments_of(frame), frames.quotes_of(frame)
        place = await self._place(frame)
        if place is None:
            return
        draft = self._draft(place, client_id, body, frame["client_id"])
        if files or quotes is not None:
            await self._send_by_action(draft, files, quotes)
            return
        writer = self._runtime.writer
        if writer.is_full:
            await writer.has_room()
        writer.put(draft)

    def _settle(self, draft: Draft) -> None:
        if draft.refused:
            self._refuse(draft.refused, draft.written_id, conversation=draft.conversation)
            return
        assert draft.sent_at is not None
        self.push(
            frames.ack(
                conversation=draft.conversation,
                client_id=draft.written_id,
                message_id=draft.id,
                seq=draft.seq,
                sent_at=draft.sent_at,
            )
        )

    async def _send_by_action(self, draft: Draft, files: list[UUID], quotes: UUID | None) -> None:
        """Send by the action that the API uses what has files or quotes: they are checked in the same transaction."""
        hub = self._runtime.hub
        hub.expect(draft.conversation, draft.id, self)
        try:
            stored = await _post(draft, files, quotes)
        except BaseException:
            hub.expect_no_more(draft.conversation, draft.id)
            raise
        hub.heard(draft.conversation, stored.seq)
        draft.seq, draft.sent_at = stored.seq, stored.sent_at
        self._settle(draft)

    async def _take_read(self, frame: dict[str, Any]) -> None:
        seq, event = frames.seq_of(frame, "seq"), frames.number_of(frame, "event")
        place = await self._place(frame)
        if place is not None:
            self._runtime.mark_read(place.party, seq, event)

    async def _take_typing(self, frame: dict[str, Any]) -> None:
        place = await self._place(frame)
        if place is not None:
            self._pass_on_typing(place)

    def _pass_on_typing(self, place: Place) -> None:
        if self.shows_typing and not place.is_silenced:
            typing = frames.types(place.conversation, place.party)
            self._runtime.pass_on(place.conversation, typing, but_party=place.party)

    # --- places

    async def _place(self, frame: dict[str, Any]) -> Place | None:
        """Return the account's place in the frame's conversation; refused, and None, when it has none."""
        conversation = frames.conversation_of(frame)
        place = self.places.get(str(conversation))
        if place is not None:
            return place
        found = await self._look_up(conversation)
        if found is None:
            self._refuse("not_found", frames.client_id_in(frame), conversation=conversation)
            return None
        if len(self.places) < rules.MOST_OPEN_CONVERSATIONS:
            self.places[str(conversation)] = found[0]
        return found[0]

    async def _look_up(self, conversation: UUID) -> tuple[Place, int, int] | None:
        given = {"conversation": conversation, "account": self.let_in.account_id}
        rows = await self._runtime.rows(admission.PLACE, given)
        if not rows:
            return None
        party, last_seq, last_event, shows_presence, shows_typing, is_silenced = rows[0]
        self.switch(shows_presence=shows_presence, shows_typing=shows_typing)
        return Place(conversation, party, is_silenced=is_silenced), last_seq, last_event

    def silence(self, place: Place, *, is_silenced: bool) -> None:
        """Follow that a party may only read, or may write again: nobody sees it here or typing meanwhile."""
        if place.is_silenced == is_silenced:
            return
        place.is_silenced = is_silenced
        seat = self._seats.get(place.conversation)
        if seat is not None:
            seat.is_silenced = is_silenced
            self._tell_whether_silenced(seat)
            self._runtime.presence.switched(seat)

    def _tell_whether_silenced(self, seat: Seat) -> None:
        if SILENCED in seat.wants:
            self.push(frames.is_silenced(seat.room.conversation, silenced=seat.is_silenced))

    def switch(self, *, shows_presence: bool, shows_typing: bool) -> None:
        """Follow what the account shows of itself."""
        self.shows_typing = shows_typing
        if shows_presence != self.shows_presence:
            self.shows_presence = shows_presence
            for seat in self._seats.values():
                self._runtime.presence.switched(seat)

    @property
    def is_drained(self) -> bool:
        """Say whether everything that was pushed is sent."""
        return self._out.is_empty

    def lose(self, party: UUID) -> None:
        """Forget a place that is no more; the conversation falls silent, and any frame for it is refused."""
        for key, place in tuple(self.places.items()):
            if place.party == party:
                del self.places[key]
                seat = self._seats.pop(place.conversation, None)
                if seat is not None:
                    self._runtime.hub.stand_up(seat)
                self._refuse("not_found", conversation=place.conversation)


def _post_now(draft: Draft, files: list[UUID], quotes: UUID | None) -> Draft:
    return actions.post_message(
        conversation_id=draft.conversation, client_id=draft.client_id, body=draft.body, attachments=files,
        quotes=quotes, by=account_for(draft.account), now=times.now(),
    )  # fmt: skip


# Threads of its own: a message that waits for its conversation must not take that of whoever is let in.
_post = database_sync_to_async(
    _post_now, thread_sensitive=False, executor=ThreadPoolExecutor(4, thread_name_prefix="messages")
)
