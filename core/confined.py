"""Runs what reads untrusted files in a process of its own: bounded in memory, time and output, and without our secrets."""

import json
import subprocess
import sys
import threading
from pathlib import Path

from core.cleaning import NotCleanableError
from core.confined_jobs import NOT_READY
from core.errors import Unavailable

# House rule: what takes longer or more than this is no file that somebody made to be looked at.
WITHIN_SECONDS = 20
AT_ONCE = 2
START = (
    "import json, sys; sys.path[:0] = json.loads(sys.argv[2]); from core.confined_jobs import main; main(sys.argv[1])"
)
_room = threading.BoundedSemaphore(AT_ONCE)


def run(job: str, data: bytes, media_type: str) -> bytes:
    """Return what the job of ``core.confined_jobs`` makes of the bytes; NotCleanableError when it can't, or dies of it.

    Raises Unavailable while too many others wait, the machine is too slow or a library is missing: nothing is known of
    the file then.
    """
    paths = json.dumps([str(Path(path).resolve()) for path in sys.path])
    command = [sys.executable, "-I", "-c", START, f"{job}:{media_type}", paths]
    if not _room.acquire(timeout=WITHIN_SECONDS):
        raise Unavailable
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
        raise Unavailable from None  # the machine's fault: the job's own time is bounded below this
    finally:
        _room.release()
    if ended.returncode == NOT_READY:
        raise Unavailable
    if ended.returncode or not ended.stdout:
        raise NotCleanableError(f"the job ended with {ended.returncode}")
    return ended.stdout
