"""`make test`: installs what the tests need, runs the suite in three calls and ends with one line that sums them up."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
NO_TESTS = 5
# Playwright leaves a running event loop behind, which asyncio's tests cannot bear; and tests that kill processes measure
# time, so they run alone.
CALLS = {
    "unit": ["-m", "not browser and not processes", "-n", os.environ.get("PYTEST_WORKERS", "2")],
    "processes": ["-m", "processes and not browser"],
    "browser": ["-m", "browser"],
}


def needs() -> dict[str, bool]:
    """Return the system packages that tests need, and whether each is there."""
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True) if shutil.which("fc-list") else None
    return {
        "redis-server": bool(shutil.which("redis-server")),
        "chromium": bool(shutil.which("chromium")),
        "fonts-noto-cjk": bool(fonts and fonts.stdout.strip()),
    }


def install_what_is_missing() -> None:
    """Install missing system packages where we may, and say what is done and what is not."""
    missing = [name for name, is_there in needs().items() if not is_there]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"portal: not here: {', '.join(missing)}; tests that need them are skipped", flush=True)
        return
    print(f"portal: installing {', '.join(missing)} with apt-get", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for command in (
        [*quiet, "update"],
        [*quiet, "install", "--yes", "--no-install-recommends", "fontconfig", *missing],
    ):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
            print(f"portal: `{' '.join(command)}` failed; tests that need the packages are skipped", flush=True)
            return


def main() -> int:
    """Run the suite and return the exit code: 0 when every call passed."""
    install_what_is_missing()
    chosen = shlex.split(os.environ.get("PYTEST_ARGS", ""))
    began, worst, counts = time.monotonic(), 0, Counter[str]()
    for name, arguments in CALLS.items():
        with tempfile.NamedTemporaryFile() as outcome:
            print(f"portal: tests, part {name}", flush=True)
            environment = {**os.environ, "PORTAL_TEST_OUTCOME": outcome.name}
            command = [sys.executable, "-m", "pytest", *arguments, *chosen]
            code = subprocess.run(command, cwd=BASE, env=environment).returncode
            counts.update(json.loads(Path(outcome.name).read_text() or "{}"))
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
