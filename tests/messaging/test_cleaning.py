"""What a picture says about its maker stays behind; the picture does not change."""

import struct
import zlib

import pytest

from messaging.cleaning import without_metadata

CANARY = b"Taken by Zhang San, 31.2304 N 121.4737 E"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def jpeg(*extra: bytes, tail: bytes = b"") -> bytes:
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\xff\x00\x56"
    tables = segment(0xDB, b"q" * 65)
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"".join(extra) + tables + scan + b"\xff\xd9" + tail


def webp(*extra: bytes) -> bytes:
    def part(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    flags = 0x0C if extra else 0
    body = b"WEBP" + part(b"VP8X", bytes((flags, 0, 0, 0)) + b"\0" * 6) + part(b"VP8L", b"pixels")
    body += b"".join(part(b"EXIF", data) for data in extra)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif(*comments: bytes) -> bytes:
    said = b"".join(b"\x21\xfe" + bytes((len(text),)) + text + b"\0" for text in comments)
    image = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + said + image + b"\x3b"


CASES = {
    "png text": ("image/png", png(chunk(b"tEXt", b"Author\0" + CANARY)), png()),
    "png exif": ("image/png", png(chunk(b"eXIf", CANARY)), png()),
    "jpeg exif": ("image/jpeg", jpeg(segment(0xE1, b"Exif\0\0" + CANARY)), jpeg()),
    "jpeg comment and iptc": ("image/jpeg", jpeg(segment(0xFE, CANARY), segment(0xED, CANARY)), jpeg()),
    "jpeg with more after its end": ("image/jpeg", jpeg(tail=CANARY), jpeg()),
    "webp exif": ("image/webp", webp(CANARY), webp()),
    "gif comment": ("image/gif", gif(CANARY), gif()),
}


@pytest.mark.parametrize("name", CASES)
def test_pictures_lose_what_they_say_and_nothing_else(name: str) -> None:
    media_type, given, wanted = CASES[name]

    assert CANARY in given
    assert without_metadata(given, media_type) == wanted
    assert without_metadata(wanted, media_type) == wanted


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n\xff"]
)
@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "image/webp", "image/gif", "text/plain"])
def test_what_is_broken_breaks_nothing(data: bytes, media_type: str) -> None:
    without_metadata(data, media_type)
