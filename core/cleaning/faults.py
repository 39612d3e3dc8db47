"""The one thing that can go wrong, and reading that notices when there is nothing left to read."""

import struct


class NotCleanableError(Exception):
    """What the file says about its maker can't be told apart from the rest, so that nothing is promised."""


def unpacked(form: str, data: bytes | bytearray, at: int) -> int:
    """Return the number that stands there in this form of ``struct``; NotCleanableError past the end."""
    try:
        (number,) = struct.unpack_from(form, data, at)
    except struct.error:
        raise NotCleanableError("it ends too soon") from None
    return int(number)
