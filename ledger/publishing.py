"""Checkpoints outside of the database: the newest, a history by month, and the public key that checks them."""

import logging
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger import keys, rules
from ledger.tree import newest_checkpoint

logger = logging.getLogger(__name__)

LATEST_FILE = "checkpoint.txt"
HISTORY_FILES = "history-*.txt"


def publish(now: datetime) -> None:
    """Write the newest checkpoint to the folder of checkpoints, if it is not there yet.

    A folder that can't be written does not stop the ledger: it is logged, and tried again at the next sealing.
    """
    folder = keys.checkpoint_dir()
    checkpoint = newest_checkpoint()
    if checkpoint is None or _content(folder / LATEST_FILE) == checkpoint.note:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _add_verifier(folder)
        _add_to_history(folder, checkpoint.note, now)
        _replace(folder / LATEST_FILE, checkpoint.note)
    except OSError as error:
        logger.error("the checkpoint could not be written outside of the database", extra={"reason": error.strerror})


def _content(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _add_verifier(folder: Path) -> None:
    """Keep earlier public keys: what they signed is still in the ledger."""
    path = folder / keys.VERIFIER_FILE
    line = f"{keys.signer().verifier}\n"
    known = _content(path)
    if line not in known:
        _replace(path, known + line)


def _add_to_history(folder: Path, note: str, now: datetime) -> None:
    path = folder / f"history-{now.astimezone(UTC):%Y-%m}.txt"
    if path.exists():
        since_last = timedelta(seconds=now.timestamp() - path.stat().st_mtime)
        if not rules.is_kept_in_history(since_last):
            return
    with path.open("a", encoding="utf-8") as file:
        file.write(note + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.utime(path, (now.timestamp(), now.timestamp()))


def _replace(path: Path, content: str) -> None:
    """Write so that a reader, and a crash, find the old content or the new and nothing between."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)
    Path(file.name).replace(path)
