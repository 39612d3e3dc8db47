"""The acts on organisations, roles and service rules. Only the operator of the portal makes and gives them."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actors import SYSTEM, Actor
from core.errors import Conflict, Denied, NotFound, invalid
from core.sealing import keyed_digest
from ledger.acts import action, record
from verification import access, rules
from verification.models import Acceptance, Account, Membership, Organisation, ServiceRules
from verification.rules import ROLE_BELONGS_TO, OrganisationKind, Role


def _require_operator(by: Actor) -> None:
    # The operator works on the machine, through commands; no page gives anybody power over organisations and roles.
    if by is not SYSTEM:
        raise Denied


def _code_of(organisation: Organisation) -> str:
    return organisation.code if organisation.kind == OrganisationKind.PROVIDER else ""


@action("organisation.created")
def create_organisation(
    *,
    code: str,
    kind: OrganisationKind,
    name: str,
    by: Actor,
    now: dt.datetime,
    country: str = "",
    time_zone: str = "UTC",
    contact_email: str = "",
) -> Organisation:
    """Return a new organisation; Conflict when the code is taken.

    Raises Invalid for a time zone that there is not, and for a code that is a word of the portal's own addresses.
    """
    _require_operator(by)
    rules.check_code(code)
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid("/time_zone", "time_zone", _("Give a time zone by its name, as in Asia/Shanghai.")) from None
    organisation = Organisation(code=code, kind=kind, name=name, country=country, time_zone=time_zone, created_at=now)
    organisation.contact_email = contact_email
    organisation.clean_fields()
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("There is an organisation of this code already."), state="taken") from None
    facts = {"kind": str(kind), "country": country, "time_zone": time_zone}
    record(subject=f"organisation:{code}", provider=_code_of(organisation), by=by, facts=facts, now=now)
    return organisation


def _locked(code: str) -> Organisation:
    found = Organisation.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise NotFound
    return found


@action("organisation.verified")
def verify_organisation(*, code: str, method: str, by: Actor, now: dt.datetime) -> Organisation:
    """Return the organisation, whose existence and authority the operator checked out of band."""
    _require_operator(by)
    organisation = _locked(code)
    if organisation.verified_at is not None:
        raise Conflict(_("It is verified already."), state="verified")
    organisation.verified_at = now
    organisation.save(update_fields=["verified_at"])
    facts = {"method": method}
    record(subject=f"organisation:{code}", provider=_code_of(organisation), by=by, facts=facts, now=now)
    return organisation


@action("organisation.suspended")
def suspend_organisation(*, code: str, by: Actor, now: dt.datetime) -> Organisation:
    """Return the organisation, suspended: its roles count for nothing until it is reinstated."""
    _require_operator(by)
    organisation = _locked(code)
    if organisation.suspended_at is not None:
        raise Conflict(_("It is suspended already."), state="suspended")
    organisation.suspended_at = now
    organisation.save(update_fields=["suspended_at"])
    record(subject=f"organisation:{code}", provider=_code_of(organisation), by=by, facts={}, now=now)
    return organisation


@action("organisation.reinstated")
def reinstate_organisation(*, code: str, by: Actor, now: dt.datetime) -> Organisation:
    """Return the organisation, whose suspension has ended."""
    _require_operator(by)
    organisation = _locked(code)
    if organisation.suspended_at is None:
        raise Conflict(_("It is not suspended."), state="active")
    organisation.suspended_at = None
    organisation.save(update_fields=["suspended_at"])
    record(subject=f"organisation:{code}", provider=_code_of(organisation), by=by, facts={}, now=now)
    return organisation


@action("role.granted")
def grant_role(
    *, account: Account, role: Role, by: Actor, now: dt.datetime, organisation: Organisation | None = None
) -> Membership:
    """Return the account's new role in the organisation (or, rights holder, for itself); Conflict when it has it."""
    _require_operator(by)
    kind = OrganisationKind(organisation.kind) if organisation is not None else None
    if kind not in ROLE_BELONGS_TO[role]:
        raise invalid("/role", "role", _("Such an organisation does not give this role."))
    membership = Membership(account=account, role=role, organisation=organisation, granted_at=now)
    membership.granted_by = by.ledger_reference
    add_membership(membership)
    _record_role(membership, by, now)
    return membership


def add_membership(membership: Membership) -> None:
    """Save a role within an action; Conflict when the account has it already."""
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("The account has this role already."), state="granted") from None


def _record_role(membership: Membership, by: Actor, now: dt.datetime) -> None:
    organisation = membership.organisation
    facts = {"role": str(membership.role), "organisation": organisation.code if organisation else ""}
    code = _code_of(organisation) if organisation else ""
    record(subject=membership.account.ledger_reference, provider=code, by=by, facts=facts, now=now)


@action("role.taken")
def become_rights_holder(*, by: Account, now: dt.datetime) -> Membership:
    """Return the account's own new role of a rights holder, for itself; what it may do still needs its identity."""
    membership = Membership(account=by, role=Role.RIGHTS_HOLDER, granted_at=now, granted_by=by.ledger_reference)
    add_membership(membership)
    _record_role(membership, by, now)
    return membership


@action("role.ended")
def end_role(
    *, account: Account, role: Role, by: Actor, now: dt.datetime, organisation: Organisation | None = None
) -> Membership:
    """Return the role, ended: nothing is allowed by it from the next request on; NotFound when there is none."""
    _require_operator(by)
    held = Membership.objects.select_for_update(of=("self",)).select_related("organisation", "account")
    found = held.filter(account=account, role=role, organisation=organisation, ended_at__isnull=True).first()
    if found is None:
        raise NotFound
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    _record_role(found, by, now)
    return found


@action("rules.published")
def publish_rules(
    *,
    provider: str,
    version: str,
    title: str,
    text: str,
    by: Actor,
    now: dt.datetime,
    effective_at: dt.datetime | None = None,
) -> ServiceRules:
    """Return a new version of a provider's service rules; a changed one holds a week later at the earliest."""
    _require_operator(by)
    organisation = access.provider(provider)
    is_first = not ServiceRules.objects.filter(provider=organisation).exists()
    earliest = rules.rules_take_effect_from(now, is_first=is_first)
    if effective_at is not None and effective_at < earliest:
        raise invalid("/effective_at", "too_early", _("Changed rules are published at least seven days before."))
    published = ServiceRules(provider=organisation, version=version, title=title, text=text, published_at=now)
    published.effective_at = effective_at or earliest
    try:
        with transaction.atomic():
            published.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("This version is published already."), state="published") from None
    facts = {
        "version": version,
        "text": keyed_digest("rules", text),
        "effective_at": published.effective_at.isoformat(),
    }
    record(subject=f"rules:{published.pk}", provider=organisation.code, by=by, facts=facts, now=now)
    return published


@action("rules.accepted")
def accept_rules(*, rules_id: UUID, by: Account, now: dt.datetime) -> Acceptance:
    """Return the account's acceptance of one version; Conflict for one that was replaced or accepted before."""
    found = access.rules_by_id(rules_id)
    if access.is_superseded(found, now):
        raise Conflict(_("A newer version is in force; accept that one."), state="superseded")
    acceptance = Acceptance(account=by, rules=found, accepted_at=now)
    try:
        with transaction.atomic():
            acceptance.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("You accepted this version already."), state="accepted") from None
    facts = {"version": found.version, "account": by.ledger_reference}
    record(subject=f"rules:{found.pk}", provider=found.provider.code, by=by, facts=facts, now=now)
    return acceptance
