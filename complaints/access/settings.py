"""What providers said on unsure points of the laws, and who may say it."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from complaints.models import LawSetting
from complaints.regimes.settling import defaults_of
from complaints.regimes.shape import Regime, Value
from core.actors import Actor
from core.errors import Denied, NotFound
from verification.access import organisations_where, provider, require_staff
from verification.models import Account, Organisation
from verification.rules import Role


def law_settings_of(of: Organisation, law: Regime) -> dict[str, Value]:
    """Return the present value of each of the regime's settings at the provider; no query where it has none."""
    return law_settings_of_all([of], law)[of.pk] if law.settings else {}


def law_settings_of_all(several: Iterable[Organisation], law: Regime) -> dict[UUID, dict[str, Value]]:
    """Return the present values of the regime's settings at each of these providers, in one query."""
    values = {one.pk: defaults_of(law) for one in several}
    said = LawSetting.objects.filter(provider__in=values, regime=law.code, setting__in=defaults_of(law))
    for one in said.order_by("pk"):
        values[one.provider_id][one.setting] = one.value
    return values


def require_law_setter(account: Actor, code: str) -> tuple[Account, Organisation]:
    """Return the account and the provider of this code, whose authorizer it is; Denied for everybody else."""
    host = provider(code)
    try:
        require_staff(account, host, Role.AUTHORIZER)
    except NotFound:
        raise Denied(_("Only an authorizer of the provider may say how a law is read for it.")) from None
    assert isinstance(account, Account)
    return account, host


def providers_to_set_for(account: Actor) -> list[Organisation]:
    """Return the providers for which the account may say how a law is read."""
    return list(organisations_where(account, Role.AUTHORIZER))
