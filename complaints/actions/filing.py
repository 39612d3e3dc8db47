"""How a complaint comes into being: filed, confirmed, corrected, taken over by its sender's account."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access import address_of, confirmation, contact_of, is_trusted_flagger
from complaints.access.known import known_at
from complaints.access.opening import LINK_TABLE
from complaints.actions import deadlines
from complaints.actions.claiming import note_claim
from complaints.actions.grouping import join_group
from complaints.actions.mending import begin_cure
from complaints.actions.notice import (
    Notice,
    check_bounds,
    complete,
    compose,
    match_earlier,
    missing_of,
    regime_of,
    start_counting,
)
from complaints.actions.powers import name_powers
from complaints.actions.repeating import claimant_index_of, refuse_repetition
from complaints.models import Complaint, ConfirmationLink
from complaints.rules import Event, Side, State
from core import files, sealing
from core.actors import Actor
from core.errors import Conflict, Denied
from core.ids import hash_secret, new_secret
from ledger.acts import action, record
from verification.models import Account


def state_of(missing: Sequence[list[str]], asked: Sequence[str] = ()) -> State:
    """Return the state of a confirmed notice that lacks this, and about which the provider asked for more."""
    return State.DEFECTIVE if missing or asked else State.FILED


def facts_of(complaint: Complaint, notice: Notice, side: Side) -> dict[str, object]:
    """Return what the ledger keeps of a notice that came in or was changed."""
    return {
        "as": side.value,
        "state": complaint.state,
        "regime": complaint.regime,
        "regime_version": complaint.regime_version,
        "law_settings": complaint.law_settings,
        "items": len(notice.items),
        "missing": [element for element, _pointer in complaint.missing],
        "notice_digest": notice.digest(),
    }


@action("complaint.filed")
def file_complaint(
    *, by: Actor, provider: str, regime: str, notice: Notice, language: str = "", now: dt.datetime
) -> Complaint:
    """File a notice, by an account or by the public; return the complaint in state filed, defective or unconfirmed.

    Without an account it counts once the link is followed that is mailed to its address, or, where none was given, once
    a handler has made sure whose it is. Raises Invalid for an unknown provider, regime or statement.
    """
    law, known = regime_of(regime, now), known_at(provider, notice.items, by=by, now=now)
    check_bounds(law, notice)
    host = known.provider
    account = by if isinstance(by, Account) else None
    complaint = Complaint(complainant=account, language=language, state=State.UNCONFIRMED)
    complaint.missing = missing_of(law, notice)
    note_claim(complaint, notice, by, known.names)
    name_powers(complaint, notice, by, host)
    complaint.is_trusted = is_trusted_flagger(by, host, law, now)
    if account is not None:
        complaint.state, complaint.confirmed_at = state_of(complaint.missing), now
        complaint.claimant_index = claimant_index_of(account.email)
    rows = compose(complaint=complaint, known=known, notice=notice, regime=law, now=now)
    facts = {**facts_of(complaint, notice, Side.COMPLAINANT), **_powers_named(complaint)}
    record(subject=complaint.reference, provider=host.code, by=by, facts=facts, now=now, rows=rows)
    complete(complaint)
    if account is not None:
        refuse_repetition(complaint)
    elif notice.contact.get("email"):
        _make_link(complaint, now)
    if complaint.state == State.DEFECTIVE:
        begin_cure(complaint, now)
    note_completeness(complaint, now)
    attach_evidence(complaint, notice, by, now)
    return complaint


def _powers_named(complaint: Complaint) -> dict[str, object]:
    return {"powers": str(complaint.powers_id)} if complaint.powers_id else {}


def note_completeness(complaint: Complaint, now: dt.datetime, since: dt.datetime | None = None) -> None:
    """Let the clocks know that the complaint counts as a whole notice now, or does not count as one (any more)."""
    if complaint.state != State.UNCONFIRMED:
        event = Event.NOTICE_INCOMPLETE if complaint.missing else Event.NOTICE_RECEIVED
        deadlines.happened(complaint, event, now, since=since)


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
    held = Complaint.objects.select_for_update(of=("self",)).select_related("provider", "data_key")
    complaint = held.get(pk=link.complaint_id)
    link.used_at = now
    link.save(update_fields=["used_at"])
    begin_to_count(complaint, now)
    facts = {"as": Side.COMPLAINANT.value, "state": complaint.state}
    record(subject=complaint.reference, provider=complaint.provider.code, by=by, facts=facts, now=now)
    return complaint


def begin_to_count(complaint: Complaint, now: dt.datetime) -> None:
    """Let a notice count from now on, now that it is known whose it is; Conflict when it does not wait for that."""
    to = state_of(complaint.missing)
    rules.check_move(complaint.state, to)
    complaint.state, complaint.confirmed_at, complaint.changed_at = to, now, now
    items = list(complaint.items.order_by("position"))
    has_said = join_group(complaint, items, now)
    if to is State.FILED:
        start_counting(complaint, regimes.of(complaint), now)
    complaint.claimant_index = claimant_index_of(address_of(complaint).reveal())
    refuse_repetition(complaint)
    complaint.save()
    if has_said:
        match_earlier(complaint, items)
    if to is State.DEFECTIVE:
        begin_cure(complaint, now)
    note_completeness(complaint, now)


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
