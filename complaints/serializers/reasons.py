"""The statement of reasons: what was decided against somebody, why, on what ground, and how to contest it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import access
from complaints.access import Viewer
from complaints.actions import place_words, redress_of
from complaints.rules import MeasureKind, Side
from complaints.serializers import shown, words
from complaints.serializers.words import instant
from core.errors import NotFound, invalid

if TYPE_CHECKING:
    from complaints.models import Complaint, StatementOfReasons


def statement_in(language: str, complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return the statement of reasons in a language that the portal speaks (""): the reader's; Invalid for others."""
    if language and language not in dict(settings.LANGUAGES):
        raise invalid("/language", "unknown", ", ".join(dict(settings.LANGUAGES)))
    with translation.override(language or viewer.account.language or translation.get_language()):
        return statement_of_reasons(complaint, viewer, now)


def statement_of_reasons(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return the statement of reasons of the complaint's decisions; NotFound while nothing was decided.

    ``statements`` are those that uploaders were sent, word for word as on their day, each to its uploader and to staff.
    """
    items = access.items_for(viewer, complaint)
    measures, _counters = shown.answers_for(complaint, items)
    if not complaint.decision and not measures:
        raise NotFound
    law = words.regime_of(complaint)
    return {
        "reference": complaint.reference,
        "provider": complaint.provider.code,
        "regime": {"code": law.code, "version": law.version, "title": str(law.title)},
        "decision": shown.decision_shown(complaint),
        "rejected_items": [
            {"item": item.external_id or item.url, "reasons": item.reasons} for item in items if item.reasons
        ],
        "restrictions": [_restriction(measure) for measure in measures],
        "facts": {
            "origin": _("a notice"),
            "works": [work.title or work.work for work in complaint.works.order_by("position")],
            "items": [item.external_id or item.url for item in items],
            "grounds_of_notice": complaint.grounds,
            "complainant": shown.complainant_for(complaint, viewer, now) if Side.UPLOADER in viewer.sides else None,
            "capacity": complaint.capacity,
        },
        "automated": {"detection": False, "decision": False},
        "legal_ground": [{"whom": str(t.whom), "what": str(t.what), "source": t.source} for t in law.tells],
        "redress": redress_of(complaint),
        "state": complaint.state,
        "language": translation.get_language(),
        "statements": [_kept(one) for one in access.statements_for(viewer, complaint)],
    }


def _kept(one: StatementOfReasons) -> dict[str, Any]:
    language = translation.get_language()
    shown_in = language if language in one.content else one.language
    return {
        "id": str(one.pk),
        "measure": str(one.measure_id),
        "uploader": one.subscriber.pseudonym,
        "made_at": instant(one.made_at),
        "sent_in": one.language,
        "language": shown_in,
        **one.content[shown_in],
    }


def _restriction(measure: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": measure["kind"],
        "kind_label": str(MeasureKind(measure["kind"]).label),
        "items": [item["external_id"] or item["url"] for item in measure["items"]],
        "territory": place_words(measure["territory"]),
        "countries": measure["territory"],
        "from": measure["ordered_at"],
        "until": measure["lifted_at"] or measure["until"],
        "reasons": measure["reasons"],
        "grounds": measure["grounds"],
    }
