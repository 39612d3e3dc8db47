"""Who may see which restriction and as whom, who may do what with it, and which step is due."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.access.impartial import require_impartial
from complaints.access.matters import Viewer
from complaints.access.opening import address_of
from complaints.access.policies import numbers_under, policy_in_force
from complaints.access.seeing import has_uploads, own_subscribers
from complaints.access.strikes import holders_of_account, points_at, same_holders
from complaints.models import Complaint, Restriction, RestrictionAppeal, Strike
from complaints.models.strikes import OF_ACCOUNT
from complaints.rules import Side
from complaints.rules.policies import Step
from complaints.rules.restrictions import WAS_ORDERED, RestrictionState, appeal_open_until, due_step
from core.actors import Actor
from core.desk import Waiting
from core.errors import Denied, NotFound
from core.sealing import Plain
from hosting.access import notify_address
from ledger.models import Entry
from verification.access import accounts_of_person, organisations_by_role, organisations_where, require_staff
from verification.models import Account, Membership
from verification.rules import STAFF_ROLES, Role


def concerning(account: Account) -> QuerySet[Restriction]:
    """Return what was ordered against the account itself, in whatever part."""
    own = Q(holder__in=holders_of_account(account))
    if has_uploads(account):
        own |= Q(subscriber__in=own_subscribers(account))
    return Restriction.objects.filter(own, state__in=WAS_ORDERED)


def restrictions_visible_to(account: Actor) -> QuerySet[Restriction]:
    """Return the restrictions that the account may see, newest first: against it, of its provider, or to be carried out.

    Staff sees proposals too; the provider's service sees what was ordered against its subscribers.
    """
    if not isinstance(account, Account) or not account.is_active:
        return Restriction.objects.none()
    staff = Q(provider__in=organisations_where(account, *STAFF_ROLES))
    ordered = Q(side=Side.UPLOADER, state__in=WAS_ORDERED)
    service = Q(provider__in=organisations_where(account, Role.SERVICE)) & ordered
    found = Restriction.objects.filter(staff | service | Q(pk__in=concerning(account).values("pk")))
    return found.select_related("provider", "policy", "subscriber").order_by("-pk")


def restriction_for(account: Actor, reference: str, *, lock: bool = False) -> Restriction:
    """Return the restriction of this reference; NotFound when the account may not see it. ``lock`` holds its row."""
    found = restrictions_visible_to(account).filter(reference=reference)
    restriction = (found.select_for_update(of=("self",)) if lock else found).first()
    if restriction is None:
        raise NotFound
    return restriction


def restriction_of_act(reference: str, *, lock: bool = False) -> Restriction:
    """Return the restriction of a recorded act or a clock, for the portal itself and for nobody's eyes."""
    found = Restriction.objects.select_related("provider", "policy", "subscriber__account", "subscriber__data_key")
    return (found.select_for_update(of=("self",)) if lock else found).get(reference=reference)


def restriction_viewer(account: Actor, restriction: Restriction) -> Viewer:
    """Return as whom the account looks at the restriction; NotFound when as nobody."""
    if not isinstance(account, Account):
        raise NotFound
    held = Membership.objects.filter(account=account, organisation=restriction.provider_id, ended_at__isnull=True)
    held = held.filter(organisation__suspended_at__isnull=True, role__in=[*STAFF_ROLES, Role.SERVICE])
    sides = {Side(role) for role in held.values_list("role", flat=True)}
    if concerning(account).filter(pk=restriction.pk).exists():
        sides.add(Side(restriction.side))
    if not sides:
        raise NotFound
    return Viewer(account, frozenset(sides))


def require_restricted(account: Actor, restriction: Restriction) -> Account:
    """Return the account as the one against whom it was ordered; Denied for everybody else who sees it."""
    if not isinstance(account, Account) or not concerning(account).filter(pk=restriction.pk).exists():
        raise Denied(_("Only whom it was ordered against may do this."))
    return account


def require_orderer(account: Actor, restriction: Restriction) -> Account:
    """Return the account as a handler who may decide; Denied for others, and for whoever has an interest in what it rests on."""
    return _staff_without_part(account, restriction, Role.HANDLER)


def require_appeal_decider(account: Actor, restriction: Restriction) -> Account:
    """Return the account as one that decides the appeal: a handler or reviewer, and not who ordered what is contested."""
    found = _staff_without_part(account, restriction, Role.HANDLER, Role.REVIEWER)
    if restriction.decided_by_id in accounts_of_person(found):
        raise Denied(_("Somebody else than who decided must decide the appeal."), code="same_decider")
    return found


