"""What a provider says on unsure points of a law: recorded, and never for matters that were filed before."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints.access import law_settings_of, require_law_setter
from complaints.actions.deciding import require_reasons
from complaints.actions.notice import regime_of
from complaints.models import LawSetting
from complaints.regimes.settling import is_value, setting_of
from complaints.regimes.shape import Setting, Value
from core.actors import Actor
from core.errors import Conflict, NotFound, invalid
from ledger.acts import action, record


@action("law_setting.changed")
def change_law_setting(
    *, provider: str, regime: str, setting: str, value: Value, reasons: str, by: Actor, now: dt.datetime
) -> LawSetting:
    """Say, as an authorizer and with reasons, how an unsure point of a law is read for the provider; return it.

    It counts for matters that are filed from now on. Raises NotFound for a setting that the regime does not have,
    Invalid for a value that it cannot have, Conflict where nothing would change.
    """
    account, host = require_law_setter(by, provider)
    law = regime_of(regime, now)
    found = setting_of(law, setting)
    if found is None:
        raise NotFound
    _check_value(found, value)
    require_reasons(reasons)
    before = law_settings_of(host, law)[setting]
    if before == value:
        raise Conflict(_("It has this value already."), state=str(value))
    made = LawSetting.objects.create(
        provider=host, regime=law.code, setting=setting, value=value, reasons=reasons, set_at=now, set_by=account
    )
    facts = {"regime": law.code, "version": law.version, "setting": setting, "before": before, "after": value}
    record(subject=f"law-setting:{made.pk}", provider=host.code, by=by, facts=facts, now=now)
    return made


def _check_value(setting: Setting, value: Value) -> None:
    if is_value(setting, value):
        return
    if setting.choices:
        known = ", ".join(code for code, _label in setting.choices)
        raise invalid("/value", "unknown", _("Choose one of: %(known)s.") % {"known": known})
    bounds = {"least": setting.least, "most": setting.most}
    raise invalid("/value", "out_of_bounds", _("Give a whole number from %(least)s to %(most)s.") % bounds)
