"""What holds for every test: the database at the end, a real Redis for who asks, no skip where none is accepted."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from pytest_django import DjangoDbBlocker

from core.memory import look_seldom_for_cycles
from tests import database
from tests.live import LivePortal, start_from_world
from tests.record import append_only_tables_can_be_emptied, checkpoints_of_this_test

# Fixtures for everybody: they are used by being named here.
__all__ = ["append_only_tables_can_be_emptied", "checkpoints_of_this_test"]

# Why a test may be skipped even where every other skip fails the run (CI is set).
ACCEPTED_SKIPS = ("REAL_NOTICES", "ACCEPTED: ")
_skipped: list[str] = []
MARKS_OF_PARTS = ("browser", "processes")
look_seldom_for_cycles()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files that cannot hold what `-m` asks for first: to look for a mark costs little, to import a file much."""
    first = str(config.option.markexpr).partition(" ")[0]
    if first not in MARKS_OF_PARTS or not collection_path.name.startswith("test_"):
        return None
    return f"mark.{first}" not in collection_path.read_text(encoding="utf-8") or None


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note skips that nobody declared."""
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(word in reason for word in ACCEPTED_SKIPS):
            _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for an undeclared skip where CI says that nothing may be left out."""
    if os.environ.get("CI") and _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the undeclared skips, and hand the counts to `make test`, which sums up its calls."""
    if outcome := os.environ.get("PORTAL_TEST_OUTCOME"):
        counts = {kind: len(reports) for kind, reports in terminalreporter.stats.items() if kind and kind != "warnings"}
        Path(outcome).write_text(json.dumps(counts), encoding="ascii")
    if os.environ.get("CI") and _skipped:
        terminalreporter.section("skipped, but nothing may be left out here")
        for nodeid in _skipped:
            terminalreporter.line(nodeid)


def pytest_unconfigure() -> None:
    """Leave the embedded PostgreSQL, which stops when nobody else uses it."""
    from tests import settings

    if settings.EMBEDDED is not None:
        settings.EMBEDDED.leave()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Let the database of this run be a copy of one that was migrated once; where another one is named, it is made anew."""
    if not os.environ.get("DATABASE_URL"):
        with django_db_blocker.unblock():
            connections["default"].settings_dict["TEST"]["TEMPLATE"] = database.template()


@pytest.fixture(autouse=True)
def cache_of_this_test() -> None:
    """Begin with an empty cache: who signed in how often (by address, which all tests share) is another test's matter."""
    cache.clear()


@pytest.fixture(autouse=True)
def language_of_this_test() -> None:
    """Begin with the portal's language: a page that an earlier test read in another one leaves that behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def index_key_of_this_test() -> None:
    """Begin without the key of the indexes: each test's database has one of its own."""
    from core import sealing

    sealing.forget_index_key()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a real Redis of our own."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = str(tmp_path_factory.mktemp("redis"))
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def live_portal() -> Iterator[LivePortal]:
    """Give one running demo to all tests that ask; who breaks something waits until it is whole again."""
    # A short path, for PostgreSQL's socket has only 107 bytes.
    data_dir = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
    portal = start_from_world(data_dir, WEBHOOK_HOSTS="127.0.0.1")
    yield portal
    portal.stop()
    shutil.rmtree(data_dir, ignore_errors=True)
