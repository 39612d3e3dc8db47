"""What follows at once when somebody changes their account on allauth's pages."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_signed_up
from django.dispatch import receiver

from core import times
from verification import actions
from verification.models import Account


@receiver((password_changed, password_set, password_reset), dispatch_uid="verification.password")
def revoke_tokens(user: Account, **_: Any) -> None:
    """End every token; Django ends the sessions by itself, because they carry a digest of the old password."""
    actions.revoke_after_password_change(account=user, now=times.now())


@receiver(user_signed_up, dispatch_uid="verification.signed_up")
def record_account(user: Account, **_: Any) -> None:
    """Record that an account was opened by its owner."""
    actions.record_opened_account(account=user, now=times.now())
