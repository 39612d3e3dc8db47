"""Where the settings of a deployment come from: the environment, then ``.env``, then the demo's own file."""

import os
from pathlib import Path

DEMO_FILE = "demo.env"


def data_dir(base: Path) -> Path:
    """Return the folder of database and files: ``PORTAL_DATA``, seen from the checkout, or ``.data`` in it."""
    return base / (os.environ.get("PORTAL_DATA") or ".data")


def load_environment(base: Path) -> None:
    """Complete the environment from ``.env`` and, where nobody gave a SECRET_KEY, from the secrets of the demo.

    What the environment says already is kept. So a command in a second terminal works against the running demo.
    """
    _complete_from(base / ".env")
    if not os.environ.get("SECRET_KEY"):
        _complete_from(data_dir(base) / DEMO_FILE)


def _complete_from(file: Path) -> None:
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#") and not os.environ.get(name.strip()):
            os.environ[name.strip()] = _unquoted(value.strip())


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
