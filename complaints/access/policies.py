"""Which policy on repeated infringement and misuse holds at a provider, and who may publish one."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.models import Policy
from complaints.models.strikes import Held
from complaints.rules.policies import HOUSE_POLICY, Numbers, numbers_of
from core.actors import Actor
from core.errors import Denied, NotFound
from verification.access import organisations_where, providers, require_staff
from verification.models import Account, Organisation
from verification.rules import Role


@dataclass(frozen=True)
class InForce:
    """The policy that holds: a provider's own version, or (without ``policy``) that of the house."""

    version: str
    numbers: Numbers
    policy: Policy | None = None


HOUSE = InForce(HOUSE_POLICY.version, HOUSE_POLICY.numbers)


def policies_of(provider: Organisation) -> QuerySet[Policy]:
    """Return what the provider published, what holds last first; it is public."""
    return Policy.objects.filter(provider=provider).order_by("-effective_at", "-pk")


def policy_in_force(provider: Organisation, at: dt.datetime) -> InForce:
    """Return the policy that held at the provider at this instant."""
    found = policies_of(provider).filter(effective_at__lte=at).first()
    return HOUSE if found is None else version_of(found)


def version_of(policy: Policy) -> InForce:
    """Return one published version as it reads, whether it holds or not."""
    return InForce(policy.version, numbers_of(policy.numbers), policy)


def numbers_under(row: Held) -> Numbers:
    """Return the numbers of the version under which a strike or restriction came about."""
    return HOUSE_POLICY.numbers if row.policy is None else numbers_of(row.policy.numbers)


def provider_with_policy(code: str) -> Organisation:
    """Return the provider of this code, whose policy is public; NotFound when there is none."""
    found = providers().filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def require_policy_publisher(account: Actor, provider: Organisation) -> Account:
    """Return the account as an authorizer of the provider; NotFound for strangers, Denied for its other staff."""
    require_staff(account, provider, Role.AUTHORIZER)
    if not isinstance(account, Account):
        raise Denied(_("Your role does not allow this"))
    return account


def may_publish_policy(account: Actor, provider: Organisation) -> bool:
    """Say whether it is worth offering to the account to publish a policy; the guard decides."""
    return organisations_where(account, Role.AUTHORIZER).filter(pk=provider.pk).exists()
