"""The demo's mail: every message becomes a file in a folder, where people can read it. Nothing leaves the machine."""

import datetime as dt
import email
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage as ParsedMessage
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from core.errors import NotFound
from verification.access import account_with_email

NAME = re.compile(r"^[0-9]{20}-[0-9a-f]{32}\.eml$")
NEWEST = 200


class FolderBackend(BaseEmailBackend):
    """Writes one `.eml` a message; names sort by time, and a file is there wholly or not at all."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages and return how many that were."""
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns():020d}-{uuid4().hex}.eml"
            unfinished = folder / f".{name}.part"
            delivered = message.message()
            # Who delivers a mail at last writes down where it returns to (RFC 5321).
            delivered["Return-Path"] = f"<{parseaddr(message.from_email)[1]}>"
            unfinished.write_bytes(delivered.as_bytes())
            # A rename is atomic: who lists the folder never reads half a mail.
            os.replace(unfinished, folder / name)  # noqa: PTH105 - it says that it replaces
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """A mail of the demo, as people read it."""

    name: str
    written_at: dt.datetime
    to: str
    subject: str
    body: str


def newest() -> list[Mail]:
    """Return the newest 200 mails, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    names = sorted((path.name for path in folder.glob("*.eml") if NAME.fullmatch(path.name)), reverse=True)
    return [_read(folder / name) for name in names[:NEWEST]]


def get(name: str) -> Mail:
    """Return the mail of this file name; NotFound when there is none."""
    path = Path(settings.EMAIL_FILE_PATH) / name
    if not NAME.fullmatch(name) or not path.is_file():
        raise NotFound
    return _read(path)


def _read(path: Path) -> Mail:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, ParsedMessage)
    plain = message.get_body(("plain",))
    return Mail(
        name=path.name,
        written_at=dt.datetime.fromtimestamp(int(path.name[:20]) / 1e9, dt.UTC),
        to=_shown(str(message["To"] or "")),
        subject=str(message["Subject"] or ""),
        body=plain.get_content() if plain is not None else "",
    )


def _shown(address: str) -> str:
    """Return an account's own address whole; of any other, a customer's contact address above all, only where it is."""
    if account_with_email(address) is not None:
        return address
    return f"…@{address.rpartition('@')[2]}"
