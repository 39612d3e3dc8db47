"""The regimes as programs and pages read them."""

from typing import Any

from complaints.regimes.shape import ClockRule, Counter, Defect, Element, Regime, Statement
from complaints.serializers import words


def element_shown(element: Element) -> dict[str, Any]:
    """Return what the law asks, in the reader's language."""
    return {
        "code": element.code,
        "source": element.source,
        "label": str(element.label),
        "asks": str(element.asks),
        "parts": [{"any_of": list(part.any_of), "asks": str(part.asks)} for part in element.parts],
        "checked": str(element.checked),
        "unsure": str(element.unsure) or None,
    }


def defect_shown(defect: Defect) -> dict[str, Any]:
    """Return what a notice means that lacks something, and while which elements are there."""
    return {
        "code": defect.code,
        "source": defect.source,
        "meaning": str(defect.meaning),
        "provider": str(defect.provider),
        "is_curable": defect.is_curable,
        "if_there": list(defect.if_there),
    }


def statement_shown(statement: Statement) -> dict[str, Any]:
    """Return a statement with its sentence."""
    return {
        "code": statement.code,
        "source": statement.source,
        "text": str(statement.text),
        "required": statement.is_required,
    }


def clock_rule_shown(rule: ClockRule) -> dict[str, Any]:
    """Return a deadline of the law."""
    return {
        "name": rule.code,
        "source": rule.source,
        "label": str(rule.label),
        "starts": rule.starts,
        "does": rule.does,
        "unit": rule.unit,
        "unit_label": str(words.UNITS[rule.unit]),
        "length": rule.length,
        "earliest": rule.earliest,
        "latest": rule.latest,
        "calendar": rule.calendar or None,
        "stopped_by": list(rule.stopped_by),
        "stopped": str(rule.stopped),
        "is_run": rule.is_run,
        "unsure": str(rule.unsure) or None,
    }


def counter_shown(counter: Counter) -> dict[str, Any]:
    """Return what a counter-notice must hold."""
    return {
        "source": counter.source,
        "elements": [element_shown(one) for one in counter.elements],
        "statements": [statement_shown(one) for one in counter.statements],
        "clock": clock_rule_shown(counter.clock),
        "consequences": str(counter.consequences),
        "bars_repetition": counter.bars_repetition or None,
    }


def regime_row(law: Regime) -> dict[str, Any]:
    """Return a regime as the list shows it."""
    return {
        "code": law.code,
        "version": law.version,
        "in_force_from": law.in_force_from.isoformat(),
        "title": str(law.title),
        "jurisdiction": str(law.jurisdiction),
        "summary": str(law.summary),
        "elements": [element_shown(one) for one in law.elements],
        "statements": [statement_shown(one) for one in law.statements],
        "clocks": [clock_rule_shown(one) for one in law.clocks],
    }


def regime_shown(law: Regime) -> dict[str, Any]:
    """Return a whole regime."""
    return {
        **regime_row(law),
        "calendar": law.calendar,
        "time_zone": law.time_zone,
        "counter_notice": None if law.counter is None else counter_shown(law.counter),
        "defects": [defect_shown(one) for one in law.defects],
        "tells": [{"whom": str(t.whom), "what": str(t.what), "source": t.source} for t in law.tells],
        "for_rights_holders": [str(one) for one in law.for_rights_holders],
        "for_uploaders": [str(one) for one in law.for_uploaders],
        "accuracy": str(law.accuracy),
        "unsure": [str(one) for one in law.unsure],
    }
