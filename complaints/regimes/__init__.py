"""The regimes: data with a date of effect, and the engine that reads them. No article stands outside the data."""

from complaints.regimes import cn, eu, jp, us
from complaints.regimes.shape import Regime

# Every version that a matter may be stamped with; a version that was in use is never removed or changed.
VERSIONS: tuple[Regime, ...] = (cn.REGIME, us.REGIME, eu.REGIME, jp.REGIME)
CODES: tuple[str, ...] = tuple(dict.fromkeys(regime.code for regime in VERSIONS))
_BY_VERSION = {(regime.code, regime.version): regime for regime in VERSIONS}


def current(code: str) -> Regime | None:
    """Return the newest version of the regime of this code; None when there is no such regime."""
    known = [regime for regime in VERSIONS if regime.code == code]
    return max(known, key=lambda regime: regime.in_force_from, default=None)


def all_current() -> list[Regime]:
    """Return the newest version of every regime, in the order in which they are offered."""
    return [regime for code in CODES if (regime := current(code)) is not None]


def at_version(code: str, version: str) -> Regime:
    """Return exactly this version of the regime; KeyError when it was never in use."""
    return _BY_VERSION[code, version]
