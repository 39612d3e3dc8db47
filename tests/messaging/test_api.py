"""Conversations for programs: who gets what, in which order, and what is refused how."""

import uuid
from typing import Any

import pytest
from django.test import Client as Browser

from core import files
from messaging import actions, steps
from tests.messaging import world
from verification.models import Account

pytestmark = pytest.mark.django_db


class Program:
    """A caller with a bearer token."""

    def __init__(self, account: Account) -> None:
        self.browser = Browser(headers={"Authorization": f"Bearer {world.token(account)}"})

    def get(self, path: str) -> Any:
        return self.browser.get(f"/api/v1/{path}")

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.browser.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def message(body: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"client_id": str(uuid.uuid4()), "body": body, **more}


def test_a_rights_holder_opens_a_conversation_on_content() -> None:
    at = world.provider()
    item = world.content(world.subscriber(at))
    holder = Program(world.rights_holder(at))

    first = holder.post("conversations", {"content": item.external_id, "provider": at.code})
    again = holder.post("conversations", {"content": item.external_id, "provider": at.code})

    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert first.json()["last_seq"] == 0
    assert [party["display"] for party in first.json()["participants"]] == ["Rights holder", item.subscriber.pseudonym]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({}, ""), ({"content": "none", "provider": "nowhere"}, "/provider"), ({"content": "x"}, "/provider"),
        ({"content": 5, "provider": "x"}, "/content"), ({"contents": "x"}, "/contents"),
        ({"content": "a\x00", "provider": "x"}, ""),
    ],
)  # fmt: skip
def test_what_names_no_subject_is_refused(given: dict[str, Any], pointer: str) -> None:
    answer = Program(world.rights_holder(world.provider())).post("conversations", given)

    assert answer.status_code == 400
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [pointer]


def test_who_names_private_content_does_not_learn_what_it_is_called() -> None:
    at = world.provider()
    item = world.content(world.subscriber(at, world.account("uploader")))
    item.is_private = True
    item.save()

    opened = Program(world.rights_holder(at)).post("conversations", {"content": item.external_id, "provider": at.code})

    assert (opened.status_code, opened.json()["title"]) == (201, "")


def test_whoever_is_no_verified_rights_holder_opens_nothing() -> None:
    pair = world.pair()
    item = world.content(pair.subscriber)
    wanted = {"content": item.external_id, "provider": pair.provider.code}
    unverified = world.rights_holder(pair.provider)
    unverified.identities.update(state="withdrawn", ended_at=world.NOW)

    for account in (world.account(), pair.uploader, unverified):
        assert Program(account).post("conversations", wanted).status_code == 403


def test_messages_come_in_order_and_by_pages() -> None:
    pair = world.pair()
    holder, uploader = Program(pair.rights_holder), Program(pair.uploader)
    path = f"conversations/{pair.conversation.pk}/messages"
    acks = [holder.post(path, message(f"{n}")).json() for n in range(1, 6)]

    page = uploader.get(f"{path}?after=1&limit=2").json()
    rest = uploader.browser.get(page["next"]).json()

    assert [ack["seq"] for ack in acks] == [1, 2, 3, 4, 5]
    assert [(m["seq"], m["body"]) for m in page["results"] + rest["results"]] == [
        (2, "2"),
        (3, "3"),
        (4, "4"),
        (5, "5"),
    ]
    assert rest["next"] is None
    assert page["results"][0]["id"] == acks[1]["id"]


def test_the_same_message_again_gets_the_same_answer() -> None:
    pair = world.pair()
    holder, path, said = Program(pair.rights_holder), f"conversations/{pair.conversation.pk}/messages", message()

    first, second = holder.post(path, said), holder.post(path, said)
    other = holder.post(path, {**said, "body": "Something else"})

    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "conflict")


def test_the_client_gets_its_id_back_as_it_wrote_it() -> None:
    pair = world.pair()
    client_id = str(uuid.uuid4()).upper()

    said = {"client_id": client_id, "body": "Hello", "attachments": None}
    answer = Program(pair.rights_holder).post(f"conversations/{pair.conversation.pk}/messages", said)

    assert (answer.status_code, answer.json()["client_id"]) == (201, client_id)


