"""Text frames straight between a socket and the application: the usual case of the websocket protocol, done at once.

Nearly every frame is a text that came whole, or one to be sent while nothing waits. Those two skip the library's parser
and the queue and task of ASGI, which cost several times the work itself. Whatever else comes, and anything that is not
quite right, is the library's from that frame on.
"""

import struct
from collections.abc import Callable

from websockets.utils import apply_mask

# Where an application finds it in ``scope["extensions"]``.
EXTENSION = "portal.straight"
WHOLE_TEXT, MASKED = 0x81, 0x80
LARGEST_SHORT, IS_MEDIUM, IS_LONG = 125, 126, 127
LARGEST_MEDIUM = 0xFFFF
SMALLEST_FRAME = 6


class Straight:
    """What an application may use instead of ``send`` and ``receive`` for text.

    ``write`` sends a text at once and returns True; False where it can't be sent now, and then ``send`` is to be used.
    ``takes``, set by the application, is given a text that came and returns True; False where the application wants
    that text by ``receive``. It must want that as long as it has not done with what it received before: nothing else
    keeps the order.
    """

    __slots__ = ("takes", "write")

    def __init__(self, write: Callable[[str], bool]) -> None:
        self.write = write
        self.takes: Callable[[str], bool] | None = None


def framed(text: str) -> bytes:
    """Return the text as one frame of a server (RFC 6455, section 5.2). It has at most 65,535 bytes, or ValueError."""
    data = text.encode()
    size = len(data)
    if size <= LARGEST_SHORT:
        return bytes((WHOLE_TEXT, size)) + data
    if size > LARGEST_MEDIUM:
        raise ValueError("too large for this kind of frame")
    return struct.pack("!BBH", WHOLE_TEXT, IS_MEDIUM, size) + data


def text_at(data: bytes, at: int) -> tuple[str, int] | None:
    """Return the text of the frame that begins there, and where it ends.

    None where it is anything but one text in one masked frame of at most 65,535 bytes that is all here.
    """
    if len(data) < at + SMALLEST_FRAME or data[at] != WHOLE_TEXT or data[at + 1] < MASKED:
        return None
    size, mask = data[at + 1] - MASKED, at + 2
    if size == IS_LONG:
        return None
    if size == IS_MEDIUM:
        size, mask = data[mask] << 8 | data[mask + 1], mask + 2
    begin = mask + 4
    end = begin + size
    if len(data) < end:
        return None
    try:
        return apply_mask(data[begin:end], data[mask:begin]).decode(), end
    except UnicodeDecodeError:
        return None
