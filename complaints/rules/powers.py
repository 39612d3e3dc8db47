"""Powers of attorney of those who complain for somebody else: where they stand on a day."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST_NAMED_WORKS = 200


class PowersDecision(TextChoices):
    """What a person of the provider found of powers of attorney."""

    CHECK = "check", _("checked")
    REFUSE = "refuse", _("refused")


class PowersState(TextChoices):
    """Where powers of attorney stand with a provider."""

    SUBMITTED = "submitted", _("not checked yet")
    CHECKED = "checked", _("checked")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


def powers_state(*, decision: str, is_withdrawn: bool, until_on: dt.date | None, today: dt.date) -> PowersState:
    """Return where powers of attorney stand on this day of the provider's.

    House rule: they hold through their last day; what was refused stays refused, and what was withdrawn withdrawn.
    """
    if decision == PowersDecision.REFUSE:
        return PowersState.REFUSED
    if is_withdrawn:
        return PowersState.WITHDRAWN
    if until_on is not None and until_on < today:
        return PowersState.EXPIRED
    return PowersState.CHECKED if decision else PowersState.SUBMITTED


def may_be_decided(*, decision: str, is_withdrawn: bool) -> bool:
    """Say whether a person can still decide about powers of attorney.

    House rule: once, and until they are withdrawn; after their last day too, since earlier notices rest on them.
    """
    return not decision and not is_withdrawn


def may_be_named(*, decision: str, is_withdrawn: bool) -> bool:
    """Say whether a new notice can name powers of attorney.

    House rule: neither refused nor withdrawn ones. Those that have run out can be named, and are shown as such:
    no law lets a notice be refused for that.
    """
    return decision != PowersDecision.REFUSE and not is_withdrawn
