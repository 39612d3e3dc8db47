"""Films: MP4 and WebM. What they say is blanked in its place, so that nothing in them moves; streams are not touched.

A film with other tracks than pictures and sound (subtitles, positions, telemetry) is left to its sender's decision.
"""

from core.cleaning.faults import NotCleanableError, unpacked

Boxes = dict[bytes, frozenset[bytes]]


def _names(text: str) -> frozenset[bytes]:
    return frozenset(name.encode() for name in text.split())


# The boxes that stay (ISO/IEC 14496-12), by the box in which they stand; those that are keys are looked into.
KEPT: Boxes = {
    b"": _names("ftyp styp moov mdat moof sidx ssix mfra prft"),
    b"moov": _names("mvhd trak mvex"),
    b"trak": _names("tkhd edts mdia tref"),
    b"mdia": _names("mdhd hdlr minf elng"),
    b"minf": _names("vmhd smhd nmhd dinf stbl gmhd"),
    b"dinf": _names("dref"),
    b"stbl": _names("stsd stts ctts cslg stsc stsz stz2 stco co64 stss stsh sdtp sbgp sgpd saiz saio padb"),
    b"moof": _names("mfhd traf"),
    b"traf": _names("tfhd tfdt trun sbgp sgpd saiz saio subs"),
}
TIMED = _names("mvhd tkhd mdhd")
TRACKS = _names("vide soun")
TO_THE_END, LONG = 0, 1
COMPRESSOR = slice(50, 82)  # within a sample entry: what the encoder calls itself


def mp4(data: bytes) -> bytes:
    """Return the MP4 with times, names, places and whatever else is no part of playing it blanked."""
    made = bytearray(data)
    if b"moov" not in _boxes(made, 0, len(made), b""):
        raise NotCleanableError("no film")
    return bytes(made)


def _boxes(made: bytearray, at: int, end: int, within: bytes) -> set[bytes]:
    """Clean the boxes that stand there, and return their names."""
    names = set()
    while at + 8 <= end:
        size, name, head = unpacked(">I", made, at), bytes(made[at + 4 : at + 8]), 8
        if size == LONG:
            size, head = unpacked(">Q", made, at + 8), 16
        elif size == TO_THE_END and not within:
            size = end - at
        if size < head or at + size > end:
            raise NotCleanableError("a box that does not fit")
        _box(made, name, (at, at + head, at + size), within)
        names.add(name)
        at += size
    made[at:end] = bytes(end - at)
    return names


def _box(made: bytearray, name: bytes, place: tuple[int, int, int], within: bytes) -> None:
    start, at, end = place
    if name not in KEPT[within]:
        made[start + 4 : start + 8] = b"free"
        made[at:end] = bytes(end - at)
    elif name in KEPT:
        _boxes(made, at, end, name)
    elif name in TIMED:
        made[at + 4 : at + (20 if made[at] else 12)] = bytes(16 if made[at] else 8)
    elif name == b"hdlr":
        if bytes(made[at + 8 : at + 12]) not in TRACKS:
            raise NotCleanableError("a track that is neither pictures nor sound")
        made[at + 12 : end] = bytes(end - at - 12)
    elif name == b"dref":
        _references(made, at + 8, end)
    elif name == b"stsd":
        _samples(made, at + 8, end)


def _references(made: bytearray, at: int, end: int) -> None:
    while at + 12 <= end:
        size = unpacked(">I", made, at)
        is_inside = made[at + 11] & 1
        if size < 12 or at + size > end or not is_inside:  # noqa: PLR2004 - what a reference has at least
            raise NotCleanableError("its streams are elsewhere")
        made[at + 12 : at + size] = bytes(size - 12)
        at += size


def _samples(made: bytearray, at: int, end: int) -> None:
    while at + 8 <= end:
        size = unpacked(">I", made, at)
        if size < 8 or at + size > end:  # noqa: PLR2004
            raise NotCleanableError("a sample entry that does not fit")
        # A picture's entry has a frame count of one there, a sound's has not.
        if size > COMPRESSOR.stop + 4 and unpacked(">H", made, at + 48) == 1:
            made[at + COMPRESSOR.start : at + COMPRESSOR.stop] = bytes(32)
        at += size


