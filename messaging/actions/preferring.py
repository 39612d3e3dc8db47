"""Setting what others see of oneself, and how one is told when away. It changes no matter, so the ledger has no entry."""

import datetime as dt

from messaging.actions.away import look_at
from messaging.actions.replying import revoke_reply_addresses
from messaging.models import Preferences
from messaging.rules import Notify
from verification.models import Account


def set_preferences(
    *, shows_presence: bool, shows_typing: bool, notify: str | None = None, by: Account, now: dt.datetime | None = None
) -> Preferences:
    """Set what the account's own sockets show of it; those that are open follow within two seconds.

    With ``notify`` (and ``now``) also how it is told by mail; who wants to be told sooner is looked at at once, and
    who wants no mails has none answered any more.
    """
    wanted: dict[str, bool | str] = {"shows_presence": shows_presence, "shows_typing": shows_typing}
    if notify is not None:
        wanted["notify"] = notify
    preferences = Preferences.objects.update_or_create(account=by, defaults=wanted)[0]
    if notify is not None and now is not None:
        if notify == Notify.NEVER:
            revoke_reply_addresses(account=by, now=now)
        else:
            look_at(account_id=by.pk, at=now)
    return preferences
