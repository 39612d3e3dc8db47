"""Sounds: MP3, WAV, FLAC, Ogg (Vorbis, Opus, Theora, FLAC, Speex). What is heard is not touched."""

import struct
from dataclasses import dataclass, field

from core.cleaning.faults import NotCleanableError, unpacked
from core.cleaning.pictures import riff, riff_chunks

# Kilobits a second by the four bits of a frame's header, for MPEG 1 (layers I, II, III) and MPEG 2 and 2.5 (I, the others).
RATES = {
    (3, 3): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0),
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0),
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    (2, 3): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
SAMPLED = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
MPEG_1, LAYER_I, LAYER_III = 3, 3, 1
WAV_KEPT = frozenset({b"fmt ", b"data", b"fact"})
FLAC_KEPT = frozenset({0, 3})  # how it is sampled, and where to seek
FLAC_PADDING, FLAC_COMMENT = 1, 4
OGG_FIRST = 2  # the flag of a stream's first page
OGG_HEADER_BYTES = 27


def mp3(data: bytes) -> bytes:
    """Return the frames of the MP3, and nothing that stands before, between or behind them."""
    frames, at = [], 0
    while at + 4 <= len(data):
        size = _frame_bytes(data, at)
        if size and at + size <= len(data):
            frames.append(data[at : at + size])
            at += size
        elif data[at : at + 3] == b"ID3":
            at += 10 + sum((data[at + 6 + place] & 0x7F) << 7 * (3 - place) for place in range(4))
        else:
            at = _next_frame(data, at + 1)
    if not frames:
        raise NotCleanableError("no frame")
    return b"".join(frames)


