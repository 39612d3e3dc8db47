"""What an account shows of itself."""

from messaging.models import Preferences
from verification.models import Account


def preferences_of(account: Account) -> Preferences:
    """Return the account's preferences; as long as it has set none, those that hold for everybody."""
    return Preferences.objects.filter(account=account).first() or Preferences(account=account)
