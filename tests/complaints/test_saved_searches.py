"""Searches that an account keeps: named, checked, sealed, its own, no more than fifty, and no act of any matter."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from complaints import access, actions
from complaints.models import SavedSearch
from complaints.rules import search
from core.errors import Invalid, NotFound
from core.models import DataKey
from ledger.models import Entry
from tests.complaints.test_views import browser
from tests.complaints.world import NOW, World
from tests.factories.people import program

ADDRESS = "/api/v1/searches"
QUERY = {"q": '"Ann Example" harb*', "state": "filed"}


def saved(world: World, name: str = "Ann's", **changes: Any) -> SavedSearch:
    values: dict[str, Any] = {"by": world.handler, "query": QUERY, **changes}
    return actions.save_search(name=name, now=NOW, **values)


def kept(world: World) -> list[tuple[str, dict[str, str]]]:
    found = [access.opened_search(one) for one in access.saved_searches_of(world.handler)]
    return [(one.name, one.query) for one in found]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Ann's", "ANN'S", True),
        ("two  words ", " Two words", True),
        ("ＡＢＣ", "abc", True),
        ("café", "cafe", False),
        ("版权", "版權", False),
    ],
)
def test_a_name_is_one_however_it_is_typed(one: str, other: str, *, is_same: bool) -> None:
    assert (search.name_key(one) == search.name_key(other)) is is_same


def test_programs_save_list_overwrite_and_remove_and_nobody_elses_is_there(world: World) -> None:
    mine, theirs = program(world.handler), program(world.rights_holder)

    made = mine.post(ADDRESS, {"name": "Ann's", "query": {**QUERY, "sort": "newest"}}, format="json")
    again = mine.post(ADDRESS, {"name": " ANN'S", "query": {"earning": "true"}}, format="json")
    listed = mine.get(ADDRESS).json()

    assert (made.status_code, made.json()["query"]) == (201, QUERY)
    assert listed == {"results": [again.json()], "next": None, "previous": None}
    assert {**again.json(), "saved_at": ""} == {
        "id": made.json()["id"], "name": "ANN'S", "query": {"earning": "true"}, "saved_at": "",
    }  # fmt: skip
    assert theirs.get(ADDRESS).json()["results"] == []
    one = f"{ADDRESS}/{made.json()['id']}"
    assert [theirs.delete(one).status_code, program().get(ADDRESS).status_code] == [404, 401]
    assert [mine.delete(one).status_code, mine.delete(one).status_code] == [204, 404]
    assert mine.get(ADDRESS).json()["results"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": "", "query": QUERY}, "/name"),
        ({"name": "x" * 81, "query": QUERY}, "/name"),
        ({"name": "two\nlines", "query": QUERY}, "/name"),
        ({"name": "x", "query": {}}, "/query"),
        ({"name": "x", "query": {"sort": "oldest"}}, "/query"),
        ({"name": "x", "query": {"state": "invented"}}, "/query/state"),
        ({"name": "x", "query": {"cursor": "abc", "q": "harbour"}}, "/query/cursor"),
        ({"name": "x", "query": {"q": "-"}}, "/query/q"),
        ({"name": "x", "query": "q=harbour"}, "/query"),
        ({"name": "x"}, "/query"),
    ],
)
def test_what_cannot_be_searched_is_not_saved_and_pointed_at(world: World, body: dict[str, Any], pointer: str) -> None:
    answer = program(world.handler).post(ADDRESS, body, format="json")

    assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (400, [pointer])
    assert not SavedSearch.objects.exists()


def test_an_account_keeps_fifty_and_a_removed_one_makes_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_SAVED", 2)
    first, _second = saved(world, "one"), saved(world, "two")

    with pytest.raises(Invalid) as refused:
        saved(world, "three")
    assert [one.code for one in refused.value.problems] == ["too_many"]
    saved(world, "TWO", query={"q": "pier"})
    saved(world, "one", by=world.rights_holder)
    actions.remove_search(by=world.handler, search_id=first.pk, now=NOW)
    saved(world, "three")

    assert kept(world) == [("TWO", {"q": "pier"}), ("three", QUERY)]


def test_what_is_kept_is_sealed_gone_with_its_key_and_no_act(world: World) -> None:
    before = Entry.objects.count()
    made = saved(world)
    row = SavedSearch.objects.get()
    assert all(word not in bytes(row.kept_sealed) + bytes(row.name_index) for word in (b"Ann", b"harb"))

    for other in (world.rights_holder, world.stranger):
        with pytest.raises(NotFound):
            actions.remove_search(by=other, search_id=made.pk, now=NOW)
    actions.remove_search(by=world.handler, search_id=made.pk, now=NOW)

    assert DataKey.objects.get(pk=made.data_key_id).destroyed_at == NOW
    assert Entry.objects.count() == before


def test_the_table_holds_each_name_and_each_place_once(world: World) -> None:
    made, other = saved(world, "one"), saved(world, "two")

    for constraint, values in {
        "saved_search_name_once": {"name_index": other.name_index},
        "saved_search_place_once": {"place": other.place},
        "saved_search_has_a_place": {"place": search.MOST_SAVED + 1},
    }.items():
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            SavedSearch.objects.filter(pk=made.pk).update(**values)


def test_people_save_what_they_see_open_it_by_a_link_and_remove_it(world: World) -> None:
    world.filed()
    handler = browser(world.handler)
    shown = handler.get("/desk/complaints/?tab=all&q=harbour&state=filed").content.decode()
    asks = unescape(re.search(r'name="asks" value="([^"]*)"[^>]*>\s*<input type="hidden" name="where"', shown)[1])  # type: ignore[index]

    answer = handler.post("/searches/", {"name": "Piers <b>", "asks": asks, "where": "desk"})

    there = "/desk/complaints/?tab=all&q=harbour&state=filed"
    assert (answer.status_code, answer["Location"]) == (303, there)
    for page, link in (("/desk/complaints/", there), ("/complaints/", "/complaints/?q=harbour&state=filed")):
        text = handler.get(page).content.decode()
        assert f'<a href="{link.replace("&", "&amp;")}">Piers &lt;b&gt;</a>' in text
        assert 'action="/searches/"' not in text  # nothing was asked that could be saved
    assert "Piers" not in browser(world.rights_holder).get("/complaints/").content.decode()
    removal = f"/searches/{SavedSearch.objects.get().pk}/removal/"
    assert browser(world.rights_holder).post(removal).status_code == 404
    assert handler.post(removal, {"where": "desk"})["Location"] == "/desk/complaints/"
    assert kept(world) == []


def test_a_page_asks_again_for_what_cannot_be_saved(world: World) -> None:
    handler = browser(world.handler)

    unnamed = handler.post("/searches/", {"name": " ", "asks": "q=pier", "where": "list"})
    wrong = handler.post("/searches/", {"name": "x", "asks": "state=invented", "where": "list"})

    assert (unnamed.status_code, wrong.status_code) == (400, 400)
    assert "q=pier" in unnamed.content.decode()
    assert handler.get("/searches/").status_code == 405
    assert handler.post(f"/searches/{uuid4()}/removal/").status_code == 404


def test_fifty_links_cost_one_query(world: World, django_assert_num_queries: Any) -> None:
    for number in range(3):
        saved(world, f"search {number}")

    with django_assert_num_queries(1):
        assert len(kept(world)) == 3
