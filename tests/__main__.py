"""`make test`: installs what the tests need, runs the suite in parts and ends with one line that sums them up."""

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
NO_TESTS = 5
# Playwright leaves a running event loop behind, which asyncio's tests cannot bear; and tests that kill processes measure
# time, so what needs a whole core for itself, as the first part does, does not run beside them.
STORY = "tests/journeys/test_browser_journey.py"
PARTS = {
    "unit": ["-m", "not browser and not processes", "-n", os.environ.get("PYTEST_WORKERS", "2")],
    "sockets": ["-m", "processes and not browser", "--ignore=tests/house", "--ignore=tests/journeys"],
    "demo": ["-m", "processes and not browser", "tests/journeys"],
    "browser": ["-m", "browser", STORY],
    "pages": ["-m", "browser", f"--ignore={STORY}"],
    "house": ["-m", "processes and not browser", "tests/house"],
}
# Whose databases lie in one folder, one after the other: the tables that the first has made are copied by the second.
FOLDERS = {"unit": "tables", "sockets": "tables"}
# Parts that mostly wait, for processes or for a browser, share the machine: as many run side by side as there are lanes,
# and the next one begins when a lane is free. In this order the lanes end at about the same time.
ROUNDS = [("unit",), ("sockets", "browser", "house", "pages", "demo")]
LANES = 2

# A Chromium made to run without a head. The one with windows serves as well; its main process takes twice the CPU.
HEADLESS, WITH_WINDOWS = "chromium-headless-shell", "chromium"


def needs() -> dict[str, bool]:
    """Return the system packages that tests need, and whether each is there."""
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True) if shutil.which("fc-list") else None
    return {
        "redis-server": bool(shutil.which("redis-server")),
        "dovecot-imapd": bool(shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")),
        HEADLESS: bool(shutil.which(HEADLESS)),
        "fonts-noto-cjk": bool(fonts and fonts.stdout.strip()),
    }


def install_what_is_missing() -> None:
    """Install missing system packages where we may, and say what is done and what is not."""
    missing = [name for name, is_there in needs().items() if not is_there]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        missing = [name for name in missing if name != HEADLESS or not shutil.which(WITH_WINDOWS)]
        if missing:
            print(f"portal: not here: {', '.join(missing)}; tests that need them are skipped", flush=True)
        return
    print(f"portal: installing {', '.join(missing)} with apt-get", flush=True)
    install = ("install", "--yes", "--no-install-recommends", "fontconfig")
    others = [name for name in missing if name != HEADLESS]
    done = apt_get("update") and (not others or apt_get(*install, *others))
    if HEADLESS in missing and not apt_get(*install, HEADLESS) and not shutil.which(WITH_WINDOWS):
        # A system that knows no such package has the other one.
        done = apt_get(*install, WITH_WINDOWS) and done
    if not done:
        print("portal: not everything could be installed; tests that need what is missing are skipped", flush=True)


def apt_get(*words: str) -> bool:
    """Run apt-get without a word and say whether it did what was asked."""
    command = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *words]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    is_done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode == 0
    if not is_done:
        print(f"portal: `{' '.join(command)}` failed", flush=True)
    return is_done


@dataclass
class Part:
    """A running call of pytest. Beside another its words are kept until it ends, so that those of the two don't mix."""

    name: str
    process: "subprocess.Popen[bytes]"
    outcome: Path
    output: Path | None

    @classmethod
    def start(cls, name: str, folder: Path, *, is_alone: bool) -> "Part":
        """Start a part on a database of its own."""
        outcome, output = folder / f"{name}.json", None if is_alone else folder / f"{name}.txt"
        data = f"{data_folder()}/{FOLDERS.get(name, name)}"
        environment = {**os.environ, "PORTAL_TEST_OUTCOME": str(outcome), "PORTAL_DATA": data}
        command = [sys.executable, "-m", "pytest", *PARTS[name], *shlex.split(os.environ.get("PYTEST_ARGS", ""))]
        with contextlib.nullcontext() if output is None else output.open("wb") as stdout:
            process = subprocess.Popen(command, cwd=BASE, env=environment, stdout=stdout, stderr=subprocess.STDOUT)
        return cls(name, process, outcome, output)

    def end(self) -> tuple[int, Counter[str]]:
        """Wait for it, print what it said, and return its exit code and its counts."""
        code = self.process.wait()
        if self.output is not None:
            print(f"portal: tests, {self.name}", flush=True)
            print(self.output.read_text(encoding="utf-8", errors="replace"), flush=True)
        return code, Counter[str](json.loads(self.outcome.read_text()) if self.outcome.exists() else {})


def data_folder() -> str:
    """Return where the tests' databases lie; each part's in a folder of its own there."""
    return os.environ.get("PORTAL_DATA") or ".data/test"


def lanes() -> int:
    """Return how many parts run side by side: one where they would share one database or one core."""
    can_share = not os.environ.get("DATABASE_URL") and len(os.sched_getaffinity(0)) > 1
    return LANES if can_share else 1


def run(names: tuple[str, ...]) -> list[tuple[int, Counter[str]]]:
    """Run parts, in as many lanes as there are, and return what came of each."""
    side_by_side = min(lanes(), len(names))
    print(f"portal: tests, {(' beside ' if side_by_side > 1 else ', then ').join(names)}", flush=True)
    parts: list[Part] = []
    is_broken_off = threading.Event()

    def drive(name: str) -> tuple[int, Counter[str]]:
        if is_broken_off.is_set():
            return 1, Counter()
        part = Part.start(name, Path(folder), is_alone=side_by_side == 1)
        parts.append(part)
        return part.end()

    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(side_by_side) as pool:
        try:
            return list(pool.map(drive, names))
        finally:
            is_broken_off.set()
            for part in parts:
                part.process.terminate()
                part.process.wait()


@contextlib.contextmanager
def world() -> Iterator[dict[str, str]]:
    """Make a demo world beside the first round, so that the parts that drive one start from a copy; give its address."""
    # A short path, for PostgreSQL's socket has only 107 bytes.
    folder = tempfile.mkdtemp(prefix="world-", dir="/tmp")
    maker = subprocess.Popen([sys.executable, "-m", "tests.live", folder], cwd=BASE)
    try:
        yield {"PORTAL_TEST_WORLD": folder}
    finally:
        maker.terminate()
        maker.wait()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Run the suite and return the exit code: 0 when every part passed."""
    install_what_is_missing()
    began, worst, counts = time.monotonic(), 0, Counter[str]()
    with world() as made:
        os.environ.update(made)
        for names in ROUNDS:
            for code, counted in run(names):
                counts.update(counted)
                if code != NO_TESTS:
                    worst = worst or code
    if not set(counts) - {"deselected"}:
        worst = worst or NO_TESTS
    print(summary(counts, time.monotonic() - began), flush=True)
    return worst


def summary(counts: Counter[str], seconds: float) -> str:
    """Return the line that sums up all parts, in pytest's own form."""
    order = ("failed", "passed", "skipped", "xfailed", "error")
    words = [
        f"{counts[kind]} {kind}{'s' if kind == 'error' and counts[kind] > 1 else ''}" for kind in order if counts[kind]
    ]
    return f" {', '.join(words) or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


if __name__ == "__main__":
    sys.exit(main())
