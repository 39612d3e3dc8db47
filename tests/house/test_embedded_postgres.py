"""The embedded PostgreSQL: who may do what in it, who keeps it running, and what it survives."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from core.embedded_postgres import APPLICATION, OWNER, SUPERUSER, EmbeddedPostgres, EmbeddedPostgresError

BASE = Path(__file__).resolve().parent.parent.parent
pytestmark = pytest.mark.processes

USER = """
import sys
from pathlib import Path
from core.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.join()
print(server.is_ready(), flush=True)
sys.stdin.read()
server.leave()
"""


def connect(server: EmbeddedPostgres, role: str = APPLICATION) -> "psycopg.Connection[tuple[object, ...]]":
    found = server.address(role)
    return psycopg.connect(
        host=found.host, user=found.user, password=found.password, dbname=found.database, autocommit=True
    )


def another_user(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], cwd=BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def wait(is_so: Callable[[], bool], within: float = 10) -> None:
    until = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="epg-", dir="/tmp"))
    made.chmod(0o711)  # passable for the user as whom root's server runs
    yield made
    shutil.rmtree(made)


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    started = EmbeddedPostgres(folder)
    with started.in_use():
        yield started


def test_the_application_may_not_make_tables(server: EmbeddedPostgres) -> None:
    with connect(server) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE something (id int)")


def test_the_owner_makes_tables_and_test_databases(server: EmbeddedPostgres) -> None:
    with connect(server, OWNER) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS something (id int)")
        connection.execute("CREATE DATABASE test_something")
        connection.execute("DROP DATABASE test_something")


def test_nobody_comes_in_without_the_right_password(server: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=str(server.socket_dir), user=SUPERUSER, password="guessed", dbname="portal")


def test_passwords_are_private_and_differ(server: EmbeddedPostgres) -> None:
    files = [server.base / "passwords" / role for role in (SUPERUSER, OWNER, APPLICATION)]

    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len({file.read_text() for file in files}) == 3
    assert server.address().password not in repr(server.address())


def test_chinese_titles_are_compared_by_their_characters(server: EmbeddedPostgres) -> None:
    with connect(server, OWNER) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

        found = connection.execute("SELECT similarity('流浪地球2', '流浪地球')").fetchone()

    assert found == (pytest.approx(0.571, abs=0.01),)


def test_failing_statements_leave_nothing_in_its_log(server: EmbeddedPostgres) -> None:
    with connect(server) as connection, pytest.raises(psycopg.Error):
        connection.execute("SELECT 'canary-4711'::int")

    assert "canary-4711" not in (server.data / "server.log").read_text()


def test_it_stops_with_its_last_user(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server.join()
    other = another_user(folder)
    assert other.stdout is not None
    assert other.stdout.readline() == "True\n"

    server.leave()
    assert server.is_ready()

    other.communicate()
    assert not server.is_ready()
    assert server.process_id() is None


def test_it_stops_when_its_last_user_is_killed(folder: Path) -> None:
    other = another_user(folder)
    assert other.stdout is not None
    other.stdout.readline()
    server = EmbeddedPostgres(folder)
    assert server.is_ready()

    other.kill()
    other.communicate()

    wait(lambda: server.process_id() is None)


def test_many_may_start_it_at_once(folder: Path) -> None:
    users = [another_user(folder) for _ in range(4)]
    answers = [user.communicate()[0] for user in users]

    assert answers == ["True\n"] * 4
    assert not EmbeddedPostgres(folder).is_ready()


def test_a_killed_server_comes_back_with_what_was_committed(server: EmbeddedPostgres) -> None:
    with connect(server, OWNER) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('committed')")
    killed = server.process_id()
    assert killed is not None
    busy = connect(server)  # its process outlives the server for a while, and must not share the data with the next one

    os.kill(killed, signal.SIGKILL)
    server.start()

    assert server.process_id() not in (None, killed)
    with connect(server, OWNER) as connection:
        assert connection.execute("SELECT DISTINCT word FROM kept").fetchall() == [("committed",)]
    busy.close()


def test_a_start_that_was_broken_off_is_done_again(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "broken")
    half_done = server.base / "data.new"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18\n")
    for made in (folder / "broken", server.base):
        made.chmod(0o711)

    with server.in_use():
        assert server.is_ready()


def test_a_long_path_finds_a_short_socket(folder: Path) -> None:
    server = EmbeddedPostgres(folder / ("long" * 30))

    with server.in_use(), connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        assert len(bytes(server.socket_dir)) < 90
    shutil.rmtree(server.socket_dir)


def test_a_file_where_the_folder_should_be_is_one_clear_line(folder: Path) -> None:
    (folder / "file").write_text("not a folder")

    with pytest.raises(EmbeddedPostgresError, match="cannot write to"):
        EmbeddedPostgres(folder / "file" / "data").join()


@pytest.mark.skipif(os.geteuid() != 0, reason="ACCEPTED: only root runs it as somebody else")
def test_a_private_checkout_of_root_keeps_its_server_elsewhere(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    server = EmbeddedPostgres(tmp_path / "data")

    with server.in_use(), connect(server) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert server.base.is_relative_to("/var/lib/embedded-pg")
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    shutil.rmtree(server.base)
