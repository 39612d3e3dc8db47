"""One act over many matters: previewed, bound to what was shown, done once each whoever dies, stopped midway."""

import datetime as dt
import html
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from complaints import access, actions, rules
from complaints.access.acts import OFFERED
from complaints.actions import batching
from complaints.models import Batch, BatchRow, Complaint
from complaints.rules import BatchAct, Side, State
from core.errors import Conflict, Denied, DomainError, Invalid, NotFound
from ledger.models import Entry
from tests.complaints import world as worlds
from tests.complaints.test_models import changed, refused
from tests.complaints.test_views import browser
from tests.complaints.world import NOW, World
from tests.factories import people
from verification.models import Account
from verification.rules import Role

WHY = "It is the whole film."
NAMES = ("is_own", "is_declared", "is_had_already", *(name for bars in rules.BARS.values() for name in bars))
NOTHING = dict.fromkeys(NAMES, False)


def prepared(world: World, act: str, *made: Complaint | str, **given: Any) -> Batch:
    references = [one if isinstance(one, str) else one.reference for one in made]
    return actions.prepare_batch(
        by=world.handler, provider=world.provider, act=act, references=references, given=given, now=NOW
    )


def started(world: World, act: str, *made: Complaint | str, **given: Any) -> Batch:
    batch = prepared(world, act, *made, **given)
    return actions.start_batch(batch_id=batch.pk, by=world.handler, digest=batch.digest, now=NOW)


def told(batch: Batch) -> list[tuple[str, str]]:
    return [(row.state, row.code) for row in access.rows_of(batch)]


def acts_on(made: Complaint) -> list[str]:
    found = Entry.objects.filter(subject=made.reference).order_by("pk")
    return [act.removeprefix("complaint.") for act in found.values_list("act", flat=True)]


# --- what is possible where, without a database


@pytest.mark.parametrize("act", [BatchAct.ACCEPTANCE, BatchAct.REJECTION, BatchAct.MEASURE, BatchAct.CLOSING])
def test_the_preview_holds_possible_what_the_page_of_a_matter_offers(act: BatchAct) -> None:
    offered = {state for (side, state), acts in OFFERED.items() if side is Side.HANDLER and act.value in acts}
    if act is BatchAct.REJECTION:  # of the whole; items are rejected one matter at a time
        offered = {state for state in offered if State.REJECTED in rules.MOVES[state]}

    assert offered == set(rules.POSSIBLE_IN[act])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", BatchAct)
def test_a_preview_says_of_every_act_and_state_whether_it_is_possible(act: BatchAct, state: State) -> None:
    code = rules.why_not(act, state, NOTHING)

    assert code == ("" if state in rules.POSSIBLE_IN[act] else "state")


@pytest.mark.parametrize(
    ("act", "found", "code"),
    [
        ("measure", {"has_nothing_free": True}, "nothing_free"),
        ("measure", {"is_declared": True, "has_nothing_free": True}, "conflict_declared"),
        ("measure", {"is_own": True, "is_declared": True}, "own_matter"),
        ("measure", {"has_nothing_free": True, "waits_for_answer": True}, "nothing_free"),
        ("measure", {"waits_for_answer": True}, "inquiry_first"),
        ("assignment", {"is_declared": True}, "conflict_declared"),
        ("assignment", {"is_declared": True, "is_had_already": True}, ""),
        ("assignment", {"is_barred_to_chosen": True}, "cannot_handle"),
        ("assignment", {"has_open_appeal": True}, ""),
        ("letter", {"has_nothing_free": True}, ""),
    ],
)
def test_a_preview_names_what_keeps_an_act_from_a_matter(act: str, found: dict[str, bool], code: str) -> None:
    assert rules.why_not(act, State.ACTED, {**NOTHING, **found}) == code


def test_a_matter_with_an_open_appeal_is_not_closed() -> None:
    assert rules.why_not("closing", State.REJECTED, {**NOTHING, "has_open_appeal": True}) == "open_appeal"


