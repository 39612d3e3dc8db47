"""The contract of complaints as a program meets it: shapes, codes, strangers, limits."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from complaints import rules
from complaints.models import Complaint, Letter
from core.actors import PUBLIC
from ledger.models import Entry
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow
from tests.factories.people import program


def body(world: World, **changes: Any) -> dict[str, Any]:
    whole = {
        "regime": "us",
        "provider": world.provider.code,
        "complainant": {"capacity": "owner", **CONTACT},
        "works": [{"title": "The Harbour", "kind": "film", "work": None}],
        "items": [{"url": world.content[0].url, "external_id": world.content[0].external_id}],
        "grounds": "We made this film.",
        "evidence": [],
        "statements": ["good_faith", "accuracy"],
        "signature": "F. Example",
    }
    return {**whole, **changes}


def post(client: Any, path: str, given: Any = None, **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", {} if given is None else given, format="json", headers=headers)


def pointers(answer: Any) -> list[str]:
    return [error["pointer"] for error in answer.json()["errors"]]


def test_filing_answers_with_what_the_contract_names(world: World) -> None:
    answer = post(program(world.rights_holder), "complaints", body(world))

    assert answer.status_code == 201
    got = answer.json()
    assert got["reference"].startswith("C-")
    assert (got["state"], got["missing"]) == ("filed", [])
    assert len(got["tracking_code"]) >= 26
    assert [clock["name"] for clock in got["clocks"]] == ["house-decision"]
    assert got["clocks"][0]["due_at"].endswith("Z")


@pytest.mark.parametrize("regime", ["us", "cn", "eu", "jp"])
def test_the_whole_notice_of_the_contract_is_enough_everywhere(world: World, regime: str) -> None:
    answer = post(program(world.rights_holder), "complaints", body(world, regime=regime))

    assert (answer.status_code, answer.json()["state"]) == (201, "filed")


def test_a_defective_notice_is_kept_and_says_what_is_missing_on_which_article(world: World) -> None:
    answer = post(program(world.rights_holder), "complaints", body(world, signature=None, works=[]))

    assert answer.status_code == 201
    assert answer.json()["state"] == "defective"
    assert [(one["element"], one["source"]) for one in answer.json()["missing"]] == [
        ("signature", "17 USC 512(c)(3)(A)(i)"),
        ("work", "17 USC 512(c)(3)(A)(ii)"),
    ]
    assert all(one["detail"] for one in answer.json()["missing"])


def test_without_an_account_a_notice_is_unconfirmed_until_the_mailed_token_is_posted(world: World) -> None:
    from tests.complaints.world import mails

    answer = post(program(), "complaints", body(world))
    assert (answer.status_code, answer.json()["state"]) == (201, "unconfirmed")
    code = answer.json()["tracking_code"]
    assert program(world.handler).get(f"/api/v1/complaints/{answer.json()['reference']}").status_code == 404
    follow()
    token = mails()[0]["body"].split("/complain/confirm/")[1].split("/")[0]

    confirmed = post(program(), "public/complaints/confirm", {"token": token})
    again = post(program(), "public/complaints/confirm", {"token": token})
    unknown = post(program(), "public/complaints/confirm", {"token": "x" * 43})

    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "filed")
    assert (again.status_code, again.json()["code"]) == (410, "gone")
    assert unknown.status_code == 404
    assert program().get(f"/api/v1/public/complaints/{code}").json()["state"] == "filed"
    assert program(world.handler).get(f"/api/v1/complaints/{answer.json()['reference']}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"regime": "xx"}, ["/regime"]),
        ({"regime": None}, ["/regime"]),
        ({"provider": "nowhere"}, ["/provider"]),
        ({"statements": ["invented"]}, ["/statements/0"]),
        ({"statements": "good_faith"}, ["/statements"]),
        ({"invented": 1}, ["/invented"]),
        ({"complainant": {"capacity": "king"}}, ["/complainant/capacity"]),
        ({"complainant": {"email": "no address"}}, ["/complainant/email"]),
        ({"complainant": {"nickname": "x"}}, ["/complainant/nickname"]),
        ({"items": [{}]}, ["/items/0/url"]),
        ({"items": [{"url": 7}]}, ["/items/0/url"]),
        ({"items": [{"url": "x" * 2001}]}, ["/items/0/url"]),
        ({"items": [{"url": "https://a.example/\nb"}]}, ["/items/0/url"]),
        ({"grounds": "x" * 20_001}, ["/grounds"]),
        ({"evidence": ["no-id"]}, ["/evidence/0"]),
        ({"evidence": [str(uuid.uuid4())]}, ["/evidence/0"]),
        ({"signature": "nul\x00"}, None),
    ],
)
def test_bad_input_is_told_at_its_place_and_keeps_nothing(world: World, changes: Any, expected: Any) -> None:
    answer = post(program(world.rights_holder), "complaints", body(world, **changes))

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    if expected is not None:
        assert pointers(answer) == expected
    assert not Complaint.objects.exists()
    assert not Entry.objects.filter(act__startswith="complaint.").exists()


@pytest.mark.parametrize("start", ["HTTPS://HOST.example", "http://host.example", "https://host.example"])
def test_an_item_is_found_however_its_address_is_spelled(world: World, start: str) -> None:
    spelled = world.content[0].url.replace("https://host.example", start) + "/#t=10"

    made = post(program(world.rights_holder), "complaints", body(world, items=[{"url": spelled}])).json()

    item = Complaint.objects.get(reference=made["reference"]).items.get()
    assert item.content == world.content[0]


@pytest.mark.parametrize("url", ["http://[", "https://[::1", "x"])
def test_an_item_whose_address_is_none_is_kept_and_not_found(world: World, url: str) -> None:
    made = post(program(world.rights_holder), "complaints", body(world, items=[{"url": url}]))

    assert made.status_code == 201
    assert Complaint.objects.get(reference=made.json()["reference"]).items.get().content is None


def test_five_hundred_items_are_taken_and_not_one_more(world: World) -> None:
    items = [{"url": f"https://host.example/{number}"} for number in range(501)]
    client = program(world.rights_holder)

    assert post(client, "complaints", body(world, items=items[:500])).status_code == 201
    assert pointers(post(client, "complaints", body(world, items=items))) == ["/items"]


def test_filing_asks_the_database_the_same_however_many_items_there_are(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = program(world.rights_holder)
    post(client, "complaints", body(world))  # the first one also reads what is then known
    items = [{"url": f"https://host.example/{number}"} for number in range(300)]

    # token, account and its provider memberships (sign-in: 3), rate, provider, savepoints (2), key, index key,
    # content, complaint, works, items, entry with its queue
    with django_assert_max_num_queries(18):
        post(client, "complaints", body(world, items=items))


def test_the_same_idempotency_key_makes_one_complaint(world: World) -> None:
    client, key = program(world.rights_holder), str(uuid.uuid4())

    first = post(client, "complaints", body(world), **{"Idempotency-Key": key})
    second = post(client, "complaints", body(world), **{"Idempotency-Key": key})
    other = post(client, "complaints", body(world, grounds="Other."), **{"Idempotency-Key": key})

    assert first.json() == second.json()
    assert other.status_code == 409
    assert Complaint.objects.count() == 1


def test_the_journey_of_a_contested_notice(world: World) -> None:
    holder, handler = program(world.rights_holder), program(world.handler)
    uploader, service = program(world.uploader), program(world.service)
    reference = post(holder, "complaints", body(world)).json()["reference"]
    path = f"complaints/{reference}"
    assert uploader.get(f"/api/v1/{path}").status_code == 404

    assert post(handler, f"{path}/acceptance").json()["state"] == "accepted"
    given = {"kind": "removal", "items": [world.content[0].external_id], "reasons": "The whole film."}
    ordered = post(handler, f"{path}/measure", given)
    assert (ordered.status_code, ordered.json()["state"]) == (201, "acted")
    assert post(service, f"{path}/execution").json()["measures"][0]["executed_at"]

    seen = uploader.get(f"/api/v1/{path}").json()
    assert seen["complainant"] == {"name": CONTACT["name"]}
    assert seen["acts"] == ["counter-notice", "appeal"]
    lacking = post(uploader, f"{path}/counter-notice", {"grounds": "Mine."})
    assert lacking.status_code == 400
    assert {error["code"] for error in lacking.json()["errors"]} >= {"missing.signature", "missing.contact"}
    counter = {
        "contact": CANARY, "grounds": "I made it.", "statements": ["good_faith", "jurisdiction"], "signature": "C. U.",
    }  # fmt: skip
    sent = post(uploader, f"{path}/counter-notice", counter)
    assert (sent.status_code, sent.json()["state"]) == (201, "contested")
    assert [clock["name"] for clock in sent.json()["clocks"]] == ["us-512g"]

    whole = holder.get(f"/api/v1/{path}")
    assert whole.json()["counter_notices"][0]["uploader"] == world.subscriber.pseudonym
    assert not any(value in whole.content.decode() for value in CANARY.values())
    shown = post(holder, f"{path}/suit", {"kind": "lawsuit", "body": "A court", "case_number": "1:26-cv-1"})
    assert shown.status_code == 201
    assert shown.json()["clocks"][0]["state"] == "stopped"
    for part in ("measure", "counter-notice", "suit"):
        assert len(uploader.get(f"/api/v1/{path}/{part}").json()["results"]) == 1
    acts = [step["act"] for step in uploader.get(f"/api/v1/{path}/timeline").json()["results"]]
    assert acts == [
        "complaint.filed",
        "complaint.accepted",
        "complaint.measure_ordered",
        "complaint.measure_executed",
        "complaint.counter_notice_filed",
        "complaint.suit_shown",
    ]


def test_forwarding_alone_without_its_grounds_is_a_bad_request(world: World) -> None:
    made = world.accepted("cn")
    given = {"kind": "forward_only", "items": [world.content[0].external_id], "reasons": "A shared server."}
    client = program(world.handler)

    answer = post(client, f"complaints/{made.reference}/measure", {**given, "grounds": ["no_full_shutdown"]})
    assert (answer.status_code, pointers(answer)) == (400, ["/grounds"])
    grounds = ["partial_deletion_impossible", "harms_other_tenants", "no_full_shutdown"]
    answer = post(client, f"complaints/{made.reference}/measure", {**given, "grounds": grounds})
    assert (answer.status_code, answer.json()["state"]) == (201, "forwarded")


def test_what_the_state_does_not_allow_is_a_conflict_that_names_it(world: World) -> None:
    made = world.filed()

    answer = post(program(world.handler), f"complaints/{made.reference}/measure", {"kind": "removal", "reasons": "x"})

    assert (answer.status_code, answer.json()["state"]) == (409, "filed")


SUBRESOURCES = (
    "correction", "acceptance", "rejection", "measure", "execution", "counter-notice", "forwarding", "suit",
    "withdrawal", "restoration", "upholding", "closing", "appeal", "appeal/decision",
)  # fmt: skip
READ = ("", "/timeline", "/statement-of-reasons")


@pytest.mark.parametrize("who", ["stranger", "other_handler", "nobody"])
def test_a_stranger_is_told_the_complaint_does_not_exist(world: World, who: str) -> None:
    made = world.contested("us")
    client = program(None if who == "nobody" else getattr(world, who))
    before = Entry.objects.count()

    for reference in (made.reference, "C-0000000000000000", "C-\u5b57", "x" * 200):
        for name in SUBRESOURCES:
            answer = post(client, f"complaints/{reference}/{name}", {"reasons": "x"})
            assert answer.status_code == (401 if who == "nobody" else 404), name
        for name in READ:
            answer = client.get(f"/api/v1/complaints/{reference}{name}")
            assert answer.status_code == (401 if who == "nobody" else 404), name
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("who", "code"),
    [("reviewer", 403), ("auditor", 403), ("authorizer", 403), ("rights_holder", 403), ("uploader", 403)],
)
def test_who_sees_it_and_is_no_handler_decides_nothing(world: World, who: str, code: int) -> None:
    made = world.acted("us")
    client = program(getattr(world, who))

    for name in ("acceptance", "rejection", "measure", "upholding", "restoration", "closing", "execution"):
        given = {"kind": "removal", "reasons": "x"} if name == "measure" else {"reasons": "x"}
        given = {} if name in ("closing", "execution") else given
        assert post(client, f"complaints/{made.reference}/{name}", given).status_code in (code, 409), name
    assert Complaint.objects.get(pk=made.pk).state == "acted"


FOR_ROLES = {
    "handler": ("acceptance", "rejection", "measure", "forwarding", "upholding", "restoration", "closing", "appeal/decision",
                "counter-notice"),
    "service": ("execution",),
    "rights_holder": ("correction", "withdrawal", "suit", "appeal"),
    "uploader": ("counter-notice", "appeal"),
    "reviewer": ("appeal/decision",),
    "auditor": (),
}  # fmt: skip


@pytest.mark.parametrize("who", list(FOR_ROLES))
def test_whose_act_it_is_not_is_told_so_whatever_the_body_says(world: World, who: str) -> None:
    made = world.contested("us")
    client = program(getattr(world, who))

    for name in SUBRESOURCES:
        answer = post(client, f"complaints/{made.reference}/{name}", {"nonsense": True})
        assert answer.status_code == (400 if name in FOR_ROLES[who] else 403), name


def test_lists_hold_what_is_mine_to_see(world: World) -> None:
    made = world.acted("us")
    world.filed(by=PUBLIC)

    for who, count in (
        ("rights_holder", 1), ("uploader", 1), ("handler", 1), ("auditor", 1), ("service", 1), ("stranger", 0),
        ("other_handler", 0),
    ):  # fmt: skip
        results = program(getattr(world, who)).get("/api/v1/complaints").json()["results"]
        assert [one["reference"] for one in results] == [made.reference][:count], who
    assert program().get("/api/v1/complaints").status_code == 401
    assert program(world.handler).get("/api/v1/complaints?state=filed").json()["results"] == []
    assert program(world.handler).get("/api/v1/complaints?state=odd").status_code == 400


def test_a_tracking_code_shows_no_personal_data_and_an_unknown_one_nothing(world: World) -> None:
    filed = post(program(world.rights_holder), "complaints", body(world)).json()

    known = program().get(f"/api/v1/public/complaints/{filed['tracking_code'].lower()}")
    unknown = [program().get(f"/api/v1/public/complaints/{code}") for code in ("A" * 30, "C-1", "%00")]

    assert known.status_code == 200
    text = known.content.decode()
    assert not any(
        value in text for value in (*CONTACT.values(), "The Harbour", world.content[0].url, filed["reference"])
    )
    assert {(answer.status_code, answer.content) for answer in unknown} == {(404, unknown[0].content)}


def test_the_regimes_tell_elements_clocks_and_statements(world: World) -> None:
    listed = program().get("/api/v1/regimes").json()["results"]
    assert [law["code"] for law in listed] == ["cn", "us", "eu", "jp"]

    for code in ("cn", "us", "eu", "jp"):
        law = program().get(f"/api/v1/regimes/{code}").json()
        assert all(element["source"] and element["asks"] for element in law["elements"])
        assert law["clocks"]
    assert program().get("/api/v1/regimes/xx").status_code == 404


def test_after_a_suit_nobody_is_told_that_the_content_returns(world: World) -> None:
    made = world.contested("us")
    client = program(world.rights_holder)
    before = client.get(f"/api/v1/complaints/{made.reference}").json()

    post(client, f"complaints/{made.reference}/suit", {"kind": "lawsuit", "case_number": "1:26-cv-1"})

    after = client.get(f"/api/v1/complaints/{made.reference}").json()
    public = client.get(f"/api/v1/public/complaints/{after['tracking_code']}").json()
    assert before["next_step"] == str(rules.NEXT_STEPS[rules.State.CONTESTED])
    assert (after["state"], after["next_step"], public["next_step"]) == (
        "contested", str(rules.WHEN_STOPPED), str(rules.WHEN_STOPPED),
    )  # fmt: skip


def test_a_second_counter_notice_or_measure_for_the_same_is_a_conflict(world: World) -> None:
    made = world.contested("cn")
    given = {"contact": CANARY, "grounds": "I made this myself."}

    again = post(program(world.uploader), f"complaints/{made.reference}/counter-notice", given)
    more = post(program(world.handler), f"complaints/{made.reference}/measure", {"kind": "removal", "reasons": "x"})

    assert [(one.status_code, one.json()["state"]) for one in (again, more)] == [(409, "contested")] * 2


def test_what_nobody_contested_can_still_come_under_a_measure(world: World) -> None:
    first, second = ({"external_id": one.external_id} for one in world.content[:2])
    made = world.accepted("cn", items=[first, second])
    world.measure(made, items=[first["external_id"]])
    world.counter(made)
    client = program(world.handler)
    order = {"kind": "blocking", "reasons": "It is a copy too."}

    contested = post(client, f"complaints/{made.reference}/measure", {**order, "items": [first["external_id"]]})
    answer = post(client, f"complaints/{made.reference}/measure", {**order, "items": [second["external_id"]]})

    assert (contested.status_code, pointers(contested)) == (400, ["/items/0"])
    assert (answer.status_code, answer.json()["state"]) == (201, "contested")
    assert [(item["state"], item["is_contested"]) for item in answer.json()["items"]] == [
        ("restricted", True), ("restricted", False),
    ]  # fmt: skip
    assert [clock["state"] for clock in answer.json()["clocks"]] == ["running"]


@pytest.mark.parametrize("name", ["id", "external_id", "url"])
def test_an_item_is_named_by_a_text_or_as_the_notice_named_it(world: World, name: str) -> None:
    first, second = ({"external_id": one.external_id, "url": one.url} for one in world.content[:2])
    made = world.accepted("cn", items=[first, second])
    item, other = made.items.order_by("position")
    named = {"id": str(item.pk), **first}[name]
    client, path = program(world.handler), f"complaints/{made.reference}/measure"
    order = {"kind": "removal", "reasons": "x"}

    wrong = post(client, path, {**order, "items": [{}, {"url": 5}, {"title": "x"}, {"url": second["url"], "no": 1}]})
    one = post(client, path, {**order, "items": [{name: named}]})
    two = post(client, path, {**order, "items": [{"id": str(other.pk), **second}[name]]})

    assert (wrong.status_code, pointers(wrong)) == (400, ["/items/0", "/items/1", "/items/2", "/items/3"])
    assert [answer.status_code for answer in (one, two)] == [201, 201]
    assert [len(measure["items"]) for measure in two.json()["measures"]] == [1, 1]


def test_a_handler_handles_no_matter_of_their_own(world: World) -> None:
    own = world.filed("cn", by=world.handler)

    answer = post(program(world.handler), f"complaints/{own.reference}/acceptance")
    seen = program(world.handler).get(f"/api/v1/complaints/{own.reference}").json()

    assert (answer.status_code, answer.json()["code"]) == (403, "own_matter")
    assert seen["acts"] == ["correction", "withdrawal"]


def test_a_correction_by_program_cures_the_notice(world: World) -> None:
    client = program(world.rights_holder)
    filed = post(client, "complaints", body(world, signature="", complainant={})).json()
    assert [one["element"] for one in filed["missing"]] == ["signature", "contact"]

    answer = post(
        client, f"complaints/{filed['reference']}/correction", {"signature": "F.", "complainant": {"phone": "+1 202"}}
    )

    assert (answer.status_code, answer.json()["state"], answer.json()["missing"]) == (200, "filed", [])


def test_the_statement_of_reasons_says_what_why_and_how_to_contest_it(world: World) -> None:
    made = world.filed()
    client = program(world.rights_holder)
    assert client.get(f"/api/v1/complaints/{made.reference}/statement-of-reasons").status_code == 404

    from complaints import actions

    actions.accept(reference=made.reference, by=world.handler, now=NOW)
    world.measure(made)
    statement = program(world.uploader).get(f"/api/v1/complaints/{made.reference}/statement-of-reasons").json()

    assert statement["restrictions"][0]["reasons"] == "It is the whole film."
    assert statement["automated"] == {"detection": False, "decision": False}
    assert [way["way"] for way in statement["redress"]] == ["counter-notice", "appeal", "court or authority"]


def test_a_letter_becomes_a_complaint(world: World) -> None:
    client = program(world.handler)
    text = f"""Dear provider,