def _staff_without_part(account: Actor, restriction: Restriction, *roles: Role) -> Account:
    try:
        require_staff(account, restriction.provider, *roles)
    except NotFound:
        raise Denied(_("Only a handler of the provider may do this.")) from None
    assert isinstance(account, Account)
    for complaint in Complaint.objects.filter(strikes__restrictions=restriction).order_by("pk"):
        require_impartial(account, complaint)
    return account


def require_service_of(account: Actor, restriction: Restriction) -> Account:
    """Return the account as the program that carries the restriction out; Denied for everybody else who sees it."""
    mine = organisations_where(account, Role.SERVICE).filter(pk=restriction.provider_id)
    if not isinstance(account, Account) or not mine.exists():
        raise Denied(_("Only the provider's own service may do this."))
    return account


def open_restriction_appeal(restriction: Restriction, *, lock: bool = False) -> RestrictionAppeal | None:
    """Return the appeal against the restriction that waits to be decided, if there is one."""
    found = RestrictionAppeal.objects.filter(restriction=restriction, decided_at__isnull=True)
    return (found.select_for_update() if lock else found).first()


def appeal_of(restriction: Restriction) -> RestrictionAppeal | None:
    """Return the appeal against the restriction, decided or not, if there is one."""
    return RestrictionAppeal.objects.filter(restriction=restriction).first()


def may_be_appealed(restriction: Restriction, now: dt.datetime) -> bool:
    """Say whether whom it concerns may appeal now: once, while it is in force or could still be cleared."""
    if restriction.state not in (RestrictionState.IN_FORCE, RestrictionState.EXPIRED) or restriction.decided_at is None:
        return False
    until = appeal_open_until(restriction.decided_at, restriction.provider.time_zone)
    return now < until and appeal_of(restriction) is None


def served_steps(row: Restriction | Strike, at: dt.datetime) -> set[str]:
    """Return the steps that were ordered against the same person, as long as the policy remembers, and were not lifted."""
    days = policy_in_force(row.provider, at).numbers.of(row.side).expires_after_days
    found = Restriction.objects.filter(
        provider=row.provider,
        side=row.side,
        holder__in=same_holders(row),
        state__in=(RestrictionState.IN_FORCE, RestrictionState.EXPIRED),
        decided_at__gt=at - dt.timedelta(days=days),
    )
    return set(found.values_list("step", flat=True))


def steps_in_force(row: Restriction | Strike) -> list[str]:
    """Return the steps that are in force against the same person now, in the ladder's order."""
    found = Restriction.objects.filter(
        provider=row.provider, side=row.side, holder__in=same_holders(row), state=RestrictionState.IN_FORCE
    )
    held = set(found.values_list("step", flat=True))
    return [step.value for step in Step if step in held]


def step_due(strike: Strike, prompted_by: object, at: dt.datetime) -> Step | None:
    """Return the step that is due against the holder of this strike; None where there is none, or it was proposed."""
    mine = Restriction.objects.filter(provider=strike.provider, side=strike.side, holder__in=same_holders(strike))
    if mine.filter(Q(prompted_by=prompted_by) | Q(state=RestrictionState.PROPOSED)).exists():
        return None
    points = points_at(strike.provider, same_holders(strike), strike.side, at)
    scale = policy_in_force(strike.provider, at).numbers.of(strike.side)
    return due_step(points, strike.side, scale, served_steps(strike, at), steps_in_force(strike))


def without_ground(strike: Strike) -> list[Restriction]:
    """Return what rests on a strike that was taken back and would not have been reached without it, the oldest first."""
    resting = strike.restrictions.filter(state__in=(RestrictionState.PROPOSED, RestrictionState.IN_FORCE))
    return [one for one in resting.select_related("provider", "policy").order_by("pk") if not _has_ground(one)]


def _has_ground(restriction: Restriction) -> bool:
    points = points_at(restriction.provider, same_holders(restriction), restriction.side, restriction.proposed_at)
    rung = numbers_under(restriction).of(restriction.side).rung(restriction.step)
    return points >= rung.from_points


