"""Lists a page at a time."""

import base64

import pytest

from core import paging
from core.errors import Invalid
from core.models import DataKey
from tests.factories.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> list[DataKey]:
    """Return seven rows, newest first."""
    made = [DataKey.objects.create(key_id="k", wrapped=b"-", created_at=NOW) for _ in range(7)]
    return made[::-1]


def test_every_row_is_seen_once_there_and_back(rows: list[DataKey]):
    seen, cursor = [], None
    for _ in range(10):
        found, cursor, _before = paging.keyset(DataKey.objects.all(), cursor, 3)
        seen += found
        if cursor is None:
            break

    assert seen == rows
    last, _after, before = paging.keyset(DataKey.objects.all(), paging.cursor_at("next", rows[5].pk), 3)
    assert last == rows[6:]
    back, after, first = paging.keyset(DataKey.objects.all(), before, 3)
    assert (back, after is not None, first is not None) == (rows[3:6], True, True)
    assert paging.keyset(DataKey.objects.all(), first, 3)[0] == rows[:3]


def test_what_comes_in_between_moves_nothing(rows: list[DataKey]):
    first, after, _ = paging.keyset(DataKey.objects.all(), None, 3)
    DataKey.objects.create(key_id="k", wrapped=b"-", created_at=NOW)

    second, _, _ = paging.keyset(DataKey.objects.all(), after, 3)

    assert first + second == rows[:6]


def test_an_empty_list_has_no_neighbours():
    assert paging.keyset(DataKey.objects.none(), None, 3) == ([], None, None)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "é",
        "",
        "=",
        base64.urlsafe_b64encode(b"next:1").decode(),
        "next:0f768af6-f07c-456a-9af5-19d203dd4cb6",
        "\x00",
        "A" * 5000,
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(cursor: str):
    if cursor == "":
        assert paging.keyset(DataKey.objects.none(), cursor, 3)[0] == []
        return
    with pytest.raises(Invalid):
        paging.keyset(DataKey.objects.all(), cursor, 3)


@pytest.mark.parametrize(("text", "limit"), [(None, 50), ("1", 1), ("200", 200)])
def test_a_page_has_as_many_rows_as_asked(text: str | None, limit: int):
    assert paging.limit_of(text) == limit


@pytest.mark.parametrize("text", ["0", "201", "-1", "1.5", "x", "", "²", "1" * 50, " 5"])
def test_other_limits_are_refused(text: str):
    with pytest.raises(Invalid):
        paging.limit_of(text)
