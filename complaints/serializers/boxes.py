"""A provider's mailbox as programs set it and as people see it: never who signs in there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from complaints.serializers.given import Optional
from core.shapes import Shape, Text
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.models import Mailbox

FAILURES = {
    "not_reached": gettext_lazy("its server does not answer"),
    "not_found": gettext_lazy("its server has no such name"),
    "not_public": gettext_lazy("its server is at no public address"),
    "not_https": gettext_lazy("its address is without TLS"),
    "malformed": gettext_lazy("its address is none"),
    "certificate": gettext_lazy("its server's certificate is not valid"),
    "not_signed_in": gettext_lazy("its server does not accept name and password"),
    "no_folder": gettext_lazy("there is no such folder"),
    "no_uids": gettext_lazy("its server does not number its messages"),
    "refused": gettext_lazy("its server refused what was asked"),
    "broken_off": gettext_lazy("its server broke off"),
}


class MailboxInput(Shape):
    """Where letters are fetched from, and who signs in there; without a password the known one of the same host stays."""

    address = Text(max_length=300)
    user = Text(max_length=200)
    password = Optional(max_length=300)
    provider = Optional(max_length=40)


def shown(mailbox: Mailbox | None) -> dict[str, Any]:
    """Return which mailbox is set and how it goes."""
    if mailbox is None:
        return {"address": None, "set_at": None, "checked_at": None, "failure": None, "failing_since": None}
    return {
        "address": mailbox.address,
        "set_at": rfc3339(mailbox.set_at),
        "checked_at": rfc3339(mailbox.checked_at) if mailbox.checked_at else None,
        "failure": mailbox.failure or None,
        "failing_since": rfc3339(mailbox.failing_since) if mailbox.failing_since else None,
    }


def failure_of(mailbox: Mailbox | None) -> str:
    """Return why the mailbox cannot be read, in words; nothing where it can."""
    if mailbox is None or not mailbox.failure:
        return ""
    return str(FAILURES.get(mailbox.failure, mailbox.failure))
