"""What comes first on the desk, and who is a trusted flagger there: awarded, suspended, ended, on which day."""

import datetime as dt
from typing import Any

import pytest

from complaints import actions, rules
from complaints.access import desk_page, is_trusted_flagger
from complaints.models import Complaint, TrustedFlagger
from complaints.rules import Priority
from core.actors import PUBLIC
from core.errors import Conflict, Denied, Invalid, NotFound
from ledger.models import Entry
from tests.complaints.test_curing import law
from tests.complaints.test_models import changed
from tests.complaints.test_views import browser
from tests.complaints.world import NOW, World, content
from tests.factories import people

DAY = dt.timedelta(days=1)
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("is_trusted", "is_earning", "priority"),
    [(True, False, "TRUSTED"), (True, True, "TRUSTED"), (False, True, "EARNING"), (False, False, "USUAL")],
)
def test_trusted_flaggers_come_first_then_what_earns(is_trusted: bool, is_earning: bool, priority: str) -> None:
    assert rules.priority_of(is_trusted=is_trusted, is_earning=is_earning) == Priority[priority]


@pytest.mark.parametrize(
    ("since", "until", "suspended", "ended", "state"),
    [
        (0, None, False, False, "trusted"), (0, 0, False, False, "trusted"), (-9, -1, False, False, "ended"),
        (1, None, False, False, "upcoming"), (-9, 9, True, False, "suspended"), (-9, 9, True, True, "ended"),
    ],
)  # fmt: skip
def test_where_a_flagger_stands(since: int, until: int | None, suspended: bool, ended: bool, state: str) -> None:
    until_on = None if until is None else TODAY + until * DAY

    found = rules.flagger_state(
        since_on=TODAY + since * DAY, until_on=until_on, is_suspended=suspended, is_ended=ended, today=TODAY
    )

    assert found == state


def recorded(world: World, **given: Any) -> TrustedFlagger:
    given = given or {"complaint": world.filed("eu").reference}
    award = actions.Award(**{"authority": "Arcom", "since_on": TODAY - DAY, "until_on": TODAY + DAY, **given})
    return actions.record_flagger(by=world.authorizer, provider=world.provider, award=award, now=NOW)


def test_its_notices_come_first_under_the_law_that_knows_it(world: World) -> None:
    earning = world.filed(items=[{"external_id": content(world.subscriber, is_earning=True).external_id}])
    usual = world.filed("eu")
    recorded(world, complaint=usual.reference)

    trusted = world.filed("eu", works=[{"title": "The Pier"}])

    assert [world.filed(regime).is_trusted for regime in ("us", "cn", "jp")] == [False] * 3
    first, after = desk_page(world.handler, "", 1)
    rest, _end = desk_page(world.handler, after or "", 50)
    order = [one.reference for one in (*first, *rest)]
    assert order[:3] == [trusted.reference, earning.reference, usual.reference]
    assert "trusted flagger" in browser(world.handler).get("/desk/complaints/").content.decode()


