"""Installing: only when something changed, again when it was broken off, and never half."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

import bootstrap


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Have a checkout whose installations are only noted."""
    made: list[list[str]] = []

    def run(command: list[Any], **_: Any) -> "subprocess.CompletedProcess[bytes]":
        words = list(map(str, command))
        made.append(words)
        if words[1:3] == ["-m", "venv"]:
            (tmp_path / ".venv/bin").mkdir(parents=True)
            (tmp_path / ".venv/bin/python").touch()
        return subprocess.CompletedProcess(words, 0)

    monkeypatch.setattr(bootstrap, "BASE", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(bootstrap.subprocess, "run", run)
    (tmp_path / "requirements.txt").write_text("django==5.2 --hash=sha256:00\n")
    return made


def installs(calls: list[list[str]]) -> int:
    return sum("install" in call for call in calls)


def test_it_installs_once_with_hashes(calls: list[list[str]]) -> None:
    bootstrap.install("run")
    bootstrap.install("run")

    assert installs(calls) == 1
    assert "--require-hashes" in calls[-1]


def test_it_installs_again_when_the_list_changed(calls: list[list[str]], tmp_path: Path) -> None:
    bootstrap.install("run")
    (tmp_path / "requirements.txt").write_text("django==5.2.1 --hash=sha256:00\n")
    bootstrap.install("run")

    assert installs(calls) == 2


def test_a_broken_off_installation_is_done_again(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.install("run")
    bootstrap.VENV.joinpath(".installed-run").unlink()

    bootstrap.install("run")

    assert installs(calls) == 2


def test_a_failed_installation_ends_in_one_line(calls: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    bootstrap.make_venv()
    failing = subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(bootstrap, "make_venv", lambda: None)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_, **__: failing)

    with pytest.raises(SystemExit, match="could not be installed"):
        bootstrap.install("run")
    assert not bootstrap.VENV.joinpath(".installed-run").exists()
