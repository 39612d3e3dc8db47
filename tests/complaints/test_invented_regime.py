"""A law that nobody made, run through the whole portal by registering its data: a regime is data and nothing else."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from complaints import actions, regimes
from complaints.models import Complaint
from complaints.regimes.shape import (
    CALENDAR_DAYS,
    HOURS,
    OF_JURISDICTION,
    ClockRule,
    Counter,
    Element,
    Part,
    Regime,
    Setting,
    Statement,
    Telling,
)
from complaints.rules import HANDLED_BY, Effect, Event
from complaints.serializers import laws, sentences, words
from core import clocks
from core.actors import SYSTEM
from core.errors import Conflict, Invalid
from tests.complaints.world import CANARY, NOW, World, counter_statement, fire, law_clocks

UTC = dt.UTC
ACT_FAST = ClockRule(
    code="in-36", source="Rule 75(2)", label="The provider acts", starts=Event.NOTICE_RECEIVED,
    does=Effect.ANSWER_APPLICANT, unit=HOURS, length=36, stopped_by=(Event.APPLICANT_ANSWERED,), stopped="it acts",
    paused_by=(Event.NOTICE_INCOMPLETE,), resumed_by=(Event.NOTICE_RECEIVED,), paused="while something lacks",
)  # fmt: skip
# Counted from the complaint's receipt and by the jurisdiction's days; a delay pauses it, but never beyond 28 days.
RETURN = ClockRule(
    code="in-21", source="Rule 75(3)", label="The content returns", starts=Event.NOTICE_RECEIVED,
    does=Effect.RESTORATION, unit=CALENDAR_DAYS, length=21, length_from="days", earliest=21, latest=28, cap=28,
    zone=OF_JURISDICTION, stopped_by=("lawsuit",), stopped="a court order is shown", paused_by=(Event.DELAYED,),
    resumed_by=(Event.DELAY_OVER,), paused="while the court is closed",
)  # fmt: skip
WINDOW = ClockRule(
    code="in-appeal", source="Rule 80", label="Appeals", starts=Event.DECISION_INFORMED, does=Effect.WINDOW_CLOSES,
    unit=HOURS, length=72, restarted_by=(Event.DECISION_INFORMED,), stopped_by=(Event.APPEAL_DECIDED,),
)  # fmt: skip
INVENTED = Regime(
    code="inv", version="inv-1", in_force_from=dt.date(2013, 3, 14), title="An invented law", jurisdiction="Nowhere",
    calendar="US-federal", time_zone="Asia/Kolkata", summary="Acts fast.",
    elements=(
        Element("undertaking", "Rule 75(1)", "Undertaking", "Undertake to sue.",
                (Part(("statements.undertaking",), "Undertake to sue."),), "It must be made."),
        Element("phone", "Rule 75(1)", "Telephone", "A number.", (Part(("complainant.phone",), "Give it."),), "Given."),
    ),
    statements=(Statement("undertaking", "Rule 75(1)", "I undertake to sue."),),
    clocks=(ACT_FAST, RETURN, WINDOW),
    tells=(Telling("the uploader", "the notice", "Rule 75(4)"),),
    for_rights_holders=("Sue.",), for_uploaders=("Wait.",), names_complainant_to_uploader="", accuracy="Be right.",
    counter=Counter(
        source="Rule 76", statements=(), clock=RETURN, consequences="It returns.",
        elements=(Element("name", "Rule 76", "Name", "Your name.", (Part(("contact.name",), "Give it."),), "Given."),),
    ),
    settings=(Setting("days", "Rule 75(3)", "Days", "How many?", 21, "Nobody knows.", least=21, most=28,
                      unit=CALENDAR_DAYS),),
)  # fmt: skip
# The next version asks one thing less; it takes effect when its day begins in Kolkata, at 18:30 UTC the day before.
NEXT = replace(INVENTED, version="inv-2", in_force_from=dt.date(2026, 3, 11), elements=INVENTED.elements[:1])
EFFECT = dt.datetime(2026, 3, 10, 18, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def invented(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(regimes, "VERSIONS", (*regimes.VERSIONS, INVENTED, NEXT))
    yield
    regimes._settled.cache_clear()


def filed(w: World, now: dt.datetime = NOW, **changes: Any) -> Complaint:
    return w.filed("inv", now, **{"statements": ["undertaking"], **changes})


def contested(w: World, now: dt.datetime = NOW) -> Complaint:
    made = filed(w)
    actions.accept(reference=made.reference, by=w.handler, now=NOW)
    w.measure(made)
    counter = counter_statement("inv", contact={"name": CANARY["name"]})
    actions.file_counter_notice(reference=made.reference, by=w.uploader, counter=counter, now=now)
    return Complaint.objects.get(pk=made.pk)


def running(made: Complaint) -> dict[str, dt.datetime]:
    return {name: clock.due_at for name, clock in law_clocks(made.reference).items()}


def test_the_version_in_force_is_that_of_the_jurisdictions_day_and_a_matter_keeps_its_own(world: World) -> None:
    early, late = filed(world, EFFECT - dt.timedelta(microseconds=1)), filed(world, EFFECT)

    assert (early.regime_version, late.regime_version) == ("inv-1", "inv-2")
    assert regimes.of(Complaint.objects.get(pk=early.pk)).elements == INVENTED.elements
    assert regimes.current("inv", dt.datetime(2013, 3, 13, 18, tzinfo=UTC)) is None
    with pytest.raises(Invalid):
        filed(world, dt.datetime(2013, 3, 13, 18, tzinfo=UTC))
    without = {"contact": {"name": "N", "email": "n@films.example"}}
    assert (filed(world, NOW, **without).state, filed(world, EFFECT, **without).state) == ("defective", "filed")


def test_thirty_six_hours_run_from_the_whole_notice_pause_and_go_on_to_the_second(world: World) -> None:
    made = filed(world, statements=[])
    assert (made.state, running(made)) == ("defective", {})

    def correct(statements: list[str], **after: float) -> None:
        now, changes = NOW + dt.timedelta(**after), {"statements": statements}
        actions.correct_complaint(reference=made.reference, by=world.rights_holder, changes=changes, now=now)

    correct(["undertaking"], hours=1)
    assert running(made) == {"in-36": NOW + dt.timedelta(hours=37)}
    correct([], hours=11, seconds=7)
    correct(["undertaking"], hours=50)
    assert running(made) == {"in-36": NOW + dt.timedelta(hours=50 + 26) - dt.timedelta(seconds=7)}
    assert fire(NOW + dt.timedelta(hours=76)) == 1
    assert made.regime == "inv"


def test_content_returns_21_days_after_the_complaint_by_the_jurisdictions_days(world: World) -> None:
    made = contested(world, NOW + dt.timedelta(days=5))
    # 10 March 15:00 in Kolkata; 31 March is the 21st day and ends at 18:30 UTC.
    ends = dt.datetime(2026, 3, 31, 18, 30, tzinfo=UTC)
    assert (running(made)["in-21"], made.counter_notices.get().restore_due_at) == (ends, ends)

    give = {"reference": made.reference, "by": world.handler}
    with pytest.raises(Conflict):
        actions.restore(reasons="A mistake.", now=ends - dt.timedelta(seconds=1), **give)
    actions.pause_clock(reasons="Closed.", now=NOW + dt.timedelta(days=6), **give)
    actions.resume_clock(now=NOW + dt.timedelta(days=8), **give)
    assert running(made)["in-21"] == ends + dt.timedelta(days=2)
    actions.pause_clock(reasons="Closed.", now=NOW + dt.timedelta(days=9), **give)
    actions.resume_clock(now=NOW + dt.timedelta(days=19), **give)

    assert running(made)["in-21"] == ends + dt.timedelta(days=7)  # the cap
    fire(ends + dt.timedelta(days=7))
    assert Complaint.objects.get(pk=made.pk).state == "restored"


def test_a_counter_notice_after_the_21_days_returns_the_content_at_once(world: World) -> None:
    now = NOW + dt.timedelta(days=40)
    made = contested(world, now)

    assert running(made)["in-21"] == now
    assert actions.restore(reference=made.reference, by=SYSTEM, now=now).state == "restored"


def test_all_that_is_shown_of_a_law_is_made_of_its_data(world: World) -> None:
    made = contested(world)
    shown = words.clocks_shown(made, list(clocks.of_matter(made.reference)), NOW)

    assert {one["name"] for one in shown} == {"in-36", "in-21", "in-appeal"}
    assert all(one["words"] for one in shown)
    whole = laws.regime_shown(INVENTED)
    assert [clock["in_words"] for clock in whole["clocks"]] == [
        "36 hours", "21 to 28 days; the portal acts after 21", "72 hours",
    ]  # fmt: skip


@pytest.mark.parametrize("law", [*regimes.VERSIONS, INVENTED], ids=lambda law: law.version)
def test_a_regime_speaks_only_of_what_the_portal_knows(law: Regime) -> None:
    rules = [*law.clocks, *([law.counter.clock, *law.counter.others] if law.counter else [])]
    rules += [law.inquiry.clock] if law.inquiry else []
    for rule in rules:
        moved_by = (*rule.stopped_by, *rule.paused_by, *rule.resumed_by, *rule.restarted_by)
        assert {rule.starts, *moved_by} <= set(Event)
        assert rule.does in sentences.RUNNING or rule.kept
        assert rule.does in HANDLED_BY or rule.kept
        assert rule.starts in sentences.STARTS
        assert {code for code, _value in rule.where} | ({rule.length_from} - {""}) <= {s.code for s in law.settings}
        assert bool(rule.paused_by) == bool(rule.resumed_by)
    for setting in law.settings:
        assert setting.unsure
        assert setting.source
        assert setting.choices or setting.least <= int(setting.default) <= setting.most


def test_no_code_outside_the_data_knows_a_regime() -> None:
    base = Path(regimes.__file__).parents[1]
    # What letters say, and the forms filled from them, is the knowledge of the letters' reader.
    others = [
        path
        for path in base.rglob("*.py")
        if path.relative_to(base).parts[0] not in ("regimes", "letters", "migrations") and path.name != "readings.py"
    ]
    codes = re.compile(r"[\"'](?:" + "|".join(regimes.CODES) + r")(?:-[a-z0-9.-]+)?[\"']")

    assert len(others) > 50
    assert {path.name: found for path in others if (found := codes.findall(path.read_text(encoding="utf-8")))} == {}
