"""Looking into the mailboxes of providers, in threads of its own: none delays the worker or another provider.

Each message is kept in one transaction with how far the mailbox was read, and marked as seen after the commit.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connection, transaction

from complaints import access, actions, rules
from complaints.models import Mailbox
from core import bounces, imap, times
from core.errors import Conflict
from core.outgoing import NotCallable

READERS = 4
log = logging.getLogger(__name__)


def look_into(mailbox: Mailbox, clock: Callable[[], dt.datetime] = times.now) -> int:
    """Keep what is new in a mailbox, the oldest first and not too much at once; return how many letters that were."""
    try:
        user, password = access.credentials_of(mailbox)
        folder = imap.folder_of(mailbox.address)
        with imap.opened(folder, user=user, password=password, most_bytes=rules.LONGEST_MAIL_BYTES) as session:
            kept, has_more = _read(mailbox, session, clock)
    except (imap.Unreadable, NotCallable) as refusal:
        actions.note_failure(mailbox=mailbox, code=refusal.code, now=clock())
        log.warning("a mailbox could not be read", extra={"mailbox": str(mailbox.pk), "error": refusal.code})
        return 0
    actions.note_look(mailbox=mailbox, has_more=has_more, now=clock())
    return kept


def _read(mailbox: Mailbox, session: imap.Session, clock: Callable[[], dt.datetime]) -> tuple[int, bool]:
    last = mailbox.last_uid if mailbox.uid_validity == session.uid_validity else 0
    uids = session.uids_after(last, rules.MOST_AT_ONCE)
    kept = 0
    for uid in uids:
        message = session.message(uid)
        if message is not None:
            kept += _take(mailbox.pk, session.uid_validity, message, clock())
            session.mark_read(uid)
    return kept, len(uids) == rules.MOST_AT_ONCE


def _take(mailbox_id: UUID, uid_validity: int, message: imap.Message, now: dt.datetime) -> bool:
    """Keep one message, and say whether it is a new letter: no report of our own mail, none that was kept before."""
    if not bounces.take(message.raw, now=now):
        try:
            actions.keep_fetched(mailbox_id=mailbox_id, uid_validity=uid_validity, message=message, now=now)
        except Conflict:
            log.info("a message was kept before", extra={"mailbox": str(mailbox_id)})
        else:
            return True
    actions.pass_over(mailbox_id=mailbox_id, uid_validity=uid_validity, uid=message.uid)
    return False


class Readers:
    """The threads of one process that look into mailboxes, and how many are under way."""

    def __init__(self, clock: Callable[[], dt.datetime] = times.now) -> None:
        self._clock = clock
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._busy = 0

    def sweep(self, now: dt.datetime) -> int:
        """Hand the mailboxes that are due to the threads and return at once with how many that were."""
        with self._lock:
            room = READERS - self._busy
        if room <= 0:
            return 0
        with transaction.atomic():
            found = actions.claim_mailboxes(room=room, now=now)
        for mailbox in found:
            self._start(mailbox)
        return len(found)

    def _start(self, mailbox: Mailbox) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="mailboxes")
        with self._lock:
            self._busy += 1
        self._pool.submit(self._look, mailbox)

    def _look(self, mailbox: Mailbox) -> None:
        try:
            look_into(mailbox, self._clock)
        except Exception:
            # It is held for a while and then tried again; the thread goes on with the next.
            log.exception("a mailbox could not be looked into", extra={"mailbox": str(mailbox.pk)})
        finally:
            with self._lock:
                self._busy -= 1
            connection.close()

    def close(self) -> None:
        """Wait for what is under way."""
        if self._pool is not None:
            self._pool.shutdown()
