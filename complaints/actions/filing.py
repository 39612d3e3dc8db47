"""How a complaint comes into being: filed, confirmed, corrected, taken over by its sender's account."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import confirmation, contact_of, get_for, require_complainant
from complaints.access.opening import LINK_TABLE
from complaints.actions.notice import (
    Notice,
    check_bounds,
    corrected,
    decision_due,
    found_content,
    insert_items,
    insert_works,
    missing_of,
    notice_of,
    regime_of,
    seal_private_parts,
    store_notice,
)
from complaints.models import Complaint, ConfirmationLink, Correction
from complaints.rules import Side, State
from core import files, sealing
from core.actors import Actor
from core.errors import Conflict, Denied, invalid
from core.ids import hash_secret, new_secret
from ledger.acts import action, record
from verification import access as verification
from verification.models import Account


def state_of(missing: list[list[str]]) -> State:
    """Return the state of a confirmed notice that lacks this."""
    return State.DEFECTIVE if missing else State.FILED


def facts_of(complaint: Complaint, notice: Notice, side: Side) -> dict[str, object]:
    """Return what the ledger keeps of a notice that came in or was changed."""
    return {
        "as": side.value,
        "state": complaint.state,
        "regime": complaint.regime,
        "regime_version": complaint.regime_version,
        "items": len(notice.items),
        "missing": [element for element, _pointer in complaint.missing],
        "notice_digest": notice.digest(),
    }


@action("complaint.filed")
def file_complaint(
    *, by: Actor, provider: str, regime: str, notice: Notice, language: str = "", now: dt.datetime
) -> Complaint:
    """File a notice, by an account or by the public; return the complaint in state filed, defective or unconfirmed.

    Raises Invalid for an unknown provider, regime or statement, and for a sender without account and e-mail address.
    """
    law, host = regime_of(regime), verification.provider(provider)
    check_bounds(law, notice)
    account = by if isinstance(by, Account) else None
    if account is None and not notice.contact.get("email"):
        text = _("Give an e-mail address: without an account, the notice is confirmed by a link that is mailed to you.")
        raise invalid("/complainant/email", "required", text)
    complaint = Complaint(complainant=account, language=language, state=State.UNCONFIRMED)
    if account is not None:
        complaint.state, complaint.confirmed_at = state_of(missing_of(law, notice)), now
    store_notice(complaint=complaint, provider=host, notice=notice, regime=law, now=now)
    if account is None:
        _make_link(complaint, now)
    attach_evidence(complaint, notice, by, now)
    facts = facts_of(complaint, notice, Side.COMPLAINANT)
    record(subject=complaint.reference, provider=host.code, by=by, facts=facts, now=now)
    return complaint


def attach_evidence(complaint: Complaint, notice: Notice, by: Actor, now: dt.datetime) -> None:
    """Make the sender's files part of the complaint."""
    files.attach(
        file_ids=list(notice.evidence),
        subject=complaint.reference,
        purpose="evidence",
        by=by,
        pointer="/evidence",
        now=now,
    )


def _make_link(complaint: Complaint, now: dt.datetime) -> None:
    token = new_secret()
    link = ConfirmationLink(complaint=complaint, hash=hash_secret(token), made_at=now)
    link.expires_at = rules.confirmation_works_until(now)
    link.token_sealed = sealing.seal(complaint.data_key, row=(LINK_TABLE, link.pk), field="token", text=token)
    link.save(force_insert=True)


@action("complaint.confirmed")
def confirm_complaint(*, token: str, by: Actor, now: dt.datetime) -> Complaint:
    """Make the complaint of a mailed link count, from now on; return it.

    Raises NotFound for an unknown token, Gone for one that was used or has expired, Conflict after a withdrawal.
    """
    link = confirmation(token, now, lock=True)
    complaint = Complaint.objects.select_for_update(of=("self",)).select_related("provider").get(pk=link.complaint_id)
    to = state_of(complaint.missing)
    rules.check_move(complaint.state, to)
    link.used_at = complaint.confirmed_at = complaint.changed_at = now
    complaint.state = to
    if to is State.FILED:
        law = regimes.at_version(complaint.regime, complaint.regime_version)
        complaint.answer_due_at = decision_due(complaint.provider, law, is_earning=complaint.is_earning, now=now)
    link.save(update_fields=["used_at"])
    complaint.save(update_fields=["state", "confirmed_at", "changed_at", "answer_due_at"])
    facts = {"as": Side.COMPLAINANT.value, "state": to.value}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


