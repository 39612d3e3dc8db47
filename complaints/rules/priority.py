"""Which notices come first on the desk, and until when somebody is a trusted flagger: values and pure functions."""

import datetime as dt

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Priority(IntegerChoices):
    """What comes first on the desk; within one priority, what is due next."""

    TRUSTED = 0, _("From a trusted flagger.")
    EARNING = 1, _("The provider earns from it.")
    USUAL = 2, _("As usual.")
    REPEATED = 3, _("It repeats a notice that is open.")
    LAST = 4, _("After all others, because its sender misused notices.")


class FlaggerState(TextChoices):
    """Where a trusted flagger stands with a provider."""

    UPCOMING = "upcoming", _("not yet in force")
    TRUSTED = "trusted", _("trusted")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("over")


def priority_of(*, is_trusted: bool, is_earning: bool, is_repeated: bool = False) -> Priority:
    """Return which priority a notice has.

    Law: DSA art. 22(1): notices of trusted flaggers are given priority. House rule: then what the provider earns
    from directly, because more care is owed there; and last what only repeats a notice that is open.
    """
    if is_repeated:
        return Priority.REPEATED
    if is_trusted:
        return Priority.TRUSTED
    return Priority.EARNING if is_earning else Priority.USUAL


def flagger_state(
    *, since_on: dt.date, until_on: dt.date | None, is_suspended: bool, is_ended: bool, today: dt.date
) -> FlaggerState:
    """Return where a trusted flagger stands on this day of the provider's.

    Law: DSA art. 22(2) and (6): the status is awarded, and suspended while a misuse is looked into. House rule: it
    holds through its last day.
    """
    if is_ended or (until_on is not None and until_on < today):
        return FlaggerState.ENDED
    if is_suspended:
        return FlaggerState.SUSPENDED
    return FlaggerState.UPCOMING if since_on > today else FlaggerState.TRUSTED
