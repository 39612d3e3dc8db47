"""The worker: runs the sweeps of all apps, woken by news from the database or by a tick, whatever happens to PostgreSQL.

It decides nothing: what a sweep claims and does is its app's. Several workers may run at once.
"""

import contextlib
import datetime as dt
import logging
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from core import heartbeat, sweeps, times
from core.sweeps import EVERY_TICK, Registered

NAME = "worker"
NEWS = ("portal_ledger", "portal_clock", "portal_mail")
BEAT_EVERY_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 2.0
STOP_WITHIN_SECONDS = 2.5
SEAL = "ledger.seal"
log = logging.getLogger(__name__)


def discover() -> None:
    """Load every module that registers sweeps, handlers of clocks or followers, and name the ledger's own sweeps."""
    from core import clocks, mail  # noqa: F401 - importing registers their sweeps
    from ledger import followers, sealing

    autodiscover_modules("tasks")
    followers.discover()
    sweeps.register(SEAL, sealing.seal)
    sweeps.register("ledger.followers", followers.run_followers)


class Worker:
    """One worker process: which sweep ran when, and whether it was asked to stop."""

    def __init__(self, now: Callable[[], dt.datetime] = times.now) -> None:
        self._now = now
        self._ran_at: dict[str, float] = {}
        self._beat_at = 0.0
        self._is_stopping = False
        # Signals write a byte here, so that they are noticed in the middle of waiting.
        self._woken, self._wake = os.pipe()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then finish the sweep under way and seal what is recorded."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        pause = 0.05
        while not self._is_stopping:
            try:
                with _listening() as news:
                    log.info("the worker works")
                    pause = 0.05
                    self._work(news)
            except (psycopg.Error, DatabaseError) as error:
                log.warning("the database is away", extra={"error": type(error).__name__})
                self._wait([], pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        self._seal_once_more()

    def stop(self) -> None:
        """Ask the worker to stop; it does so soon, or is ended: every sweep bears being killed."""
        if not self._is_stopping:
            self._is_stopping = True
            os.write(self._wake, b".")
            end = threading.Timer(STOP_WITHIN_SECONDS, os._exit, (0,))
            end.daemon = True
            end.start()

    def _work(self, news: "psycopg.Connection[tuple[object, ...]]") -> None:
        has_news = True
        while not self._is_stopping:
            done = self._round(has_news=has_news)
            if done:
                has_news = True  # what one sweep did may be work for another
                continue
            self._wait([news], EVERY_TICK.total_seconds())
            has_news = bool(list(news.notifies(timeout=0)))

    def _round(self, *, has_news: bool) -> int:
        """Run every sweep that is due once, in order, and return how much they did."""
        done = 0
        for sweep in sweeps.registered():
            if self._is_stopping:
                break
            if self._is_due(sweep, has_news=has_news):
                done += self._run(sweep)
        self._beat()
        return done

    def _is_due(self, sweep: Registered, *, has_news: bool) -> bool:
        ran_at = self._ran_at.get(sweep.name)
        if ran_at is None or (has_news and sweep.every <= EVERY_TICK):
            return True
        # A little early is right: a tick that comes a hair too soon would otherwise double the wait.
        return time.monotonic() - ran_at >= sweep.every.total_seconds() * 0.9

    def _run(self, sweep: Registered) -> int:
        """Run one sweep; a failing one does not stop the others, but a database that is away stops the round."""
        self._ran_at[sweep.name] = time.monotonic()
        try:
            return sweep.run(self._now())
        except Exception as error:
            log.exception("a sweep failed", extra={"sweep": sweep.name})
            if isinstance(error, (psycopg.Error, DatabaseError)) and not _database_answers():
                raise
            return 0
        finally:
            close_old_connections()

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at >= BEAT_EVERY_SECONDS:
            heartbeat.beat(NAME, self._now())
            self._beat_at = time.monotonic()
            close_old_connections()

    def _wait(self, sources: "Sequence[psycopg.Connection[tuple[object, ...]]]", seconds: float) -> None:
        select.select([self._woken, *(source.fileno() for source in sources)], [], [], seconds)

    def _seal_once_more(self) -> None:
        for sweep in sweeps.registered():
            if sweep.name == SEAL:
                with contextlib.suppress(psycopg.Error, DatabaseError):
                    self._run(sweep)
        log.info("the worker stops")


@contextlib.contextmanager
def _listening() -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    """Open a connection of its own that hears the news."""
    parameters = {k: v for k, v in connection.get_connection_params().items() if k not in ("cursor_factory", "context")}
    with psycopg.connect(**parameters, autocommit=True, connect_timeout=3) as news:
        for name in NEWS:
            news.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(name)))
        yield news


def _database_answers() -> bool:
    try:
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (psycopg.Error, DatabaseError):
        return False
    return True
