"""Trusted flaggers: recorded with who awarded the status, suspended while a misuse is looked into, taken up again, ended."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from complaints.access import flagger_for, get_for
from complaints.actions.deciding import require_reasons
from complaints.models import TrustedFlagger
from core.errors import Conflict, NotFound, invalid
from ledger.acts import action, record
from verification import access as verification
from verification.access import require_staff
from verification.models import Account, Organisation
from verification.rules import Role


@dataclass(frozen=True)
class Award:
    """Who was awarded the status (an organisation's code, or a notice that the flagger filed), by whom, for what, when."""

    authority: str
    since_on: dt.date
    organisation: str = ""
    complaint: str = ""
    areas: Sequence[str] = ()
    until_on: dt.date | None = None


@action("flagger.recorded")
def record_flagger(*, by: Account, provider: Organisation, award: Award, now: dt.datetime) -> TrustedFlagger:
    """Record as an authorizer that somebody is a trusted flagger, so that its notices come first; return it.

    Raises Invalid for a holder that is not known here and for days that cannot be, Conflict when it is recorded already.
    """
    require_staff(by, provider, Role.AUTHORIZER)
    if award.until_on is not None and award.until_on < award.since_on:
        raise invalid("/until", "before", _("It cannot end before it begins."))
    flagger = TrustedFlagger(provider=provider, recorded_at=now, recorded_by=by, authority=award.authority)
    flagger.areas, flagger.since_on, flagger.until_on = list(award.areas), award.since_on, award.until_on
    _name_holder(flagger, by, award)
    same = {"provider": provider, "organisation": flagger.organisation, "account": flagger.account}
    if TrustedFlagger.objects.filter(ended_at__isnull=True, **same).exists():
        raise Conflict(_("This trusted flagger is recorded already."), state="recorded")
    flagger.save(force_insert=True)
    _record(flagger, by, now)
    return flagger


def _name_holder(flagger: TrustedFlagger, by: Account, award: Award) -> None:
    if bool(award.organisation) == bool(award.complaint):
        raise invalid(
            "/organisation", "one", _("Name an organisation, or a notice that the flagger filed: one of both.")
        )
    try:
        if award.organisation:
            flagger.organisation = verification.organisation(award.organisation)
            return
        flagger.named_by = get_for(by, award.complaint)
        flagger.account = flagger.named_by.complainant
    except NotFound:
        pointer = "/organisation" if award.organisation else "/complaint"
        raise invalid(pointer, "unknown", _("There is no such organisation or notice here.")) from None
    if flagger.account is None or flagger.named_by.provider_id != flagger.provider_id:
        raise invalid(
            "/complaint", "no_account", _("This notice was filed without an account, or to another provider.")
        )


@action("flagger.suspended")
def suspend_flagger(*, flagger_id: UUID, by: Account, reasons: str, now: dt.datetime) -> TrustedFlagger:
    """Suspend a flagger as an authorizer, with reasons: its new notices come no longer first; return it."""
    flagger = _held(by, flagger_id)
    require_reasons(reasons)
    if flagger.suspended_at is not None:
        raise Conflict(_("This flagger is suspended already."), state="suspended")
    flagger.suspended_at, flagger.suspended_because = now, reasons
    flagger.save(update_fields=["suspended_at", "suspended_because"])
    _record(flagger, by, now)
    return flagger


@action("flagger.resumed")
def resume_flagger(*, flagger_id: UUID, by: Account, now: dt.datetime) -> TrustedFlagger:
    """Let the notices of a suspended flagger come first again, as an authorizer; return it."""
    flagger = _held(by, flagger_id)
    if flagger.suspended_at is None:
        raise Conflict(_("This flagger is not suspended."), state="trusted")
    flagger.suspended_at, flagger.suspended_because = None, ""
    flagger.save(update_fields=["suspended_at", "suspended_because"])
    _record(flagger, by, now)
    return flagger


@action("flagger.ended")
def end_flagger(*, flagger_id: UUID, by: Account, now: dt.datetime) -> TrustedFlagger:
    """Note as an authorizer that the status was taken away or given back; return the flagger."""
    flagger = _held(by, flagger_id)
    flagger.ended_at = now
    flagger.save(update_fields=["ended_at"])
    _record(flagger, by, now)
    return flagger


def _held(by: Account, flagger_id: UUID) -> TrustedFlagger:
    """Return the flagger, locked, for an authorizer; Denied for other staff, Conflict when it is over."""
    flagger = flagger_for(by, flagger_id, lock=True)
    require_staff(by, flagger.provider, Role.AUTHORIZER)
    if flagger.ended_at is not None:
        raise Conflict(_("The status of this flagger is over."), state="ended")
    return flagger


def _record(flagger: TrustedFlagger, by: Account, now: dt.datetime) -> None:
    facts = {
        "as": Role.AUTHORIZER.value,
        "holder": f"account:{flagger.account_id}" if flagger.account_id else f"organisation:{flagger.organisation_id}",
        "since": flagger.since_on.isoformat(),
        "until": flagger.until_on.isoformat() if flagger.until_on else "",
    }
    record(subject=f"flagger:{flagger.pk}", provider=flagger.provider.code, by=by, facts=facts, now=now)
