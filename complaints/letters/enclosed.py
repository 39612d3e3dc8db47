"""The files that come with a letter: attached to a mail, or carried in a report; it opens none and judges none."""

from collections.abc import Iterator
from dataclasses import dataclass

from complaints.letters.charsets import decoded
from complaints.letters.mails import is_mail, mail_files, read_parts
from complaints.letters.xarf import SIGNS, evidence_in

MOST_FILES = 20


@dataclass(frozen=True)
class Enclosed:
    """A file that came with a letter; ``is_intact`` is False where it is not what the report's digest says."""

    name: str
    data: bytes
    is_intact: bool = True


def enclosed_in(letter: bytes) -> list[Enclosed]:
    """Return the files that came with a letter, at most ``MOST_FILES``, in order; the parts that are read are none."""
    found = [Enclosed(file.name or "file", file.data) for file in mail_files(letter)] if is_mail(letter) else []
    for text in _reports(letter):
        found += [Enclosed(one.name or "evidence", one.data, one.is_intact is not False) for one in evidence_in(text)]
    return found[:MOST_FILES]


def _reports(letter: bytes) -> Iterator[str]:
    texts = read_parts(letter) if is_mail(letter) else iter([decoded(letter)] if b"{" in letter[:1000] else [])
    return (text for text in texts if SIGNS[0] in text)
