"""Telling who is away what waits: planned where something was said, written once, and stopped by one click.

None of it changes a matter, so the ledger has no entry of it.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from core import mail, sealing
from core.errors import NotFound
from messaging import access, rules
from messaging.access import News
from messaging.actions.replying import make_reply_address, revoke_reply_addresses
from messaging.models import Notice, Party, Preferences
from messaging.rules import Notify
from verification.models import Account

STOP = "messaging mails"  # what a token to stop them is sealed for


def plan_notices(*, conversation_id: UUID, now: dt.datetime) -> int:
    """Have those be looked at for whom something waits in a conversation that moved, and return how many those are.

    When exactly a mail is due is decided then; here it is only made sure that it is not too late.
    """
    accounts = access.accounts_with_news(conversation_id)
    for account_id in accounts:
        look_at(account_id=account_id, at=now + rules.AWAY_AFTER - rules.COVERED_WITHIN)
    return len(accounts)


def look_at(*, account_id: UUID, at: dt.datetime) -> None:
    """Have an account be looked at by then, or earlier where that is planned already."""
    _notice, is_new = Notice.objects.get_or_create(account_id=account_id, defaults={"due_at": at})
    if not is_new:
        Notice.objects.filter(Q(due_at__isnull=True) | Q(due_at__gt=at), account=account_id).update(due_at=at)


def send_notices(now: dt.datetime, limit: int = 100) -> int:
    """Write the mails that are due, each account under its row lock, and return how many were written."""
    written = 0
    for _ in range(limit):
        with transaction.atomic():
            due = access.due_notices(now).select_related("account").select_for_update(skip_locked=True, of=("self",))
            notice = due.first()
            if notice is None:
                break
            written += _look(notice, now)
    return written


def _look(notice: Notice, now: dt.datetime) -> int:
    """Write the account's mail if it is time for one, and note when it is looked at again."""
    account = notice.account
    news = access.news_of(account)
    oldest = min((one.untold_since for one in news if one.untold_since), default=None)
    read_total = access.read_total(account)
    if read_total > notice.read_total:
        notice.unread_mails = 0
    wanted = access.preferences_of(account).notify
    due_at = None
    if oldest is not None:
        due_at = rules.next_mail_at(wanted, oldest, told_at=notice.told_at, unread_mails=notice.unread_mails)
    is_time = due_at is not None and due_at <= now
    if is_time:
        notice.number, notice.told_at, notice.unread_mails = notice.number + 1, now, notice.unread_mails + 1
        _write(account, notice, [one for one in news if one.total], now)
        for one in news:
            told = one.party.conversation
            Party.objects.filter(pk=one.party.pk).update(told_seq=told.last_seq, told_news=told.last_news)
    notice.read_total = read_total
    # What came after the mail was written has planned anew; what did not fit into it is told in the next.
    notice.due_at = now if is_time and len(news) >= rules.MOST_IN_A_MAIL else None if is_time else due_at
    notice.save()
    return int(is_time)


def _write(account: Account, notice: Notice, news: list[News], now: dt.datetime) -> None:
    stop = settings.PORTAL_URL + reverse("messaging:stop-mails", args=[stop_token(account)])
    context = {
        "count": sum(one.total for one in news),
        "is_more_than_said": any(one.happened for one in news),
        "conversations": [_told_of(one) for one in news],
        "stop": stop,
        "preferences": settings.PORTAL_URL + reverse("messaging:preferences"),
        "name": settings.PORTAL_NAME,
    }
    # RFC 8058: a mail program shows a button for it, and needs no page and no sign-in.
    headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    answered_at = _answered_at(news, now)
    if answered_at:
        headers["Reply-To"] = answered_at
    context["can_be_answered"], context["mark"] = bool(answered_at), rules.MARK
    mail.enqueue(
        dedupe=f"{account.pk}:away:{notice.number}",
        to=account.email,
        template="messaging/mail/away",
        context=context,
        language=account.language,
        headers=headers,
        now=now,
    )


def _answered_at(news: list[News], now: dt.datetime) -> str:
    """Return where an answer to the mail goes; nowhere where it would not be clear to whom it speaks."""
    if len(news) != 1:
        return ""
    party = news[0].party
    is_writable = party.conversation.is_open and party.silenced_at is None
    return make_reply_address(party=party, now=now) if is_writable else ""


def _told_of(news: News) -> dict[str, Any]:
    conversation = news.party.conversation
    return {
        "title": mail.one_line(conversation.title),
        "provider": conversation.provider.name,
        "sides": [(side.label, count) for side, count in news.counts.items()],
        "happened": [(kind.label, count) for kind, count in news.happened.items()],
        "is_open": conversation.is_open,
        "link": settings.PORTAL_URL + reverse("messaging:conversation", args=[conversation.pk]),
    }


def stop_token(account: Account) -> str:
    """Return what lets whoever has the account's mail switch it off, and nothing else."""
    return sealing.seal_token(STOP, str(account.pk))


def account_of_stop(token: str) -> Account:
    """Return whose mails the token stops; NotFound for one that is not ours, or of an account that is gone."""
    try:
        found = Account.objects.filter(pk=UUID(sealing.open_token(STOP, token))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found


def stop_mails(*, token: str, now: dt.datetime) -> None:
    """Write no more mails to the account about messages that wait, and take no answers to earlier ones.

    Doing it again changes nothing.
    """
    account = account_of_stop(token)
    Preferences.objects.update_or_create(account=account, defaults={"notify": Notify.NEVER})
    revoke_reply_addresses(account=account, now=now)