I am the owner of the film The Harbour. The following infringes: {world.content[0].url}
I have a good faith belief that the use is not authorized by the copyright owner, its agent, or the law.
The information in this notice is accurate and, under penalty of perjury, I am authorized to act for the owner.
rights@films.example
/s/ F. Example"""
    kept = post(
        client, "letters", {"text": text, "received_at": "2026-03-09T10:00:00Z", "from": "rights@films.example"}
    )
    assert kept.status_code == 201
    got = kept.json()
    assert {"id", "kind", "language", "regime", "found", "missing", "items", "originals"} <= set(got)
    assert got["items"] == [world.content[0].url]

    given = {**body(world), "items": [{"url": url} for url in got["items"]]}
    filed = post(client, f"letters/{got['id']}/complaint", given)
    again = post(client, f"letters/{got['id']}/complaint", given)

    assert (filed.status_code, filed.json()["state"]) == (201, "filed")
    assert again.status_code == 409
    whole = client.get(f"/api/v1/complaints/{filed.json()['reference']}").json()
    assert whole["letter"] == got["id"]
    assert client.get(f"/api/v1/letters/{got['id']}").json()["text"].startswith("Dear provider")
    assert [one["id"] for one in client.get("/api/v1/letters").json()["results"]] == [got["id"]]
    for other in (world.other_handler, world.stranger, world.rights_holder):
        assert program(other).get(f"/api/v1/letters/{got['id']}").status_code == 404


def test_letters_are_bounded_and_for_handlers(world: World) -> None:
    client = program(world.handler)

    assert post(client, "letters", {"text": " "}).status_code == 400
    assert post(client, "letters", {"text": "x", "received_at": "2999-01-01T00:00:00Z"}).status_code == 400
    assert post(client, "letters", {"text": "x" * 1_000_001}).status_code == 400
    assert post(program(world.rights_holder), "letters", {"text": "x"}).status_code == 403
    assert post(program(), "letters", {"text": "x"}).status_code == 401


def test_a_letter_can_come_as_a_file(world: World) -> None:
    from io import BytesIO

    file = BytesIO(b"From: a@films.example\nSubject: DMCA notice\n\nPlease remove https://host.example/v/1")
    file.name = "notice.eml"

    answer = program(world.handler).post(
        "/api/v1/letters", {"file": file, "from": "a@films.example"}, format="multipart"
    )

    assert answer.status_code == 201, answer.content
    assert answer.json()["items"] == ["https://host.example/v/1"]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n" + bytes(40), b"PK\x03\x04" + bytes(40), bytes(range(256))]
)
def test_a_file_that_is_no_letter_is_refused_by_its_bytes(world: World, content: bytes) -> None:
    file = SimpleUploadedFile("letter.txt", content, content_type="text/plain")

    answer = program(world.handler).post("/api/v1/letters", {"file": file}, format="multipart")

    assert (answer.status_code, pointers(answer)) == (400, ["/file"])
    assert not Letter.objects.exists()


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "gb18030"])
def test_a_letter_is_taken_in_whatever_encoding_it_comes(world: World, charset: str) -> None:
    content = "我们是该作品的权利人，请删除 https://host.example/v/1 的内容。".encode(charset)
    file = SimpleUploadedFile("letter.txt", content, content_type="text/plain")

    answer = program(world.handler).post("/api/v1/letters", {"file": file}, format="multipart")

    assert (answer.status_code, answer.json()["items"]) == (201, ["https://host.example/v/1"])


def test_the_limits_of_intake_answer_with_when_to_come_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    monkeypatch.setattr(rules, "FILINGS_BY_ACCOUNT", (2, dt.timedelta(minutes=1)))
    client = program(world.rights_holder)

    codes = [post(client, "complaints", body(world)).status_code for _ in range(4)]

    assert codes.count(429) >= 1
    assert set(codes) == {201, 429}
    last = post(client, "complaints", body(world))
    assert int(last["Retry-After"]) > 0
    assert post(program(world.stranger), "complaints", body(world)).status_code == 201


def test_nobody_can_have_an_address_flooded_with_mail(world: World) -> None:
    answers = [post(program(), "complaints", body(world)) for _ in range(7)]
    follow()

    from tests.complaints.world import mails

    assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 2
    assert len(mails()) == 5


def test_a_conversation_about_a_complaint_is_opened_by_its_reference(world: World) -> None:
    from tests.factories.people import verified

    made = world.acted()
    assert post(program(world.stranger), "conversations", {"complaint": made.reference}).status_code == 404
    assert post(program(world.rights_holder), "conversations", {"complaint": made.reference}).status_code == 403
    verified(world.rights_holder, world.provider, world.reviewer)

    opened = post(program(world.rights_holder), "conversations", {"complaint": made.reference})
    answered = post(program(world.uploader), "conversations", {"complaint": made.reference})

    assert opened.status_code in (200, 201), opened.content
    assert opened.json()["id"] == answered.json()["id"]