def restrictions_desk(account: Account) -> QuerySet[Restriction]:
    """Return what waits for the account's decision at its providers: proposals and appeals, the oldest first."""
    held = organisations_by_role(account)
    at = held.get(Role.HANDLER, [])
    deciding = [*at, *held.get(Role.REVIEWER, [])]
    if not deciding:
        return Restriction.objects.none()
    handled = Q(provider__in=at, state=RestrictionState.PROPOSED)
    decided = Q(provider__in=deciding)
    appealed = decided & Q(appeal__isnull=False, appeal__decided_at__isnull=True)
    found = Restriction.objects.filter(handled | appealed & ~Q(decided_by=account) | appealed & Q(decided_by=None))
    return found.select_related("provider", "policy", "subscriber").order_by("pk")


@dataclass(frozen=True)
class Written:
    """Where somebody is written to, in which language, and whether with an account."""

    address: Plain
    language: str
    has_account: bool


def restricted_address(restriction: Restriction, *, purpose: str, now: dt.datetime) -> Written | None:
    """Return where whom it concerns is written to; None where nothing is known. Opening what is sealed is recorded.

    A subscriber at its account or its sealed address, a complainant at the account or at the address that was confirmed.
    """
    if restriction.subscriber is not None:
        address, account = (
            notify_address(restriction.subscriber, purpose=purpose, now=now),
            restriction.subscriber.account,
        )
        language = account.language if account is not None else ""
        return Written(address, language, account is not None) if address else None
    if restriction.holder.startswith(OF_ACCOUNT):
        owner = Account.objects.filter(pk=restriction.holder.removeprefix(OF_ACCOUNT), is_active=True).first()
        return None if owner is None else Written(Plain(owner.email), owner.language, has_account=True)
    newest = Complaint.objects.filter(strikes__restrictions=restriction).select_related("data_key", "complainant")
    complaint = newest.order_by("-pk").first()
    return None if complaint is None else Written(address_of(complaint), complaint.language, has_account=False)


def matters_of(restriction: Restriction) -> list[Strike]:
    """Return the strikes on which the restriction rests, the first first, those taken back since too."""
    return list(restriction.strikes.select_related("complaint", "policy", "provider").order_by("counted_at", "pk"))


def restriction_timeline(restriction: Restriction) -> list[Entry]:
    """Return the recorded acts of the restriction, the first first. Whoever calls this has checked who asks."""
    return list(Entry.objects.filter(subject=restriction.reference).order_by("pk"))


def acts_on(viewer: Viewer, restriction: Restriction, now: dt.datetime) -> list[str]:
    """Return what the viewer can do now, as the names of the sub-resources. The guards in the actions decide."""
    if Side(restriction.side) in viewer.sides:
        return ["appeal"] if may_be_appealed(restriction, now) else []
    is_appealed = open_restriction_appeal(restriction) is not None
    decides = (
        viewer.sides.intersection((Side.HANDLER, Side.REVIEWER)) and restriction.decided_by_id != viewer.account.pk
    )
    found = ["appeal/decision"] if is_appealed and decides else []
    if Side.HANDLER in viewer.sides:
        found += {"proposed": ["confirmation", "dismissal"], "in_force": ["lifting"]}.get(restriction.state, [])
    if Side.SERVICE in viewer.sides and waits_for_service(restriction):
        found.append("execution")
    return found


def waits_for_service(restriction: Restriction) -> bool:
    """Say whether the provider's service has something to report: that it is carried out, or undone."""
    if restriction.side != Side.UPLOADER or restriction.step == Step.WARNING:
        return False
    if restriction.state == RestrictionState.IN_FORCE:
        return restriction.executed_at is None
    return restriction.executed_at is not None and restriction.undone_at is None


def restrictions_waiting_for(account: Account) -> list[Waiting]:
    """Return what waits for the account: proposals and appeals to decide; what is in force against it; 50 of a kind."""
    handled = [
        Waiting(
            title=_("Decide on a restriction") if one.state == RestrictionState.PROPOSED else _("Decide an appeal"),
            url=_page(one),
            reference=one.reference,
            role=str(Role.HANDLER.label),
            since=one.proposed_at,
            detail=str(Step(one.step).label),
        )
        for one in restrictions_desk(account)[:50]
    ]
    mine = concerning(account).filter(state=RestrictionState.IN_FORCE, appeal__isnull=True).order_by("-pk")
    ordered = [
        Waiting(
            title=_("Something was ordered against you: read why"),
            url=_page(one),
            reference=one.reference,
            role=str(Side(one.side).label),
            since=one.decided_at or one.proposed_at,
            due_at=one.until_at,
            detail=str(Step(one.step).label),
        )
        for one in mine[:50]
    ]
    return [*handled, *ordered]


def _page(restriction: Restriction) -> str:
    return reverse("complaints:restriction", args=[restriction.reference])