# Elements of Matroska and WebM (RFC 9559).
SEGMENT, CLUSTER, HEADER = 0x18538067, 0x1F43B675, 0x1A45DFA3
INFO, TRACKS_LIST, TRACK, TRACK_TYPE = 0x1549A966, 0x1654AE6B, 0xAE, 0x83
VOID, NAMES_OF_PROGRAMS = 0xEC, (0x4D80, 0x5741)
# At the top, and within clusters, which may have no size and so no end: seek heads, cues, times, blocks and their groups.
KEPT_ABOVE = frozenset({HEADER, 0x114D9B74, 0x1C53BB6B, 0xE7, 0xA3, 0xA0, 0xAB, 0xA7})
KEPT_OF_INFO = frozenset({0x2AD7B1, 0x4489})  # the unit of its times, and how long it is
BLANK_OF_TRACK = frozenset(
    {0x536E, 0x258688, 0x3B4040, 0x26B240, 0xBF, VOID}
)  # names, settings and addresses of codecs
PICTURES_AND_SOUND = (1, 2)


def webm(data: bytes) -> bytes:
    """Return the WebM with titles, dates, programs, tags and attachments blanked."""
    made = bytearray(data)
    if not data.startswith(b"\x1a\x45\xdf\xa3") or not _elements(made, 0, len(made), SEGMENT):
        raise NotCleanableError("no WebM")
    return bytes(made)


def _vint(made: bytearray, at: int, *, keeps_mark: bool) -> tuple[int, int]:
    """Return the number of variable length that stands there and where it ends; -1 for a size that is not known."""
    first = made[at]
    if not first:
        raise NotCleanableError("a number that is too long")
    length = 9 - first.bit_length()
    value = int.from_bytes(made[at : at + length], "big")
    if not keeps_mark:
        mask = (1 << 7 * length) - 1
        value = -1 if value & mask == mask else value & mask
    return value, at + length


def _elements(made: bytearray, at: int, end: int, within: int) -> bool:
    """Clean the elements that stand there, and say whether there is a track among them."""
    has_tracks = False
    while at < end:
        name, after = _vint(made, at, keeps_mark=True)
        size, content = _vint(made, after, keeps_mark=False)
        stop = content + size
        if within == SEGMENT and name in (SEGMENT, CLUSTER):
            at = content
            continue
        if size < 0 or stop > end:
            if within == SEGMENT and size >= 0 and name in KEPT_ABOVE:
                break  # cut off while it was recorded
            raise NotCleanableError("an element that does not fit")
        has_tracks = _element(made, name, (at, content, stop), within) or has_tracks
        at = stop
    made[at:end] = bytes(end - at)
    return has_tracks


def _element(made: bytearray, name: int, place: tuple[int, int, int], within: int) -> bool:
    start, content, stop = place
    if (within, name) in ((SEGMENT, INFO), (SEGMENT, TRACKS_LIST), (TRACKS_LIST, TRACK)):
        return _elements(made, content, stop, name) or name == TRACK
    if name == TRACK_TYPE and within == TRACK and made[stop - 1] not in PICTURES_AND_SOUND:
        raise NotCleanableError("a track that is neither pictures nor sound")
    if within == INFO and name in NAMES_OF_PROGRAMS:
        made[content:stop] = bytes(stop - content)
    elif not _is_kept(name, within):
        _blank(made, start, stop)
    return False


def _is_kept(name: int, within: int) -> bool:
    if within == TRACK:
        return name not in BLANK_OF_TRACK
    return name in {SEGMENT: KEPT_ABOVE, INFO: KEPT_OF_INFO}.get(within, ())


def _blank(made: bytearray, start: int, stop: int) -> None:
    """Put an element in its place that says that nothing is here."""
    room = stop - start - 2
    if room <= 126:  # noqa: PLR2004 - what one byte can say
        made[start:stop] = bytes([VOID, 0x80 | room]) + bytes(room)
    else:
        made[start:stop] = bytes([VOID, 1]) + (room - 7).to_bytes(7, "big") + bytes(room - 7)
