"""`make demo` as a person meets it: it starts, it says no in one line, what dies comes back, and it leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from portal import supervisor
from portal.supervisor import make_secrets, read_secrets
from tests.live import BASE, FOREIGN, LivePortal, copy_world, free_port, start_portal

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def passable_folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="demo-", dir="/tmp"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    yield from passable_folder()


@pytest.fixture(scope="module")
def folder_of_demos() -> Iterator[Path]:
    """Give the folder of the demos that tests start and end, with the world that a first start from nothing has made."""
    for made in passable_folder():
        copy_world(made)
        yield made


def start_in_vain(*, port: int | str, data_dir: Path) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return subprocess.run(
        [sys.executable, str(BASE / "bootstrap.py"), "--demo"],
        env={**clean, "PORTAL_DATA": str(data_dir), "PORT": str(port)},
        cwd=BASE,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"  # somebody else's business to bury


@pytest.mark.parametrize("name", ["web", "worker", "postgres"])
def test_what_is_killed_is_back_within_ten_seconds(live_portal: LivePortal, name: str) -> None:
    assert live_portal.restart(name) < 10


def test_ctrl_c_stops_everything_and_a_second_start_finds_its_data(folder_of_demos: Path) -> None:
    portal = start_portal(folder_of_demos)
    processes = [pid for pid in portal.running().values() if pid]
    before = portal.token("handler@demo.example")

    assert portal.stop(signal.SIGINT) == 0
    assert not [pid for pid in processes if is_alive(pid)]

    portal = start_portal(folder_of_demos)
    assert portal.manage("verify_ledger").returncode == 0
    assert portal.token("handler@demo.example") != before
    assert portal.stop(signal.SIGTERM) == 0


def test_nothing_outlives_a_killed_supervisor(folder_of_demos: Path) -> None:
    portal = start_portal(folder_of_demos)
    processes = [pid for pid in portal.running().values() if pid]

    portal.process.kill()
    portal.process.wait()

    LivePortal.wait(lambda: not any(is_alive(pid) for pid in processes), within=10)


def test_a_busy_port_is_one_line(live_portal: LivePortal, data_dir: Path) -> None:
    refused = start_in_vain(port=live_portal.port, data_dir=data_dir)

    assert refused.returncode == 1
    assert refused.stderr == f"portal: port {live_portal.port} cannot be used: Address already in use; set PORT\n"
    assert refused.stdout == ""


@pytest.mark.parametrize("port", ["eighty", "70000", "-1"])
def test_a_port_that_is_none_is_one_line(data_dir: Path, port: str) -> None:
    refused = start_in_vain(port=port, data_dir=data_dir)

    assert (refused.returncode, refused.stderr) == (1, f"portal: {port} is not a port; set PORT\n")


def test_a_folder_that_cannot_be_written_is_one_line(data_dir: Path) -> None:
    (data_dir / "file").touch()

    refused = start_in_vain(port=free_port(), data_dir=data_dir / "file" / "below")

    assert refused.returncode == 1
    assert refused.stderr == f"portal: cannot write to {data_dir / 'file' / 'below'}; set PORTAL_DATA\n"


def test_two_demos_do_not_share_a_folder(live_portal: LivePortal) -> None:
    refused = start_in_vain(port=free_port(), data_dir=live_portal.data_dir)

    assert refused.returncode == 1
    assert refused.stderr.startswith("portal: a demo is running on ")
    assert refused.stderr.count("\n") == 1


def test_open_sockets_are_told_that_the_server_restarts(live_portal: LivePortal) -> None:
    headers = {"Authorization": f"Bearer {live_portal.token('uploader@demo.example')}"}
    with connect(live_portal.ws_url, additional_headers=headers, subprotocols=["portal.v1"]) as socket:  # type: ignore[list-item]
        live_portal.kill("web", signal.SIGTERM)
        until = time.monotonic() + 5
        while socket.close_code is None and time.monotonic() < until:
            time.sleep(0.02)

        assert socket.close_code == 1012
    live_portal.wait_until_ready()


def test_the_demos_secrets_are_made_once_and_are_private(tmp_path: Path) -> None:
    file = tmp_path / "demo.env"

    make_secrets(file)
    first = read_secrets(file)
    make_secrets(file)

    assert read_secrets(file) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert {"SECRET_KEY", "FIELD_KEYS", "LEDGER_KEY", "WEB_PUSH_KEY", "PORTAL_DEMO"} == set(first)


def test_a_starter_that_blocks_signals_for_an_instant_stops_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(supervisor, "signals_being_handled_by_parent", lambda: 0)
    running = supervisor.Demo(data_dir=tmp_path, port=1)
    running.database = None
    masks = iter([2, 0] * 10 + [2] * supervisor.STOP_AFTER_BLOCKED_TICKS)
    monkeypatch.setattr(supervisor, "signals_being_handled_by_parent", lambda: next(masks))

    for _ in range(20):
        running._look_after_everything()
    was_stopping = running._is_stopping
    for _ in range(supervisor.STOP_AFTER_BLOCKED_TICKS):
        running._look_after_everything()

    assert (was_stopping, running._is_stopping) == (False, True)
