"""Page, API and public status say the same of a clock at the same instant: its day, its length, its due time, its words."""

import datetime as dt
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from complaints import access, actions
from complaints.models import Complaint
from core import times
from tests.complaints import world as worlds
from tests.complaints.test_acts import setting
from tests.complaints.test_views import browser
from tests.complaints.world import World
from tests.factories import people

WHY = "Why."
BOTH_SIDES_AND_STAFF = ("rights_holder", "uploader", "handler")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def us_contested(w: World) -> Complaint:
    """On Thursday 29 October; then the 10th working day is Friday 13 November: the 11th is Veterans Day."""
    return w.contested("us", now=at("2026-10-29T15:00Z"))


def cn_contested(w: World) -> Complaint:
    return w.contested("cn", now=at("2026-03-10T09:30Z"))


def cn_paused(w: World) -> Complaint:
    """On the second working day."""
    made = cn_contested(w)
    actions.pause_clock(reference=made.reference, by=w.handler, reasons=WHY, now=at("2026-03-12T02:00Z"))
    return made


def cn_resumed(w: World) -> Complaint:
    """With 13 working days left, the first of them 18 March."""
    made = cn_paused(w)
    actions.resume_clock(reference=made.reference, by=w.handler, now=at("2026-03-17T02:00Z"))
    return made


def jp_asked(w: World) -> Complaint:
    """Two days before the night in which Berlin goes over to summer time."""
    now = at("2026-03-27T10:00Z")
    made = w.accepted("jp", now=now)
    actions.send_inquiry(reference=made.reference, by=w.handler, now=now)
    return made


def jp_filed_with_a_large_platform(w: World) -> Complaint:
    setting(w, "jp", "large_platform", "yes")
    return w.filed("jp", now=at("2026-03-27T10:00Z"))


def eu_acted(w: World) -> Complaint:
    return w.acted("eu", now=at("2026-04-30T09:00Z"))


@dataclass(frozen=True)
class Case:
    """A clock that runs: whose it is, who sees it, when it is due, and by hand which day it is at which instant."""

    make: Callable[[World], Complaint]
    zone: str
    clock: str
    of: int
    due: str
    days: dict[str, int]
    seen_by: tuple[str, ...] = BOTH_SIDES_AND_STAFF


CASES = {
    "us": Case(
        us_contested, "America/New_York", "us-512g", 10, "2026-11-14T05:00Z",
        {"2026-10-29T15:00Z": 0,
         "2026-11-01T05:30Z": 1, "2026-11-01T06:30Z": 1,  # half past one, twice: the night on which summer time ends
         "2026-11-11T20:00Z": 8,
         "2026-11-13T04:59:59Z": 9, "2026-11-13T05:00Z": 10, "2026-11-14T04:59:59Z": 10},
    ),
    "cn": Case(
        cn_contested, "Asia/Shanghai", "cn-cc1196", 15, "2026-03-31T16:00Z",
        {"2026-03-11T15:59:59Z": 1, "2026-03-11T16:00Z": 2, "2026-03-31T15:59:59Z": 15},
    ),
    "cn, paused": Case(
        cn_paused, "Asia/Shanghai", "cn-cc1196", 15, "2026-03-31T16:00Z",
        {"2026-03-12T02:00Z": 2, "2026-03-16T02:00Z": 2, "2026-03-30T02:00Z": 2},
    ),
    "cn, gone on": Case(
        cn_resumed, "Asia/Shanghai", "cn-cc1196", 15, "2026-04-03T16:00Z",
        {"2026-03-17T02:00Z": 2, "2026-03-17T16:00Z": 3, "2026-04-02T15:59:59Z": 14, "2026-04-03T15:59:59Z": 15},
    ),
    "jp, asked": Case(
        jp_asked, "Europe/Berlin", "jp-3-2-2", 7, "2026-04-03T22:00Z",
        {"2026-03-28T22:59:59Z": 1,
         "2026-03-28T23:00Z": 2, "2026-03-29T00:59:59Z": 2, "2026-03-29T01:00Z": 2,  # from one second to the next 3:00
         "2026-03-29T22:00Z": 3, "2026-04-03T21:59:59Z": 7},
    ),
    "jp, large platform": Case(
        jp_filed_with_a_large_platform, "Europe/Berlin", "jp-26", 7, "2026-04-03T22:00Z",
        {"2026-03-29T01:00Z": 2, "2026-04-03T21:59:59Z": 7}, ("rights_holder", "handler"),
    ),
    "eu": Case(
        eu_acted, "Europe/Berlin", "eu-20", 6, "2026-10-30T23:00Z",
        {"2026-05-29T21:59:59Z": 0, "2026-05-29T22:00Z": 1,  # a month counts once its last day has begun

         "2026-10-25T00:30Z": 5, "2026-10-25T01:30Z": 5, "2026-10-30T22:59:59Z": 6},
    ),
}  # fmt: skip


def facts(clock: dict[str, Any]) -> tuple[Any, ...]:
    return clock["name"], clock["state"], clock["day"], clock["of"], clock["unit"], clock["due_at"], clock["words"]


def told_to_programs(made: Complaint, accounts: list[Any], now: dt.datetime, language: str) -> list[list[Any]]:
    """Return what is said of the clocks of the law to each account's program, and to whoever has the tracking code."""
    spoken = {"HTTP_ACCEPT_LANGUAGE": language}
    answers = []
    for account in accounts:
        client = people.program()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {people.token(account, now)}")
        answers.append(client.get(f"/api/v1/complaints/{made.reference}", **spoken))
    code = access.tracking_code_of(made).reveal()
    answers.append(Client().get(f"/api/v1/public/complaints/{code}", **spoken))
    assert {answer.status_code for answer in answers} == {200}
    return [[facts(one) for one in answer.json()["clocks"]] for answer in answers]


def pages(made: Complaint, accounts: list[Any], language: str) -> list[str]:
    """Return the pages of the matter and of its tracking code, as they read."""
    code = access.tracking_code_of(made).reveal()
    asked = [(browser(account), f"/complaints/{made.reference}/") for account in accounts]
    answers = [
        client.get(path, HTTP_ACCEPT_LANGUAGE=language) for client, path in (*asked, (Client(), f"/track/{code}/"))
    ]
    assert {answer.status_code for answer in answers} == {200}
    return [re.sub(r"\s+", " ", html.unescape(answer.content.decode())) for answer in answers]


@pytest.mark.parametrize("name", CASES)
def test_page_program_and_public_status_say_the_same_day_and_due_time(
    db: None, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    world = worlds.world(time_zone=case.zone)
    made = case.make(world)
    accounts = [getattr(world, who) for who in case.seen_by]

    for instant, day in case.days.items():
        now = at(instant)
        monkeypatch.setattr(times, "now", lambda now=now: now)
        for language in ("en", "zh-hans") if instant == list(case.days)[-1] else ("en",):
            told = told_to_programs(made, accounts, now, language)
            ours = {one for clocks in told for one in clocks if one[0].startswith(case.clock)}

            assert len(ours) == 1, (instant, ours)
            [(_name, _state, told_day, of, _unit, due_at, words)] = ours
            assert (instant, told_day, of, at(due_at)) == (instant, day, case.of, at(case.due))
            for page in pages(made, accounts, language):
                assert words in page
                assert f'datetime="{at(case.due):%Y-%m-%dT%H:%M:%S+00:00}"' in page
                assert set(re.findall(r"Day (\d+) of (\d+)", page)) <= {(str(day), str(case.of))}
