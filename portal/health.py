"""What operators and the supervisor ask: does the process serve, and is everything well that it stands on."""

import asyncio
import datetime as dt
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from core import heartbeat, times
from core.access import Who
from ledger import access as ledger
from portal.worker import NAME as WORKER

ANSWER_WITHIN_SECONDS = 2.5
WORKER_SEEN_WITHIN = dt.timedelta(seconds=10)
SEALED_WITHIN = dt.timedelta(seconds=15)
OK = "ok"
# Threads of its own: where the database hangs, questions about it must not take those of the pages.
_threads = ThreadPoolExecutor(4, thread_name_prefix="health")


async def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 because this process serves."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(("GET", "HEAD"))
    return _answer({"process": OK})


async def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, channel layer, worker and ledger are well, else 503 and which is not."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(("GET", "HEAD"))
    of_database, layer = await asyncio.gather(
        _within(sync_to_async(_of_database, thread_sensitive=False, executor=_threads)(times.now())),
        _within(_of_channel_layer()),
    )
    return _answer(
        {
            "database": "unknown",
            "channel_layer": "unknown",
            "worker": "unknown",
            "ledger": "unknown",
            **of_database,
            **layer,
        }
    )


# The rule of both addresses, read by the test that walks all of them.
healthz.who = readyz.who = Who.PUBLIC  # type: ignore[attr-defined]


def _answer(states: dict[str, str]) -> HttpResponse:
    unwell = [name for name, state in states.items() if state != OK]
    body = {"status": "unwell" if unwell else OK, "unwell": unwell, "checks": states}
    answer = JsonResponse(body, status=503 if unwell else 200)
    answer["Cache-Control"] = "no-store"
    return answer


async def _within(asked: Awaitable[dict[str, str]]) -> dict[str, str]:
    """Return what was found, or nothing when it takes too long."""
    try:
        return await asyncio.wait_for(asked, ANSWER_WITHIN_SECONDS)
    except TimeoutError:
        return {}


def _of_database(now: dt.datetime) -> dict[str, str]:
    """Return how the database is, and what only it can tell: worker and ledger."""
    states: dict[str, str] = {}
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT 1")
        states["database"] = OK
        seen = heartbeat.age(WORKER, now)
        states["worker"] = OK if seen is not None and seen <= WORKER_SEEN_WITHIN else "not seen"
        states["ledger"] = OK if ledger.lag(now) <= SEALED_WITHIN else "behind"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        states.setdefault("database", type(error).__name__)
    finally:
        connections.close_all()
    return states


async def _of_channel_layer() -> dict[str, str]:
    try:
        await get_channel_layer().group_send("health", {"type": "health"})  # a group without members: nothing is kept
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        return {"channel_layer": type(error).__name__}
    return {"channel_layer": OK}
