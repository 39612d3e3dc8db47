"""What waits to be sent to one socket: bounded, so that a reader who stands still costs little and is then let go."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from messaging import rules

# Who may not read any more, or does not, gets nothing of what waits; others get it before the code.
NOTHING_MORE_IS_SENT = (rules.SESSION_ENDED, rules.READS_TOO_SLOWLY)


class Outgoing:
    """The frames for one socket, and the code with which it is closed; ``give_up`` is called when nobody takes that.

    ``write``, where the server has it, sends a text at once, or returns False where it has to wait.
    """

    def __init__(
        self,
        send: Callable[[dict[str, Any]], Awaitable[None]],
        give_up: Callable[[], None],
        write: Callable[[str], bool] | None = None,
    ) -> None:
        self._send, self._give_up, self._write = send, give_up, write
        self._loop = asyncio.get_running_loop()
        self._frames: deque[str] = deque()
        self._characters = 0
        self._idle: asyncio.Future[None] | None = None
        self._drained = asyncio.Event()
        self.close_code = 0

    @property
    def is_empty(self) -> bool:
        """Say whether everything that was pushed is sent."""
        return not self._frames

    def push(self, frame: str) -> None:
        """Take a frame to be sent. A reader that leaves too much waiting is closed, never waited for."""
        if self.close_code:
            return
        is_free = not self._frames and self._idle is not None and not self._idle.done()
        if is_free and self._write is not None and self._write(frame):
            return
        self._frames.append(frame)
        self._characters += len(frame)
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)
        elif len(self._frames) > rules.MOST_WAITING_FRAMES or self._characters > rules.MOST_WAITING_CHARACTERS:
            self.end(rules.READS_TOO_SLOWLY)

    async def drained(self) -> None:
        """Wait until what was pushed is sent; a reader that stands still meanwhile is closed (CancelledError)."""
        await asyncio.sleep(0)
        if not self._frames:
            return
        self._drained.clear()
        try:
            await asyncio.wait_for(self._drained.wait(), rules.SLOW_READER_WITHIN)
        except TimeoutError:
            self.end(rules.READS_TOO_SLOWLY)
            raise asyncio.CancelledError from None

    def end(self, code: int) -> None:
        """Close the socket with this code; nothing more is taken."""
        if self.close_code:
            return
        self.close_code = code
        if code in NOTHING_MORE_IS_SENT:
            self._frames.clear()
        if self._idle is not None and not self._idle.done():
            self._idle.set_result(None)
        # The code is sent as soon as the reader takes anything; it is not waited for for ever.
        self._loop.call_later(rules.SLOW_READER_WITHIN, self._give_up)

    async def run(self) -> None:
        """Send what is pushed, until the socket is closed."""
        frames, send = self._frames, self._send
        with suppress(OSError):  # the other side is gone; whoever reads from it hears that too
            while True:
                while frames:
                    frame = frames.popleft()
                    self._characters -= len(frame)
                    await send({"type": "websocket.send", "text": frame})
                self._drained.set()
                if self.close_code:
                    await send({"type": "websocket.close", "code": self.close_code})
                    return
                self._idle = self._loop.create_future()
                await self._idle
                self._idle = None
