"""Steps that the acts of filing share: the notice as one value, checked by its regime, sealed and stored in bulk."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import law_settings_of
from complaints.access.known import Known, found_content
from complaints.access.opening import TABLE, contact_of, signature_of
from complaints.actions.grouping import elsewhere, join_group, mark_repeated, note_keys, note_sender, priority_of
from complaints.actions.searching import entry_of
from complaints.models import Complaint, ComplaintItem, ComplaintWork
from complaints.models.complaint import CONTACT_FIELDS
from complaints.regimes.engine import lacks_of
from complaints.regimes.shape import Regime
from complaints.rules import State
from core import calendars, files, sealing
from core.errors import Invalid, Problem, invalid
from core.ids import hash_secret, new_reference, new_tracking_code
from core.inserts import Made
from hosting.models import Content
from hosting.rules import spellings_of
from verification.models import Organisation


@dataclass(frozen=True)
class Notice:
    """What a notice says, as its sender gave it."""

    capacity: str
    contact: Mapping[str, str]
    works: Sequence[Mapping[str, Any]] = ()
    items: Sequence[Mapping[str, Any]] = ()
    grounds: str = ""
    statements: Sequence[str] = ()
    signature: str = ""
    evidence: Sequence[UUID] = field(default=())
    # Of an agent's: by which powers of attorney it complains.
    powers: UUID | None = None

    def as_seen_by_law(self) -> dict[str, Any]:
        """Return the notice under the names that the regimes' elements use."""
        return {
            "complainant": self.contact,
            "works": self.works,
            "items": self.items,
            "grounds": self.grounds,
            "statements": self.statements,
            "signature": self.signature,
            "evidence": self.evidence,
        }

    def digest(self) -> str:
        """Return the keyed digest that the ledger keeps of the notice: it proves later what was said."""
        said = {**self.as_seen_by_law(), "capacity": self.capacity, "evidence": [str(one) for one in self.evidence]}
        return sealing.keyed_digest("notice", json.dumps(said, sort_keys=True, ensure_ascii=False, default=dict))


def regime_of(code: str, now: dt.datetime) -> Regime:
    """Return the regime of this code in the version that is in force now; Invalid when there is none."""
    found = regimes.current(code, now)
    if found is None:
        known = ", ".join(law.code for law in regimes.all_current(now))
        raise invalid(
            "/regime", "unknown_regime", _("There is no such regime; choose one of: %(known)s.") % {"known": known}
        )
    return found


def check_bounds(regime: Regime, notice: Notice) -> None:
    """Raise Invalid for statements that the regime does not know and for more than is taken at once."""
    known = [statement.code for statement in regime.statements]
    problems = [
        Problem(
            f"/statements/{place}",
            "unknown_statement",
            _("This regime knows: %(known)s.") % {"known": ", ".join(known)},
        )
        for place, code in enumerate(notice.statements)
        if code not in known
    ]
    for name, most in (("items", rules.MOST_ITEMS), ("works", rules.MOST_WORKS), ("evidence", rules.MOST_FILES)):
        if len(getattr(notice, name)) > most:
            problems.append(Problem(f"/{name}", "too_many", _("Give at most %(most)s.") % {"most": most}))
    if notice.capacity not in rules.Capacity.values:
        problems.append(Problem("/complainant/capacity", "unknown", _("Choose one of the capacities.")))
    if problems:
        raise Invalid(problems)


def missing_of(regime: Regime, notice: Notice) -> list[list[str]]:
    """Return what the notice lacks, as it is kept: ``[element, pointer]`` in the order of the law."""
    return [[lack.element, lack.pointer] for lack in lacks_of(regime.elements, notice.as_seen_by_law())]


def decision_due(provider: Organisation, regime: Regime, *, is_earning: bool, now: dt.datetime) -> dt.datetime:
    """Return until when the provider means to decide, by the regime's working days in the provider's time zone."""
    day = now.astimezone(ZoneInfo(provider.time_zone)).date()
    last = calendars.add_working_days(day, rules.answer_within(is_earning=is_earning), regime.calendar)
    return calendars.end_of_day(last, provider.time_zone)


def start_counting(complaint: Complaint, regime: Regime, now: dt.datetime) -> None:
    """Note since when the notice is complete, and let the provider's time to answer run from now."""
    complaint.complete_at = complaint.complete_at or now
    complaint.answer_due_at = decision_due(complaint.provider, regime, is_earning=complaint.is_earning, now=now)


def earns(items: Sequence[Mapping[str, Any]], found: Mapping[str, Content]) -> bool:
    """Say whether the provider earns directly from one of the items."""
    return any(content is not None and content.is_earning for content in (content_of(item, found) for item in items))


def content_of(item: Mapping[str, Any], found: Mapping[str, Content]) -> Content | None:
    """Return the content of an item: by its external id first, then by its address; None where nothing was found."""
    if not found:
        return None
    keys = [f"id:{item['external_id']}"] if item.get("external_id") else []
    keys += [f"url:{spelling}" for spelling in spellings_of(item["url"])] if item.get("url") else []
    return next((found[key] for key in keys if key in found), None)


