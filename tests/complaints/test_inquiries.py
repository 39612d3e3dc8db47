"""The uploader is asked before a removal: who asks whom, what the answer does, and what the end of the time does."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from complaints import actions, rules
from complaints.access import acts_for, rows_of, viewer_of, waiting_for
from complaints.models import Complaint, Measure
from complaints.serializers import words
from core import clocks
from core.errors import Conflict, Denied, Invalid, NotFound
from ledger.models import Entry
from tests.complaints.world import NOW, World, content, fire, follow, mails, subscriber
from tests.factories import people

# Seven days after Tuesday 10 March 2026, by the provider's days (UTC).
OVER = dt.datetime(2026, 3, 18, tzinfo=dt.UTC)
AN_INSTANT = dt.timedelta(microseconds=1)


def asked(w: World, **changes: Any) -> Complaint:
    made = w.accepted("jp", **changes)
    actions.send_inquiry(reference=made.reference, by=w.handler, now=NOW)
    return Complaint.objects.get(pk=made.pk)


def answer(w: World, made: Complaint, said: str, now: dt.datetime = NOW, by: Any = None, reasons: str = "") -> None:
    give = {"reference": made.reference, "by": by or w.uploader, "now": now}
    actions.answer_inquiry(answer=said, reasons=reasons, **give)


def grounds(w: World, made: Complaint, now: dt.datetime = OVER, **changes: Any) -> list[str]:
    values: dict[str, Any] = {"kind": "removal", "reasons": "It is ours.", **changes}
    measure: Measure = actions.order_measure(reference=made.reference, by=w.handler, now=now, **values)
    return measure.grounds


def test_seven_days_from_the_receipt_without_an_answer_make_a_removal_possible_and_remove_nothing(
    world: World,
) -> None:
    made = asked(world)
    clock = clocks.running(made.reference).get()

    assert (clock.name, clock.due_at, made.answer_due_at) == ("jp-3-2-2", OVER, None)
    shown = words.clocks_shown(made, [clock], NOW)
    assert "asked whether it consents" in words.next_step_of(made, shown)
    with pytest.raises(Conflict) as refused:
        grounds(world, made, OVER - AN_INSTANT)
    assert refused.value.code == "inquiry_first"
    assert (fire(OVER - AN_INSTANT), fire(OVER), fire(OVER)) == (0, 1, 0)

    made.refresh_from_db()
    assert (made.state, made.inquiries.get().state) == ("accepted", "lapsed")
    assert made.answer_due_at is not None  # on the handlers' desk again
    assert [item.state for item in made.items.all()] == ["noticed"]
    assert Entry.objects.filter(act="complaint.inquiry_lapsed").count() == 1
    assert grounds(world, made) == ["no_objection"]


@pytest.mark.parametrize(
    ("said", "state", "removes"), [("consents", "consented", ["consent"]), ("refuses", "refused", None)]
)
def test_the_answer_stops_the_clock_and_decides_on_what_a_removal_can_rest(
    world: World, said: str, state: str, removes: list[str] | None
) -> None:
    made = asked(world)

    answer(world, made, said, reasons="I filmed it.")

    made.refresh_from_db()
    assert made.inquiries.get().state == state
    assert made.answer_due_at is not None
    assert clocks.of_matter(made.reference).get().ended_because == f"sender.{state}"
    assert fire(OVER) == 0
    if removes is None:
        with pytest.raises(Conflict) as refused:
            grounds(world, made)
        assert "does not consent" in refused.value.detail
        assert "give “grounds”: [“reasonable_belief”]" in refused.value.detail
        removes = ["reasonable_belief"]
    assert grounds(world, made, grounds=["reasonable_belief"] if said == "refuses" else []) == removes


def test_reasonable_belief_needs_no_waiting_is_recorded_and_ends_the_question(world: World) -> None:
    made = asked(world)

    assert grounds(world, made, NOW, grounds=["reasonable_belief"]) == ["reasonable_belief"]

    assert made.inquiries.get().state == "ended"
    assert not clocks.running(made.reference).exists()
    entry = Entry.objects.get(act="complaint.measure_ordered")
    assert entry.facts["grounds"] == ["reasonable_belief"]
    with pytest.raises(Conflict):
        answer(world, made, "refuses")


def test_a_measure_without_a_question_rests_on_the_belief_and_forwarding_on_its_own_grounds(world: World) -> None:
    made = world.accepted("jp")
    forwarding = list(rules.ALL_FORWARD_GROUNDS)

    assert grounds(world, made, kind="forward_only", grounds=forwarding) == forwarding
    assert grounds(world, world.accepted("jp")) == ["reasonable_belief"]
    entries = Entry.objects.filter(act="complaint.measure_ordered").order_by("pk")
    assert [entry.facts["grounds"] for entry in entries] == [forwarding, ["reasonable_belief"]]
    with pytest.raises(Invalid):
        grounds(world, world.accepted("us"), grounds=["reasonable_belief"])


@pytest.mark.parametrize(
    ("states", "rests_on", "believed"),
    [
        ([None], ["reasonable_belief"], ["reasonable_belief"]),
        (["ended"], ["reasonable_belief"], ["reasonable_belief"]),
        (["sent"], None, ["reasonable_belief"]),
        (["open"], None, ["reasonable_belief"]),
        (["refused"], None, ["reasonable_belief"]),
        (["consented"], ["consent"], ["reasonable_belief", "consent"]),
        (["lapsed", "consented"], ["no_objection", "consent"], ["reasonable_belief", "no_objection", "consent"]),
        (["lapsed", None, "ended"], ["reasonable_belief", "no_objection"], ["reasonable_belief", "no_objection"]),
        (["consented", "refused", None], None, ["reasonable_belief", "consent"]),
    ],
)
def test_on_what_a_removal_rests(states: list[str | None], rests_on: list[str] | None, believed: list[str]) -> None:
    assert rules.removal_grounds(states, is_believed=False) == rests_on
    assert rules.removal_grounds(states, is_believed=True) == believed


def test_a_batch_orders_where_nobody_was_asked_and_says_before_where_somebody_has_time(world: World) -> None:
    other = content(subscriber(world.provider, people.account("other-uploader")))
    both = [asked(world), world.accepted("jp", items=[{"external_id": other.external_id}])]
    batch = actions.prepare_batch(
        by=world.handler, provider=world.provider, act="measure", references=[one.reference for one in both],
        given={"kind": "removal", "reasons": "It is theirs."}, now=NOW,
    )  # fmt: skip
    actions.start_batch(batch_id=batch.pk, by=world.handler, digest=batch.digest, now=NOW)

    actions.run_batches(NOW)

    waiting, done = rows_of(batch)
    assert (waiting.state, waiting.code, done.state) == ("barred", "inquiry_first", "done")


def test_the_handler_reads_beforehand_on_what_a_measure_rests_and_can_ask_first(world: World, client: Client) -> None:
    made = world.accepted("jp")
    client.force_login(world.handler)
    page = f"/complaints/{made.reference}/measure/"

    before = client.get(page).content.decode()
    actions.send_inquiry(reference=made.reference, by=world.handler, now=NOW)
    asked_already = client.get(page).content.decode()

    asks = f'href="/complaints/{made.reference}/inquiry/"'
    assert "rests on this, and that is recorded" in before
    assert "JP act art. 3(2)(i)" in before
    assert asks in before
    assert "still has time to answer" in asked_already
    assert asks not in asked_already


def test_each_uploader_has_a_time_of_its_own_and_all_must_be_over(world: World) -> None:
    other = people.account("other-uploader")
    theirs = content(subscriber(world.provider, other))
    made = asked(world, items=[{"external_id": one.external_id} for one in (world.content[0], theirs)])

    answer(world, made, "consents")
    with pytest.raises(Conflict):
        grounds(world, made, NOW)
    answer(world, made, "consents", by=other)

    assert [clock.name for clock in clocks.of_matter(made.reference)] == ["jp-3-2-2", "jp-3-2-2.2"]
    assert grounds(world, made, NOW) == ["consent"]


def test_without_an_account_the_time_runs_from_the_recorded_receipt_and_a_handler_answers(world: World) -> None:
    world.subscriber.account = world.subscriber.claimed_at = None
    world.subscriber.save()
    made = asked(world)
    assert not clocks.running(made.reference).exists()
    assert made.answer_due_at is not None
    later = NOW + dt.timedelta(days=3)

    actions.record_inquiry_received(reference=made.reference, by=world.handler, now=later)

    assert clocks.running(made.reference).get().due_at == OVER + dt.timedelta(days=3)
    answer(world, made, "refuses", later, by=world.handler)
    assert made.inquiries.get().answered_by == world.handler
    with pytest.raises(Conflict):
        actions.record_inquiry_received(reference=made.reference, by=world.handler, now=later)


def test_nobody_answers_for_others_or_too_late_or_twice(world: World) -> None:
    made = asked(world)
    for who in (world.rights_holder, world.reviewer):
        with pytest.raises(Denied):
            answer(world, made, "consents", by=who)
    with pytest.raises(NotFound):
        answer(world, made, "consents", by=world.stranger)
    with pytest.raises(Conflict):
        answer(world, made, "consents", by=world.handler)  # the uploader has an account and speaks for itself
    with pytest.raises(Invalid):
        answer(world, made, "perhaps")
    with pytest.raises(Conflict):
        answer(world, made, "refuses", OVER)
    answer(world, made, "refuses", OVER - AN_INSTANT)
    with pytest.raises(Conflict):
        answer(world, made, "consents")


def test_a_question_is_asked_once_and_only_where_the_law_knows_it(world: World) -> None:
    made = asked(world)
    for one in (made, world.accepted("us"), world.filed("jp"), world.accepted("jp", items=[{"url": "https://x/y"}])):
        with pytest.raises(Conflict):
            actions.send_inquiry(reference=one.reference, by=world.handler, now=NOW)
    with pytest.raises(Denied):
        actions.send_inquiry(reference=made.reference, by=world.rights_holder, now=NOW)


@pytest.mark.parametrize("end", ["withdrawn", "rejected"])
def test_no_question_outlives_its_matter(world: World, end: str) -> None:
    made = asked(world)
    if end == "withdrawn":
        actions.withdraw(reference=made.reference, by=world.rights_holder, now=NOW)
    else:
        actions.reject(reference=made.reference, by=world.handler, reasons="A review.", now=NOW)

    assert made.inquiries.get().state == "ended"
    assert fire(OVER) == 0


def test_what_is_offered_waits_and_mailed_to_whom(world: World) -> None:
    made = world.accepted("jp")
    assert acts_for(viewer_of(world.handler, made), made)[:2] == ["inquiry", "measure"]
    actions.send_inquiry(reference=made.reference, by=world.handler, now=NOW)
    follow()

    assert acts_for(viewer_of(world.uploader, made), made) == ["inquiry/answer"]
    assert [one.due_at for one in waiting_for(world.uploader, NOW)] == [OVER]
    sent = {one["template"]: one["body"] for one in mails()}
    assert {"asked", "asked_uploader"} <= set(sent)
    assert "Films Example Ltd" not in sent["asked_uploader"]
    fire(OVER)
    follow(OVER)
    assert {"unanswered", "unanswered_uploader"} <= {one["template"] for one in mails()}
    assert acts_for(viewer_of(world.uploader, made), made) == []
