"""The laws as tables: every part of every element of every regime, given, missing, blank and of a wrong type."""

import itertools
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from complaints import regimes
from complaints.regimes.engine import lacks_of
from complaints.regimes.shape import Element, Part, Regime

# Nothing of a notice or counter-notice; what is put in stands at the places that the data names.
NOTHING: dict[str, Any] = {
    "complainant": {}, "contact": {}, "works": [], "items": [], "grounds": "", "statements": [], "signature": "",
    "evidence": [],
}  # fmt: skip
BLANK = ("", " ", "\t\n", "\u3000", "\u200b", "\ufeff \u2060")
WRONG = (None, 0, 7, True, 1.5, {}, {"name": "x"}, object())
LISTS = ("works", "items")


def parts_of(law: Regime) -> Iterator[tuple[tuple[Element, ...], Element, Part]]:
    for elements in (law.elements, law.counter.elements if law.counter else ()):
        for element in elements:
            for part in element.parts:
                yield elements, element, part


EVERY = [
    pytest.param(elements, element, part, place, id=f"{law.version}:{element.code}:{place}")
    for law in regimes.VERSIONS
    for elements, element, part in parts_of(law)
    for place in part.any_of
]


def holding(place: str, value: Any) -> dict[str, Any]:
    """Return a notice that holds the value at the place, and nothing else."""
    said, (head, _dot, rest) = deepcopy(NOTHING), place.partition(".")
    if head == "statements":
        said[head] = [rest] if value == "given" else value
    elif head in LISTS:
        said[head] = [{rest: value}] if rest else ([value] if value == "given" else value)
    elif rest:
        said[head] = {rest: value}
    else:
        said[head] = ["a-file"] if (head, value) == ("evidence", "given") else value
    return said


def lacking(elements: tuple[Element, ...], said: dict[str, Any]) -> list[tuple[str, str]]:
    return [(lack.element, str(lack.detail)) for lack in lacks_of(elements, said)]


@pytest.mark.parametrize(("elements", "element", "part", "place"), EVERY)
def test_a_part_is_there_when_one_of_its_places_says_something_and_only_then(
    elements: tuple[Element, ...], element: Element, part: Part, place: str
) -> None:
    every = [(one.code, str(two.asks)) for one in elements for two in one.parts]
    this = (element.code, str(part.asks))
    also = {
        (one.code, str(two.asks)) for one, two in itertools.chain.from_iterable(
            ((one, two) for two in one.parts if place in two.any_of) for one in elements
        )
    }  # fmt: skip

    assert lacking(elements, NOTHING) == every
    assert lacking(elements, holding(place, "given")) == [one for one in every if one not in also]
    for value in (*BLANK, *WRONG):
        assert this in lacking(elements, holding(place, value)), f"{value!r} counted as given"


# Where a text is what is asked for, a text is not of a wrong type.
WHOLES = [
    (head, whole)
    for head in sorted(NOTHING)
    for whole in (None, 7, True, object(), {"title": 1}, "text")
    if whole != "text" or head not in ("grounds", "signature", "evidence")
]


@pytest.mark.parametrize(("head", "whole"), WHOLES)
def test_what_is_of_a_wrong_type_as_a_whole_is_as_good_as_nothing(head: str, whole: Any) -> None:
    for law in regimes.VERSIONS:
        assert lacks_of(law.elements, {**NOTHING, head: whole}) == lacks_of(law.elements, NOTHING)
