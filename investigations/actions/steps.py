"""What several acts on a request have in common: looking up what is asked, clocks, the checks before an approval."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.utils.translation import gettext as _

from core import clocks, files
from core.errors import Conflict, Denied, Unavailable, invalid
from core.models import StoredFile
from hosting.access import find_content
from hosting.models import Content, Subscriber
from investigations import access, bases, records, rules
from investigations.bases import Basis
from investigations.models import Investigation
from investigations.records import Asked
from investigations.rules import State
from ledger import packing
from verification.access import require_verified_person
from verification.models import Account, Identity, Organisation

ANSWER = "answer"
ACKNOWLEDGEMENT = "acknowledgement"
HEARING = "hearing"
COLLECTION = "collection"
TELLING = "telling"


def basis_for(*, code: str, regime: str, capacity: str) -> Basis:
    """Return the legal basis; Invalid when there is none, or it is not for this regime and capacity."""
    basis = bases.known(code)
    if basis is None:
        raise invalid("/legal_basis", "unknown_basis", _("There is no such legal basis; see the list of legal bases."))
    if basis.regime != regime:
        raise invalid("/regime", "other_regime", _("This legal basis belongs to another regime."))
    if basis.capacity != capacity:
        raise invalid("/capacity", "other_capacity", _("This legal basis is not for this capacity."))
    return basis


def resolve(
    given: Mapping[str, Any],
    *,
    reference: str,
    provider: Organisation,
    basis: Basis,
    seat: tuple[Identity, Organisation | None],
    by: Account,
    now: dt.datetime,
) -> Asked:
    """Return what is asked with everything looked up, and the documents attached; Invalid where something is wrong."""
    identity, organisation = seat
    complaint = None
    if given.get("complaint"):
        complaint = access.complaint_for(by, basis.capacity, provider, given["complaint"])
    content = _content(given.get("content") or (), provider)
    if not content and complaint is not None:
        items = complaint.items.select_related("content__subscriber").order_by("pk")
        content = list({item.content.pk: item.content for item in items if item.content is not None}.values())
    after, ground = given.get("notify_subject_after"), (given.get("confidentiality_ground") or "").strip()
    _check_delay(basis, after, ground)
    return Asked(
        provider=provider,
        basis=basis,
        organisation=organisation,
        identity=identity,
        complaint=complaint,
        content=sorted(content, key=lambda one: one.pk),
        subscriber=_one_subscriber(content),
        categories=_categories(given.get("categories") or (), basis.categories, "categories"),
        purpose=given.get("purpose") or "",
        necessity=given.get("necessity") or "",
        documents=_documents(given.get("documents") or (), reference, by, now),
        notify_subject_after=after,
        confidentiality_ground=ground,
    )


def _content(external_ids: Sequence[str], provider: Organisation) -> list[Content]:
    found = {}
    for place, external_id in enumerate(external_ids):
        content = find_content(provider, external_id=external_id) if external_id else None
        if content is None:
            raise invalid(f"/content/{place}", "unknown_content", _("The provider has no such content."))
        found[content.pk] = content
    return list(found.values())


def _one_subscriber(content: Sequence[Content]) -> Subscriber | None:
    subscribers = {one.subscriber_id: one.subscriber for one in content}
    if len(subscribers) > 1:
        text = _("This content is not all from one uploader. Make one request for each.")
        raise invalid("/content", "several_uploaders", text)
    return next(iter(subscribers.values()), None)


def _documents(ids: Sequence[UUID], reference: str, by: Account, now: dt.datetime) -> list[StoredFile]:
    return files.attach(
        file_ids=list(dict.fromkeys(ids)),
        subject=reference,
        purpose="request",
        by=by,
        pointer="/documents",
        now=now,
    )


def _check_delay(basis: Basis, after: dt.datetime | None, ground: str) -> None:
    if after is None and not ground:
        return
    if after is None:
        text = _("Say until when the uploader is not to be told: a delay has an end.")
        raise invalid("/notify_subject_after", "required", text)
    if not ground:
        raise invalid("/confidentiality_ground", "required", _("Say on what ground the uploader is told later."))
    if not basis.delay_grounds:
        raise invalid("/notify_subject_after", "not_allowed", _("This legal basis does not allow telling later."))


def check_delay_ahead(given: Mapping[str, Any], now: dt.datetime) -> None:
    """Raise Invalid when the delay that is asked for has ended already, or is longer than a delay may be."""
    after = given.get("notify_subject_after")
    if after is not None and not now < after <= rules.longest_delay(now):
        text = _("Give an instant within the next 366 days.")
        raise invalid("/notify_subject_after", "out_of_range", text)


def _categories(asked: Sequence[str], allowed: Collection[str], field: str) -> list[str]:
    for place, category in enumerate(asked):
        if category not in allowed:
            raise invalid(f"/{field}/{place}", "not_allowed", _("This kind of data goes beyond what is allowed here."))
    return rules.in_order(asked)


def narrowed(asked: Sequence[str], allowed: Collection[str]) -> list[str]:
    """Return the categories in order; Invalid, pointing at it, for one that goes beyond what is allowed."""
    return _categories(asked, allowed, "categories")


def require_other_person(person: bytes, *others: bytes | memoryview) -> None:
    """Raise Denied when the natural person is one of the others, by whatever account (promise D2)."""
    if any(person == bytes(other) for other in others):
        text = _("You are one of the persons in this request already; somebody else must do this.")
        raise Denied(text, code="same_person")


def other_person(by: Account, now: dt.datetime, *others: bytes | memoryview) -> bytes:
    """Return the index of the natural person behind the account; Denied when it is one of the others."""
    person = require_verified_person(by, now)
    require_other_person(person, *others)
    return person


def require_unchanged(investigation: Investigation) -> None:
    """Raise Conflict unless the rows still say what the digest says to which approvals are bound."""
    record = records.request_record(investigation, records.asked_of(investigation))
    if rules.digest_of(record) != investigation.request_digest:
        text = _("The request was changed; what was approved is void.")
        raise Conflict(text, state=investigation.state, code="request_changed")


def move(investigation: Investigation, target: State) -> None:
    """Bring the request into the state, if the chart allows it, and save it."""
    rules.check_move(investigation.state, target)
    investigation.state = target
    investigation.save()


def start_answer_clock(investigation: Investigation, now: dt.datetime) -> None:
    """Start the clock by which the request must be decided, if it does not run."""
    if not clocks.running(investigation.reference).filter(name=ANSWER).exists():
        clocks.start(
            matter=investigation.reference,
            name=ANSWER,
            action="investigation.answer_due",
            due_at=rules.answer_by(now),
            now=now,
            basis={"source": "House rule", "length": 30, "unit": "days"},
        )


def stop_clock(investigation: Investigation, name: str, because: str, now: dt.datetime) -> None:
    """Stop the clock of this name, if it runs."""
    clocks.stop(matter=investigation.reference, name=name, because=because, now=now)


@contextmanager
def unless_unwritable() -> Iterator[None]:
    """Turn whatever the database refuses into Unavailable: the act was rolled back, nothing was given (promise D1)."""
    try:
        with packing.bounded_waits():
            yield
    except DatabaseError as error:
        text = _("This cannot be recorded at the moment, so it was not done. Nothing was used up; try again later.")
        raise Unavailable(text) from error
