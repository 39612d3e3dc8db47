"""Takes out of a picture what it says about who made it, when, where and with what; the picture itself stays as it is.

It knows JPEG, PNG, WebP and GIF. Other types pass unchanged: what is written inside a document is its sender's choice.
"""

import struct
from collections.abc import Iterator

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What a decoder needs, and how the colours are meant; all else in a PNG is about the picture and not in it.
PNG_KEPT = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"sBIT",
        b"bKGD",
        b"pHYs",
        b"acTL",
        b"fcTL",
        b"fdAT",
    }
)
WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
JPEG_SCAN, JPEG_END, JPEG_COMMENT = 0xDA, 0xD9, 0xFE
JPEG_APPLICATION = range(0xE1, 0xF0)  # APP1 to APP15; APP0 (JFIF) stays
JPEG_ADOBE = 0xEE  # says how the colours are stored


def without_metadata(data: bytes, media_type: str) -> bytes:
    """Return the same picture without its metadata; what can't be read as its type comes back unchanged."""
    clean = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/gif": _gif}.get(media_type)
    if clean is None:
        return data
    try:
        return clean(data)
    except (struct.error, IndexError, ValueError):
        return data


def _jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004
            raise ValueError("no marker")
        marker = data[at + 1]
        if marker == JPEG_SCAN:
            return b"".join(kept) + _to_end_of_image(data, at)
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        is_told = (marker in JPEG_APPLICATION and marker != JPEG_ADOBE) or marker == JPEG_COMMENT
        if not is_told:
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    raise ValueError("no picture")


def _to_end_of_image(data: bytes, at: int) -> bytes:
    # Cameras append previews and more after the end; the last end marker before them closes the picture.
    end = data.find(b"\xff\xd9", at)
    return data[at : end + 2] if end >= 0 else data[at:]


def _chunks(data: bytes, at: int, order: str, tail: int) -> Iterator[tuple[bytes, bytes]]:
    """Give name and whole bytes of each chunk; ``order`` says which of name and length comes first."""
    while at + 8 <= len(data):
        if order == "length-name":
            (length,) = struct.unpack(">I", data[at : at + 4])
            name, whole = data[at + 4 : at + 8], 8 + length + tail
        else:
            (length,) = struct.unpack("<I", data[at + 4 : at + 8])
            name, whole = data[at : at + 4], 8 + length + length % 2
        yield name, data[at : at + whole]
        at += whole


def _png(data: bytes) -> bytes:
    if not data.startswith(PNG_SIGNATURE):
        raise ValueError("no PNG")
    kept = [whole for name, whole in _chunks(data, len(PNG_SIGNATURE), "length-name", 4) if name in PNG_KEPT]
    return PNG_SIGNATURE + b"".join(kept)


def _webp(data: bytes) -> bytes:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("no WebP")
    kept = []
    for name, whole in _chunks(data, 12, "name-length", 0):
        if name == b"VP8X":  # its flags say that there are EXIF and XMP
            kept.append(whole[:8] + bytes([whole[8] & ~0x0C]) + whole[9:])
        elif name not in WEBP_DROPPED:
            kept.append(whole)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(data: bytes) -> bytes:
    """Leave out comments and foreign application blocks; the looping of an animation stays."""
    at = 13 + (3 * 2 ** ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    kept = [data[:at]]
    while data[at] != 0x3B:  # noqa: PLR2004 - trailer
        start = at
        if data[at] == 0x2C:  # noqa: PLR2004 - image
            at += 10 + (3 * 2 ** ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0) + 1
            is_kept = True
        elif data[at] == 0x21:  # noqa: PLR2004 - extension
            looping = data[at + 3 : at + 14] in (b"NETSCAPE2.0", b"ANIMEXTS1.0")
            is_kept = data[at + 1] == 0xF9 or (data[at + 1] == 0xFF and looping)  # noqa: PLR2004
            at += 2
        else:
            raise ValueError("no block")
        while data[at]:
            at += 1 + data[at]
        at += 1
        if is_kept:
            kept.append(data[start:at])
    return b"".join(kept) + b"\x3b"
