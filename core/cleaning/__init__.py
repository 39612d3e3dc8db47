"""Takes out of a file what it says about who made it, when, where and with what; what it shows or plays stays as it is.

Nothing here knows Django, and all of it runs confined (core.confined): what people hand in is not to be trusted.
"""

from collections.abc import Callable

from core.cleaning import films, pictures, sounds
from core.cleaning.faults import NotCleanableError

__all__ = ["CLEANERS", "NotCleanableError", "without_metadata"]


def _pdf(data: bytes) -> bytes:
    # Loaded where it is needed, which is never the portal's own process.
    from core.cleaning.papers import pdf

    return pdf(data)


CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": _pdf,
    "image/png": pictures.png,
    "image/jpeg": pictures.jpeg,
    "image/gif": pictures.gif,
    "image/webp": pictures.webp,
    "image/tiff": pictures.tiff,
    "audio/mpeg": sounds.mp3,
    "audio/wav": sounds.wav,
    "audio/flac": sounds.flac,
    "audio/ogg": sounds.ogg,
    "video/mp4": films.mp4,
    "video/webm": films.webm,
}


def without_metadata(data: bytes, media_type: str) -> bytes:
    """Return the same without what it says about itself; NotCleanableError where that can't be told apart."""
    clean = CLEANERS.get(media_type)
    if clean is None:
        raise NotCleanableError(media_type)
    try:
        return clean(data)
    except (ValueError, IndexError, ArithmeticError, RecursionError, MemoryError) as error:
        raise NotCleanableError(media_type) from error