# --- preview


def test_the_preview_foretells_of_each_matter_what_would_happen(
    world: World, django_assert_max_num_queries: Any
) -> None:
    fine, decided = world.filed(), world.accepted()
    own = world.filed(by=world.handler)
    declared = world.filed()
    actions.declare_interest(reference=declared.reference, by=world.handler, about="matter", reasons=WHY, now=NOW)
    elsewhere = people.account()

    # The person behind the account, the complaints, the batch, its rows; and the transaction.
    with django_assert_max_num_queries(7):
        batch = prepared(world, "acceptance", fine, decided, own, declared, "C-NOTHING", fine)

    assert told(batch) == [
        ("ready", ""),
        ("barred", "state"),
        ("barred", "own_matter"),
        ("barred", "conflict_declared"),
        ("barred", "not_found"),
    ]
    assert acts_on(fine) == ["filed"]
    with pytest.raises(NotFound):
        access.batch_for(elsewhere, batch.pk)
    with pytest.raises(NotFound):
        access.batch_for(world.other_handler, batch.pk)


@pytest.mark.parametrize(
    ("act", "given", "pointer"),
    [
        ("rejection", {}, "/reasons"),
        ("measure", {"kind": "removal"}, "/reasons"),
        ("measure", {"kind": "magic", "reasons": WHY}, "/kind"),
        ("measure", {"kind": "forward_only", "reasons": WHY}, "/grounds"),
        ("dance", {}, "/act"),
        ("closing", {"references": []}, "/references"),
        ("closing", {"references": ["C-1"] * 5_001}, "/references"),
    ],
)
def test_a_batch_needs_what_its_act_needs(world: World, act: str, given: dict[str, Any], pointer: str) -> None:
    references = given.pop("references", ["C-1"])

    with pytest.raises(Invalid) as refusal:
        prepared(world, act, *references, **given)

    assert [one.pointer for one in refusal.value.problems] == [pointer]


def test_a_preview_is_confirmed_once_by_who_made_it_and_as_it_was_shown(world: World) -> None:
    batch = prepared(world, "acceptance", world.filed())
    other = people.member(Role.HANDLER, world.provider)
    given = {"batch_id": batch.pk, "now": NOW}

    with pytest.raises(Denied):
        actions.start_batch(by=other, digest=batch.digest, **given)
    with pytest.raises(Conflict):
        actions.start_batch(by=world.handler, digest="0" * 64, **given)
    actions.start_batch(by=world.handler, digest=batch.digest, **given)
    with pytest.raises(Conflict):
        actions.start_batch(by=world.handler, digest=batch.digest, **given)


def test_a_preview_that_nobody_confirms_is_forgotten(world: World) -> None:
    prepared(world, "acceptance", world.filed())

    assert actions.forget_prepared(NOW + dt.timedelta(hours=23)) == 0
    assert actions.forget_prepared(NOW + dt.timedelta(hours=25)) == 1
    assert (Batch.objects.count(), BatchRow.objects.count()) == (0, 0)


# --- what is foretold is what happens

Told = tuple[str, dict[str, Any], list[Complaint]]
REMOVAL = {"kind": "removal", "reasons": WHY}
FORWARDING = {"kind": "forward_only", "reasons": WHY, "grounds": list(rules.ALL_FORWARD_GROUNDS)}


def own_matters(w: World) -> Told:
    return "acceptance", {}, [w.filed(by=w.handler), w.filed()]


def declared_matters(w: World) -> Told:
    made, excepted = w.filed(), w.filed()
    for one in (made, excepted):
        actions.declare_interest(reference=one.reference, by=w.handler, about="matter", reasons=WHY, now=NOW)
    actions.except_interest(reference=excepted.reference, by=w.authorizer, handler=w.handler.pk, reasons=WHY, now=NOW)
    return "acceptance", {}, [made, excepted]


