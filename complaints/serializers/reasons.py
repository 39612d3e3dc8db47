"""The statement of reasons: what was decided against somebody, why, on what ground, and how to contest it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from complaints import access
from complaints.access import Viewer
from complaints.rules import Decision, MeasureKind, Side
from complaints.serializers import shown, words
from complaints.serializers.measures import place_words
from core.errors import NotFound

if TYPE_CHECKING:
    from complaints.models import Complaint


def statement_of_reasons(complaint: Complaint, viewer: Viewer, now: dt.datetime) -> dict[str, Any]:
    """Return the statement of reasons of the complaint's decisions; NotFound while nothing was decided."""
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
    }


def _restriction(measure: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": measure["kind"],
        "kind_label": str(MeasureKind(measure["kind"]).label),
        "items": [item["external_id"] or item["url"] for item in measure["items"]],
        "territory": place_words(measure),
        "countries": measure["territory"],
        "from": measure["ordered_at"],
        "until": measure["lifted_at"] or measure["until"],
        "reasons": measure["reasons"],
        "grounds": measure["grounds"],
    }


def redress_of(complaint: Complaint) -> list[dict[str, str]]:
    """Return the ways to contest what was decided, with the source and the address of each."""
    law, page = words.regime_of(complaint), f"{settings.PORTAL_URL}/complaints/{complaint.reference}/"
    ways = []
    if law.counter is not None and complaint.decision != Decision.REJECTED:
        ways.append(
            {
                "way": _("counter-notice"),
                "what": str(law.counter.consequences),
                "source": law.counter.source,
                "url": f"{page}counter-notice/",
            }
        )
    ways.append(
        {
            "way": _("appeal"),
            "what": _("Somebody else than who decided looks at it again and answers with reasons."),
            "source": _("rule of this portal"),
            "url": f"{page}appeal/",
        }
    )
    if law.out_of_court:
        ways.append(
            {
                "way": _("out-of-court body"),
                "what": _("A certified body for out-of-court disputes can be asked to look at the decision."),
                "source": law.out_of_court,
                "url": "",
            }
        )
    ways.append(
        {
            "way": _("court or authority"),
            "what": _("Nothing here takes away your way to a court or to an authority."),
            "source": str(law.title),
            "url": "",
        }
    )
    return ways
