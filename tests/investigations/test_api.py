"""The addresses for programs: who gets what answer, bad input, and what the uploader can tell while it must not know."""

import re
from typing import Any

import pytest

from core import clocks
from core.models import OutgoingMail
from hosting import access as hosting_access
from hosting.models import Content, Subscriber
from investigations import access, actions
from investigations.models import Access, Investigation
from messaging.models import Conversation
from tests.investigations import world as worlds
from tests.investigations.world import CANARY, Api, World
from verification.rules import Role

READ = {"officer": 200, "reviewer": 200, "authorizer": 200, "auditor": 200}
NOT_THEIRS = dict.fromkeys(("uploader", "stranger", "handler", "other_reviewer", "rights_holder"), 404)
ADVICE = {"recommendation": "grant", "categories": ["name"], "reasons": "R", "balance": "B"}
DECISION = {"decision": "authorize", "categories": ["name"], "reasons": "R"}
# Address below the request, body, the stage it starts from, and what each role is answered.
ACTS: list[tuple[str, Any, str, dict[str, int]]] = [
    ("correction", {"purpose": "P"}, "filed", {"officer": 201, "reviewer": 403, "authorizer": 403, "auditor": 403}),
    ("consultation", {}, "filed", {"officer": 403, "reviewer": 201, "authorizer": 403, "auditor": 403}),
    ("statement", {"statement": "S"}, "filed", {"officer": 404, "reviewer": 404, "authorizer": 404, "auditor": 404}),
    ("assessment", ADVICE, "filed", {"officer": 403, "reviewer": 201, "authorizer": 403, "auditor": 403}),
    ("authorization", DECISION, "assessed", {"officer": 403, "reviewer": 403, "authorizer": 201, "auditor": 403}),
    ("disclosure", {}, "authorized", {"officer": 403, "reviewer": 201, "authorizer": 201, "auditor": 403}),
    ("disclosure/collection", {}, "disclosed", {"officer": 200, "reviewer": 403, "authorizer": 403, "auditor": 403}),
    ("revocation", {}, "disclosed", {"officer": 403, "reviewer": 403, "authorizer": 201, "auditor": 403}),
    ("withdrawal", {}, "disclosed", {"officer": 201, "reviewer": 403, "authorizer": 403, "auditor": 403}),
    ("disclosure/reissue", {"reasons": "R"}, "disclosed", {"officer": 403, "reviewer": 403, "authorizer": 409}),
]


@pytest.mark.parametrize(("path", "body", "stage", "answers"), ACTS, ids=[path for path, *_ in ACTS])
def test_each_act_is_for_its_role_and_does_not_exist_for_strangers(
    world: World, path: str, body: Any, stage: str, answers: dict[str, int]
):
    for name, status in (NOT_THEIRS | answers).items():
        made = getattr(world, stage)()
        worlds.seal()

        answer = world.api(name).post(f"investigations/{made.reference}/{path}", body)

        assert answer.status_code == status, (name, answer.content)
    assert Api("").post(f"investigations/{made.reference}/{path}", body).status_code == 401


@pytest.mark.parametrize("path", ["", "/authorization", "/disclosure", "/accesses"])
def test_reading_is_for_the_requester_and_three_roles(world: World, path: str):
    made = world.disclosed()

    for name, status in (NOT_THEIRS | READ).items():
        assert world.api(name).get(f"investigations/{made.reference}{path}").status_code == status, name
    assert Api("").get(f"investigations/{made.reference}{path}").status_code == 401


def test_what_is_unknown_and_what_is_foreign_are_answered_alike(world: World):
    made = world.filed()
    stranger = world.api("stranger")

    foreign = stranger.get(f"investigations/{made.reference}")
    unknown = stranger.get("investigations/I-0000000000000000")

    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)


def test_the_requester_does_not_read_the_advice_before_the_decision(world: World):
    made = world.assessed()

    assert world.api("officer").get(f"investigations/{made.reference}").json()["assessment"] is None
    assert world.api("officer").get(f"investigations/{made.reference}/assessment").status_code == 404
    assert world.api("authorizer").get(f"investigations/{made.reference}/assessment").status_code == 200


def test_without_a_fresh_code_the_decision_and_the_delivery_ask_for_one(world: World):
    made = world.assessed()
    decided = world.api("authorizer", is_stepped_up=False).post(
        f"investigations/{made.reference}/authorization", DECISION
    )
    made = world.disclosed()
    officer = world.api("officer", is_stepped_up=False)
    collected = officer.post(f"investigations/{made.reference}/disclosure/collection")

    for answer in (decided, collected):
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert worlds.live(made).collected_at is None


def test_no_get_or_head_uses_the_delivery_up(world: World):
    made = world.disclosed()
    officer = world.api("officer")
    path = f"/api/v1/investigations/{made.reference}/disclosure/collection"

    for method in ("get", "head", "put", "delete", "options"):
        getattr(officer.client, method)(path, headers=officer.headers)
    officer.get(f"investigations/{made.reference}/disclosure")

    assert worlds.live(made).collected_at is None
    first = officer.post(f"investigations/{made.reference}/disclosure/collection", Idempotency_Key="once")
    again = officer.post(f"investigations/{made.reference}/disclosure/collection", Idempotency_Key="once")
    assert (first.status_code, again.status_code) == (200, 410)
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert first.headers["Cache-Control"] == "no-store"


