"""What runs in the confined process: bytes in, bytes out, nothing else. It knows no Django and opens no file of ours."""

import io
import resource
import sys
from collections.abc import Callable

MEMORY_BYTES = 1024 * 1024 * 1024
PROCESSOR_SECONDS = 10
NOT_READY = 3  # the exit code where a library is missing, which is no fault of the file
# House rule: what a good camera makes has some 50 million pixels; more is a bomb, and is refused before it is decoded.
MOST_PIXELS = 60_000_000
PREVIEW_PIXELS = 480
FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/tiff": "TIFF",
}


def confine() -> None:
    """Take from this process, for good, what it does not need: memory without end, time, files to write, cores."""
    limits = {
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_CPU: PROCESSOR_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


def cleaned(data: bytes, media_type: str) -> bytes:
    """Return the file without what it says about itself."""
    from core.cleaning import without_metadata

    return without_metadata(data, media_type)


def preview(data: bytes, media_type: str) -> bytes:
    """Return a small WebP of a picture: its pixels, and nothing that was written beside them."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(data), formats=[FORMATS[media_type]]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        size = (PREVIEW_PIXELS, PREVIEW_PIXELS)
        picture.draft("RGB", size)
        upright = ImageOps.exif_transpose(picture)
        small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    small.thumbnail(size)
    plain = Image.new(small.mode, small.size)
    plain.paste(small)
    made = io.BytesIO()
    plain.save(made, "WEBP", quality=75)
    return made.getvalue()


JOBS: dict[str, Callable[[bytes, str], bytes]] = {"cleaned": cleaned, "preview": preview}


def main(order: str) -> None:
    """Do the job that is ordered (``job:media/type``) with what comes in, and give out what it makes."""
    confine()
    job, _colon, media_type = order.partition(":")
    data = sys.stdin.buffer.read()
    try:
        made = JOBS[job](data, media_type)
    except ImportError:
        sys.exit(NOT_READY)
    sys.stdout.buffer.write(made)
