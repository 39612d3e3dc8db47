"""Whose mailbox is whose, and what opens it."""

from complaints.models import Letter, Mailbox
from core import sealing
from core.actors import Actor
from core.errors import NotFound
from verification.access import organisations_where
from verification.models import Organisation
from verification.rules import Role

MAILBOX_TABLE = "complaints_mailbox"


def mailbox_of(provider: Organisation) -> Mailbox | None:
    """Return the provider's mailbox, if one is set. Whoever calls this has checked who asks."""
    found = Mailbox.objects.filter(provider=provider, ended_at__isnull=True)
    return found.select_related("provider", "data_key").first()


def provider_with_mailbox(account: Actor, code: str = "") -> Organisation:
    """Return the provider (of this code, where one is given) whose handler or authorizer the account is; NotFound for others."""
    mine = organisations_where(account, Role.HANDLER, Role.AUTHORIZER)
    found = (mine.filter(code=code) if code else mine).first()
    if found is None:
        raise NotFound
    return found


def credentials_of(mailbox: Mailbox) -> tuple[str, str]:
    """Return who signs in at the mailbox, and with which password: for the sign-in alone."""
    row, key = (MAILBOX_TABLE, mailbox.pk), mailbox.data_key
    user, password = (
        sealing.open_sealed(key, row=row, field=field, sealed=bytes(sealed)).reveal()
        for field, sealed in (("user", mailbox.user_sealed), ("password", mailbox.password_sealed))
    )
    return user, password


def is_fetched(mailbox: Mailbox, digest: str) -> bool:
    """Whether this message was kept as a letter before, wherever it lay in the mailbox then."""
    return Letter.objects.filter(mailbox=mailbox, message_digest=digest).exists()