@pytest.mark.parametrize(
    ("what", "now", "is_trusted"),
    [
        ("nothing", NOW, True), ("nothing", NOW + DAY, True), ("nothing", NOW + 2 * DAY, False),
        ("nothing", NOW - 2 * DAY, False), ("suspended", NOW, False), ("resumed", NOW, True), ("ended", NOW, False),
    ],
)  # fmt: skip
def test_the_status_holds_on_its_days_and_not_while_it_is_suspended(
    world: World, what: str, now: dt.datetime, is_trusted: bool
) -> None:
    flagger = recorded(world)
    give: dict[str, Any] = {"flagger_id": flagger.pk, "by": world.authorizer, "now": NOW}
    if what in ("suspended", "resumed"):
        actions.suspend_flagger(reasons="Many unfounded notices.", **give)
    if what == "resumed":
        actions.resume_flagger(**give)
    if what == "ended":
        actions.end_flagger(**give)

    assert is_trusted_flagger(world.rights_holder, world.provider, law("eu"), now) is is_trusted
    assert not is_trusted_flagger(world.stranger, world.provider, law("eu"), now)
    assert not is_trusted_flagger(PUBLIC, world.provider, law("eu"), now)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"complaint": "C-NONE"}, "/complaint"),
        ({"organisation": "nowhere"}, "/organisation"),
        ({"organisation": "both", "complaint": "both"}, "/organisation"),
        ({"complaint": "guest"}, "/complaint"),
        ({"complaint": "C-NONE", "until_on": TODAY - 3 * DAY}, "/until"),
    ],
)
def test_an_award_names_one_holder_and_days_that_can_be(world: World, given: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        recorded(world, **given)

    assert refused.value.problems[0].pointer == pointer


def test_only_an_authorizer_records_and_strangers_see_nothing(world: World) -> None:
    flagger = recorded(world)
    give: dict[str, Any] = {"flagger_id": flagger.pk, "now": NOW}
    with pytest.raises(Denied):
        actions.end_flagger(by=world.handler, **give)
    with pytest.raises(NotFound):
        actions.end_flagger(by=world.other_handler, **give)
    with pytest.raises(Conflict):
        recorded(world, complaint=flagger.named_by.reference if flagger.named_by else "")

    assert people.program(world.handler).get("/api/v1/flaggers").json()["results"][0]["authority"] == "Arcom"
    assert people.program(world.rights_holder).get("/api/v1/flaggers").status_code == 404
    assert people.program(world.handler).post("/api/v1/flaggers", {}, format="json").status_code == 403
    entry = Entry.objects.get(act="flagger.recorded")
    assert people.program(world.auditor).get(f"/api/v1/ledger/entries?subject={entry.subject}").status_code == 200
    assert people.program(world.stranger).get(f"/api/v1/ledger/entries?subject={entry.subject}").status_code == 404


def test_the_page_records_suspends_and_ends(world: World) -> None:
    client, made = browser(world.authorizer), world.filed("eu")
    given = {"complaint": made.reference, "authority": "Arcom", "since": "2026-01-01", "areas": "films\nmusic"}
    assert client.post("/desk/flaggers/", given).status_code == 303
    (flagger,) = TrustedFlagger.objects.all()
    page = client.get("/desk/flaggers/").content.decode()
    assert "films, music" in page
    assert client.post(f"/desk/flaggers/{flagger.pk}/suspension/", {"reasons": "Unfounded."}).status_code == 303
    assert "Unfounded." in client.get("/desk/flaggers/").content.decode()
    assert client.post(f"/desk/flaggers/{flagger.pk}/resumption/").status_code == 303
    assert client.post(f"/desk/flaggers/{flagger.pk}/ending/").status_code == 303

    assert client.post("/desk/flaggers/", {**given, "complaint": "C-NONE"}).status_code == 400
    assert client.get(f"/desk/flaggers/{flagger.pk}/crowning/").status_code == 404
    assert "Record a trusted flagger" not in browser(world.handler).get("/desk/flaggers/").content.decode()


def test_a_program_records_suspends_resumes_and_ends(world: World) -> None:
    program, made = people.program(world.authorizer), world.filed("eu")
    body = {"complaint": made.reference, "authority": "Arcom", "areas": ["films"], "since": "2026-01-01"}
    told = program.post("/api/v1/flaggers", body, format="json").json()
    path = f"/api/v1/flaggers/{told['id']}"

    assert told["state"] == "trusted"
    suspension = program.post(f"{path}/suspension", {"reasons": "Unfounded."}, format="json").json()
    assert (suspension["state"], suspension["suspended_because"]) == ("suspended", "Unfounded.")
    assert program.post(f"{path}/resumption", {}, format="json").json()["state"] == "trusted"
    assert program.post(f"{path}/end", {}, format="json").json()["state"] == "ended"
    assert program.post(f"{path}/end", {}, format="json").status_code == 409


def test_a_flagger_is_never_in_between(world: World) -> None:
    flagger = recorded(world)
    changed(TrustedFlagger, "flagger_is_one_holder", account=None)
    changed(TrustedFlagger, "flagger_was_awarded_by_somebody", authority="")
    changed(TrustedFlagger, "flagger_ends_after_it_began", until_on=TODAY - 9 * DAY)
    changed(TrustedFlagger, "flagger_suspended_says_why", suspended_at=NOW)
    changed(Complaint, "complaint_priority_known", priority=9)
    actions.end_flagger(flagger_id=flagger.pk, by=world.authorizer, now=NOW)
    recorded(world, complaint=flagger.named_by.reference if flagger.named_by else "")
    changed(TrustedFlagger, "flagger_recorded_once", ended_at=None)
