"""What the clocks of requests do when they run out."""

import datetime as dt

from core import clocks
from core.actors import SYSTEM
from investigations import actions


@clocks.handles("investigation.acknowledgement_due")
def acknowledgement_due(matter: str, now: dt.datetime) -> None:
    """Note that the requester was not sent its receipt in time."""
    actions.note_overdue(reference=matter, clock="acknowledgement", by=SYSTEM, now=now)


@clocks.handles("investigation.answer_due")
def answer_due(matter: str, now: dt.datetime) -> None:
    """Note that the request was not decided in time."""
    actions.note_overdue(reference=matter, clock="answer", by=SYSTEM, now=now)


@clocks.handles("investigation.hearing_due")
def hearing_due(matter: str, now: dt.datetime) -> None:
    """Go on without the uploader's answer."""
    actions.end_hearing(reference=matter, by=SYSTEM, now=now)


@clocks.handles("investigation.collection_due")
def collection_due(matter: str, now: dt.datetime) -> None:
    """End the delivery that nobody collected."""
    actions.expire(reference=matter, by=SYSTEM, now=now)


@clocks.handles("investigation.telling_due")
def telling_due(matter: str, now: dt.datetime) -> None:
    """Tell the uploader what was disclosed about it."""
    actions.tell_subject(reference=matter, by=SYSTEM, now=now)