def declared_again_after_an_exception(w: World) -> Told:
    _act, _given, [_made, excepted] = declared_matters(w)
    later = NOW + dt.timedelta(minutes=1)
    actions.declare_interest(reference=excepted.reference, by=w.handler, about="complainant", reasons=WHY, now=later)
    return "acceptance", {}, [excepted, w.filed(by=people.account("another-sender"))]


def matters_in_another_state(w: World) -> Told:
    return "acceptance", {}, [w.accepted(), w.filed()]


def matters_with_nothing_free(w: World) -> Told:
    return (
        "measure",
        REMOVAL,
        [w.acted(), w.accepted(items=[{"external_id": worlds.content(w.subscriber).external_id}])],
    )


def matters_forwarded_and_not_yet_to_be_reviewed(w: World) -> Told:
    made = w.accepted()
    w.measure(made, "forward_only", grounds=FORWARDING["grounds"])
    return "measure", FORWARDING, [made, w.accepted()]


def matters_whose_uploader_was_asked(w: World) -> Told:
    made = w.accepted("jp")
    actions.send_inquiry(reference=made.reference, by=w.handler, now=NOW)
    other = worlds.content(worlds.subscriber(w.provider, people.account("other-uploader")))
    return "measure", REMOVAL, [made, w.accepted("jp", items=[{"external_id": other.external_id}])]


def matters_whose_uploader_refused(w: World) -> Told:
    act, given, [made, other] = matters_whose_uploader_was_asked(w)
    actions.answer_inquiry(reference=made.reference, by=w.uploader, answer="refuses", reasons="Mine.", now=NOW)
    return act, given, [made, other]


def matters_with_an_open_appeal(w: World) -> Told:
    made, other = w.filed(), w.filed()
    for one in (made, other):
        actions.reject(reference=one.reference, by=w.handler, reasons=WHY, now=NOW)
    actions.appeal(reference=made.reference, by=w.rights_holder, reasons=WHY, now=NOW)
    return "closing", {}, [made, other]


def matters_that_can_be_appealed_by_law(w: World) -> Told:
    return "closing", {}, [w.acted("eu"), w.acted()]


def matters_that_the_chosen_cannot_take(w: World) -> Told:
    other = people.member(Role.HANDLER, w.provider)
    return "assignment", {"to": other.pk}, [w.filed(by=other), w.filed()]


def matters_whose_complainant_has_no_address(w: World) -> Told:
    made, other = w.filed(), w.filed()
    Account.objects.filter(pk=w.rights_holder.pk).update(email="")
    Complaint.objects.filter(pk=other.pk).update(complainant=people.account("with-address"))
    return "letter", {"template": rules.HOUSE_LETTERS[0].key}, [made, other]


@pytest.mark.parametrize(
    ("matters", "code"),
    [
        (own_matters, "own_matter"),
        (declared_matters, "conflict_declared"),
        (declared_again_after_an_exception, "conflict_declared"),
        (matters_in_another_state, "state"),
        (matters_with_nothing_free, "nothing_free"),
        (matters_forwarded_and_not_yet_to_be_reviewed, "nothing_free"),
        (matters_whose_uploader_was_asked, "inquiry_first"),
        (matters_whose_uploader_refused, "inquiry_first"),
        (matters_with_an_open_appeal, "open_appeal"),
        (matters_that_can_be_appealed_by_law, "window_open"),
        (matters_that_the_chosen_cannot_take, "cannot_handle"),
        (matters_whose_complainant_has_no_address, "no_address"),
    ],
)
def test_the_preview_foretells_exactly_what_the_act_then_does(
    world: World, matters: Callable[[World], Told], code: str
) -> None:
    act, given, [made, other] = matters(world)
    batch = started(world, act, made, other, **given)
    barred, _ready = access.rows_of(batch)
    said_by_guard = {"state": "conflict", "no_address": "unknown"}.get(code, code)

    with pytest.raises(DomainError) as refusal, transaction.atomic():
        batching.CALLS[BatchAct(act)](barred, NOW)
    actions.run_batches(NOW)

    assert batching.told_of(refusal.value)[0] == said_by_guard
    assert told(batch) == [("barred", code), ("done", "")]


