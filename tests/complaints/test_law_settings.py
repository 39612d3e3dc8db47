"""Unsure points of the laws: who says how they are read, within which bounds, and what that does to the clocks."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from complaints import actions, regimes
from complaints.access import acts_for, viewer_of
from complaints.models import Complaint
from complaints.regimes.settling import defaults_of, is_value, settled
from complaints.serializers import words
from core import clocks
from core.errors import Conflict, Denied, Invalid, NotFound
from ledger.models import Entry
from tests.complaints.world import NOW, World, fire, law_clocks

UTC = dt.UTC


def say(w: World, regime: str, setting: str, value: Any, by: Any = None) -> None:
    actions.change_law_setting(
        provider=w.provider.code, regime=regime, setting=setting, value=value, reasons="Counsel says so.",
        by=by or w.authorizer, now=NOW,
    )  # fmt: skip


def due(made: Complaint) -> tuple[str, dt.datetime]:
    (clock,) = law_clocks(made.reference).values()
    return clock.name, clock.due_at


@pytest.mark.parametrize(
    ("values", "clock", "due_at"),
    [
        ({}, "cn-cc1196", (2026, 4, 1)),
        ({"reasonable_period": 20}, "cn-cc1196", (2026, 4, 9)),
        ({"reasonable_period": 0}, "cn-cc1196", (2026, 3, 11)),
        ({"restoration": "e_commerce"}, "cn-ecl43", (2026, 3, 26)),
        ({"restoration": "regulation"}, "cn-reg17", (2026, 3, 10, 9, 30)),
    ],
)
def test_content_returns_by_the_rule_that_the_provider_takes(
    world: World, values: dict[str, Any], clock: str, due_at: tuple[int, ...]
) -> None:
    for name, value in values.items():
        say(world, "cn", name, value)

    made = world.contested("cn")

    assert due(made) == (clock, dt.datetime(*due_at, tzinfo=UTC))
    assert (made.law_settings, fire(dt.datetime(*due_at, tzinfo=UTC))) == (
        {**defaults_of(regimes.at_version("cn", made.regime_version)), **values}, 1,
    )  # fmt: skip
    assert Complaint.objects.get(pk=made.pk).state == "restored"


def test_nothing_stops_what_returns_at_once(world: World) -> None:
    say(world, "cn", "restoration", "regulation")
    made = world.contested("cn")

    assert "suit" not in acts_for(viewer_of(world.rights_holder, made), made)
    with pytest.raises(Invalid):
        actions.show_suit(reference=made.reference, by=world.rights_holder, kind="lawsuit", body="A court", now=NOW)


def test_a_change_never_alters_a_matter_that_was_filed_before(world: World) -> None:
    before = world.acted("cn")

    say(world, "cn", "reasonable_period", 5)
    world.counter(before)

    assert due(before) == ("cn-cc1196", dt.datetime(2026, 4, 1, tzinfo=UTC))
    assert words.clocks_shown(before, list(clocks.of_matter(before.reference)), NOW)[0]["of"] == 15
    assert world.filed("cn").law_settings["reasonable_period"] == 5
    assert Entry.objects.filter(subject=before.reference, act="complaint.filed").get().facts["law_settings"] == {
        "restoration": "civil_code", "reasonable_period": 15,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "setting", "value", "refusal"),
    [
        ("cn", "reasonable_period", 21, Invalid),
        ("cn", "reasonable_period", -1, Invalid),
        ("cn", "reasonable_period", True, Invalid),
        ("cn", "reasonable_period", "10", Invalid),
        ("cn", "restoration", "never", Invalid),
        ("cn", "restoration", "civil_code", Conflict),
        ("cn", "unknown", "yes", NotFound),
        ("us", "restoration", "regulation", NotFound),
        ("xx", "restoration", "regulation", Invalid),
    ],
)
def test_a_setting_keeps_within_what_the_law_leaves_open(world: World, regime, setting, value, refusal) -> None:
    with pytest.raises(refusal):
        say(world, regime, setting, value)


@pytest.mark.parametrize(
    "role", ["handler", "reviewer", "auditor", "service", "rights_holder", "uploader", "other_handler"]
)
def test_only_an_authorizer_says_how_a_law_is_read(world: World, role: str) -> None:
    with pytest.raises(Denied):
        say(world, "cn", "reasonable_period", 10, by=getattr(world, role))


def test_a_value_that_the_data_does_not_know_any_more_counts_for_nothing() -> None:
    law = regimes.at_version("cn", "cn-2026.1")
    clock = settled(law, {"reasonable_period": 99, "restoration": "gone", "other": 1}).counter.clock

    assert (clock.code, clock.length) == ("cn-cc1196", 15)
    assert not is_value(law.settings[0], ["civil_code"])


SIX_MONTHS = dt.datetime(2026, 9, 11, tzinfo=UTC)


def test_an_appeal_is_possible_for_six_months_by_law_and_refused_after(world: World) -> None:
    made = world.acted("eu")
    last = SIX_MONTHS - dt.timedelta(microseconds=1)

    assert due(made) == ("eu-20", SIX_MONTHS)
    with pytest.raises(Conflict):
        actions.close(reference=made.reference, by=world.handler, now=last)
    with pytest.raises(Conflict) as refused:  # also while the worker has not come to it
        actions.appeal(reference=made.reference, by=world.uploader, reasons="Mine.", now=SIX_MONTHS)
    assert refused.value.code == "window_closed"
    assert (fire(last), fire(SIX_MONTHS), fire(SIX_MONTHS)) == (0, 1, 0)
    assert acts_for(viewer_of(world.uploader, made), made) == []
    assert Entry.objects.get(act="complaint.appeal_window_closed").facts["sides"] == ["uploader"]
    actions.close(reference=made.reference, by=world.handler, now=SIX_MONTHS)


def test_each_side_has_its_six_months_and_a_new_decision_begins_them_anew(world: World) -> None:
    made = world.filed("eu")
    actions.reject(reference=made.reference, by=world.handler, reasons="A review.", now=NOW)
    assert clocks.running(made.reference).get().basis["whom"] == "complainant"

    actions.appeal(reference=made.reference, by=world.rights_holder, reasons="No.", now=NOW)
    give = {"reference": made.reference, "now": NOW}
    actions.decide_appeal(by=world.reviewer, outcome="granted", reasons="Yes.", **give)
    assert not clocks.running(made.reference).exists()
    world.measure(made)
    actions.uphold(by=world.handler, reasons="It stays.", reference=made.reference, now=NOW + dt.timedelta(days=1))

    (running,) = clocks.running(made.reference)
    assert (running.basis["whom"], running.due_at) == ("uploader", SIX_MONTHS + dt.timedelta(days=1))


def test_who_is_no_online_platform_takes_appeals_at_any_time(world: World) -> None:
    say(world, "eu", "internal_complaints", "no")
    made = world.acted("eu")

    assert not clocks.running(made.reference).exists()
    actions.appeal(reference=made.reference, by=world.uploader, reasons="Mine.", now=SIX_MONTHS)


def test_a_large_platform_answers_within_seven_days_or_it_is_recorded_that_it_did_not(world: World) -> None:
    say(world, "jp", "large_platform", "yes")
    week = dt.datetime(2026, 3, 18, tzinfo=UTC)
    late, rejected, asked, measured = (world.filed("jp") for _ in range(4))
    assert due(late) == ("jp-26", week)
    assert clocks.running(late.reference).get().latest_at == week + dt.timedelta(days=7)

    actions.reject(reference=rejected.reference, by=world.handler, reasons="A review.", now=NOW)
    for one in (asked, measured):
        actions.accept(reference=one.reference, by=world.handler, now=NOW)
    actions.send_inquiry(reference=asked.reference, by=world.handler, now=NOW)
    world.measure(measured)

    stopped = {one.matter: one.ended_because for one in clocks.Clock.objects.filter(name="jp-26", state="stopped")}
    assert stopped == {
        rejected.reference: "rejected", asked.reference: "sender.asked", measured.reference: "applicant.answered",
    }  # fmt: skip
    fire(week)
    late.refresh_from_db()
    assert [entry.subject for entry in Entry.objects.filter(act="complaint.deadline_missed")] == [late.reference]
    assert late.answer_due_at == week


def test_the_clock_of_an_incomplete_request_is_not_started_stands_still_and_goes_on(world: World) -> None:
    say(world, "jp", "large_platform", "yes")
    made = world.filed("jp", grounds="")
    shown = {one["name"]: one["state"] for one in words.clocks_shown(made, [], NOW)}
    assert shown == {"jp-3-2-2": "not_started", "jp-26": "not_started"}

    def correct(grounds: str, days: int) -> None:
        now, changes = NOW + dt.timedelta(days=days), {"grounds": grounds}
        actions.correct_complaint(reference=made.reference, by=world.rights_holder, changes=changes, now=now)

    correct("It is ours.", 1)
    assert due(made)[1] == dt.datetime(2026, 3, 19, tzinfo=UTC)
    correct("", 3)
    assert law_clocks(made.reference)["jp-26"].state == "paused"
    correct("It is ours.", 10)
    assert due(made)[1] == dt.datetime(2026, 3, 26, tzinfo=UTC)  # five days were left


# --- pauses of the counter-notice's clock


def test_a_handler_pauses_where_the_law_lets_it_and_what_was_left_is_left(world: World) -> None:
    made = world.contested("cn")
    give = {"reference": made.reference, "by": world.handler}
    actions.pause_clock(reasons="The papers are being legalized.", now=NOW + dt.timedelta(days=1), **give)

    shown = words.clocks_shown(made, list(clocks.of_matter(made.reference)), NOW + dt.timedelta(days=3))[0]
    assert (shown["state"], shown["day"]) == ("paused", 1)
    assert "resumption" in acts_for(viewer_of(world.handler, made), made)
    assert fire(dt.datetime(2026, 4, 2, tzinfo=UTC)) == 0
    with pytest.raises(Conflict):
        actions.pause_clock(reasons="Again.", now=NOW, **give)

    actions.resume_clock(now=NOW + dt.timedelta(days=3), **give)

    assert due(made)[1] == made.counter_notices.get().restore_due_at == dt.datetime(2026, 4, 3, tzinfo=UTC)
    assert fire(dt.datetime(2026, 4, 3, tzinfo=UTC)) == 1


def test_no_pause_holds_content_back_beyond_the_cap(world: World) -> None:
    made = world.contested("cn")
    cap = dt.datetime(2026, 4, 9, tzinfo=UTC)
    give = {"reference": made.reference, "by": world.handler}
    actions.pause_clock(reasons="The papers are being legalized.", now=NOW, **give)

    assert (fire(cap - dt.timedelta(microseconds=1)), fire(cap)) == (0, 1)
    assert Complaint.objects.get(pk=made.pk).state == "restored"


def test_where_the_law_knows_no_pause_there_is_none(world: World) -> None:
    give = {"reference": world.contested("us").reference, "by": world.handler, "now": NOW}

    with pytest.raises(Conflict) as refused:
        actions.pause_clock(reasons="Wait.", **give)
    assert refused.value.code == "no_pause"
    with pytest.raises(Conflict):
        actions.resume_clock(**give)


# --- what is shown


def test_the_law_is_shown_as_each_provider_reads_it_and_changed_by_its_authorizer(world: World, client: Any) -> None:
    page = reverse("complaints:law-setting", args=["cn", world.provider.code, "reasonable_period"])
    client.force_login(world.handler)
    assert client.get(page).status_code == 404
    client.force_login(world.authorizer)
    assert client.post(page, {"value": 99, "reasons": "Counsel."}).status_code == 400
    assert client.post(page, {"value": 12, "reasons": "Counsel."}).status_code in (302, 303)
    client.logout()

    shown = client.get(reverse("complaints:law", args=["cn"]) + f"?provider={world.provider.code}").content.decode()

    assert "12 working days" in shown
    for code in ("us", "eu", "jp"):
        assert client.get(reverse("complaints:law", args=[code])).status_code == 200
    told = APIClient().get("/api/v1/regimes/cn").json()
    (period,) = (one for one in told["settings"] if one["code"] == "reasonable_period")
    assert {one["provider"]: one["value"] for one in period["values"]}[world.provider.code] == 12
    assert (period["default"], period["least"], period["most"]) == (15, 0, 20)
    assert period["unsure"]
