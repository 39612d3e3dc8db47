"""Who has which conversation open now: known by this process for its own sockets, heard of from the others, never kept.

Nothing of it is stored, and nothing says since when or when last. Somebody who comes is told at once; somebody who goes
with the look every two seconds, so that a page that is loaded anew is no coming and going.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from messaging import frames
from messaging.hub import Hub, Seat

# The others say all they know every ten seconds, since a hint may get lost; who is not named for so long has gone.
SAY_ALL_EVERY = 10.0
GONE_AFTER = 25.0
WANTED = "presence"


def _is_shown(seat: Seat) -> bool:
    return seat.listener.shows_presence and not seat.is_silenced


def _sees(seat: Seat) -> bool:
    # Who is not shown is shown nobody.
    return WANTED in seat.wants and _is_shown(seat)


class Presence:
    """The presence of parties, as the sockets of one process are told of it."""

    def __init__(self, hub: Hub, tell: Callable[[UUID, UUID, bool], None], now: Callable[[], float]) -> None:
        self._hub, self._tell, self._now = hub, tell, now
        self._here: dict[UUID, set[UUID]] = {}  # through this process
        self._elsewhere: dict[UUID, dict[UUID, dict[str, float]]] = {}  # through others: process -> heard when
        self._shown: dict[UUID, set[UUID]] = {}  # as the seats here were told
        self._said_all = 0.0

    def came(self, seat: Seat) -> None:
        """Tell somebody who sat down, and wants to know, who is here already, and the others that it is here too."""
        conversation = seat.room.conversation
        if _sees(seat):
            self._tell_seat(seat, self._shown.get(conversation, set()), here=True)
        self.look_at(conversation)

    def switched(self, seat: Seat) -> None:
        """Let a seat that began or ceased to be shown see the others, or see them no more."""
        if WANTED in seat.wants:
            shown = self._shown.get(seat.room.conversation, set())
            self._tell_seat(seat, shown, here=_is_shown(seat))
        self._hub.changed.add(seat.room.conversation)

    def look_at(self, conversation: UUID) -> None:
        """Tell everybody what changed in a conversation since the last look."""
        room = self._hub.rooms.get(conversation)
        seats = tuple(room.seats) if room is not None else ()
        here = {seat.party for seat in seats if _is_shown(seat)}
        before = self._here.pop(conversation, set())
        if here:
            self._here[conversation] = here
        for party in here ^ before:
            self._tell(conversation, party, party in here)
        self._show(conversation, seats)

    def look(self, others: Iterable[str], *, is_alone: bool, is_asked: bool) -> None:
        """Tell what changed anywhere; ``others`` are the processes that live, ``is_asked`` when one of them is new."""
        changed, self._hub.changed = self._hub.changed, set()
        for conversation in changed:
            self.look_at(conversation)
        self._forget_gone(set(others))
        now = self._now()
        if not is_alone and (is_asked or now - self._said_all > SAY_ALL_EVERY):
            self._said_all = now
            for conversation, parties in self._here.items():
                for party in parties:
                    self._tell(conversation, party, True)

    def heard(self, process: str, conversation: UUID, party: UUID, *, here: bool) -> None:
        """Take note of what another process says of its sockets."""
        parties = self._elsewhere.setdefault(conversation, {})
        processes = parties.setdefault(party, {})
        if here:
            processes[process] = self._now()
        else:
            processes.pop(process, None)
        self._tidy(conversation, party)
        room = self._hub.rooms.get(conversation)
        self._show(conversation, tuple(room.seats) if room is not None else ())

    def _forget_gone(self, others: set[str]) -> None:
        oldest = self._now() - GONE_AFTER
        gone = [
            (conversation, party, process)
            for conversation, parties in self._elsewhere.items()
            for party, processes in parties.items()
            for process, at in processes.items()
            if at < oldest or process not in others
        ]
        for conversation, party, process in gone:
            self.heard(process, conversation, party, here=False)

    def _tidy(self, conversation: UUID, party: UUID) -> None:
        parties = self._elsewhere[conversation]
        if not parties[party]:
            del parties[party]
        if not parties:
            del self._elsewhere[conversation]

    def _show(self, conversation: UUID, seats: tuple[Seat, ...]) -> None:
        now = self._here.get(conversation, set()) | set(self._elsewhere.get(conversation, ()))
        before = self._shown.pop(conversation, set())
        if now and seats:
            self._shown[conversation] = now
        for seat in seats if now != before else ():
            if _sees(seat):
                self._tell_seat(seat, now - before, here=True)
                self._tell_seat(seat, before - now, here=False)

    def _tell_seat(self, seat: Seat, parties: Iterable[Any], *, here: bool) -> None:
        for party in parties:
            if party != seat.party:
                seat.listener.push(frames.is_here(seat.room.conversation, party, here=here))