def test_every_reason_that_a_preview_gives_is_said_in_words() -> None:
    codes = {code for bars in rules.BARS.values() for code in bars.values()}

    assert codes <= set(rules.WHY_NOT)


def test_what_the_chosen_has_already_is_held_possible_and_stays_as_it_is(world: World) -> None:
    made = world.filed()
    actions.assign(reference=made.reference, by=world.handler, now=NOW)

    batch = started(world, "assignment", made, to=world.handler.pk)
    actions.run_batches(NOW)

    assert told(batch) == [("done", "")]
    assert acts_on(made) == ["filed", "assigned"]


# --- the work


def test_each_act_is_done_in_every_matter_that_was_shown_as_possible(world: World) -> None:
    filed, other = [world.filed(), world.filed()], people.member(Role.HANDLER, world.provider)
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("assignment", {"to": other.pk}, "filed"),
        ("acceptance", {"reasons": ""}, "accepted"),
        ("measure", {"kind": "removal", "reasons": WHY, "grounds": []}, "acted"),
        ("closing", {}, "closed"),
    ]

    for act, given, state in steps:
        batch = started(world, act, *filed, **given)
        assert actions.run_batches(NOW) == 2
        assert told(batch) == [("done", "")] * 2
        assert {Complaint.objects.get(pk=one.pk).state for one in filed} == {state}

    assert [acts_on(one) for one in filed] == [["filed", "assigned", "accepted", "measure_ordered", "closed"]] * 2
    assert {batch.state for batch in Batch.objects.all()} == {"done"}
    finished = Entry.objects.filter(act="batch.finished").order_by("-pk")[0]
    assert (finished.subject, finished.facts) == (f"batch:{batch.pk}", {"done": 2, "refused": 0})


def test_what_changed_after_the_preview_is_left_as_it_is_and_told(world: World) -> None:
    changed_since, fine = world.filed(), world.filed()
    batch = started(world, "rejection", changed_since, fine, reasons=WHY)
    later = NOW + dt.timedelta(minutes=1)
    actions.correct_complaint(
        reference=changed_since.reference, by=world.rights_holder, changes={"grounds": "More."}, now=later
    )

    actions.run_batches(later)

    assert told(batch) == [("refused", "changed"), ("done", "")]
    assert acts_on(changed_since) == ["filed", "corrected"]


def test_a_handler_who_is_none_any_more_does_nothing_by_a_batch(world: World) -> None:
    made = world.filed()
    batch = started(world, "acceptance", made)
    from tests.complaints.test_assigning import end

    end(world, world.handler)
    actions.run_batches(NOW)

    assert [state for state, _ in told(batch)] == ["refused"]
    assert acts_on(made) == ["filed"]


def test_a_failure_of_ours_ends_one_matter_and_not_the_batch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, fine = world.filed(), world.filed()
    whole = batching.CALLS[BatchAct.ACCEPTANCE]

    def fail(row: BatchRow, now: dt.datetime) -> object:
        whole(row, now)
        if row.reference == bad.reference:
            raise RuntimeError
        return None

    monkeypatch.setitem(batching.CALLS, BatchAct.ACCEPTANCE, fail)
    batch = started(world, "acceptance", bad, fine)

    actions.run_batches(NOW)

    assert told(batch) == [("refused", "failed"), ("done", "")]
    assert (acts_on(bad), acts_on(fine)) == (["filed"], ["filed", "accepted"])


