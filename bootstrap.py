#!/usr/bin/env python3
"""Makes the checkout ready to run: the virtual environment with exactly what the requirement lists name.

Runs on the machine's own Python and its standard library. `bootstrap.py` installs what the portal needs, `--dev` also what
its developers need, `--demo` installs and then becomes the demo. What is up to date is left alone.
"""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = BASE / ".tools"
LISTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
OLDEST = (3, 11)


def main(arguments):
    """Do what the arguments say; every refusal is one line and exit 1."""
    if sys.version_info < OLDEST:
        sys.exit(f"portal: Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    is_demo = "--demo" in arguments
    if is_demo:
        check_address_and_folder()
    with open(__file__, encoding="utf-8") as lock:  # two makes in one checkout take turns
        fcntl.flock(lock, fcntl.LOCK_EX)
        install("run")
        if "--dev" in arguments:
            install("dev")
    if is_demo:
        os.environ["PORTAL_PARENT"] = str(os.getppid())
        os.execv(PYTHON, [str(PYTHON), str(BASE / "manage.py"), "demo"])


def check_address_and_folder():
    """Refuse before anything is installed what could not be started afterwards."""
    sys.path.insert(0, str(BASE))
    from core.environment import data_dir, load_environment

    load_environment(BASE)
    folder = data_dir(BASE)
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        sys.exit(f"portal: cannot write to {folder}; set PORTAL_DATA")
    port = os.environ.get("PORT") or "8000"
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", int(port)))
    except OSError as error:
        sys.exit(f"portal: port {port} cannot be used: {error.strerror}; set PORT")
    except (ValueError, OverflowError):
        sys.exit(f"portal: {port} is not a port; set PORT")


def install(name):
    """Install one list, unless it is installed already; an installation that was broken off is done again."""
    requirements = BASE / LISTS[name]
    stamp = VENV / f".installed-{name}"
    wanted = hashlib.sha256(b"\0".join([requirements.read_bytes(), sys.version.encode(), bytes(BASE)])).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted and PYTHON.exists():
        return
    make_venv()
    stamp.unlink(missing_ok=True)
    say(f"installing {LISTS[name]} into .venv")
    # Not compiled beforehand: of most packages only a part is ever imported.
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check", "--no-compile"]
    run([*pip, "--require-hashes", "-r", requirements], "the packages could not be installed; the reason is above")
    stamp.write_text(wanted)


def make_venv():
    """Make the virtual environment, unless a usable one is there."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    say("making .venv")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True).returncode == 0:
        return
    # Debian's Python comes without ensurepip where python3-venv is not installed.
    shutil.rmtree(VENV, ignore_errors=True)
    say("this Python has no ensurepip; fetching virtualenv into .tools")
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--no-input", "--upgrade", "--target", TOOLS, "virtualenv"]
    run(pip, "neither venv nor pip work with this Python; install python3-venv")
    environment = {**os.environ, "PYTHONPATH": str(TOOLS)}
    run([sys.executable, "-m", "virtualenv", "--quiet", VENV], "the virtual environment could not be made", environment)


def run(command, complaint, environment=None):
    """Run a command to its end, or end with one line."""
    if subprocess.run(list(map(str, command)), env=environment, cwd=BASE).returncode:
        sys.exit(f"portal: {complaint}")


def say(text):
    """Tell the person at the terminal."""
    print(f"portal: {text}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
