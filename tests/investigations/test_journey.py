"""The whole way of a request through the API, as the contract has it."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from core import clocks
from core.models import OutgoingMail
from investigations.models import Investigation
from tests.investigations import world as worlds
from tests.investigations.world import CANARY, World


def test_from_the_request_to_the_package(world: World, tmp_path: Path, settings: object):
    officer, reviewer, authorizer = (world.api(name) for name in ("officer", "reviewer", "authorizer"))

    filed = officer.post("investigations", world.asked())
    assert filed.status_code == 201, filed.content
    assert (filed.json()["state"], filed.json()["missing"]) == ("filed", [])
    assert {clock["name"] for clock in filed.json()["clocks"]} == {"acknowledgement", "answer"}
    address = f"investigations/{filed.json()['reference']}"
    advice = {"recommendation": "partial", "categories": ["name", "upload_times"], "reasons": "R", "balance": "B"}
    assert reviewer.post(f"{address}/assessment", advice).json()["state"] == "recommended"
    decision = {"decision": "authorize", "categories": ["name", "upload_times"], "reasons": "Right."}
    authorized = authorizer.post(f"{address}/authorization", decision)
    assert authorized.status_code == 201, authorized.content
    assert {"id", "digest", "ledger_entry"} <= set(authorized.json())
    worlds.follow()
    disclosed = authorizer.post(f"{address}/disclosure")
    assert disclosed.status_code == 201, disclosed.content
    assert {"id", "digest", "expires_at", "state"} <= set(disclosed.json())
    assert disclosed.json()["state"] == "disclosed"
    worlds.follow()
    collected = officer.post(f"{address}/disclosure/collection")
    assert collected.status_code == 200, collected.content
    assert collected.headers["Content-Type"] == "application/zip"
    assert officer.post(f"{address}/disclosure/collection").status_code == 410

    found = worlds.unzip(collected.content)
    categories = json.loads(found["data/disclosure.json"])["categories"]
    assert set(categories) == {"name", "upload_times"}
    assert categories["name"] == CANARY["name"]
    assert CANARY["email"].encode() not in collected.content
    path = tmp_path / "package.zip"
    path.write_bytes(collected.content)
    call_command("verify_package", str(path))
    told = world.api("uploader").get("notices-of-disclosure").json()["results"]
    assert [one["reference"] for one in told] == [filed.json()["reference"]]
    worlds.follow()
    assert OutgoingMail.objects.filter(template="investigations/mail/told").count() == 1
    assert not clocks.running(filed.json()["reference"]).exists()
    assert Investigation.objects.get().state == "collected"


@pytest.mark.parametrize("name", ["stranger", "other_reviewer", "handler", "uploader"])
def test_others_are_told_that_the_request_does_not_exist(world: World, name: str):
    made = world.disclosed()
    somebody = world.api(name)

    for path in ("", "/accesses", "/consultation", "/assessment", "/authorization", "/disclosure"):
        assert somebody.get(f"investigations/{made.reference}{path}").status_code == 404, path
    for path in ("correction", "consultation", "statement", "assessment", "authorization", "disclosure", "revocation",
                 "withdrawal", "disclosure/collection", "disclosure/reissue"):  # fmt: skip
        assert somebody.post(f"investigations/{made.reference}/{path}", {}).status_code == 404, path
    assert somebody.get("investigations").json()["results"] == []
