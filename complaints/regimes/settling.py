"""How a regime is settled for a matter: the provider's values of its settings put into its clocks."""

from collections.abc import Mapping
from dataclasses import replace

from complaints.regimes.shape import ClockRule, Regime, Setting, Value


def defaults_of(law: Regime) -> dict[str, Value]:
    """Return the value of each setting where a provider has said nothing.

    House rule: each default is the reading that the portal takes of a point on which the law is unsure.
    """
    return {setting.code: setting.default for setting in law.settings}


def setting_of(law: Regime, code: str) -> Setting | None:
    """Return the setting of this code; None when the regime has none.

    House rule: a provider says how it is for it only on points that the data of the regime leaves open.
    """
    return next((setting for setting in law.settings if setting.code == code), None)


def is_value(setting: Setting, value: object) -> bool:
    """Say whether the setting can have this value: one of its choices, or a whole number within its bounds.

    House rule: a provider moves within the bounds that the law leaves, never beyond.
    """
    if setting.choices:
        return value in [code for code, _label in setting.choices]
    return type(value) is int and setting.least <= value <= setting.most


def settled(law: Regime, values: Mapping[str, Value]) -> Regime:
    """Return the regime as it is with these values: only the clocks that apply, each with its length.

    House rule: what is not among the values has its default, and a value that the data does not know counts for nothing.
    """
    known = {code: value for code, value in values.items() if (one := setting_of(law, code)) and is_value(one, value)}
    whole = {**defaults_of(law), **known}
    clocks = tuple(_at_length(rule, whole) for rule in law.clocks if _applies(rule, whole))
    if law.counter is None:
        return replace(law, clocks=clocks)
    clock = next(rule for rule in (*law.counter.others, law.counter.clock) if _applies(rule, whole))
    words = clock.consequences or law.counter.consequences
    counter = replace(law.counter, clock=_at_length(clock, whole), others=(), consequences=words)
    return replace(law, clocks=clocks, counter=counter)


def _applies(rule: ClockRule, values: Mapping[str, Value]) -> bool:
    return all(values.get(code) == value for code, value in rule.where)


def _at_length(rule: ClockRule, values: Mapping[str, Value]) -> ClockRule:
    return replace(rule, length=int(values[rule.length_from])) if rule.length_from else rule
