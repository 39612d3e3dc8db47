"""The main job as programs drive it: a letter becomes a notice, people talk, the provider acts, an authority asks.


Everything goes through the contract's addresses, against the portal's real processes.
"""

import json
import subprocess
import time
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.client import Program, one_time_code
from tests.live import PEOPLE, ROLES, LivePortal

pytestmark = pytest.mark.processes

LETTER = """To the designated agent of cloudhaven

I am the owner of the copyright in the film "The Long Harbour", which can be seen at https://films.example/long-harbour.

The following address offers the whole film for download without my permission:

https://cloudhaven.example/files/item-2

I have a good faith belief that use of the copyrighted material described above is not authorized by the copyright
owner, its agent, or the law.

I swear, under penalty of perjury, that the information in this notification is accurate and that I am the copyright
owner, or am authorized to act on behalf of the owner, of an exclusive right that is allegedly infringed.

You can reach me at Harbour Street 1, Port Example, by telephone at +1 202 555 0143, or at rights@films.example.

Signed electronically:
/s/ The rights holder
"""


@dataclass
class Cast:
    """Everybody in the story, as programs with tokens."""

    rights_holder: Program
    uploader: Program
    handler: Program
    reviewer: Program
    authorizer: Program
    auditor: Program
    authority: Program
    service: Program
    stranger: Program
    other_handler: Program
    public: Program


@pytest.fixture(scope="module")
def cast(live_portal: LivePortal) -> Cast:
    names = (*(role.replace("-", "_") for role in ROLES), "other_handler")
    tokens = dict(zip(names, live_portal.tokens(*PEOPLE), strict=True))
    return Cast(
        **{name: Program(live_portal.url, token) for name, token in tokens.items()}, public=Program(live_portal.url)
    )


def wait_for(what: Any, within: float = 15) -> Any:
    end = time.monotonic() + within
    while not (found := what()):
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)
    return found


def mails(portal: LivePortal) -> str:
    return "\n".join(mail.read_text(errors="replace") for mail in sorted((portal.data_dir / "mail").glob("*.eml")))


@pytest.fixture(scope="module")
def complaint(cast: Cast) -> str:
    """A letter as it came by mail, read, completed by a handler, filed, accepted."""
    letter = cast.handler.post(
        "/api/v1/letters", {"text": LETTER, "received_at": "2026-11-20T09:00:00Z", "from": "rights@films.example"}
    ).expect(201)
    read = letter.json
    assert read["kind"] == "notice"
    assert read["items"] == ["https://cloudhaven.example/files/item-2"]
    assert read["originals"] == ["https://films.example/long-harbour"]
    assert not {"good_faith", "perjury", "signature"} & set(read["missing"])
    filed = cast.handler.post(
        f"/api/v1/letters/{read['id']}/complaint",
        {
            "regime": "us",
            "provider": "cloudhaven",
            "complainant": {
                "capacity": "owner",
                "name": "The rights holder",
                "postal_address": "Harbour Street 1, Port Example",
                "email": "rights@films.example",
                "phone": "+1 202 555 0143",
            },
            "works": [{"title": "The Long Harbour", "kind": "film", "work": None}],
            "items": [{"url": "https://cloudhaven.example/files/item-2", "external_id": "item-2"}],
            "grounds": "The whole film is offered for download.",
            "evidence": [],
            "statements": ["good_faith", "accuracy", "authority_under_perjury"],
            "signature": "/s/ The rights holder",
        },
    ).expect(201)
    assert filed.json["state"] == "filed", filed.json
    assert filed.json["missing"] == []
    reference = filed.json["reference"]
    assert cast.handler.post(f"/api/v1/complaints/{reference}/acceptance").expect(200, 201).json["state"] == "accepted"
    return str(reference)


def test_the_uploader_is_told_with_the_notice_and_the_provider_acts(
    cast: Cast, complaint: str, live_portal: LivePortal
):
    measure = {"kind": "removal", "items": ["item-2"], "reasons": "The notice is complete and the film is whole."}

    ordered = cast.handler.post(f"/api/v1/complaints/{complaint}/measure", measure)

    ordered.expect(201)
    assert cast.uploader.get(f"/api/v1/complaints/{complaint}").expect(200).json["state"] == "acted"
    wait_for(lambda: complaint in mails(live_portal))
    cast.service.post(f"/api/v1/complaints/{complaint}/execution").expect(200, 201)
    acts = [
        step["act"] for step in cast.handler.get(f"/api/v1/complaints/{complaint}/timeline").expect(200).json["results"]
    ]
    assert "complaint.measure_ordered" in acts


def test_strangers_are_told_that_the_matter_does_not_exist(cast: Cast, complaint: str):
    for somebody in (cast.stranger, cast.other_handler):
        somebody.get(f"/api/v1/complaints/{complaint}").expect(404)
        somebody.get(f"/api/v1/complaints/{complaint}/timeline").expect(404)
        somebody.post(f"/api/v1/complaints/{complaint}/rejection", {"reasons": "No."}).expect(404)
    cast.public.get(f"/api/v1/complaints/{complaint}").expect(401, 404)


