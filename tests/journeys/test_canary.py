"""The canary sweep: before an authorization nothing that leaves the portal holds an uploader's contact details.

Unique words are planted as the contact details of a new subscriber; then everything is asked by everybody, and all
answers, frames, mails, logs and the database's dump are searched for them in every usual disguise.
"""

import base64
import hashlib
import json
import urllib.parse
import uuid
from collections.abc import Iterator

import pytest

from core.embedded_postgres import EmbeddedPostgres
from tests.journeys.client import Program
from tests.live import ROLES, LivePortal

pytestmark = pytest.mark.processes


def disguises(word: str) -> set[bytes]:
    raw = word.encode()
    digest = hashlib.sha256(raw)
    forms = {
        raw,
        word.lower().encode(),
        word.upper().encode(),
        word[::-1].encode(),
        " ".join(reversed(word.split())).encode(),
        urllib.parse.quote(word).encode(),
        urllib.parse.quote_plus(word).encode(),
        raw.hex().encode(),
        digest.hexdigest().encode(),
        base64.b64encode(digest.digest()).rstrip(b"="),
        json.dumps(word).strip('"').encode(),
    }
    # Base64 looks different at each of three places in a longer text; the ends depend on the neighbours.
    forms |= {base64.b64encode(b" " * shift + raw)[4 if shift else 0 : -4] for shift in range(3)}
    return {form for form in forms if len(form) > 7}


def signed_in(portal: LivePortal) -> dict[str, Program]:
    tokens = portal.tokens(*(f"{name}@demo.example" for name in ROLES))
    return {name: Program(portal.url, token) for name, token in zip(ROLES, tokens, strict=True)}


@pytest.fixture(scope="module")
def canary(live_portal: LivePortal) -> dict[str, str]:
    """A subscriber with an unheard-of contact, content, a complaint, a conversation and a request about it."""
    mark = uuid.uuid4().hex[:10]
    contact = {
        "name": f"Canaryname{mark} Birdsong{mark}",
        "postal_address": f"Canarystreet{mark} 12, Aviary{mark}",
        "email": f"canary{mark}@post.example",
        "phone": "+861380" + str(int(mark, 16))[:7],
    }
    programs = signed_in(live_portal)
    service, rights_holder = programs["service"], programs["rights-holder"]
    service.put(f"/api/v1/subscribers/sub-{mark}", {"contact": contact}).expect(200, 201)
    content = {
        "url": f"https://cloudhaven.example/files/{mark}",
        "title": "A film",
        "media": "video",
        "subscriber": {"external_id": f"sub-{mark}"},
        "private": False,
        "shared_tenancy": False,
        "earning": False,
    }
    service.put(f"/api/v1/content/item-{mark}", content).expect(200, 201)
    notice = {
        "regime": "cn",
        "provider": "cloudhaven",
        "complainant": {
            "capacity": "owner",
            "name": "The rights holder",
            "postal_address": "Harbour Street 1",
            "email": "rights-holder@demo.example",
            "phone": "+8613800138000",
        },
        "works": [{"title": "A film", "kind": "film", "work": None}],
        "items": [{"url": content["url"], "external_id": f"item-{mark}"}],
        "grounds": "The whole film.",
        "evidence": [],
        "statements": ["good_faith", "accuracy"],
        "signature": "The rights holder",
    }
    complaint = rights_holder.post("/api/v1/complaints", notice).expect(201).json["reference"]
    handler = programs["handler"]
    handler.post(f"/api/v1/complaints/{complaint}/acceptance").expect(200, 201)
    measure = {"kind": "removal", "items": [f"item-{mark}"], "reasons": "The notice is complete."}
    handler.post(f"/api/v1/complaints/{complaint}/measure", measure).expect(201)
    wanted = {"content": f"item-{mark}", "provider": "cloudhaven"}
    conversation = rights_holder.post("/api/v1/conversations", wanted).expect(200, 201).json["id"]
    rights_holder.post(
        f"/api/v1/conversations/{conversation}/messages",
        {"client_id": str(uuid.uuid4()), "body": "Please take it down.", "attachments": []},
    ).expect(200, 201)
    return {**contact, "complaint": complaint, "conversation": conversation, "mark": mark}


def everything(portal: LivePortal, canary: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Give all that leaves the portal: answers to everybody, frames, mails to others, logs, files, the dump."""
    programs = signed_in(portal)
    for name, program in [*programs.items(), ("the public", Program(portal.url))]:
        for path in addresses(canary):
            answer = program.get(path)
            assert answer.status < 500, (name, path, answer.status)
            yield f"{name} {path}", answer.content + str(answer.headers).encode()
    with programs["rights-holder"].socket() as socket:
        socket.send(type="open", conversation=canary["conversation"], after=0)
        yield "the last frame", json.dumps(socket.next("opened")).encode() + json.dumps(socket.others).encode()
    for folder in ("log", "storage", "ledger"):
        for file in (portal.data_dir / folder).rglob("*"):
            if file.is_file():
                yield str(file), file.read_bytes()
    for mail in (portal.data_dir / "mail").glob("*.eml"):
        content = mail.read_bytes()
        if f"To: {canary['email']}".encode() in content:
            # The one mail that goes to the uploader must name its own address; nothing else of the contact.
            content = content.replace(canary["email"].encode(), b"")
        yield str(mail), content
    yield "the database", dump(portal)


def addresses(canary: dict[str, str]) -> list[str]:
    complaint, conversation, mark = canary["complaint"], canary["conversation"], canary["mark"]
    api = [
        "me", "complaints", f"complaints/{complaint}", f"complaints/{complaint}/timeline", "conversations",
        f"complaints/{complaint}/statement-of-reasons", f"conversations/{conversation}",
        f"conversations/{conversation}/messages", f"content/item-{mark}", f"subscribers/sub-{mark}", "identities",
        "identities/mine", "identities/mine/accesses", "investigations", "notices-of-disclosure",
        f"ledger/entries?subject={complaint}", "schema/",
    ]  # fmt: skip
    return [f"/api/v1/{path}" for path in api] + ["/", "/home/", f"/complaints/{complaint}/", "/demo/mail/"]


def dump(portal: LivePortal) -> bytes:
    """Return every row of every table as text, bytes as hexadecimal digits."""
    import psycopg
    from psycopg import sql

    found = EmbeddedPostgres(portal.data_dir).address("portal_owner")
    parts = []
    with psycopg.connect(host=found.host, user=found.user, password=found.password, dbname=found.database) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            with database.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                parts += [bytes(part) for part in copy]
    return b"".join(parts)


def test_no_contact_detail_leaves_before_an_authorization(live_portal: LivePortal, canary: dict[str, str]):
    words = [canary[name] for name in ("name", "postal_address", "email", "phone")]
    words += [word for whole in words for word in whole.replace(",", " ").split() if len(word) > 12]
    forms = {form: word for word in words for form in disguises(word)}

    found = [
        (where, word)
        for where, content in everything(live_portal, canary)
        for form, word in forms.items()
        if form in content
    ]

    assert found == []