def test_the_same_key_files_one_request(world: World):
    officer, asked = world.api("officer"), world.asked()

    first = officer.post("investigations", asked, Idempotency_Key="k1")
    again = officer.post("investigations", asked, Idempotency_Key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["reference"] == again.json()["reference"]
    assert Investigation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"categories": ["shoe_size"]}, "/categories/0"),
        ({"capacity": "friend"}, "/capacity"),
        ({"documents": ["no-uuid"]}, "/documents/0"),
        ({"notify_subject_after": "tomorrow"}, "/notify_subject_after"),
        ({"purpose": "x" * 20_001}, "/purpose"),
        ({"content": ["x"] * 51}, "/content"),
        ({"unknown": 1}, "/unknown"),
        ({"legal_basis": "xx.1"}, "/legal_basis"),
        ({"provider": 7}, "/provider"),
        ({"content": "item-1"}, "/content"),
        ({"notify_subject_after": "9999-12-31T23:59:59-12:00"}, "/notify_subject_after"),
    ],
)
def test_bad_input_is_a_problem_that_points_at_it(world: World, changes: dict[str, Any], pointer: str):
    answer = world.api("officer").post("investigations", world.asked(**changes))

    assert answer.status_code == 400, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("body", [[], "text", {"recommendation": []}, {"reasons": "\x00"}, {"balance": {"a": [1]}}])
def test_bad_advice_is_a_400(world: World, body: Any):
    made = world.filed()

    assert world.api("reviewer").post(f"investigations/{made.reference}/assessment", body).status_code == 400


def test_the_legal_bases_are_public(db: None):
    bases = Api("").get("legal-bases").json()["results"]

    assert {"cn.rcin.13", "cn.court_order", "cn.consent", "us.512h", "eu.dsa.10", "eu.2004-48.8", "jp.5"} <= {
        basis["code"] for basis in bases
    }
    assert all({"regime", "capacity", "documents", "categories", "article"} <= set(basis) for basis in bases)


def test_looks_are_noted_by_role_and_not_doubled(world: World):
    made = world.filed()
    for name in ("reviewer", "reviewer", "auditor", "officer"):
        world.api(name).get(f"investigations/{made.reference}")

    looks = world.api("officer").get(f"investigations/{made.reference}/accesses").json()["results"]

    assert [look["who"] for look in looks] == ["requester", "auditor", "reviewer"]
    assert Access.objects.count() == 3
    assert "films.example" not in str(looks)


@pytest.mark.parametrize("part", ["assessment", "authorization", "disclosure"])
def test_looking_at_a_part_is_a_look_too(world: World, part: str):
    made = world.disclosed()

    assert world.api("auditor").get(f"investigations/{made.reference}/{part}").status_code == 200

    assert [look.as_role for look in Access.objects.filter(investigation=made)] == ["auditor"]


def test_documents_are_for_those_who_see_the_request(world: World):
    made = world.filed()
    path = f"investigations/{made.reference}/documents/{made.documents[0]}"

    opened = world.api("reviewer").get(path)

    assert opened.content == b"Evidence request, with its seal"
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    for name in NOT_THEIRS:
        assert world.api(name).get(path).status_code == 404
    other = worlds.file_of(world.officer, "Private")
    assert world.api("reviewer").get(f"investigations/{made.reference}/documents/{other}").status_code == 404


def test_the_uploader_sees_a_masked_copy_and_answers(world: World):
    made = world.filed()
    world.api("reviewer").post(f"investigations/{made.reference}/consultation", {"message": "What do you say?"})
    uploader = world.api("uploader")

    copy = uploader.get(f"investigations/{made.reference}/consultation")
    said = uploader.post(f"investigations/{made.reference}/statement", {"statement": "Mine.", "consents": False})

    assert copy.status_code == 200
    text = copy.content.decode()
    assert "What do you say?" in text
    assert world.authority.name not in text
    assert "administrative case" not in text
    assert said.status_code == 201, said.content
    assert uploader.post(f"investigations/{made.reference}/statement", {"statement": "Again"}).status_code == 409
    assert uploader.get(f"investigations/{made.reference}").status_code == 404
    staff = world.api("reviewer").get(f"investigations/{made.reference}/consultation").json()
    assert (staff["statement"], staff["consents"]) == ("Mine.", False)
    officer = world.api("officer").get(f"investigations/{made.reference}").json()["consultation"]
    assert "statement" not in officer
    assert world.api("stranger").get(f"investigations/{made.reference}/consultation").status_code == 404


def test_where_consent_is_asked_the_recipient_is_named(world: World):
    mine = [worlds.file_of(world.rights_holder)]
    asked = {"capacity": "rights_holder", "legal_basis": "cn.consent", "categories": ["name"], "documents": mine}
    made = world.filed(by=world.rights_holder, **asked)
    actions.consult(reference=made.reference, message="", by=world.reviewer, now=worlds.now())

    copy = world.api("uploader").get(f"investigations/{made.reference}/consultation").json()

    assert (copy["requester"], copy["asks_for_consent"]) == ("Rights Films", True)


