"""Pictures: JPEG, PNG, WebP, GIF, TIFF. The picture itself is not decoded, so that nothing of it is lost."""

import re
import struct
from collections.abc import Iterator

from core.cleaning.faults import NotCleanableError, unpacked

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
WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"})
WEBP_TOLD = 0x2C  # the flags that say that there are a colour profile, EXIF and XMP
JPEG_SCAN, JPEG_END, JPEG_COMMENT = 0xDA, 0xD9, 0xFE
JPEG_APPLICATION = range(0xE0, 0xF0)
JPEG_JFIF, JPEG_EXIF, JPEG_ADOBE = 0xE0, 0xE1, 0xEE
JPEG_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
ORIENTATION, UPRIGHT = 0x0112, 1
# What it takes to show a TIFF (TIFF 6.0 and its supplements), by tag.
TIFF_KEPT = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291, 292, 293}
    | {296, 297, 301, 317, 318, 319, 320, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 342, 347}
    | {529, 530, 531, 532}
)
TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
TIFF_DATA = ((273, 279), (324, 325))  # where strips and tiles begin, and how long they are
TIFF_COMPRESSION, TIFF_OLD_JPEG, TIFF_INNER = 259, 6, 330
MOST_PAGES = 2_000


def jpeg(data: bytes) -> bytes:
    """Return the JPEG without its application segments and comments, and without what follows its end.

    How a camera was held stays, and nothing else of the EXIF data: without it the picture would lie on its side.
    """
    if not data.startswith(b"\xff\xd8"):
        raise NotCleanableError("no JPEG")
    kept, at, has_scan, turned = [data[:2]], 2, False, UPRIGHT
    while at < len(data):
        marker = _marker(data, at)
        if marker == 0xFF:  # noqa: PLR2004 - filling
            at += 1
            continue
        if marker == JPEG_END:
            break
        end = at + 2 + unpacked(">H", data, at + 2)
        if end > len(data):
            raise NotCleanableError("it ends too soon")
        if marker == JPEG_EXIF and turned == UPRIGHT:
            turned = _orientation(data[at + 4 : end])
        kept.append(_segment(marker, data[at:end]))
        at = end
        if marker == JPEG_SCAN:
            has_scan, at = True, _end_of_scan(data, at)
            kept.append(data[end:at])
    if not has_scan:
        raise NotCleanableError("no picture")
    if turned != UPRIGHT:
        kept.insert(2 if kept[1].startswith(b"\xff\xe0") else 1, _turned(turned))
    return b"".join(kept) + b"\xff\xd9"


def _marker(data: bytes, at: int) -> int:
    if data[at] != 0xFF:  # noqa: PLR2004 - every marker begins with it
        raise NotCleanableError("no marker")
    return data[at + 1]


def _end_of_scan(data: bytes, at: int) -> int:
    found = JPEG_MARKER.search(data, at)
    return found.start() if found else len(data)


def _segment(marker: int, segment: bytes) -> bytes:
    """Return what stays of a segment: of JFIF and Adobe what a decoder reads, of other applications and comments nothing."""
    if marker == JPEG_JFIF and segment[4:9] == b"JFIF\0":
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0" if len(segment) > 18 else segment  # noqa: PLR2004 - no thumbnail
    if marker == JPEG_ADOBE and segment[4:9] == b"Adobe":
        return b"\xff\xee\x00\x0e" + segment[4:16]
    return b"" if marker in JPEG_APPLICATION or marker == JPEG_COMMENT else segment


def _orientation(exif: bytes) -> int:
    tiff = exif[6:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if not exif.startswith(b"Exif\0") or order is None:
        return UPRIGHT
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, directory)
        for at in range(directory + 2, directory + 2 + 12 * count, 12):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, at)
            if tag == ORIENTATION:
                return value if value in range(1, 9) else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def _turned(orientation: int) -> bytes:
    said = b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said