def test_both_sides_talk_in_real_time_as_roles(cast: Cast):
    opened = cast.rights_holder.post("/api/v1/conversations", {"content": "item-1", "provider": "cloudhaven"}).expect(
        200, 201
    )
    conversation, start = opened.json["id"], opened.json["last_seq"]
    with cast.rights_holder.socket() as mine, cast.uploader.socket() as theirs:
        for side in (mine, theirs):
            side.send(type="open", conversation=conversation, after=start)
            assert side.next("opened")["last_seq"] == start
        client_id = str(uuid.uuid4())

        ack = mine.say(conversation, "Would you take the film down by Friday?", client_id)
        again = mine.say(conversation, "Would you take the film down by Friday?", client_id)
        received = theirs.next("message")
        answer = theirs.say(conversation, "Yes.")

        assert ack["seq"] == start + 1
        assert (again["id"], again["seq"]) == (ack["id"], ack["seq"])
        assert (received["seq"], received["body"]) == (ack["seq"], "Would you take the film down by Friday?")
        assert mine.next("message")["seq"] == answer["seq"] == start + 2
    listed = cast.uploader.get(f"/api/v1/conversations/{conversation}/messages?after={start}").expect(200)
    assert [message["seq"] for message in listed.json["results"]] == [start + 1, start + 2]
    assert "demo.example" not in json.dumps(opened.json)


def test_two_people_authorize_and_the_contact_is_disclosed_once(
    cast: Cast, complaint: str, live_portal: LivePortal, tmp_path: Path
):
    order = cast.authority.upload("order.pdf", b"%PDF-1.4\n% an order to disclose\n%%EOF\n").expect(201).json
    asked = {
        "provider": "cloudhaven",
        "capacity": "authority",
        "regime": "cn",
        "legal_basis": "cn.rcin.13",
        "complaint": None,
        "content": ["item-2"],
        "categories": ["name", "email"],
        "purpose": "An administrative case on the film.",
        "necessity": "The uploader cannot be found otherwise.",
        "documents": [order["id"]],
        "notify_subject_after": None,
        "confidentiality_ground": None,
    }
    filed = cast.authority.post("/api/v1/investigations", asked).expect(201).json
    reference = filed["reference"]
    address = f"/api/v1/investigations/{reference}"
    cast.uploader.get(address).expect(404)
    cast.stranger.get(address).expect(404)
    assessment = {
        "recommendation": "grant",
        "categories": ["name", "email"],
        "reasons": "The order is in force.",
        "balance": "Only what the case needs.",
    }
    cast.reviewer.post(f"{address}/assessment", assessment).expect(200, 201)
    decision = {"decision": "authorize", "categories": ["name", "email"], "reasons": "Basis and document agree."}

    cast.reviewer.post(f"{address}/authorization", decision, X_OTP=one_time_code()).expect(403)
    assert cast.authorizer.post(f"{address}/authorization", decision).expect(403).json["code"] == "step_up_required"
    authorized = cast.authorizer.post(f"{address}/authorization", decision, X_OTP=one_time_code()).expect(200, 201).json
    assert authorized["digest"]
    assert authorized["ledger_entry"]
    cast.authorizer.post(f"{address}/disclosure").expect(200, 201)
    cast.stranger.post(f"{address}/disclosure/collection").expect(404)
    cast.authority.get(f"{address}/disclosure/collection").expect(405)
    package = cast.authority.post(f"{address}/disclosure/collection", X_OTP=one_time_code()).expect(200)
    cast.authority.post(f"{address}/disclosure/collection").expect(410)

    assert package.headers["Content-Type"] == "application/zip"
    file = tmp_path / "package.zip"
    file.write_bytes(package.content)
    with zipfile.ZipFile(file) as opened:
        (name,) = [entry for entry in opened.namelist() if entry.endswith("data/disclosure.json")]
        disclosed = json.loads(opened.read(name))
    assert "phone" not in json.dumps(disclosed)
    assert verify_package(live_portal, file).returncode == 0
    damaged = bytearray(package.content)
    damaged[len(damaged) // 2] ^= 1
    file.write_bytes(bytes(damaged))
    assert verify_package(live_portal, file).returncode == 1
    told = cast.uploader.get("/api/v1/notices-of-disclosure").expect(200).json["results"]
    assert reference in json.dumps(told)


def verify_package(portal: LivePortal, file: Path) -> "subprocess.CompletedProcess[str]":
    return portal.manage("verify_package", str(file), check=False)


def test_all_of_it_is_provably_recorded(cast: Cast, complaint: str, live_portal: LivePortal, tmp_path: Path):
    entries = cast.auditor.get(f"/api/v1/ledger/entries?subject={complaint}").expect(200).json["results"]
    address = f"/api/v1/ledger/entries/{entries[0]['id']}/proof"
    wait_for(lambda: cast.auditor.get(address).expect(200, 503).status == 200)
    proof = cast.auditor.get(address).expect(200).json
    checkpoint = tmp_path / "checkpoint"
    checkpoint.write_bytes(cast.public.get("/api/v1/ledger/checkpoint").expect(200).content)

    assert {"index", "tree_size", "leaf_hash", "hashes", "checkpoint"} <= set(proof)
    assert live_portal.manage("verify_ledger", check=False).returncode == 0
    assert live_portal.manage("verify_ledger", "--against", str(checkpoint), check=False).returncode == 0
