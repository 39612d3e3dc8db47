"""What a notice that lacks something means under its regime, which lacks can be cured, and what a correction touched."""

from collections.abc import Iterable, Mapping
from typing import Any

from complaints.regimes.shape import Defect, Element, Regime


def defect_of(law: Regime, lacking: Iterable[str]) -> Defect | None:
    """Return what a notice means that lacks these elements: the first defect that holds; None when nothing lacks.

    House rule: a regime orders its defects from the mildest on; each names what must be there for it to hold
    (17 USC 512(c)(3)(B)(ii) names three elements, the 2005 Measures, art. 10, none).
    """
    lacks = set(lacking)
    if not lacks:
        return None
    return next((defect for defect in law.defects if not lacks.intersection(defect.if_there)), None)


def is_curable(law: Regime, element: str) -> bool:
    """Say whether the law lets a notice be cured that lacks this element and nothing else."""
    found = defect_of(law, (element,))
    return found is not None and found.is_curable


def touched(elements: Iterable[Element], before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Return the codes of the elements for which the corrected notice says something else than before.

    House rule: a document that was added may speak for every element; whether it does, a person judges.
    """
    is_documented = list(before.get("evidence", ())) != list(after.get("evidence", ()))
    return {
        element.code
        for element in elements
        if is_documented or any(_at(before, place) != _at(after, place) for p in element.parts for place in p.any_of)
    }


def _at(notice: Mapping[str, Any], place: str) -> Any:
    """Return what stands at a place such as ``complainant.name``, ``items.url`` or ``statements.good_faith``."""
    head, dot, rest = place.partition(".")
    value = notice.get(head)
    if not dot:
        return value
    if head == "statements":
        return rest in (value or ())
    if isinstance(value, Mapping):
        return value.get(rest) or ""
    return [one.get(rest) or "" for one in value or ()]
