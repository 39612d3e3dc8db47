"""Statements of reasons as the DSA Transparency Database takes them: facts in fixed words, no personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation

from complaints import access, regimes
from complaints.rules import EEA, MeasureKind

if TYPE_CHECKING:
    from complaints.models import Complaint, StatementOfReasons
    from complaints.regimes.shape import Regime

VISIBILITY = {
    MeasureKind.REMOVAL: "DECISION_VISIBILITY_CONTENT_REMOVED",
    MeasureKind.BLOCKING: "DECISION_VISIBILITY_CONTENT_DISABLED",
    MeasureKind.DISCONNECTION: "DECISION_VISIBILITY_CONTENT_DISABLED",
}
CONTENT_TYPES = {
    "video": "CONTENT_TYPE_VIDEO",
    "audio": "CONTENT_TYPE_AUDIO",
    "image": "CONTENT_TYPE_IMAGE",
    "text": "CONTENT_TYPE_TEXT",
    "software": "CONTENT_TYPE_APP",
}


def source_of(law: Regime, *, is_trusted: bool) -> str:
    """Return from whom a notice under this law came, in the database's values."""
    if not law.dsa_notices:
        return "SOURCE_TYPE_OTHER_NOTIFICATION"
    return "SOURCE_TRUSTED_FLAGGER" if is_trusted else "SOURCE_ARTICLE_16"


def places_of(territory: list[str]) -> list[str]:
    """Return the countries of the European Economic Area in which a measure holds; empty territory: all."""
    return [code for code in EEA if not territory or code in territory]


def for_database(complaint: Complaint, one: StatementOfReasons) -> dict[str, Any]:
    """Return one statement as the database's API takes it (schema V2 of 1 July 2025)."""
    measure, media = one.measure, access.media_of(one)
    with translation.override("en"):
        facts = _facts(complaint, one)
    shown = {
        "puid": one.pk.hex,
        "decision_visibility": [VISIBILITY[MeasureKind(measure.kind)]],
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": "Copyright",
        "illegal_content_explanation": "The provider was given a notice that the content infringes copyright, checked "
        "it, and holds it to be valid.",
        "category": "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        "category_specification": ["KEYWORD_COPYRIGHT_INFRINGEMENT"],
        "content_type": sorted({CONTENT_TYPES.get(kind, "CONTENT_TYPE_OTHER") for kind, _at in media}),
        "content_date": min(at for _kind, at in media).date().isoformat(),
        "application_date": measure.ordered_at.date().isoformat(),
        "decision_facts": facts,
        "source_type": source_of(regimes.of(complaint), is_trusted=complaint.is_trusted),
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "territorial_scope": places_of(measure.territory),
    }
    if measure.ends_at is not None:
        shown["end_date_visibility_restriction"] = measure.ends_at.date().isoformat()
    return shown


def _facts(complaint: Complaint, one: StatementOfReasons) -> str:
    """Return the facts in a fixed sentence: what a handler or a complainant wrote may name people."""
    count = len(one.content[one.language]["restriction"]["items"])
    return (
        f"A notice of {complaint.filed_at.date().isoformat()} said that {count} item(s) of one uploader infringe "
        f"copyright. A person at the provider compared the notice with the content and ordered a measure on "
        f"{one.made_at.date().isoformat()}. The uploader was told the reasons and how to contest them."
    )
