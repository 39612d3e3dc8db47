"""What the database refuses, whoever asks."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import sealing
from core.ids import uuid7
from core.models import (
    Attachment,
    Clock,
    ClockState,
    DataKey,
    IdempotencyKey,
    MailState,
    Opening,
    OutgoingMail,
    Piece,
    RateCount,
    Rendition,
    StoredFile,
    Upload,
)
from tests.factories.people import NOW


def opening(**changes: Any) -> Opening:
    key = sealing.new_data_key(now=NOW)
    return Opening.objects.create(
        **{"data_key": key, "fields": [], "by": "system", "purpose": "x", "at": NOW, **changes}
    )


def file(**changes: Any) -> StoredFile:
    values = {"owner": "system", "name_sealed": b"-", "size_bytes": 1, "sha256_sealed": b"-", "sealed_sha256": "-"}
    values |= {"media_type": "text/plain", "state": "clean", "stored_at": NOW}
    return StoredFile.objects.create(**{"data_key": sealing.new_data_key(now=NOW), **values, **changes})


def mail(**changes: Any) -> OutgoingMail:
    values = {"dedupe": "one", "template": "x", "content_sealed": b"-", "next_try_at": NOW, "created_at": NOW}
    return OutgoingMail.objects.create(**{"data_key": sealing.new_data_key(now=NOW), **values, **changes})


def clock(**changes: Any) -> Clock:
    values = {"matter": "C-1", "name": "answer", "handler": "x", "started_at": NOW, "due_at": NOW}
    return Clock.objects.create(**{**values, **changes})


def idempotency_key() -> IdempotencyKey:
    return IdempotencyKey.objects.create(scope="system", key="k", request_digest=b"-", created_at=NOW)


def twice(make: Callable[[], object]) -> Callable[[], object]:
    def both() -> None:
        make()
        make()

    return both


def attached_twice() -> None:
    one = file()
    twice(lambda: Attachment.objects.create(file=one, subject="C-1", purpose="x", attached_at=NOW))()


def upload(**changes: Any) -> Upload:
    values = {"owner": "system", "name_sealed": b"-", "size_bytes": 2, "begun_at": NOW}
    values["expires_at"] = NOW + dt.timedelta(days=1)
    return Upload.objects.create(**{"data_key": sealing.new_data_key(now=NOW), **values, **changes})


def pieces(*starts: int, size_bytes: int = 1) -> None:
    one = upload()
    for start in starts:
        Piece.objects.create(pk=uuid7(), upload=one, start=start, size_bytes=size_bytes, sealed_sha256="-")


def renditions(*kinds: str, **changes: Any) -> None:
    one = file()
    for kind in kinds:
        Rendition.objects.create(**{"file": one, "kind": kind, "is_made": False, "made_at": NOW, **changes})


REFUSED: dict[str, Callable[[], object]] = {
    "data_key_wrapped_until_destroyed": lambda: DataKey.objects.create(key_id="k", wrapped=None, created_at=NOW),
    "opening_has_purpose": lambda: opening(purpose=""),
    "file_state_known": lambda: file(state="lost"),
    "file_has_bytes": lambda: file(size_bytes=0),
    "attachment_once": attached_twice,
    "upload_within_its_size": lambda: upload(received_bytes=3),
    "upload_whole_before_it_is_a_file": lambda: upload(received_bytes=1, file=file()),
    "upload_ends_after_it_began": lambda: upload(expires_at=NOW),
    "piece_once": lambda: pieces(0, 0),
    "piece_has_bytes": lambda: pieces(0, size_bytes=0),
    "rendition_once": lambda: renditions("preview", "preview"),
    "rendition_kind_known": lambda: renditions("larger"),
    "rendition_made_or_not": lambda: renditions("preview", is_made=True),
    "core_outgoingmail_dedupe_key": twice(mail),
    "mail_state_known": lambda: mail(state="lost"),
    "mail_sent_has_time": lambda: mail(state=MailState.SENT),
    "mail_bounced_has_time_and_kind": lambda: mail(state=MailState.BOUNCED, bounced_at=NOW),
    "mail_delayed_has_time": lambda: mail(state=MailState.DELAYED, sent_at=NOW),
    "clock_state_known": lambda: clock(state="lost"),
    "clock_runs_once": twice(clock),
    "clock_ended_has_time": lambda: clock(state=ClockState.FIRED),
    "clock_due_after_start": lambda: clock(due_at=NOW - dt.timedelta(seconds=1)),
    "idempotency_key_once": twice(idempotency_key),
    "rate_count_once": twice(lambda: RateCount.objects.create(bucket="a", window_at=NOW)),
}


# An unknown state is neither running nor ended, sent nor waiting, so PostgreSQL may name the other constraint first.
ALSO = {"clock_state_known": "clock_ended_has_time", "mail_state_known": "mail_sent_has_time"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses_what_cannot_be(name: str):
    with pytest.raises(IntegrityError, match=f"{name}|{ALSO.get(name, name)}"), transaction.atomic():
        REFUSED[name]()
