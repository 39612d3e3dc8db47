"""The terms of a measure: until when, where, and (forwarding alone) when it is looked at again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access import terms_of
from complaints.models import Measure
from complaints.rules import MeasureKind
from core.errors import Invalid, Problem
from core.times import rfc3339


@dataclass(frozen=True)
class Terms:
    """How long, where and (forwarding alone) how long without a new look a measure holds; empty: as the rules say."""

    until: dt.datetime | None = None
    territory: Sequence[str] = ()
    review_at: dt.datetime | None = None


AS_THE_RULES_SAY = Terms()


def check_terms(kind: str, terms: Terms, now: dt.datetime) -> None:
    """Raise Invalid for terms that this kind of measure does not have, or that are out of bounds."""
    problems = _unknown_places(terms)
    if kind == MeasureKind.FORWARD_ONLY:
        given = [name for name in ("until", "territory") if getattr(terms, name)]
        text = _("Forwarding alone restricts nothing; it has neither an end nor a territory.")
        problems += [Problem(f"/{name}", "not_for_this_kind", text) for name in given]
        problems += _out_of(terms.review_at, "/review_at", now, rules.reviewed_at_latest(now))
    else:
        problems += _out_of(terms.until, "/until", now, rules.lasts_until_at_most(now))
        if terms.review_at is not None:
            text = _("Only forwarding alone is looked at again; give the measure an end instead.")
            problems.append(Problem("/review_at", "not_for_this_kind", text))
    if problems:
        raise Invalid(problems)


def _unknown_places(terms: Terms) -> list[Problem]:
    text = _("Give countries by their two capital letters (ISO 3166-1), as in CN.")
    places = rules.unknown_countries(list(terms.territory))
    return [Problem(f"/territory/{place}", "country", text) for place in places]


def _out_of(at: dt.datetime | None, pointer: str, now: dt.datetime, latest: dt.datetime) -> list[Problem]:
    if at is None or now < at <= latest:
        return []
    text = _("Give an instant after now and not after %(latest)s.") % {"latest": rfc3339(latest)}
    return [Problem(pointer, "out_of_bounds", text)]


def as_columns(kind: str, terms: Terms, now: dt.datetime) -> dict[str, Any]:
    """Return the terms as the columns of a new measure; forwarding alone gets the day of its review if none was given."""
    is_forwarding = kind == MeasureKind.FORWARD_ONLY
    return {
        "ends_at": terms.until,
        "territory": sorted(set(terms.territory)),
        "review_at": (terms.review_at or rules.reviewed_by_default(now)) if is_forwarding else None,
    }


def as_facts(measure: Measure) -> dict[str, Any]:
    """Return the terms as the record keeps them; what the measure does not have is left out."""
    facts = terms_of(measure)
    if measure.review_at is not None:
        facts["review_at"] = rfc3339(measure.review_at)
    return facts
