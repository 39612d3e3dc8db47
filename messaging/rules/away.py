"""When who is away is told by mail or by push that something waits: how soon, how often, and how long it is left alone."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Notify(TextChoices):
    """How an account wants to be told by mail of messages that it has not read."""

    SOON = "soon", _("Soon: a few minutes after something that I have not read")
    DAILY = "daily", _("Daily: what I have not read for a day, once a day at most")
    NEVER = "never", _("Never")


AWAY_AFTER = dt.timedelta(minutes=5)
DAILY_AFTER = dt.timedelta(days=1)
# After the first, the second, … mail in a row of which nothing was read; the last holds for all that follow.
PAUSES = (dt.timedelta(hours=4), dt.timedelta(days=1), dt.timedelta(days=3), dt.timedelta(days=7))
MOST_IN_A_MAIL = 50  # conversations


def next_mail_at(
    notify: str, oldest_at: dt.datetime, *, told_at: dt.datetime | None, unread_mails: int
) -> dt.datetime | None:
    """Return when the account may be told of messages of which the oldest came then; None where it wants no mail.

    House rule: five minutes after the oldest message that it was not told of, so that who is here is left in peace and
    what is said meanwhile goes into one mail; daily, a day after it. Who read nothing since the last mail is left
    alone for four hours, then a day, three days, and from then on a week.
    """
    if notify == Notify.NEVER:
        return None
    due_at = oldest_at + (DAILY_AFTER if notify == Notify.DAILY else AWAY_AFTER)
    if told_at is None:
        return due_at
    if notify == Notify.DAILY:
        due_at = max(due_at, told_at + DAILY_AFTER)
    if unread_mails:
        due_at = max(due_at, told_at + PAUSES[min(unread_mails, len(PAUSES)) - 1])
    return due_at