def png(data: bytes) -> bytes:
    """Return the PNG with the chunks that are the picture."""
    if not data.startswith(PNG_SIGNATURE):
        raise NotCleanableError("no PNG")
    kept, at, name = [PNG_SIGNATURE], len(PNG_SIGNATURE), b""
    while name != b"IEND":
        end, name = at + 12 + unpacked(">I", data, at), data[at + 4 : at + 8]
        if end > len(data):
            raise NotCleanableError("it ends too soon")
        if name in PNG_KEPT:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of each chunk of a RIFF file, as far as they are whole."""
    at = 12
    while at + 8 <= len(data):
        size = unpacked("<I", data, at + 4)
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def riff(form: bytes, chunks: list[tuple[bytes, bytes]]) -> bytes:
    """Return a RIFF file of these chunks."""
    parts = [name + struct.pack("<I", len(held)) + held + b"\0" * (len(held) % 2) for name, held in chunks]
    body = form + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp(data: bytes) -> bytes:
    """Return the WebP with the chunks that are the picture."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise NotCleanableError("no WebP")
    kept = [(name, held) for name, held in riff_chunks(data) if name in WEBP_KEPT]
    if not kept:
        raise NotCleanableError("no picture")
    told = [(name, bytes([held[0] & ~WEBP_TOLD]) + held[1:] if name == b"VP8X" else held) for name, held in kept]
    return riff(b"WEBP", told)


def gif(data: bytes) -> bytes:
    """Return the GIF without comments and foreign application blocks; the looping of an animation stays."""
    if data[:3] != b"GIF":
        raise NotCleanableError("no GIF")
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
            raise NotCleanableError("no block")
        while data[at]:
            at += 1 + data[at]
        at += 1
        if is_kept:
            kept.append(data[start:at])
    return b"".join(kept) + b"\x3b"


def tiff(data: bytes) -> bytes:
    """Return the TIFF with all bytes zero that are no part of a picture: what is not referred to any more is not there."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        raise NotCleanableError("no TIFF that we know")
    made = bytearray(len(data))
    made[:8] = data[:8]
    directory, seen = unpacked(f"{order}I", data, 4), set[int]()
    while directory and directory not in seen and len(seen) < MOST_PAGES:
        seen.add(directory)
        directory = _tiff_page(data, made, directory, order)
    if not seen or directory:
        raise NotCleanableError("no pages, or without end")
    return bytes(made)


def _tiff_page(data: bytes, made: bytearray, directory: int, order: str) -> int:
    """Copy one page and its kept tags, and return where the next directory stands."""
    count = unpacked(f"{order}H", data, directory)
    entries = [data[at : at + 12] for at in range(directory + 2, directory + 2 + 12 * count, 12)]
    following = unpacked(f"{order}I", data, directory + 2 + 12 * count)
    kept, values = [], dict[int, list[int]]()
    for entry in entries:
        tag, kind, number = struct.unpack(f"{order}HHI", entry[:8])
        if tag == TIFF_INNER:
            raise NotCleanableError("it has pictures within its picture")
        if tag not in TIFF_KEPT:
            continue
        size = TIFF_SIZES.get(kind, 0) * number
        at = unpacked(f"{order}I", entry, 8)
        if not size or (size > 4 and at + size > len(data)):  # noqa: PLR2004 - what fits stands in the entry itself
            raise NotCleanableError("a value that is not there")
        held = entry[8 : 8 + size] if size <= 4 else data[at : at + size]  # noqa: PLR2004
        if size > 4:  # noqa: PLR2004
            made[at : at + size] = held
        else:
            entry = entry[:8] + held.ljust(4, b"\0")  # noqa: PLW2901 - what stands behind a short value goes too
        kept.append(entry)
        values[tag] = _tiff_numbers(held, kind, number, order)
    if values.get(TIFF_COMPRESSION) == [TIFF_OLD_JPEG]:
        raise NotCleanableError("a JPEG within, of the old kind")
    for starts, lengths in TIFF_DATA:
        for start, length in zip(values.get(starts, ()), values.get(lengths, ()), strict=True):
            made[start : start + length] = data[start : start + length]
    written = struct.pack(f"{order}H", len(kept)) + b"".join(kept) + struct.pack(f"{order}I", following)
    made[directory : directory + len(written)] = written
    return following


def _tiff_numbers(held: bytes, kind: int, number: int, order: str) -> list[int]:
    form = {1: "B", 3: "H", 4: "I"}.get(kind)
    return list(struct.unpack(f"{order}{number}{form}", held)) if form else []