def _next_frame(data: bytes, at: int) -> int:
    """Return where the next frame begins that is followed by another one or by the end."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 4 <= len(data):
        size = _frame_bytes(data, at)
        if size and (at + size == len(data) or _frame_bytes(data, at + size)):
            return at
        at += 1
    return len(data)


def _frame_bytes(data: bytes, at: int) -> int:
    """Return how long the frame is that begins here, or 0 where none begins."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] < 0xE0:  # noqa: PLR2004 - eleven bits that are set
        return 0
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    rate, sampled, is_padded = data[at + 2] >> 4, data[at + 2] >> 2 & 3, data[at + 2] >> 1 & 1
    if version == 1 or layer == 0 or sampled == 3 or rate in (0, 15):  # noqa: PLR2004 - reserved
        return 0
    group = (3, layer) if version == MPEG_1 else (2, LAYER_I if layer == LAYER_I else 2)
    bits, hertz = RATES[group][rate] * 1000, SAMPLED[version][sampled]
    if layer == LAYER_I:
        return (12 * bits // hertz + is_padded) * 4
    return (72 if layer == LAYER_III and version != MPEG_1 else 144) * bits // hertz + is_padded


def wav(data: bytes) -> bytes:
    """Return the WAV with its form and its samples."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise NotCleanableError("no WAV")
    kept = [(name, held) for name, held in riff_chunks(data) if name in WAV_KEPT]
    if not {b"fmt ", b"data"} <= {name for name, _held in kept}:
        raise NotCleanableError("no sound")
    return riff(b"WAVE", kept)


def flac(data: bytes) -> bytes:
    """Return the FLAC with the blocks that a decoder needs."""
    if data[:4] != b"fLaC":
        raise NotCleanableError("no FLAC")
    kept, at, is_last = [], 4, False
    while not is_last:
        is_last, kind = bool(data[at] & 0x80), data[at] & 0x7F
        end = at + 4 + (unpacked(">I", data, at) & 0xFFFFFF)
        if end > len(data):
            raise NotCleanableError("it ends too soon")
        if kind in FLAC_KEPT:
            kept.append(data[at:end])
        at = end
    if not kept or kept[0][0] & 0x7F:
        raise NotCleanableError("nothing says how it is sampled")
    blocks = [bytes([block[0] & 0x7F]) + block[1:] for block in kept]
    blocks[-1] = bytes([blocks[-1][0] | 0x80]) + blocks[-1][1:]
    sound = data[at:-128] if data[-128:-125] == b"TAG" else data[at:]
    return b"fLaC" + b"".join(blocks) + sound


def _table() -> tuple[int, ...]:
    made = []
    for one in range(256):
        value = one << 24
        for _bit in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
        made.append(value)
    return tuple(made)


CRC = _table()


@dataclass
class _Stream:
    """One of the streams in an Ogg file: what it is, how many packets of it ended, where the present one stands."""

    codec: bytes = b""
    packets: int = 0
    parts: list[tuple[int, int]] = field(default_factory=list)


def ogg(data: bytes) -> bytes:
    """Return the Ogg file with its comments blanked in their place, so that nothing else moves."""
    made, at, streams = bytearray(data), 0, dict[int, _Stream]()
    touched: list[tuple[int, int]] = []
    while data[at : at + 4] == b"OggS":
        serial, segments = unpacked("<I", data, at + 14), data[at + 26]
        lengths = data[at + OGG_HEADER_BYTES : at + OGG_HEADER_BYTES + segments]
        body = at + OGG_HEADER_BYTES + segments
        end = body + sum(lengths)
        if end > len(data):
            break  # cut off while it was recorded
        if data[at + 5] & OGG_FIRST:
            streams[serial] = _Stream()
        is_touched = _ogg_page(made, streams[serial], body, lengths)
        touched.append((at, end)) if is_touched else None
        at = end
    if not streams:
        raise NotCleanableError("no page")
    for start, end in touched:
        _ogg_checksum(made, start, end)
    return bytes(made[:at])


def _ogg_page(made: bytearray, stream: _Stream, body: int, lengths: bytes) -> bool:
    """Go through the packets of a page, and say whether it holds some of those that were blanked or will be."""
    is_touched, at = stream.packets > 0 and stream.packets <= _headers_of(stream.codec), body
    for length in lengths:
        stream.parts.append((at, at + length))
        at += length
        if length < 255:  # noqa: PLR2004 - shorter than a whole segment: the packet ends here
            packet = b"".join(made[start:end] for start, end in stream.parts)
            blank = _ogg_blank(stream, packet)
            place = 0
            for start, end in stream.parts:
                made[start:end] = blank[place : place + end - start]
                place += end - start
            is_touched = is_touched or blank != packet or stream.packets <= 1
            stream.packets, stream.parts = stream.packets + 1, []
    return is_touched


def _headers_of(codec: bytes) -> int:
    return 100 if codec == b"\x7fFLAC" else 1


def _ogg_blank(stream: _Stream, packet: bytes) -> bytes:
    if stream.packets == 0:
        known = (b"\x01vorbis", b"OpusHead", b"\x80theora", b"\x7fFLAC", b"Speex   ")
        stream.codec = next((codec for codec in known if packet.startswith(codec)), b"")
        if not stream.codec:
            raise NotCleanableError("a stream that we don't know")
        return packet
    if stream.codec == b"\x7fFLAC":
        return _flac_block(packet)
    if stream.packets > 1:
        return packet
    start = {b"\x01vorbis": b"\x03vorbis", b"OpusHead": b"OpusTags", b"\x80theora": b"\x81theora"}.get(
        stream.codec, b""
    )
    if not packet.startswith(start):
        raise NotCleanableError("comments that are none")
    return start + _comments(packet[len(start) :], is_framed=stream.codec == b"\x01vorbis")


def _flac_block(packet: bytes) -> bytes:
    if not packet or packet[0] == 0xFF or packet[0] & 0x7F in FLAC_KEPT:  # noqa: PLR2004 - a frame of sound
        return packet
    if packet[0] & 0x7F == FLAC_COMMENT:
        return packet[:4] + _comments(packet[4:], is_framed=False)
    return bytes([packet[0] & 0x80 | FLAC_PADDING]) + packet[1:4] + bytes(len(packet) - 4)


def _comments(said: bytes, *, is_framed: bool) -> bytes:
    """Return comments of the same length that say nothing: a maker's name of blanks, and no more."""
    room = len(said) - 8 - is_framed
    if room < 0:
        raise NotCleanableError("comments that are none")
    return struct.pack("<I", room) + b" " * room + struct.pack("<I", 0) + (b"\x01" if is_framed else b"")


def _ogg_checksum(made: bytearray, start: int, end: int) -> None:
    made[start + 22 : start + 26] = bytes(4)
    value = 0
    for byte in made[start:end]:
        value = (value << 8 & 0xFFFFFFFF) ^ CRC[value >> 24 ^ byte]
    made[start + 22 : start + 26] = struct.pack("<I", value)
