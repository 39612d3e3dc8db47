"""How an uploader who has no account here yet is called to a conversation: how often, and what the others see of it."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_CALLS = 3  # in one conversation
# House rule: a week to open the mail, and one call a day at most whoever writes, so that nobody is flooded by strangers.
CALLED_AGAIN_AFTER = dt.timedelta(days=7)
ONE_CALL_WITHIN = dt.timedelta(days=1)
WATCHED_FOR = dt.timedelta(days=30)  # a mail that comes back later than this is told to nobody any more


class Reach(TextChoices):
    """How far a conversation has come to its uploader, as everybody in it sees it."""

    NOT_YET = "not_yet", _("not yet reached")
    TOLD = "told", _("told")
    HERE = "here", _("came here")
    READ = "read", _("has read")


def call_due(now: dt.datetime, last_call_of_subscriber: dt.datetime | None) -> dt.datetime:
    """Return when the uploader may be called next: now, or a day after the last call in whatever conversation.

    House rule: at most one call a day to one subscriber, so that the portal is no way to flood somebody with mail.
    """
    return now if last_call_of_subscriber is None else max(now, last_call_of_subscriber + ONE_CALL_WITHIN)


def reach_of(*, is_claimed: bool, has_read: bool, told_at: dt.datetime | None) -> Reach:
    """Return how far the uploader is reached: has read what was said or proposed, came here, was told, or not even that.

    House rule: nothing else of a person who is not here yet is shown, neither by which way nor what failed.
    """
    if has_read:
        return Reach.READ
    if is_claimed:
        return Reach.HERE
    return Reach.TOLD if told_at is not None else Reach.NOT_YET