# --- nothing before an authorization, and nothing of a gag


def everything_of(world: World, name: str, made: Investigation) -> str:
    """Return all that an account can read by the addresses of this app and those around it, headers included."""
    api, texts = world.api(name), []
    item = world.content.external_id
    for path in (
        "investigations", "notices-of-disclosure", "consultations", "me", "identities/mine", "complaints",
        "identities/mine/accesses", f"content/{item}", "conversations", f"ledger/entries?subject={made.reference}",
        f"ledger/entries?subject=content:{world.content.pk}", f"ledger/entries?subject=subscriber:{world.subscriber.pk}",
        f"investigations/{made.reference}", f"investigations/{made.reference}/consultation",
    ):  # fmt: skip
        answer = api.get(path)
        texts.append(f"{path} {answer.status_code} {sorted(answer.headers.items())} {answer.content.decode()}")
    session = api.client
    session.force_login(getattr(world, name), backend="allauth.account.auth_backends.AuthenticationBackend")
    for page in ("/notices/", "/home/", "/investigations/", "/my/content/"):
        answer = session.get(page)
        texts.append(f"{page} {answer.status_code} {answer.content.decode()}")
    waiting = [(str(one.title), one.url) for one in access.waiting_for(getattr(world, name), worlds.now())]
    return "\n".join([*texts, str(waiting), str(Conversation.objects.count())])


def test_before_the_collection_nobody_reads_a_contact_detail(world: World):
    made = world.disclosed()
    worlds.follow()

    for name in ("officer", "reviewer", "authorizer", "auditor", "handler", "uploader", "stranger"):
        text = everything_of(world, name, made)
        for detail in CANARY.values():
            assert detail not in text, (name, detail)


def neutral(text: str, world: World, made: Investigation) -> str:
    """Take out what differs between any two accounts, and what is never the same twice."""
    own = [
        made.reference, world.provider.code, world.provider.name, str(world.content.pk), str(world.subscriber.pk),
        world.uploader.email, str(world.uploader.pk), world.subscriber.pseudonym, world.content.url,
    ]  # fmt: skip
    for word in own:
        text = text.replace(word, "*")
    text = re.sub(
        r"nonce[=\-][\"']?[\w+/=\-]+|csrfmiddlewaretoken\" value=\"\w+|host-\d+|\d{4}-\d\d-\d\dT[\d:.]+Z", "*", text
    )
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}|\(\"?'Content-Length', '\d+'\)", "*", text)


def twin_of(world: World) -> World:
    twin = worlds.make()
    assert hosting_access.subscribers_of(twin.uploader).count() == 1
    return twin


def test_while_a_delay_runs_the_uploader_sees_what_an_untouched_twin_sees(world: World):
    twin = twin_of(world)
    end = worlds.now() + 30 * worlds.dt.timedelta(days=1)
    made = world.disclosed(notify_subject_after=end, confidentiality_ground="An investigation under secrecy.")
    world.collected(made)
    worlds.follow()
    clocks.fire_due(end - worlds.dt.timedelta(seconds=1))
    worlds.follow()

    touched = neutral(everything_of(world, "uploader", made), world, made)
    untouched = neutral(everything_of(twin, "uploader", made), twin, made)

    assert touched == untouched
    mails = OutgoingMail.objects.filter(template__in=("investigations/mail/told", "investigations/mail/asked"))
    assert not mails.exists()

    clocks.fire_due(end)
    told = world.api("uploader").get("notices-of-disclosure").json()["results"]
    assert [(one["reference"], one["delayed"], one["delay_ground"]) for one in told] == [
        (made.reference, True, "An investigation under secrecy.")
    ]
    assert told[0]["recipient"] == world.authority.name
    assert told[0]["categories"] == ["name", "email"]
    assert twin.api("uploader").get("notices-of-disclosure").json()["results"] == []


def test_notices_follow_the_subscriber_to_whoever_claims_it(world: World):
    Subscriber.objects.filter(pk=world.subscriber.pk).update(account=None, claimed_at=None)
    made = world.disclosed()
    world.collected(made)
    worlds.follow()
    assert OutgoingMail.objects.filter(template="investigations/mail/told").count() == 1
    later = worlds.give_role(worlds.account("later"), Role.UPLOADER, world.provider)
    Subscriber.objects.filter(pk=world.subscriber.pk).update(account=later, claimed_at=worlds.now())

    assert access.notices_of(later).count() == 1
    assert not access.notices_of(world.uploader).exists()


def test_the_ledger_entries_of_a_request_are_for_those_who_see_it(world: World):
    made = world.disclosed()
    worlds.follow()

    for name, status in (NOT_THEIRS | READ).items():
        answer = world.api(name).get(f"ledger/entries?subject={made.reference}")
        assert answer.status_code == status, name
    assert Content.objects.exists()
