"""Looking into the portal's mailbox for answers by mail, in a thread of its own: it delays nothing else of the worker.

Each message is dealt with in one transaction and marked as seen after it; nothing is deleted or moved there.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection, transaction

from core import bounces, imap, times
from core.errors import Unavailable
from core.outgoing import NotCallable
from messaging import actions, rules
from messaging.models import ReplyBox

HELD_FOR = dt.timedelta(minutes=10)
log = logging.getLogger(__name__)


def place_and_credentials() -> tuple[str, str, str]:
    """Return the mailbox's address without its user and password, and the two of them."""
    parts = urlsplit(settings.REPLIES_URL)
    place = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, parts.fragment))
    return place, unquote(parts.username or ""), unquote(parts.password or "")


def claim(now: dt.datetime) -> ReplyBox | None:
    """Return the mailbox if it is due, held for this process for a while."""
    with transaction.atomic():
        ReplyBox.objects.get_or_create(pk=1, defaults={"next_try_at": now})
        box = ReplyBox.objects.select_for_update(skip_locked=True).filter(pk=1, next_try_at__lte=now).first()
        if box is not None:
            box.next_try_at = now + HELD_FOR
            box.save(update_fields=["next_try_at"])
    return box


def look_into(box: ReplyBox, clock: Callable[[], dt.datetime] = times.now) -> int:
    """Deal with what is new in the mailbox, the oldest first and not too much at once; return how many that were."""
    place, user, password = place_and_credentials()
    try:
        folder = imap.folder_of(place)
        with imap.opened(folder, user=user, password=password, most_bytes=rules.LARGEST_REPLY_BYTES) as session:
            taken = _read(box, session, clock)
    except (imap.Unreadable, NotCallable) as refusal:
        return _note_failure(box, refusal.code, clock())
    except Unavailable:
        return _note_failure(box, "unavailable", clock())
    again = clock() + (dt.timedelta(0) if taken == rules.MOST_REPLIES_AT_ONCE else rules.LOOKED_INTO_EVERY)
    ReplyBox.objects.filter(pk=box.pk).update(next_try_at=again, failures=0, failure="")
    return taken


def _note_failure(box: ReplyBox, code: str, now: dt.datetime) -> int:
    pause = min(rules.LONGEST_PAUSE, rules.LOOKED_INTO_EVERY * 2 ** min(box.failures + 1, 10))
    ReplyBox.objects.filter(pk=box.pk).update(next_try_at=now + pause, failures=box.failures + 1, failure=code[:40])
    log.warning("the mailbox for answers could not be read", extra={"error": code})
    return 0


def _read(box: ReplyBox, session: imap.Session, clock: Callable[[], dt.datetime]) -> int:
    last = box.last_uid if box.uid_validity == session.uid_validity else 0
    uids = session.uids_after(last, rules.MOST_REPLIES_AT_ONCE)
    for uid in uids:
        message = session.message(uid)
        if message is not None:
            _take(message, clock())
        ReplyBox.objects.filter(pk=box.pk).update(uid_validity=session.uid_validity, last_uid=uid)
        if message is not None:
            session.mark_read(uid)
    return len(uids)


def _take(message: imap.Message, now: dt.datetime) -> None:
    """Deal with one message. One that breaks something stays in the mailbox and must not stop those after it."""
    try:
        if not bounces.take(message.raw, now=now):
            actions.take_reply(raw=message.raw, is_whole=message.is_whole, now=now)
    except Unavailable:
        raise
    except Exception:
        log.exception("an answer by mail could not be dealt with", extra={"uid": message.uid})


class Reader:
    """The one thread of a process that looks into the mailbox."""

    def __init__(self, clock: Callable[[], dt.datetime] = times.now) -> None:
        self._clock = clock
        self._pool: ThreadPoolExecutor | None = None
        self._busy = threading.Lock()

    def sweep(self, now: dt.datetime) -> int:
        """Hand the mailbox to the thread if it is due, and return at once."""
        if not settings.REPLIES_URL or not self._busy.acquire(blocking=False):
            return 0
        try:
            box = claim(now)
            if box is not None:
                self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="replies")
                self._pool.submit(self._look, box)
        except BaseException:
            self._busy.release()
            raise
        if box is None:
            self._busy.release()
        return int(box is not None)

    def _look(self, box: ReplyBox) -> None:
        try:
            look_into(box, self._clock)
        except Exception:
            # It is held for a while and then tried again.
            log.exception("the mailbox for answers could not be looked into")
        finally:
            self._busy.release()
            connection.close()

    def close(self) -> None:
        """Wait for what is under way."""
        if self._pool is not None:
            self._pool.shutdown()
