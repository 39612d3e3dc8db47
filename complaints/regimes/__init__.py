"""The regimes: data with a date of effect, and the engine that reads them. No article stands outside the data."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from complaints.regimes import cn, eu, jp, us
from complaints.regimes.settling import settled
from complaints.regimes.shape import Regime, Value
from core import times

# Every version that a matter may be stamped with; a version that was in use is never removed or changed.
VERSIONS: tuple[Regime, ...] = (cn.REGIME, us.REGIME, eu.REGIME, jp.REGIME)
CODES: tuple[str, ...] = tuple(dict.fromkeys(regime.code for regime in VERSIONS))


class Stamped(Protocol):
    """A matter that says under which version of which regime it was filed, with which values of its settings."""

    regime: str
    regime_version: str
    law_settings: Mapping[str, Value]


def current(code: str, now: dt.datetime | None = None) -> Regime | None:
    """Return the version of the regime that is in force; None when there is none.

    A version takes effect when its day begins in the jurisdiction. Acts say ``now``; what is only shown is of today.
    """
    at = now or times.now()
    known = [law for law in VERSIONS if law.code == code and law.in_force_from <= _day_in(law, at)]
    return max(known, key=lambda law: law.in_force_from, default=None)


def _day_in(law: Regime, now: dt.datetime) -> dt.date:
    return now.astimezone(ZoneInfo(law.time_zone)).date()


def all_current(now: dt.datetime | None = None) -> list[Regime]:
    """Return the version in force of every regime, in the order in which they are offered."""
    at = now or times.now()
    return [law for code in dict.fromkeys(one.code for one in VERSIONS) if (law := current(code, at)) is not None]


def at_version(code: str, version: str) -> Regime:
    """Return exactly this version of the regime; KeyError when it was never in use."""
    found = next((law for law in VERSIONS if (law.code, law.version) == (code, version)), None)
    if found is None:
        raise KeyError(code, version)
    return found


def of(matter: Stamped) -> Regime:
    """Return the regime of a matter: the version that it was filed under, settled as its provider had it then."""
    return _settled(matter.regime, matter.regime_version, tuple(sorted(matter.law_settings.items())))


@lru_cache(maxsize=512)
def _settled(code: str, version: str, values: Iterable[tuple[str, Value]]) -> Regime:
    return settled(at_version(code, version), dict(values))
