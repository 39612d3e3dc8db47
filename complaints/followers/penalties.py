"""What is told of restrictions and findings: to whom they concern by mail, to the provider's service by webhook."""

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from complaints import access
from complaints.access.restrictions import Written
from complaints.models import Complaint, Restriction
from complaints.rules import Side
from complaints.rules.policies import Step, StrikeKind
from complaints.serializers import words
from core.mail import enqueue, one_line
from core.times import rfc3339
from hosting import events, outbox
from ledger.followers import follower
from ledger.models import Entry

MOST_LISTED = 50
MAILS = {
    "restriction.warned": "restriction_warned",
    "restriction.ordered": "restriction_ordered",
    "restriction.lifted": "restriction_over",
    "restriction.expired": "restriction_over",
    "restriction.appeal_decided": "restriction_appeal",
}
TOLD = {
    "restriction.warned": _("A subscriber was warned; there is nothing to carry out."),
    "restriction.ordered": _("A restriction was ordered against a subscriber: carry it out and report it."),
    "restriction.lifted": _("A restriction was lifted: undo it and report it."),
    "restriction.expired": _("A restriction has ended: undo it and report it."),
    "restriction.appeal_decided": _("An appeal against a restriction was decided: what is in force now stands in it."),
}

for _name, _meaning in TOLD.items():
    events.register(_name, _meaning)


@follower("complaints.restriction_mails", acts=tuple(MAILS))
def tell_restricted(entry: Entry) -> None:
    """Tell whom it concerns what was ordered or ended, why, on what it rests, until when, and how to contest it."""
    restriction = access.restriction_of_act(entry.subject)
    written = access.restricted_address(restriction, purpose=f"telling whom it concerns: {entry.act}", now=entry.at)
    if written is None or not written.address:
        return
    enqueue(
        dedupe=f"{entry.pk}:restricted",
        to=written.address,
        template=f"complaints/mail/{MAILS[entry.act]}",
        context=_facts(restriction, written, entry),
        language=written.language,
        subject_reference=restriction.reference,
        now=entry.at,
    )


def _facts(restriction: Restriction, written: Written, entry: Entry) -> dict[str, Any]:
    """Return what the mails may say: references, the step, the reasons; of no other person anything."""
    appeal = access.appeal_of(restriction)
    with translation.override(written.language or None):
        return {
            "reference": restriction.reference,
            "provider": restriction.provider.name,
            "step": str(Step(restriction.step).label),
            "until": words.local_day(restriction.until_at, restriction.provider.time_zone)
            if restriction.until_at
            else "",
            "is_uploader": restriction.side == Side.UPLOADER,
            "has_account": written.has_account,
            "has_expired": entry.act == "restriction.expired",
            "reasons": one_line(restriction.end_reasons or restriction.reasons, 2000),
            "outcome": str(entry.facts.get("outcome", "")),
            "answer": one_line(appeal.answer, 2000) if appeal is not None else "",
            "matters": [one.complaint.reference for one in access.matters_of(restriction)[:MOST_LISTED]],
            "page": reverse("complaints:restriction", args=[restriction.reference]),
            "policy_page": reverse("complaints:policy", args=[restriction.provider.code]),
        }


@follower("complaints.misuse_mails", acts=("misuse.found", "notice.held_back"))
def tell_sender(entry: Entry) -> None:
    """Tell the sender of a notice that it was found to be a misuse, or waits, why, and how to contest it."""
    complaint = access.for_follower(entry.subject.rpartition(":")[2])
    address, account = access.address_of(complaint), complaint.complainant
    if not address:
        return
    language = account.language if account is not None and account.language else complaint.language
    name = "misuse_found" if entry.act == "misuse.found" else "notice_held"
    with translation.override(language or None):
        more = _finding(complaint) if entry.act == "misuse.found" else _hold(entry)
        context = {
            "reference": complaint.reference,
            "provider": complaint.provider.name,
            "tracking_code": "" if account is not None else access.tracking_code_of(complaint).reveal(),
            "page": reverse("complaints:matter", args=[complaint.reference]),
            "policy_page": reverse("complaints:policy", args=[complaint.provider.code]),
            **more,
        }
    enqueue(
        dedupe=f"{entry.pk}:{name}",
        to=address,
        template=f"complaints/mail/{name}",
        context=context,
        language=language,
        subject_reference=complaint.reference,
        now=entry.at,
    )


def _finding(complaint: Complaint) -> dict[str, str]:
    """Return what was found; of a finding that has ended since, the newest."""
    finding = complaint.findings.order_by("pk").last()
    assert finding is not None
    return {"kind": str(StrikeKind(finding.kind).label), "reasons": one_line(finding.reasons, 2000)}


def _hold(entry: Entry) -> dict[str, Any]:
    restriction = access.restriction_of_act(entry.facts["restriction"])
    assert restriction.until_at is not None
    return {
        "is_paused": entry.facts["is_paused"],
        "restriction": restriction.reference,
        "until": words.local_day(restriction.until_at, restriction.provider.time_zone),
        "restriction_page": reverse("complaints:restriction", args=[restriction.reference]),
    }


@follower("complaints.restriction_webhooks", acts=tuple(TOLD), from_now=True)
def tell_service(entry: Entry) -> None:
    """Tell the provider's service, by ids and states, what is in force against its subscriber as it stands now."""
    restriction = access.restriction_of_act(entry.subject)
    if restriction.subscriber is None:
        return
    data = {
        "reference": restriction.reference,
        "state": str(entry.facts["state"]),
        "step": str(entry.facts["step"]),
        "subscriber": restriction.subscriber.external_id,
        "until": None if restriction.until_at is None else rfc3339(restriction.until_at),
        "in_force": access.steps_in_force(restriction),
    }
    outbox.put(entry, data)
