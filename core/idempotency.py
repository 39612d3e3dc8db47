"""Requests with an Idempotency-Key: the same key and body give the same answer again, and nothing is done twice.

The key's row is written in the transaction of the act, so that either both are there or neither.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from core import sealing, times
from core.actors import PUBLIC, Actor
from core.errors import Conflict, invalid
from core.models import DataKey, IdempotencyKey
from core.sweeps import register

TABLE = "core_idempotencykey"
LONGEST_KEY = 200
KEPT_FOR = dt.timedelta(days=7)


class ReplayError(Exception):
    """Not a failure: the request was made before, and this is its answer."""

    def __init__(self, status: int, answer: Any) -> None:
        self.status = status
        self.answer = answer
        super().__init__(status)


def _form(request: Request) -> Any:
    return request.data


def _digest(request: Request) -> bytes:
    parts = [str(request.method), request.get_full_path()]
    if request.content_type and request.content_type.startswith("multipart/"):
        fields = [(name, value) for name, values in sorted(_form(request).lists()) for value in values]
        for name, value in fields:
            content = hashlib.sha256(value.read()).hexdigest() if hasattr(value, "read") else str(value)
            if hasattr(value, "seek"):
                value.seek(0)
            parts += [name, content]
    else:
        parts.append(json.dumps(request.data, sort_keys=True))
    return hashlib.sha256("\x00".join(parts).encode()).digest()


def claim(key: str, request: Request, actor: Actor) -> IdempotencyKey:
    """Return the key's row for this request, new or not; raise ReplayError with the answer where it was done before.

    Raises Invalid for a key that is none, Conflict when the key came with another request.
    """
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise invalid("/Idempotency-Key", "idempotency_key", _("Give a key of 1 to 200 printable characters."))
    scope, digest = actor.ledger_reference, _digest(request)
    if actor is PUBLIC:
        scope = f"public:{request.path}"[:100]
    fresh = IdempotencyKey(scope=scope, key=key, request_digest=digest, created_at=times.now())
    try:
        # A second request with the same key waits here until the first has committed or given up.
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        kept = IdempotencyKey.objects.select_related("data_key").get(scope=scope, key=key)
        if bytes(kept.request_digest) != digest:
            text = _("This Idempotency-Key was used for another request. Use a new one.")
            raise Conflict(text, code="idempotency_key_reused") from None
        raise _replay(kept) from None
    return fresh


def _replay(kept: IdempotencyKey) -> ReplayError:
    if kept.data_key is None or kept.answer_sealed is None or kept.status is None:
        raise Conflict(_("The first request with this key is not answered yet."))
    row = (TABLE, kept.pk)
    answer = sealing.open_json(kept.data_key, row=row, field="answer", sealed=bytes(kept.answer_sealed))
    return ReplayError(kept.status, answer)


def keep(kept: IdempotencyKey, answer: Response) -> None:
    """Keep the answer of the first request, sealed, to be given again."""
    kept.data_key = sealing.new_data_key(now=kept.created_at)
    row = (TABLE, kept.pk)
    rendered = json.loads(answer.render().content or b"null")
    kept.answer_sealed = sealing.seal_json(kept.data_key, row=row, field="answer", value=rendered)
    kept.status = answer.status_code
    kept.save()


def forget_old(now: dt.datetime, limit: int = 500) -> int:
    """Delete keys that are older than they need be kept, with their answers and the keys of these; return how many."""
    old = IdempotencyKey.objects.filter(created_at__lt=now - KEPT_FOR).order_by("created_at")
    found = dict(old.values_list("pk", "data_key")[:limit])
    forgotten = IdempotencyKey.objects.filter(pk__in=found).delete()[0]
    DataKey.objects.filter(pk__in=list(found.values())).delete()
    return forgotten


register("idempotency", forget_old, every=dt.timedelta(minutes=10))
