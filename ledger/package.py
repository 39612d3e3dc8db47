"""The bag (BagIt, RFC 8493) in a zip, as bytes that are the same whenever the same things go in. Pure: no table, no key.

Everything is stored uncompressed, in one order and with one date, so no byte of the archive depends on a library's
version; and so a reader can build it again from what it holds and compare every byte.
"""

import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LARGEST_BYTES = 64 * 1024 * 1024
MOST_FILES = 100
BAGIT = "bagit.txt"
INFO = "bag-info.txt"
README = "README.txt"
MANIFEST = "manifest-sha256.txt"
SIGNATURE = "signature.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNED_TAGS = (BAGIT, INFO, README, MANIFEST)
BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
FIRST_DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip can hold
_NAME = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)+[A-Za-z0-9][A-Za-z0-9._-]*")


class WrongPackage(ValueError):
    """The bytes are not a package of this form; says the first thing that is wrong."""


@dataclass(frozen=True)
class Bag:
    """A bag: the name of its one folder, its tag files, its payload by path below ``data/``."""

    name: str
    tags: Mapping[str, bytes]
    payload: Mapping[str, bytes]


def manifest(files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of the files, as ``sha256sum -c`` reads it."""
    lines = [f"{hashlib.sha256(data).hexdigest()}  {path}\n" for path, data in sorted(files.items())]
    return "".join(lines).encode()


def info_text(payload: Mapping[str, bytes], info: Sequence[tuple[str, str]]) -> bytes:
    """Return ``bag-info.txt``: the labels given, and the count of bytes and files that the format has for a check."""
    oxum = f"{sum(map(len, payload.values()))}.{len(payload)}"
    return "".join(f"{label}: {value}\n" for label, value in (*info, ("Payload-Oxum", oxum))).encode()


def tags_of(payload: Mapping[str, bytes], *, info: bytes, readme: bytes) -> dict[str, bytes]:
    """Return the tag files that are signed: all but the signature and the manifest of tag files."""
    whole = {f"data/{path}": data for path, data in payload.items()}
    return {BAGIT: BAGIT_TEXT, INFO: info, README: readme, MANIFEST: manifest(whole)}


def zipped(bag: Bag) -> bytes:
    """Return the bag as a zip. ``bag.tags`` are all tag files but the manifest of tag files, which is made here."""
    tags = {**bag.tags, TAG_MANIFEST: manifest(bag.tags)}
    files = {**tags, **{f"data/{path}": data for path, data in bag.payload.items()}}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(f"{bag.name}/{path}", FIRST_DATE)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, files[path])
    return buffer.getvalue()


def unzipped(data: bytes) -> Bag:
    """Return the bag in the bytes, after checking its form, its manifests and every byte of the archive.

    Raises WrongPackage. Nothing is written anywhere, and no more is read than the archive's own length.
    """
    if len(data) > LARGEST_BYTES:
        raise WrongPackage(f"larger than {LARGEST_BYTES} bytes")
    files, name = _files_of(data)
    payload = {path.removeprefix("data/"): content for path, content in files.items() if path.startswith("data/")}
    tags = {path: content for path, content in files.items() if not path.startswith("data/")}
    _check_manifests(payload, tags)
    bag = Bag(name, {path: content for path, content in tags.items() if path != TAG_MANIFEST}, payload)
    if zipped(bag) != data:
        raise WrongPackage("the archive differs from what its files make: something was changed, added or hidden")
    return bag


def _files_of(data: bytes) -> tuple[dict[str, bytes], str]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, len(data))
            for member in members:
                files[member.filename] = archive.read(member)
    except WrongPackage:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a hostile archive makes the library do, it is no package
        raise WrongPackage(f"not a zip that can be read ({type(error).__name__})") from None
    names = {path.partition("/")[0] for path in files}
    if len(names) != 1:
        raise WrongPackage("not one folder at the top")
    name = names.pop()
    return {path.removeprefix(f"{name}/"): content for path, content in files.items()}, name


def _check_members(members: Sequence[zipfile.ZipInfo], length: int) -> None:
    if not 0 < len(members) <= MOST_FILES:
        raise WrongPackage(f"holds {len(members)} files; 1 to {MOST_FILES} are expected")
    if sum(member.file_size for member in members) > length:
        raise WrongPackage("says that it holds more than it is long")
    seen: set[str] = set()
    for member in members:
        path = member.filename
        if not _NAME.fullmatch(path) or path in seen:
            raise WrongPackage(f"holds a path that no package has: {path[:80]!r}")
        if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 0x1:
            raise WrongPackage(f"{path} is compressed or encrypted")
        seen.add(path)


def _check_manifests(payload: Mapping[str, bytes], tags: Mapping[str, bytes]) -> None:
    expected = {*SIGNED_TAGS, SIGNATURE, TAG_MANIFEST}
    if missing := sorted(expected - set(tags)):
        raise WrongPackage(f"{missing[0]} is missing")
    if added := sorted(set(tags) - expected):
        raise WrongPackage(f"{added[0]} was added")
    if tags[BAGIT] != BAGIT_TEXT:
        raise WrongPackage(f"{BAGIT} does not say what BagIt 1.0 asks for")
    others = {path: data for path, data in tags.items() if path != TAG_MANIFEST}
    _check_manifest(MANIFEST, tags[MANIFEST], {f"data/{path}": data for path, data in payload.items()})
    _check_manifest(TAG_MANIFEST, tags[TAG_MANIFEST], others)


def _check_manifest(name: str, text: bytes, files: Mapping[str, bytes]) -> None:
    right = manifest(files)
    if text == right:
        return
    said: dict[bytes, bytes] = {}
    for line in text.splitlines():
        digest, _, path = line.partition(b"  ")
        said[path] = digest
    for line in right.splitlines():
        digest, _, path = line.partition(b"  ")
        if path not in said:
            raise WrongPackage(f"{path.decode()} is not in {name}")
        if said[path] != digest:
            raise WrongPackage(f"{path.decode()} is not what {name} says")
    raise WrongPackage(f"{name} names files that are not there")
