"""What is going on about a piece of content, asked of the apps above that know: complaints, conversations."""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

from core.desk import Waiting
from verification.models import Account

# Told the account, the ids of its content and the time, it returns what is pending there, by id.
Teller = Callable[[Account, list[UUID], dt.datetime], dict[UUID, list[Waiting]]]
_tellers: dict[str, Teller] = {}


def register(name: str, teller: Teller) -> None:
    """Have the uploader's page show what ``teller`` knows. An app registers at its start, once by its name."""
    _tellers[name] = teller


def pending_at(account: Account, content: list[UUID], now: dt.datetime) -> dict[UUID, list[Waiting]]:
    """Return what is pending at each of these pieces of the account's content; nothing for the others."""
    found: dict[UUID, list[Waiting]] = {}
    for teller in _tellers.values():
        for key, waiting in teller(account, content, now).items():
            found.setdefault(key, []).extend(waiting)
    return found
