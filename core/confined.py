"""Runs what reads untrusted files in a process of its own: bounded in memory, time and output, and without our secrets."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from core.cleaning import NotCleanableError

# House rule: what takes longer or more than this is no file that somebody made to be looked at.
WITHIN_SECONDS = 30
AT_ONCE = 2
START = (
    "import json, sys; sys.path[:0] = json.loads(sys.argv[2]); from core.confined_jobs import main; main(sys.argv[1])"
)
_room = threading.BoundedSemaphore(AT_ONCE)


def run(job: str, data: bytes, media_type: str) -> bytes:
    """Return what the job of ``core.confined_jobs`` makes of the bytes; NotCleanableError when it can't, or dies of it."""
    paths = json.dumps([str(Path(path).resolve()) for path in sys.path])
    command = [sys.executable, "-I", "-c", START, f"{job}:{media_type}", paths]
    with _room:
        try:
            ended = subprocess.run(  # noqa: S603 - nothing in it comes from outside
                command,
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=WITHIN_SECONDS,
                check=False,
                env={},
                cwd="/",
            )
        except subprocess.TimeoutExpired:
            raise NotCleanableError("it took too long") from None
    if ended.returncode or not ended.stdout:
        raise NotCleanableError(f"the job ended with {ended.returncode}")
    return ended.stdout
