"""Sending what is to be pushed, in threads of its own: a push service that is slow delays nothing of the worker."""

import datetime as dt
import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import outgoing, push, times
from messaging import access, actions, rules
from messaging.models import PushNotice

log = logging.getLogger(__name__)


def text_for(notice: PushNotice) -> bytes:
    """Return what the browser shows: that something waits and where, nothing of what was said, by whom or about what."""
    is_said = access.is_said_to(notice)
    with translation.override(notice.subscription.account.language or settings.LANGUAGE_CODE):
        told = {
            "title": _("A message waits for you") if is_said else _("There is news for you in a conversation"),
            "body": settings.PORTAL_NAME,
            "path": reverse("messaging:conversation", args=[notice.party.conversation_id]),
        }
    return json.dumps(told, ensure_ascii=False).encode()


def deliver(notice: PushNotice, now: dt.datetime) -> None:
    """Send one push and note what came of it; a browser whose keys cannot be opened is tried like one that is away."""
    status: int | None = None
    try:
        browser = access.browser_of(notice.subscription)
        # The service sees the topic: it says only that two pushes are about the same.
        topic = push.text_of(notice.pk.bytes)
        status = push.send(text_for(notice), **browser, topic=topic, now=now)
    except outgoing.NotCallable as refusal:
        log.info("a push was not sent", extra={"push": str(notice.pk), "error": refusal.code})
    except Exception as fault:  # noqa: BLE001 - whatever a lost key does, the others go on
        log.warning("a push was not sent", extra={"push": str(notice.pk), "error": type(fault).__name__})
    actions.note_push(notice=notice, status=status, now=now)


class Pushers:
    """The threads of one process that push."""

    def __init__(self, clock: Callable[[], dt.datetime] = times.now) -> None:
        self._clock = clock
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._busy = 0

    def sweep(self, now: dt.datetime) -> int:
        """Hand what is due to the threads and return at once with how many that were."""
        if not push.is_on():
            return 0
        with self._lock:
            room = rules.PUSHERS - self._busy
        found = actions.claim_pushes(room=room, now=now) if room > 0 else []
        for notice in found:
            self._pool = self._pool or ThreadPoolExecutor(rules.PUSHERS, thread_name_prefix="pushes")
            with self._lock:
                self._busy += 1
            self._pool.submit(self._send, notice)
        return len(found)

    def _send(self, notice: PushNotice) -> None:
        try:
            deliver(notice, self._clock())
        except Exception:
            # It is held for a minute and then tried again.
            log.exception("a push could not be noted", extra={"push": str(notice.pk)})
        finally:
            with self._lock:
                self._busy -= 1
            connection.close()

    def close(self) -> None:
        """Wait for what is under way."""
        if self._pool is not None:
            self._pool.shutdown()