def match_again(complaint: Complaint) -> None:
    """Find content that the provider's service registered after the notice came."""
    unmatched = list(complaint.items.filter(content__isnull=True))
    names = [{"url": item.url, "external_id": item.external_id} for item in unmatched]
    found = found_content(complaint.provider, names)
    for item, name in zip(unmatched, names, strict=True):
        item.content = content_of(name, found)
    ComplaintItem.objects.bulk_update([item for item in unmatched if item.content is not None], ["content"])


def compose(
    *, complaint: Complaint, known: Known, notice: Notice, regime: Regime, now: dt.datetime
) -> list[Model | Made]:
    """Fill in the complaint from the notice, sealed, and return it with all that is inserted together with it.

    These are its key, its works and items, and the row by which it is found. What it lacks and its state are there
    already. Once all are inserted, ``complete`` does the rest.
    """
    key = sealing.unstored_data_key(now=now)
    code, row = new_tracking_code(), (TABLE, complaint.pk)
    complaint.reference, complaint.provider, complaint.data_key = new_reference("C"), known.provider, key
    complaint.regime, complaint.regime_version = regime.code, regime.version
    complaint.law_settings = law_settings_of(known.provider, regime)
    note_sender(complaint, str(notice.contact.get("email") or ""))
    complaint.stored_items = items = items_of(complaint, notice, known)
    complaint.says_again = complaint.state != State.UNCONFIRMED and join_group(complaint, items, now)
    complaint.capacity = notice.capacity
    seal_private_parts(complaint, notice)
    complaint.tracking_sealed = sealing.seal(key, row=row, field="tracking_code", text=code)
    complaint.tracking_hash = hash_secret(code)
    complaint.grounds, complaint.statements = notice.grounds, list(dict.fromkeys(notice.statements))
    complaint.is_earning = earns(notice.items, known.content)
    complaint.priority = priority_of(complaint)
    complaint.filed_at = complaint.changed_at = now
    if complaint.state == State.FILED:
        start_counting(complaint, regime, now)
    works = works_of(complaint, notice)
    entry = entry_of(
        complaint,
        works=[(work.title, work.work) for work in works],
        items=[(item.url, item.external_id) for item in items],
    )
    return [key, complaint, *works, *items, entry]


def complete(complaint: Complaint) -> None:
    """Note what of the complaint was said before, now that it is inserted."""
    if complaint.says_again:
        match_earlier(complaint, complaint.stored_items)


def match_earlier(complaint: Complaint, items: Sequence[ComplaintItem]) -> None:
    """Note what the notice says again of what its sender has said before."""
    mark_repeated(complaint, items)
    if complaint.goes_with is not None:
        complaint.save(update_fields=["goes_with", "priority"])


def seal_private_parts(complaint: Complaint, notice: Notice) -> None:
    """Put the contact and the signature, sealed, into the row."""
    row, key = (TABLE, complaint.pk), complaint.data_key
    contact = {name: str(notice.contact.get(name) or "") for name in CONTACT_FIELDS}
    complaint.contact_sealed = sealing.seal_json(key, row=row, field="contact", value=contact)
    complaint.signature_sealed = None
    if notice.signature:
        complaint.signature_sealed = sealing.seal(key, row=row, field="signature", text=notice.signature)


def works_of(complaint: Complaint, notice: Notice) -> list[ComplaintWork]:
    """Return the works, to be inserted."""
    named = [work for work in notice.works if work.get("title") or work.get("work")]
    return [
        ComplaintWork(
            complaint=complaint,
            position=position,
            title=str(work.get("title") or ""),
            kind=str(work.get("kind") or ""),
            work=str(work.get("work") or ""),
        )
        for position, work in enumerate(named)
    ]


def items_of(complaint: Complaint, notice: Notice, known: Known) -> list[ComplaintItem]:
    """Return the items, to be inserted, each with the content that was found or that it is elsewhere."""
    contents = [content_of(item, known.content) for item in notice.items]
    places = elsewhere(known.hosts, notice.items, [content is not None for content in contents])
    items = [
        ComplaintItem(
            complaint=complaint,
            position=position,
            url=str(item.get("url") or ""),
            external_id=str(item.get("external_id") or ""),
            content=content,
            is_elsewhere=is_elsewhere,
        )
        for position, (item, content, is_elsewhere) in enumerate(zip(notice.items, contents, places, strict=True))
    ]
    note_keys(complaint, items, notice.works)
    return items


def notice_of(complaint: Complaint) -> Notice:
    """Return the notice as it stands, opened: for its own correction only."""
    attached = files.attached_to(complaint.reference, "evidence")
    return Notice(
        capacity=complaint.capacity,
        contact={name: plain.reveal() for name, plain in contact_of(complaint).items()},
        works=list(complaint.works.order_by("position").values("title", "kind", "work")),
        items=list(complaint.items.order_by("position").values("url", "external_id")),
        grounds=complaint.grounds,
        statements=list(complaint.statements),
        signature=signature_of(complaint).reveal(),
        evidence=[file.pk for file in attached],
    )


def corrected(notice: Notice, changes: Mapping[str, Any]) -> Notice:
    """Return the notice with what is given put in place of what was there; evidence is added to, contact merged."""
    given = {name: value for name, value in changes.items() if value is not None}
    given["contact"] = {**notice.contact, **given.get("contact", {})}
    given["evidence"] = [*notice.evidence, *given.get("evidence", ())]
    return replace(notice, **given)