def test_a_batch_is_stopped_midway_by_any_handler(world: World) -> None:
    made = [world.filed() for _ in range(3)]
    batch = started(world, "acceptance", *made)
    actions.run_batches(NOW, limit=1)

    actions.stop_batch(batch_id=batch.pk, by=people.member(Role.HANDLER, world.provider), now=NOW)
    actions.run_batches(NOW)

    assert told(batch) == [("done", ""), ("skipped", ""), ("skipped", "")]
    with pytest.raises(Conflict):
        actions.stop_batch(batch_id=batch.pk, by=world.handler, now=NOW)


def test_a_small_batch_does_not_wait_for_a_large_one(world: World) -> None:
    large = started(world, "acceptance", *[world.filed() for _ in range(3)])
    small = started(world, "acceptance", world.filed())

    actions.run_batches(NOW, limit=2)

    assert [[state for state, _ in told(one)] for one in (large, small)] == [["done", "waiting", "waiting"], ["done"]]


@pytest.fixture
def committed(transactional_db: None) -> World:
    return worlds.world()


@pytest.mark.django_db(transaction=True)
def test_two_workers_and_one_that_dies_in_the_middle_do_each_matter_once(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [committed.filed() for _ in range(12)]
    batch = started(committed, "acceptance", *made)
    whole, died = batching.CALLS[BatchAct.ACCEPTANCE], threading.Event()

    def dies_once(row: BatchRow, now: dt.datetime) -> object:
        done = whole(row, now)
        if row.position == 5 and not died.is_set():
            died.set()
            # What kill -9 leaves: a session that the server ends in the middle of the transaction.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return done

    monkeypatch.setitem(batching.CALLS, BatchAct.ACCEPTANCE, dies_once)

    def work() -> None:
        for _ in range(20):
            try:
                if not actions.run_batches(NOW, limit=3):
                    break
            except Exception:
                connection.close()
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    actions.run_batches(NOW)

    assert died.is_set()
    assert told(batch) == [("done", "")] * 12
    assert [acts_on(one) for one in made] == [["filed", "accepted"]] * 12
    assert Entry.objects.filter(act="batch.finished").count() == 1


# --- edges


def test_programs_preview_start_watch_and_stop(world: World) -> None:
    fine, decided = world.filed(), world.accepted()
    client, stranger = people.program(world.handler), people.program(world.other_handler)
    given = {"act": "acceptance", "references": [fine.reference, decided.reference]}

    made = client.post("/api/v1/batches", given, format="json")
    path = f"/api/v1/batches/{made.json()['id']}"

    assert (made.status_code, made.json()["counts"]["ready"], made.json()["counts"]["barred"]) == (201, 1, 1)
    rows = client.get(f"{path}/rows?limit=1").json()
    assert [row["reference"] for row in rows["results"]] == [fine.reference]
    assert [row["code"] for row in client.get(rows["next"]).json()["results"]] == ["state"]
    assert [row["code"] for row in client.get(f"{path}/rows?state=barred").json()["results"]] == ["state"]
    assert client.get(f"{path}/rows?cursor=x").status_code == client.get(f"{path}/rows?state=x").status_code == 400
    assert {stranger.get(one).status_code for one in (path, f"{path}/rows")} == {404}
    assert stranger.post(f"{path}/start", {"digest": "x"}, format="json").status_code == 404
    assert people.program(world.auditor).post("/api/v1/batches", given, format="json").status_code == 403
    begun = client.post(f"{path}/start", {"digest": made.json()["digest"]}, format="json")
    assert (begun.status_code, begun.json()["state"], begun.json()["percent"]) == (200, "running", 0)
    actions.run_batches(NOW)
    assert [client.get(path).json()[name] for name in ("state", "percent")] == ["done", 100]
    assert client.post(f"{path}/stop").status_code == 409
    assert [one["state"] for one in client.get("/api/v1/batches").json()["results"]] == ["done"]


def test_a_batch_takes_what_a_search_finds(world: World) -> None:
    filed, decided, page = world.filed(), world.accepted(), browser(world.handler)
    given = {"act": "acceptance", "search": {"state": "filed"}}
    narrowed = "/desk/complaints/?tab=all&state=filed"

    made = people.program(world.handler).post("/api/v1/batches", given, format="json").json()
    link = html.unescape(
        re.findall(r'href="(/desk/batches/new/[?]asks=[^"]+)"', page.get(narrowed).content.decode())[0]
    )

    rows = access.rows_of(access.batch_for(world.handler, made["id"]))
    assert [(row.reference, row.state) for row in rows] == [(filed.reference, "ready")]
    assert "1 matter is chosen" in page.get(link).content.decode()
    text = page.get(f"{link}&act=acceptance").content.decode()
    assert [one.reference in text for one in (filed, decided)] == [True, False]
    for wrong in ({"act": "acceptance"}, {"act": "acceptance", "search": {"state": "odd"}}):
        assert people.program(world.handler).post("/api/v1/batches", wrong, format="json").status_code == 400


def test_a_batch_takes_what_was_filed_together(world: World) -> None:
    together = [world.filed(), world.filed()]
    Complaint.objects.update(group=together[0].reference)
    asks, page = f"group={together[0].reference}", browser(world.handler)

    given = {"act": "assignment", "group": together[0].reference}
    made = people.program(world.handler).post("/api/v1/batches", given, format="json").json()

    assert made["counts"]["ready"] == 2
    assert f"asks={quote(asks, safe='')}" in page.get(f"/desk/complaints/?{asks}").content.decode()
    assert "2 matters are chosen" in page.get(f"/desk/batches/new/?asks={quote(asks, safe='')}").content.decode()


def test_people_choose_preview_confirm_and_read_the_report(world: World) -> None:
    fine, decided, page = world.filed(), world.accepted(), browser(world.handler)
    chosen = f"reference={fine.reference}&reference={decided.reference}"

    assert "2 matters are chosen" in page.get(f"/desk/batches/new/?{chosen}").content.decode()
    assert fine.reference in page.get(f"/desk/batches/new/?act=rejection&{chosen}").content.decode()
    given = {"references": f"{fine.reference}\n{decided.reference}\nC-NOTHING", "reasons": ""}
    assert page.post("/desk/batches/new/?act=rejection", given).status_code == 400
    shown = page.post("/desk/batches/new/?act=rejection", {**given, "reasons": WHY}, follow=True)
    text = shown.content.decode()
    assert "There is no such matter on your desk." in text
    batch = Batch.objects.get()
    page.post(f"/desk/batches/{batch.pk}/start/", {"digest": batch.digest})
    assert "<progress" in page.get(f"/desk/batches/{batch.pk}/live/").content.decode()
    actions.run_batches(NOW)
    assert page.get(f"/desk/batches/{batch.pk}/live/")["HX-Refresh"] == "true"
    assert "Reject the notices" in page.get("/desk/batches/").content.decode()
    assert {Complaint.objects.get(pk=one.pk).state for one in (fine, decided)} == {"rejected"}
    for path in ("/desk/batches/", "/desk/batches/new/", f"/desk/batches/{batch.pk}/"):
        assert browser(world.rights_holder).get(path).status_code == 404
    assert page.post(f"/desk/batches/{batch.pk}/stop/").status_code == 409


def test_the_tables_of_batches_hold_no_half_truths(world: World) -> None:
    made = world.filed()
    prepared(world, "acceptance", made)

    changed(Batch, "batch_act_known", act="dance")
    changed(Batch, "batch_state_has_its_times", state="done")
    changed(BatchRow, "batch_row_says_why_not", code="state")
    changed(BatchRow, "batch_row_is_a_matter", complaint=None)
    row = BatchRow.objects.get()
    row.pk = None
    refused("batch_row_position_once", lambda: row.save(force_insert=True))
