"""A start that must not be: one clear line, an exit code, and nothing of a secret, from every process that serves."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import BASE, FOREIGN

SECRET = "kv7Tq2-Zr9Lw4Xn8Bm1Cy6Hd3Fg5Jp0Ks-the-right-one"
KEY = base64.b64encode(bytes(range(40, 72))).decode()
SEED = base64.b64encode(bytes(range(80, 112))).decode()
SHORT = base64.b64encode(b"sixteen bytes...").decode()
RIGHT = {
    "SECRET_KEY": SECRET,
    "FIELD_KEYS": f"k1:{KEY}",
    "LEDGER_KEY": SEED,
    "ALLOWED_HOSTS": "portal.example",
    "PORTAL_DEMO": "",
    "REDIS_URL": "",
    # Nobody listens there: a start that is refused does not get as far.
    "DATABASE_URL": "postgres://portal_app:the-database-word@127.0.0.1:1/portal",
}
PROCESSES = {
    "serve": ["manage.py", "serve", "--port", "0"],
    "worker": ["manage.py", "worker"],
    "asgi": ["-m", "uvicorn", "portal.asgi:application", "--port", "0"],
    "wsgi": ["-c", "import portal.wsgi"],
}
WRONG = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short-Qx81"),
    ("SECRET_KEY", "ab" * 30),
    ("FIELD_KEYS", ""),
    ("FIELD_KEYS", f"k1:{SHORT}"),
    ("FIELD_KEYS", KEY),
    ("FIELD_KEYS", f"k1:{KEY},k0:not-base64!"),
    ("LEDGER_KEY", ""),
    ("LEDGER_KEY", SHORT),
    ("LEDGER_KEY", "not-base64-at-all!"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "portal.example,*"),
    ("PORTAL_DEMO", "1"),
    ("PORTAL_URL", "portal.example"),
    ("STORAGE_URL", "s3://portal/files"),
    ("STORAGE_URL", "files"),
    ("CLAMD_URL", "clamd:3310"),
    ("WEBHOOK_HOSTS", "http://10.0.0.7"),
    ("MAILBOX_HOSTS", "imaps://10.0.0.7"),
    ("REPLY_ADDRESS", "reply@portal.example"),
    ("WEB_PUSH_KEY", SHORT),
]
# Every mistake once, and one of each setting at every door: a start takes a second or two.
ONE_EACH = [
    ("SECRET_KEY", ""),
    ("FIELD_KEYS", f"k1:{SHORT}"),
    ("LEDGER_KEY", SHORT),
    ("ALLOWED_HOSTS", "*"),
    ("PORTAL_DEMO", "1"),
]
CASES = [
    *[("worker", *wrong) for wrong in WRONG],
    *[(process, *wrong) for process in ("serve", "asgi") for wrong in ONE_EACH],
    ("wsgi", *ONE_EACH[0]),
]


def started(process: str, name: str, value: str, data: Path) -> "subprocess.CompletedProcess[str]":
    inherited = {key: text for key, text in os.environ.items() if key not in FOREIGN}
    return subprocess.run(
        [sys.executable, *PROCESSES[process]],
        env={**inherited, **RIGHT, "PORTAL_DATA": str(data), name: value},
        cwd=BASE,
        capture_output=True,
        text=True,
        timeout=60,
    )


def said_by(process: str, name: str, value: str, data: Path) -> str:
    """Start the process and return the one line with which it ends."""
    ended = started(process, name, value, data)
    assert ended.returncode != 0
    assert ended.stdout == ""
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    return ended.stderr


def secrets_of(name: str, value: str) -> list[str]:
    given = RIGHT | {name: value}
    words = (given[key] for key in ("SECRET_KEY", "FIELD_KEYS", "LEDGER_KEY"))
    return ["the-database-word", KEY, *(word for word in words if word)]


@pytest.mark.parametrize(("process", "name", "value"), CASES)
def test_a_wrong_setting_is_one_line_that_names_it(process: str, name: str, value: str, tmp_path: Path):
    line = said_by(process, name, value, tmp_path)

    assert name in line
    assert "Traceback" not in line
    assert not [secret for secret in secrets_of(name, value) if secret in line]
