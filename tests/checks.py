"""`make check`: everything that can be said about the code without running it, each tool in turn, all of them always."""

import base64
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
APPS = ["portal", "investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger", "core"]


def production_like(data_dir: str) -> dict[str, str]:
    """Return the environment of a deployment as it should be, with secrets made on the spot."""
    return {
        **{name: value for name, value in os.environ.items() if name not in ("PORTAL_DEMO", "DATABASE_URL")},
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "check1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "LEDGER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "portal.example",
        "PORTAL_URL": "https://portal.example",
        "DATABASE_URL": "postgres://portal_app:not-used@database.example/portal",
        "DATABASE_OWNER_URL": "postgres://portal_owner:not-used@database.example/portal",
        "PORTAL_DATA": data_dir,
    }


def commands() -> dict[str, tuple[list[str], bool]]:
    """Return each check's command, and whether it runs as in a deployment (else as at a developer's desk)."""
    python, manage = sys.executable, str(BASE / "manage.py")
    templates = [str(path.relative_to(BASE)) for app in APPS for path in [BASE / app / "templates"] if path.is_dir()]
    checks: dict[str, tuple[list[str], bool]] = {
        "lint": ([str(BIN / "ruff"), "check", "--quiet", "."], False),
        "form": ([str(BIN / "ruff"), "format", "--check", "--quiet", "."], False),
        "types": ([str(BIN / "mypy")], True),
        "imports": ([str(BIN / "lint-imports"), "--no-cache"], False),
        "migrations": ([python, manage, "makemigrations", "--check", "--dry-run"], False),
        "deployment": ([python, manage, "check", "--deploy", "--fail-level", "WARNING"], True),
        "templates": ([python, "-m", "tests.templates"], True),
    }
    if templates:
        checks["template form"] = ([str(BIN / "djlint"), "--lint", "--quiet", *templates], False)
    return checks


def main() -> int:
    """Run all checks and return 1 when one of them found something."""
    found = []
    with tempfile.TemporaryDirectory() as data_dir:
        deployed = production_like(data_dir)
        desk = {name: value for name, value in deployed.items() if not name.startswith("DATABASE")}
        for name, (command, is_deployed) in commands().items():
            began = time.monotonic()
            done = subprocess.run(
                command, cwd=BASE, env=deployed if is_deployed else desk, capture_output=True, text=True, check=False
            )
            is_right = done.returncode == 0
            print(f"{'ok  ' if is_right else 'FAIL'}  {name} ({time.monotonic() - began:.1f} s)", flush=True)
            if not is_right:
                found.append(name)
                print(done.stdout + done.stderr, flush=True)
    print(f"portal: {'all checks passed' if not found else 'found something: ' + ', '.join(found)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
