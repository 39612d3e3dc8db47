"""Who reads the ledger of accounts and identities, and the files of identities."""

from core.actors import Actor
from core.errors import NotFound
from ledger.access import EVERY_SUBJECT, register_reader
from verification import access, files_access
from verification.models import Account
from verification.rules import Role


def own_account(account: Actor, subject: str, _provider: str) -> None:
    """Let the account read what was recorded about itself."""
    if not isinstance(account, Account) or subject != account.ledger_reference:
        raise NotFound


def identity(account: Account, subject: str, _provider: str) -> None:
    """Let the person, reviewers and auditors read what was recorded about an identity."""
    access.readable_in_ledger(account, subject)


def auditor(account: Account, _subject: str, provider: str) -> None:
    """Let a provider's auditors read everything of their provider, and nothing else."""
    if not provider or not access.organisations_where(account, Role.AUDITOR).filter(code=provider).exists():
        raise NotFound


register_reader("account:", own_account)
register_reader("identity:", identity)
register_reader(EVERY_SUBJECT, auditor)
files_access.register("identity:", access.require_can_read_documents)
