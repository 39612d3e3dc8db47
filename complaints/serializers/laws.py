"""The regimes as programs and pages read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from complaints import rules
from complaints.regimes.shape import ClockRule, Counter, Defect, Element, Inquiry, Regime, Setting, Statement, Value
from complaints.serializers import sentences, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verification.models import Organisation


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
        "in_words": sentences.length_in_words(rule, str(words.UNITS[rule.unit])),
        "starts_in_words": str(sentences.STARTS[rule.starts]),
        "length": rule.length,
        "earliest": rule.earliest,
        "latest": rule.latest,
        "cap": rule.cap,
        "calendar": rule.calendar or None,
        "time_zone_of": rule.zone,
        "stopped_by": list(rule.stopped_by),
        "stopped": str(rule.stopped),
        "paused_by": list(rule.paused_by),
        "resumed_by": list(rule.resumed_by),
        "paused": str(rule.paused),
        "restarted_by": list(rule.restarted_by),
        "where": dict(rule.where),
        "kept": str(rule.kept) or None,
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
        "discloses": {
            "fields": list(counter.discloses),
            "source": counter.discloses_source,
            "words": str(counter.discloses_words),
        }
        if counter.discloses
        else None,
    }


def setting_shown(setting: Setting) -> dict[str, Any]:
    """Return a point on which the law is unsure, with what it can be and what it is where nobody said anything."""
    return {
        "code": setting.code,
        "source": setting.source,
        "label": str(setting.label),
        "asks": str(setting.asks),
        "default": setting.default,
        "default_label": value_label(setting, setting.default),
        "choices": [{"value": value, "label": str(label)} for value, label in setting.choices],
        "least": None if setting.choices else setting.least,
        "most": None if setting.choices else setting.most,
        "unsure": str(setting.unsure),
    }


def value_label(setting: Setting, value: Value) -> str:
    """Return a value of a setting in words."""
    if setting.choices:
        return str(dict(setting.choices)[str(value)])
    return f"{value} {words.UNITS[setting.unit]}"


def settings_shown(
    law: Regime,
    values: Sequence[tuple[Organisation, Mapping[str, Value]]],
    may_set: Sequence[Organisation] = (),
) -> list[dict[str, Any]]:
    """Return the regime's settings with the value that each has at each provider, and where the reader can change it."""
    able = {one.pk for one in may_set}
    return [
        {
            **setting_shown(setting),
            "values": [
                {
                    "provider": host.code,
                    "name": host.name,
                    "value": said[setting.code],
                    "label": value_label(setting, said[setting.code]),
                    **({"url": _setting_url(law, host, setting)} if host.pk in able else {}),
                }
                for host, said in values
            ],
        }
        for setting in law.settings
    ]


def _setting_url(law: Regime, host: Organisation, setting: Setting) -> str:
    return reverse("complaints:law-setting", args=[law.code, host.code, setting.code])


def inquiry_shown(inquiry: Inquiry) -> dict[str, Any]:
    """Return what the law says of asking the uploader before a removal."""
    return {
        "source": inquiry.source,
        "asks": str(inquiry.asks),
        "clock": clock_rule_shown(inquiry.clock),
        "belief": str(inquiry.belief),
        "belief_source": inquiry.belief_source,
    }


def measures_shown(law: Regime) -> list[dict[str, str]]:
    """Return the measures that a provider can order, each with when it is possible."""
    able = str(law.inquiry.asks) if law.inquiry is not None else ""
    forwarding = _("only where a part cannot be deleted, force would hurt others, and the server cannot be shut down")
    return [
        {
            "kind": kind.value,
            "label": str(kind.label),
            "when": forwarding if kind is rules.MeasureKind.FORWARD_ONLY else able,
        }
        for kind in rules.MeasureKind
    ]


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
        "inquiry": None if law.inquiry is None else inquiry_shown(law.inquiry),
        "measures": measures_shown(law),
        "names_complainant_to_uploader": law.names_complainant_to_uploader or None,
        "tells": [{"whom": str(t.whom), "what": str(t.what), "source": t.source} for t in law.tells],
        "for_rights_holders": [str(one) for one in law.for_rights_holders],
        "for_uploaders": [str(one) for one in law.for_uploaders],
        "accuracy": str(law.accuracy),
        "unsure": [str(one) for one in law.unsure],
    }
