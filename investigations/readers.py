"""Who may read the ledger's entries about a request: its requester, and the provider's staff that reads it by role."""

from typing import Any

from core.errors import NotFound
from investigations import access
from ledger.access import register_reader


def read_investigation(account: Any, subject: str, provider: str) -> None:
    """Let whoever may see a request read its entries; NotFound for everybody else, its uploader included."""
    if access.get_for(account, subject).provider.code != provider:
        raise NotFound


register_reader("I-", read_investigation)
