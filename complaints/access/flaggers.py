"""Who is a trusted flagger at a provider, and who may see and record that."""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.models import TrustedFlagger
from complaints.regimes.shape import Regime
from complaints.rules import FlaggerState, flagger_state
from core.actors import Actor
from core.errors import Denied, NotFound
from verification.access import memberships_of, organisations_where
from verification.models import Account, Organisation
from verification.rules import STAFF_ROLES, Role


def is_trusted_flagger(account: Actor, provider: Organisation, law: Regime, now: dt.datetime) -> bool:
    """Say whether the account's notices come first at the provider now; only where the regime knows such flaggers."""
    if not law.trusted_flaggers or not isinstance(account, Account):
        return False
    today = now.astimezone(ZoneInfo(provider.time_zone)).date()
    mine = Q(account=account) | Q(organisation__in=memberships_of(account).values("organisation"))
    held = TrustedFlagger.objects.filter(
        mine, provider=provider, suspended_at__isnull=True, ended_at__isnull=True, since_on__lte=today
    )
    return held.filter(Q(until_on__isnull=True) | Q(until_on__gte=today)).exists()


def flaggers_of(account: Actor) -> QuerySet[TrustedFlagger]:
    """Return the trusted flaggers of the providers whose staff the account is, newest first; NotFound for others."""
    mine = organisations_where(account, *STAFF_ROLES)
    if not mine.exists():
        raise NotFound
    found = TrustedFlagger.objects.filter(provider__in=mine)
    return found.select_related("provider", "organisation", "named_by").order_by("-pk")


def flagger_for(account: Actor, flagger_id: UUID, *, lock: bool = False) -> TrustedFlagger:
    """Return the flagger; NotFound for whoever is no staff of its provider."""
    found = flaggers_of(account).filter(pk=flagger_id)
    flagger = (found.select_for_update(of=("self",)) if lock else found).first()
    if flagger is None:
        raise NotFound
    return flagger


def provider_of_authorizer(account: Actor, code: str = "") -> Organisation:
    """Return the provider (of this code, where one is given) whose authorizer the account is; Denied for others."""
    mine = organisations_where(account, Role.AUTHORIZER)
    found = (mine.filter(code=code) if code else mine).first()
    if found is None:
        raise Denied(_("Only an authorizer of a provider may do this."))
    return found


def state_of_flagger(flagger: TrustedFlagger, now: dt.datetime) -> FlaggerState:
    """Return where the flagger stands on the provider's present day."""
    return flagger_state(
        since_on=flagger.since_on,
        until_on=flagger.until_on,
        is_suspended=flagger.suspended_at is not None,
        is_ended=flagger.ended_at is not None,
        today=now.astimezone(ZoneInfo(flagger.provider.time_zone)).date(),
    )