@action("complaint.corrected")
def correct_complaint(*, reference: str, by: Account, changes: Mapping[str, Any], now: dt.datetime) -> Complaint:
    """Put what is given in place of what the notice said, keep the earlier text sealed, check it anew; return it.

    ``changes`` holds fields of Notice. Raises Denied for others than the complainant, Conflict once it was decided on.
    """
    complaint = get_for(by, reference, lock=True)
    require_complainant(by, complaint)
    rules.check_state(complaint.state, (State.FILED, State.DEFECTIVE))
    law = regimes.at_version(complaint.regime, complaint.regime_version)
    before = notice_of(complaint)
    after = corrected(before, changes)
    check_bounds(law, after)
    _keep_previous(complaint, before, by, now)
    added = Notice(after.capacity, after.contact, evidence=list(changes.get("evidence") or ()))
    attach_evidence(complaint, added, by, now)
    _rewrite(complaint, after, changes, now)
    facts = facts_of(complaint, after, Side.COMPLAINANT)
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def _keep_previous(complaint: Complaint, before: Notice, by: Account, now: dt.datetime) -> None:
    kept = Correction(complaint=complaint, made_at=now, made_by=by)
    said = {**before.as_seen_by_law(), "capacity": before.capacity, "evidence": [str(one) for one in before.evidence]}
    row = ("complaints_correction", kept.pk)
    kept.previous_sealed = sealing.seal_json(complaint.data_key, row=row, field="previous", value=said)
    kept.save(force_insert=True)


def _rewrite(complaint: Complaint, after: Notice, changes: Mapping[str, Any], now: dt.datetime) -> None:
    law = regimes.at_version(complaint.regime, complaint.regime_version)
    complaint.capacity, complaint.grounds = after.capacity, after.grounds
    complaint.statements, complaint.missing = list(dict.fromkeys(after.statements)), missing_of(law, after)
    seal_private_parts(complaint, after)
    if changes.get("works") is not None:
        complaint.works.all().delete()
        insert_works(complaint, after)
    if changes.get("items") is not None:
        complaint.items.all().delete()
        found = found_content(complaint.provider, after.items)
        insert_items(complaint, after, found)
        complaint.is_earning = any(content.is_earning for content in found.values())
    to = state_of(complaint.missing)
    rules.check_move(complaint.state, to)
    complaint.answer_due_at = None
    if to is State.FILED:
        complaint.answer_due_at = decision_due(complaint.provider, law, is_earning=complaint.is_earning, now=now)
    complaint.state, complaint.changed_at = to, now
    complaint.save()


@action("complaint.adopted")
def adopt_complaint(*, tracking_code: str, by: Account, now: dt.datetime) -> Complaint:
    """Make an account the complainant of what was filed without one; both must have the same confirmed address.

    Raises NotFound for an unknown code, Denied for another address, Conflict when it has an account or is unconfirmed.
    """
    found = Complaint.objects.select_for_update(of=("self",)).select_related("provider", "data_key")
    complaint = found.filter(tracking_hash=hash_secret(tracking_code.strip().upper())).first()
    if complaint is None or contact_of(complaint)["email"].reveal().lower() != by.email.lower():
        raise Denied(_("Sign in with the address that was given in the notice; then it becomes yours."))
    if complaint.complainant_id is not None or complaint.confirmed_at is None:
        raise Conflict(state=complaint.state)
    complaint.complainant, complaint.changed_at = by, now
    complaint.save(update_fields=["complainant", "changed_at"])
    facts = {"as": Side.COMPLAINANT.value, "state": complaint.state}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint
