"""Sides and states of a conversation, and its sizes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Side(TextChoices):
    """On which side of a conversation a party stands. To the others a party is its side, never a name."""

    RIGHTS_HOLDER = "rights_holder", _("Rights holder")
    UPLOADER = "uploader", _("Uploader")
    STAFF = "staff", _("Provider's staff")


class State(TextChoices):
    """Whether a conversation can be written in; a closed one is still readable."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


MOVES: dict[State, tuple[State, ...]] = {State.OPEN: (State.CLOSED,), State.CLOSED: ()}

LONGEST_BODY = 8_000  # characters
MOST_ATTACHMENTS = 10
LONGEST_TITLE = 200
LONGEST_SEARCH = 200  # characters looked for
HIGHEST_SEQ = 2**53 - 1  # what a browser's numbers can hold

# What a file is called to the other side: its own name may say who sent it.
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/tiff": "tif",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "application/zip": "zip",
    "message/rfc822": "eml",
    "text/plain": "txt",
}
