"""What is found by whom: words, filters, pages, and nothing by what somebody else was told or keeps sealed."""

import csv
import datetime as dt
import io
import re
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints import access, actions
from complaints.access import Wanted, searching
from complaints.models import Complaint, SearchEntry
from complaints.rules import search
from core.ids import uuid7
from ledger.models import Entry
from tests.complaints.world import CANARY, CONTACT, NOW, World, content, follow, subscriber
from tests.factories.people import program


def found(who: Any, query: str = "", **wanted: Any) -> list[str]:
    page = access.page_for(who, Wanted(query=query, **wanted), None, 50)
    return [one.reference for one in page.rows]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("Harbour", "'harbour'"),
        ("harb*", "'harb':*"),
        ("h*", "'h'"),
        ("two words", "'two' & 'words'"),
        ('"the Harbour" -pier', "('the' <-> 'harbour') & !'pier'"),
        ('"not closed', "('not' <-> 'closed')"),
        ("https://Host.example/v/1_2", "('host' <-> 'example' <-> 'v' <-> '1' <-> '2')"),
        ("CAFÉ ＡＢＣ straße", "'cafe' & 'abc' & 'strasse'"),
        ("版权投", "('版权' <-> '权投')"),
        ("版", "'版':*"),
        ("第2話", "('第' <-> '2' <-> '話':*)"),
        ("ｶﾞｲﾄﾞ", "('ガイ' <-> 'イド')"),
        ("a' | 'b & !( <-> \\", "'a' & 'b'"),
        ("-only -without", ""),
        ('"" -"" * ! &', ""),
        (" ".join(f"w{number}" for number in range(20)), " & ".join(f"'w{number}'" for number in range(12))),
    ],
)
def test_a_query_becomes_words_and_nothing_else(query: str, asked: str) -> None:
    assert search.asked_words(query) == asked


def test_what_is_counted_first_is_never_less_than_what_is_asked() -> None:
    near = search.near_words('"the harbour" pier* -"a film" -x https://a.example/')

    assert near == "('the' & 'harbour') & 'pier':* & ('a' & 'example')"
    assert search.near_words("-x") == ""


def test_words_keep_their_places_and_texts_stay_apart() -> None:
    kept = search.kept_words(["C-AB", "版权投诉 in a Café", "x " * 40_000])

    assert kept.startswith("'c':1 'ab':2 '版权':5 '权投':6 '投诉':7 '诉':7 'in':8 'a':9 'cafe':10 'x':13,")
    assert kept.count(",") == search.MOST_PLACES - 1


@pytest.mark.parametrize(
    ("since", "until", "periods"),
    [
        ("2026-03-10", "2026-03-10", ["month:2026-03"]),
        ("2025-12-31", "2026-01-01", ["month:2025-12", "month:2026-01"]),
        ("2023-12-01", "2026-01-31", ["year:2024", "year:2025", "month:2023-12", "month:2026-01"]),
    ],
)
def test_days_lie_in_few_periods(since: str, until: str, periods: list[str]) -> None:
    assert search.periods_between(dt.date.fromisoformat(since), dt.date.fromisoformat(until)) == periods


def test_what_was_filed_is_found_at_once_by_what_it_says(world: World) -> None:
    harbour = world.filed().reference
    other = world.filed(works=[{"title": "版权投诉 Der Café", "kind": "film"}], grounds="Pier to harbour").reference

    assert found(world.handler) == [other, harbour]
    assert found(world.handler, oldest_first=True) == [harbour, other]
    for query in ("版权", "权", "诉", "权投诉", "CAFE", '"投诉 der"', "harbour pier", "pier -film", "caf*", other):
        assert found(world.handler, query) == [other], query
    for query in ('"the harbour"', '"is the whole of it"', "film", harbour.lower()):
        assert found(world.handler, query) == [harbour], query
    for query in ('"harbour the"', '"harbour film"', "版诉", "harbours", "owner licensee"):
        assert found(world.handler, query) == [], query
    for query in (world.content[0].url, world.content[0].external_id, "host.example", "us owner"):
        assert found(world.handler, query) == [other, harbour], query


