"""The one engine that reads regimes: what a notice lacks. It knows no country; of clocks `counting` knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from complaints.regimes.shape import Element, Part, Words


@dataclass(frozen=True)
class Lack:
    """One thing that a notice lacks: which element, on which article, and what to give."""

    element: str
    source: str
    detail: Words
    pointer: str


def _is_filled(notice: Mapping[str, Any], place: str) -> bool:
    """Say whether a place such as ``complainant.name``, ``items.url`` or ``statements.good_faith`` is filled."""
    head, dot, rest = place.partition(".")
    value = notice.get(head)
    if not dot:
        return _says_something(value)
    if head == "statements":
        return isinstance(value, (list, tuple)) and rest in value
    if isinstance(value, (list, tuple)):
        return any(_is_filled(one, rest) for one in value)
    return isinstance(value, Mapping) and _is_filled(value, rest)


def _says_something(value: object) -> bool:
    """Say whether this is a text in which something can be read, or a list that holds something."""
    if isinstance(value, str):
        return any(character.isprintable() and not character.isspace() for character in value)
    return isinstance(value, (list, tuple)) and bool(value)


def lacks_of(elements: Iterable[Element], notice: Mapping[str, Any]) -> list[Lack]:
    """Return what the notice lacks, in the order of the law; empty when every element is there.

    House rule: only whether something is given is checked here; whether it is enough, a person judges on acceptance.
    """
    return [
        Lack(element.code, element.source, part.asks, _pointer(part))
        for element in elements
        for part in element.parts
        if not any(_is_filled(notice, place) for place in part.any_of)
    ]


def _pointer(part: Part) -> str:
    return (
        "/" + part.any_of[0].partition(".")[0]
        if part.any_of[0].startswith("statements.")
        else ("/" + part.any_of[0].replace(".", "/"))
    )


def lack_of(elements: Iterable[Element], element_code: str, pointer: str) -> Lack | None:
    """Return the lack that was noted by element and pointer, in the words of today's language."""
    for element in elements:
        for part in element.parts:
            if element.code == element_code and _pointer(part) == pointer:
                return Lack(element.code, element.source, part.asks, pointer)
    return None
