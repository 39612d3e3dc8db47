"""Setting what others see of oneself. It changes no matter, so the ledger has no entry of it."""

from messaging.models import Preferences
from verification.models import Account


def set_preferences(*, shows_presence: bool, shows_typing: bool, by: Account) -> Preferences:
    """Set what the account's own sockets show of it; those that are open follow within two seconds."""
    wanted = {"shows_presence": shows_presence, "shows_typing": shows_typing}
    return Preferences.objects.update_or_create(account=by, defaults=wanted)[0]
