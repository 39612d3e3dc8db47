"""The sample service by itself: whom it believes, and what it does with the news. Beside the portal: tests/journeys."""

import base64
import datetime as dt
import json
import time
import urllib.error
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from complaints.rules import ItemState
from complaints.rules.policies import LADDERS
from hosting import signing
from samples.service import CHECKS, DOWN, OLDEST_SECONDS, PAUSES, SUBSCRIBER, UP, Portal, Service

NEWS = {"data": {"reference": "C-1", "items": [{"external_id": "film", "state": "restricted"}]}}


class Refusing(Portal):
    """A portal that is told of so many executions and then has none that waits."""

    def __init__(self, waiting: int) -> None:
        super().__init__("http://portal.example", "token")
        self.waiting, self.told = waiting, 0

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        if self.told == self.waiting:
            raise urllib.error.HTTPError(path, 409, "Conflict", Message(), None)
        self.told += 1
        return {}


@pytest.fixture
def service(tmp_path: Path) -> Service:
    found = Service(Refusing(2), tmp_path, "http://127.0.0.1:9000")
    (found.up / "film").write_bytes(b"film")
    return found


def signed(service: Service, body: bytes, *, seconds_ago: float = 0, secrets: int = 1) -> dict[str, str]:
    at = dt.datetime.fromtimestamp(time.time() - seconds_ago, dt.UTC)
    made = [signing.new_secret() for _ in range(secrets)]
    service.secret = base64.b64decode(made[-1].removeprefix("whsec_"))
    return signing.headers(message="1", at=at, body=body, keys=made)


@pytest.mark.parametrize(
    ("seconds_ago", "is_taken"),
    [(0, True), (OLDEST_SECONDS - 5, True), (OLDEST_SECONDS + 5, False), (-OLDEST_SECONDS - 5, False)],
)
def test_what_is_signed_rightly_but_long_ago_is_not_believed(service: Service, seconds_ago: float, is_taken: bool):
    headers = signed(service, b"{}", seconds_ago=seconds_ago)

    assert service.is_from_portal(headers, b"{}") is is_taken


def test_one_right_signature_of_two_is_enough_and_another_body_is_not_believed(service: Service):
    headers = signed(service, b"{}", secrets=2)

    assert service.is_from_portal(headers, b"{}")
    assert not service.is_from_portal(headers, b"{ }")
    assert not service.is_from_portal({**headers, "webhook-id": "2"}, b"{}")


def test_news_that_comes_twice_is_done_and_reported_once(service: Service):
    for _ in range(2):
        service.take("1", json.loads(json.dumps(NEWS)))

    assert isinstance(service.portal, Refusing)
    assert service.portal.told == 2
    assert service.answer("film")[0] == 451


def test_no_name_leads_out_of_the_folder(service: Service, tmp_path: Path):
    (tmp_path / "secret").write_bytes(b"secret")

    service.take("1", {"data": {"reference": "C-1", "items": [{"external_id": "../secret", "state": "restored"}]}})

    assert (tmp_path / "secret").exists()
    assert service.answer("../secret")[0] == 404


def test_every_state_of_an_item_says_where_the_file_belongs():
    assert sorted((*DOWN, *UP)) == sorted(ItemState.values)


@pytest.mark.parametrize(("country", "status"), [("DE", 451), ("", 451), ("FR", 200)])
def test_what_is_closed_to_some_countries_is_open_to_others_and_stays_so_over_a_restart(
    service: Service, tmp_path: Path, country: str, status: int
):
    service.take("1", {"data": {"reference": "C-1", "items": [{**NEWS["data"]["items"][0], "territory": ["DE"]}]}})
    again = Service(Refusing(0), tmp_path, "http://127.0.0.1:9000")

    assert again.answer("film", country)[0] == status

    again.take("2", {"data": {"reference": "C-1", "items": [{"external_id": "film", "state": "restored"}]}})
    assert again.answer("film", country)[0] == 200


@pytest.mark.parametrize(
    ("in_force", "status", "place"),
    [
        ([], 201, "up"),
        (["warning"], 201, "up"),
        (["publishing_checked"], 202, "checked"),
        (["publishing_paused"], 403, None),
        (["warning", "publishing_checked", "access_paused"], 403, None),
    ],
)
def test_a_restriction_is_carried_out_reported_and_kept_over_a_restart(
    service: Service, tmp_path: Path, in_force: list[str], status: int, place: str | None
):
    told = {"reference": "R-1", "state": "in_force", "subscriber": SUBSCRIBER, "in_force": in_force}

    service.take("1", {"data": told})
    again = Service(Refusing(9), tmp_path, "http://127.0.0.1:9000")

    assert isinstance(service.portal, Refusing)
    assert service.portal.told == 2
    assert again.publish("song", b"song")[0] == status
    assert [file.parent.name for file in tmp_path.rglob("song")] == ([place] if place else [])
    assert again.publish("../song", b"song")[0] in (400, 403)


def test_the_steps_that_the_sample_knows_are_those_of_uploaders():
    assert {*PAUSES, *CHECKS, "warning"} == set(LADDERS["uploader"])