@pytest.mark.parametrize(
    "given",
    [
        {}, {"body": "x"}, {"client_id": "1", "body": "x"}, {"client_id": 5, "body": "x"},
        message(""), message(" \n"), message("x" * 8_001),
        message("\x00"), message(attachments="x"), message(attachments=[str(uuid.uuid4())]), message(5),  # type: ignore[arg-type]
        message(extra=1),
    ],
)  # fmt: skip
def test_messages_that_are_refused(given: dict[str, Any]) -> None:
    pair = world.pair()

    answer = Program(pair.rights_holder).post(f"conversations/{pair.conversation.pk}/messages", given)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "9" * 30, "١"])
def test_a_number_that_is_none_is_refused(after: str) -> None:
    pair = world.pair()

    answer = Program(pair.rights_holder).get(f"conversations/{pair.conversation.pk}/messages?after={after}")

    assert answer.status_code == 400


def test_a_stranger_gets_404_everywhere() -> None:
    pair, stranger = world.pair(), Program(world.pair().rights_holder)
    for key in (pair.conversation.pk, uuid.uuid4()):
        assert stranger.get(f"conversations/{key}").status_code == 404
        assert stranger.get(f"conversations/{key}/messages").status_code == 404
        assert stranger.get(f"conversations/{key}/files/{uuid.uuid4()}").status_code == 404
        assert stranger.post(f"conversations/{key}/messages", message()).status_code == 404
        assert stranger.post(f"conversations/{key}/read", {"seq": 1}).status_code == 404
    assert len(stranger.get("conversations").json()["results"]) == 1


def test_nobody_gets_401() -> None:
    pair, nobody = world.pair(), Browser()

    assert nobody.get("/api/v1/conversations").status_code == 401
    assert nobody.get(f"/api/v1/conversations/{pair.conversation.pk}/messages").status_code == 401


def test_a_closed_conversation_answers_409_with_its_state() -> None:
    pair = world.pair()
    steps.close(pair.conversation.subject, world.now())

    answer = Program(pair.uploader).post(f"conversations/{pair.conversation.pk}/messages", message())

    assert (answer.status_code, answer.json()["state"]) == (409, "closed")


def test_a_file_goes_to_the_other_side_under_a_name_of_ours() -> None:
    pair = world.pair()
    file = files.store(data=b"The contract.", name="zhang-san.txt", by=pair.rights_holder, now=world.NOW)
    holder, uploader = Program(pair.rights_holder), Program(pair.uploader)
    path = f"conversations/{pair.conversation.pk}"

    assert holder.post(f"{path}/messages", message("", attachments=[str(file.pk)])).status_code == 201

    [told] = uploader.get(f"{path}/messages").json()["results"][0]["attachments"]
    name = f"attachment-{str(file.pk)[-6:]}.txt"
    assert told == {"id": str(file.pk), "name": name, "media_type": "text/plain", "size": 13}
    answer = uploader.get(f"{path}/files/{file.pk}")
    assert (answer.content, answer.headers["X-Content-Type-Options"]) == (b"The contract.", "nosniff")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "zhang" not in str(answer.headers)


def test_a_file_of_somebody_else_cannot_be_sent() -> None:
    pair = world.pair()
    file = files.store(data=b"Mine.", name="mine.txt", by=pair.uploader, now=world.NOW)

    answer = Program(pair.rights_holder).post(
        f"conversations/{pair.conversation.pk}/messages", message(attachments=[str(file.pk)])
    )

    assert answer.json()["errors"][0]["pointer"] == "/attachments/0"


def test_lists_count_what_is_unread() -> None:
    pair = world.pair()
    for n in range(3):
        actions.post_message(
            conversation_id=pair.conversation.pk, client_id=str(uuid.uuid4()), body=f"{n}", attachments=[],
            by=pair.rights_holder, now=world.now(),
        )  # fmt: skip
    uploader = Program(pair.uploader)

    assert uploader.get("conversations").json()["results"][0]["unread"] == 3
    assert uploader.post(f"conversations/{pair.conversation.pk}/read", {"seq": 2}).json() == {"seq": 2}
    assert uploader.get(f"conversations/{pair.conversation.pk}").json()["unread"] == 1


def test_the_list_costs_the_same_however_many_there_are(django_assert_max_num_queries: Any) -> None:
    pair = world.pair()
    holder = Program(pair.rights_holder)
    for _ in range(5):
        item = world.content(world.subscriber(pair.provider))
        actions.open_conversation(
            provider=pair.provider, subject=f"content:{item.pk}", by=pair.rights_holder,
            subscriber=item.subscriber, now=world.now(),
        )  # fmt: skip

    # The token with its account, what the account claimed, the conversations, their parties.
    with django_assert_max_num_queries(4):
        assert len(holder.get("conversations").json()["results"]) == 6