def test_a_filed_notice_brings_the_row_by_which_it_is_found_and_any_other_gets_one(world: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        filed = world.filed()
    copied = Complaint.objects.get(pk=filed.pk)
    copied.pk, copied.reference, copied.tracking_hash = uuid7(), "C-AGAIN", b"again"
    copied.save(force_insert=True)

    assert sum("complaints_searchentry" in one["sql"] for one in asked) == 1
    brought, made = SearchEntry.objects.order_by("number").values("complaint", "tags", "words", "filed_at", "number")
    assert [one["complaint"] for one in (brought, made)] == [filed.pk, copied.pk]
    assert (brought["tags"], brought["filed_at"]) == (made["tags"], made["filed_at"])
    assert (made["number"] - brought["number"], "'harbour'" in brought["words"], made["words"]) == (1, True, "")


def test_nobody_is_found_by_what_is_sealed(world: World) -> None:
    world.contested()
    follow()

    for value in (*CONTACT.values(), *CANARY.values(), "F. Example"):
        assert found(world.handler, f'"{value}"') == [], value


def test_each_finds_what_it_may_see_and_filters_do_not_widen_it(world: World) -> None:
    world.filed()
    acted = world.acted().reference

    assert len(found(world.handler)) == len(found(world.auditor)) == len(found(world.rights_holder)) == 2
    assert found(world.uploader) == found(world.service) == [acted]
    for who in (world.stranger, world.other_handler, None):
        assert found(who) == found(who, "harbour") == found(who, state="acted") == []
        assert found(who, provider=world.provider.code) == []


def test_an_uploader_finds_nothing_by_another_uploaders_part(world: World) -> None:
    from tests.factories import people

    other = people.account("other")
    theirs = content(subscriber(world.provider, other), url="https://elsewhere.example/secret/9")
    complaint = world.accepted(items=[{"url": world.content[0].url}, {"url": theirs.url}])
    world.measure(complaint, items=[world.content[0].url], reasons="Because of the lighthouse.")
    follow()

    assert found(world.handler, "elsewhere secret lighthouse") == [complaint.reference]
    assert found(world.uploader, "lighthouse harbour") == [complaint.reference]
    assert found(world.uploader, "elsewhere") == found(world.uploader, "harbour -elsewhere -secret -lighthouse") == []
    assert found(world.uploader, "harbour -elsewhere") == [complaint.reference]
    assert found(other) == found(other, "elsewhere") == []

    world.measure(complaint, items=[theirs.url], reasons="Because of the cliff.")
    follow()
    assert found(other, "elsewhere cliff") == [complaint.reference]
    assert found(other, "lighthouse") == []


def test_reasons_and_corrections_are_found_once_they_were_followed(world: World) -> None:
    rejected, corrected = world.filed(), world.filed()
    actions.reject(reference=rejected.reference, by=world.handler, reasons="A parody.", now=NOW)
    changes = {"works": [{"title": "The Lighthouse"}]}
    actions.correct_complaint(reference=corrected.reference, by=world.rights_holder, changes=changes, now=NOW)
    follow()

    assert found(world.rights_holder, "parody") == [rejected.reference]
    assert found(world.handler, "lighthouse -harbour") == found(world.handler, "lighthouse") == [corrected.reference]


def test_complaints_from_before_searches_get_their_words_from_the_record(world: World) -> None:
    made = world.filed()
    SearchEntry.objects.update(words="")
    assert found(world.handler, "harbour") == []

    follow()

    assert found(world.handler, "harbour") == [made.reference]


def test_filters_are_right_in_the_transaction_of_the_act(world: World) -> None:
    a_us, b_cn = world.filed().reference, world.filed("cn", now=NOW + dt.timedelta(days=400)).reference
    c_acted = world.acted().reference
    earning = content(world.subscriber, is_earning=True)
    d_earning = world.filed(items=[{"external_id": earning.external_id}]).reference
    day = NOW.date()

    assert found(world.handler, state="acted") == [c_acted]
    assert found(world.handler, state="filed") == [d_earning, b_cn, a_us]
    assert found(world.handler, regime="cn") == [b_cn]
    assert found(world.handler, earning=True) == [d_earning]
    assert found(world.handler, since=day, until=day) == [d_earning, c_acted, a_us]
    assert found(world.handler, since=day + dt.timedelta(days=1)) == [b_cn]
    assert (
        found(world.handler, until=day - dt.timedelta(days=1))
        == found(world.handler, since=day, until=dt.date.min)
        == []
    )
    assert found(world.handler, waiting=True) == [d_earning, b_cn, a_us]


def test_pages_go_forth_and_back_through_near_far_and_broken_off_slices(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = far_apart(world)

    for few, budget in ((2_000, 9.0), (0, 9.0), (0, -1.0)):
        monkeypatch.setattr(searching, "FEW", few)
        monkeypatch.setattr(searching, "BUDGET_SECONDS", budget)
        for query in ("harbour", "harb*", '"the harbour"', '"the harbour" film -zebra'):
            there = walked(world, Wanted(query=query))
            assert [reference for page in there for reference in page] == made[::-1], (few, budget, query)
        assert not any(walked(world, Wanted(query='"harbour the"'))), (few, budget)
        assert [one for page in walked(world, Wanted(oldest_first=True)) for one in page] == made
        assert access.ids_for(world.handler, Wanted(), 4) == access.ids_for(world.handler, Wanted(), 9)[:4]


def test_a_search_that_is_broken_off_says_so_and_goes_on_until_all_was_looked_through(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = far_apart(world)
    monkeypatch.setattr(searching, "FEW", 0)
    whole = program(world.handler).get("/api/v1/complaints?q=harbour&limit=2").json()
    monkeypatch.setattr(searching, "BUDGET_SECONDS", -1.0)
    client.force_login(world.handler, backend="allauth.account.auth_backends.AuthenticationBackend")

    address: str | None = "/api/v1/complaints?q=harbour"
    pages = []
    while address:
        pages.append(program(world.handler).get(address).json())
        address = pages[-1]["next"]
    nowhere = program(world.handler).get('/api/v1/complaints?q="harbour the"').json()
    some, none = (client.get(f"/complaints/?q={asked}").content.decode() for asked in ("harbour", '"harbour the"'))

    assert (whole["is_broken_off"], len(whole["results"])) == (False, 2)
    assert [row["reference"] for page in pages for row in page["results"]] == made[::-1]
    assert [page["is_broken_off"] for page in pages] == [page["next"] is not None for page in pages]
    assert pages[0]["is_broken_off"] is True
    assert (nowhere["results"], nowhere["is_broken_off"], nowhere["next"] is None) == ([], True, False)
    assert "This is not all" in some
    assert "Nothing so far" in none


def far_apart(world: World) -> list[str]:
    """File six notices as if thousands had come between them, each in a slice of its own; return their references."""
    made = [world.filed().reference for _ in range(6)]
    numbers = dict(SearchEntry.objects.order_by("number").values_list("complaint__reference", "pk"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('complaints_search_number', last_value + 100000) FROM complaints_search_number")
        [last] = cursor.fetchone()
    for place, reference in enumerate(reversed(made)):
        number = last - place * 3 * 2**searching.SLICE_BITS
        tags = SearchEntry.objects.get(pk=numbers[reference]).tags
        kept = [f"slice:{number >> searching.SLICE_BITS}", *(tag for tag in tags if not tag.startswith("slice:"))]
        SearchEntry.objects.filter(pk=numbers[reference]).update(number=number, tags=kept)
    return made


def walked(world: World, wanted: Wanted) -> list[list[str]]:
    """Go to the end, check that the way back shows the same, and return the pages."""
    pages, cursor = [], None
    while True:
        page = access.page_for(world.handler, wanted, cursor, 2)
        pages.append(page)
        cursor = page.next
        if cursor is None:
            break
    shown = [one.reference for page in pages for one in page.rows]
    seen: list[str] = []
    back = pages[-1].previous
    while back is not None:
        page = access.page_for(world.handler, wanted, back, 2)
        seen = [*(one.reference for one in page.rows), *seen]
        back = page.previous
    assert shown[: len(seen)] == seen
    return [[one.reference for one in page.rows] for page in pages]


def test_a_search_costs_the_same_few_queries_however_much_is_found(world: World) -> None:
    for _ in range(3):
        world.filed()

    with CaptureQueriesContext(connection) as asked:
        answer = program(world.handler).get("/api/v1/complaints?q=harbour&state=filed")

    assert len(answer.json()["results"]) == 3
    # The roles, own subscribers, where the order ends, the slices, the rows that may be seen.
    tables = ("complaints_complaint", "hosting_sub", "verification_mem", "complaints_search_n", "complaints_searche")
    sent = [
        [table for table in tables if f'FROM "{table}' in one["sql"] or f"FROM {table}" in one["sql"]][:1]
        for one in asked
    ]
    # Where a test before left a long order behind, the slices are asked twice: the near ones, then all others at once.
    assert list(dict.fromkeys(table for found in sent for table in found)) == [
        "verification_mem", "hosting_sub", "complaints_search_n", "complaints_searche", "complaints_complaint",
    ]  # fmt: skip
    assert len([found for found in sent if found]) <= 6


def test_the_table_of_searches_holds_one_row_for_each_audience_and_none_without_tags(world: World) -> None:
    entry = SearchEntry.objects.get(complaint=world.filed())

    with pytest.raises(IntegrityError, match="search_entry_once"), transaction.atomic():
        SearchEntry.objects.filter(pk=entry.pk).create(
            complaint=entry.complaint, number=entry.number, filed_at=NOW, tags=["x"], words=""
        )
    with pytest.raises(IntegrityError, match="search_entry_has_tags"), transaction.atomic():
        SearchEntry.objects.filter(pk=entry.pk).update(tags=[])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("state=odd", "/state"),
        ("regime=xx", "/regime"),
        ("provider=nowhere", "/provider"),
        ("since=yesterday", "/since"),
        ("until=1066-10-14", "/until"),
        ("earning=yes", "/earning"),
        ("sort=name", "/sort"),
        ("q=-only", "/q"),
        ("q=" + "x" * 201, "/q"),
        ("q=%22%22", "/q"),
        ("cursor=odd", "/cursor"),
        ("cursor=" + "A" * 60, "/cursor"),
        ("limit=0", "/limit"),
        ("order_by=reasons", "/order_by"),
        ("state__in=filed", "/state__in"),
    ],
)
def test_what_a_list_does_not_know_is_refused_at_its_place(world: World, query: str, pointer: str) -> None:
    answer = program(world.handler).get(f"/api/v1/complaints?{query}")

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_a_cursor_says_nothing_and_holds_for_whom_it_finds_something(world: World) -> None:
    for _ in range(3):
        world.filed()
    cursor = access.page_for(world.handler, Wanted(), None, 1).next

    assert cursor is not None
    assert access.page_for(world.other_handler, Wanted(), cursor, 1).rows == []
    assert access.page_for(world.handler, Wanted(), None, 1).next != cursor


def page_of(account: Any, path: str) -> Any:
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(path)


def rows_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a class="reference" href="/complaints/(C-\w+)/"', page)


def test_the_pages_search_as_programs_do_and_links_keep_what_was_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("complaints.views.desks.ROWS", 1)
    first, second = world.filed().reference, world.filed().reference

    desk = page_of(world.auditor, "/desk/complaints/?tab=all&q=harbour&state=filed&since=").content.decode()
    on = unescape(desk.split('rel="next"')[0].rpartition('href="')[2].split('"')[0])
    after = page_of(world.auditor, f"/desk/complaints/{on}").content.decode()
    turned = page_of(world.auditor, "/desk/complaints/?tab=all&sort=oldest").content.decode()
    mine = page_of(world.rights_holder, "/complaints/?q=harbour&sort=oldest").content.decode()

    assert [rows_in(page) for page in (desk, after, turned, mine)] == [[second], [first], [first], [first]]
    assert on.startswith("?tab=all&q=harbour&state=filed&cursor=")
    assert ('rel="prev"' in after, 'aria-sort="ascending"' in turned) == (True, True)
    nothing = page_of(world.rights_holder, "/complaints/?q=zebra")
    assert (nothing.status_code, "Take a word or a filter away" in nothing.content.decode()) == (200, True)
    wrong = page_of(world.rights_holder, "/complaints/?since=odd&q=-x&cursor=odd&invented=1")
    assert wrong.status_code == 400
    assert wrong.content.decode().count("Give a day as in") == wrong.content.decode().count("at least one word") == 1


def exported(who: Any, **asks: Any) -> Any:
    return program(who).post("/api/v1/complaints/export", asks, format="json")


def read(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_staff_takes_a_list_out_and_the_record_says_so_before_it_leaves(world: World) -> None:
    hostile = "=cmd|' /C calc'!A0"
    made = world.filed(works=[{"title": hostile, "kind": "film"}], grounds="@SUM(A1)\nsecond line, with a comma")
    world.filed("cn")
    answer = exported(world.auditor, q="cmd", regime="us", mark=True)

    entry = Entry.objects.get(act="complaint.list_exported")
    assert (entry.facts["as"], entry.facts["count"], entry.provider) == ("auditor", 1, world.provider.code)
    assert "cmd" not in entry.facts_text
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="complaints-')
    header, row = read(answer)
    shown = dict(zip(header, row, strict=True))
    assert (shown["reference"], shown["works"]) == (made.reference, f"'{hostile}")
    assert shown["grounds"] == "'@SUM(A1)\nsecond line, with a comma"
    assert not any(value in str(row) for value in (*CONTACT.values(), "F. Example"))
    page = Client()
    page.force_login(world.handler, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert len(read(page.post("/complaints/export/", {"asks": "q=harbour&sort=oldest"}))) == 2
    assert page.get("/complaints/export/").status_code == 405


def test_who_may_not_take_lists_out_gets_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.acted()
    world.filed()

    for who in (world.reviewer, world.authorizer, world.rights_holder, world.uploader, world.service, world.stranger):
        assert exported(who).status_code == 403
    assert exported(None).status_code == 401
    assert len(read(exported(world.other_handler))) == 1
    assert exported(world.other_handler, provider=world.provider.code).status_code == 403
    assert exported(world.handler, since="odd").json()["errors"][0]["pointer"] == "/since"
    assert exported(world.handler, invented=1).json()["errors"][0]["pointer"] == "/invented"
    monkeypatch.setattr(search, "MOST_EXPORTED", 1)
    assert read(exported(world.handler))[-1][0].startswith("Cut off after 1 complaints")
    assert Entry.objects.filter(act="complaint.list_exported").latest("pk").facts["is_cut"] is True


def test_no_plan_of_a_search_reads_a_whole_table(world: World) -> None:
    world.filed()
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('complaints_search_number', last_value + 100000) FROM complaints_search_number")

    with CaptureQueriesContext(connection) as asked:
        for query in ("", "harbour", "harb*", '"the harbour" -pier'):
            found(world.handler, query, state="filed", since=NOW.date())

    statements = [one["sql"] for one in asked if "FROM complaints_searchentry" in one["sql"]]
    assert len(statements) == 8
    with connection.cursor() as cursor:
        # Among so few rows another index is as good; among many it is not.
        cursor.execute("SET LOCAL enable_indexscan = off")
        for statement in statements:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert ("search_entry_found" in plan, "Seq Scan" in plan) == (True, False), plan
