"""Editing within a minute, withdrawing, quoting and finding: what is shown, what is kept, and what is refused how."""

import datetime as dt
import uuid
from typing import Any

import pytest

from core import files
from core.actors import SYSTEM
from core.errors import Conflict, Denied, Invalid, NotFound
from ledger.models import Entry
from messaging import access, actions, rules, steps, tasks
from messaging.models import Conversation, Event, Message, Revision
from messaging.rules import Revised
from messaging.storing import Draft
from tests.messaging import world
from tests.messaging.test_api import Program
from verification.models import Account

pytestmark = pytest.mark.django_db


def post(pair: world.Pair, body: str = "Hello", by: Account | None = None, **more: Any) -> Draft:
    return actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid.uuid4()), body=body,
        attachments=more.pop("attachments", []), by=by or pair.rights_holder, now=world.now(), **more,
    )  # fmt: skip


def edit(pair: world.Pair, said: Draft, body: str, *, by: Account | None = None, later: float = 5) -> Revision:
    assert said.sent_at is not None
    return actions.edit_message(
        conversation_id=pair.conversation.pk, message_id=said.id, body=body, by=by or pair.rights_holder,
        now=said.sent_at + dt.timedelta(seconds=later),
    )  # fmt: skip


def withdraw(pair: world.Pair, said: Draft, by: Account | None = None) -> Revision:
    return actions.withdraw_message(
        conversation_id=pair.conversation.pk, message_id=said.id, by=by or pair.rights_holder, now=world.now()
    )


def shown(pair: world.Pair) -> list[access.MessageOut]:
    return access.messages_of(pair.conversation, after=0, limit=10)


def test_an_edited_message_is_shown_in_its_last_words_and_says_when() -> None:
    pair = world.pair()
    said = post(pair, "Pleese")

    edit(pair, said, "Please")
    last = edit(pair, said, "Please, soon", later=60)

    [message] = shown(pair)
    assert (message.body, message.edited_at, message.withdrawn_at) == ("Please, soon", last.made_at, None)
    assert Message.objects.get().body == "Pleese"


def test_a_withdrawn_message_leaves_its_number_and_nothing_of_what_it_said() -> None:
    pair = world.pair()
    quoted = post(pair, "First")
    file = files.store(data=b"%PDF-1.7 secret", name="a.pdf", by=pair.rights_holder, now=world.now())
    said = post(pair, "Never mind this", attachments=[file.pk], quotes=quoted.id)

    last = withdraw(pair, said)

    message = shown(pair)[1]
    assert (message.seq, message.body, message.attachments, message.quotes) == (2, "", [], None)
    assert message.withdrawn_at == last.made_at
    for account in (pair.rights_holder, pair.uploader):
        with pytest.raises(NotFound):
            access.file_of(account, pair.conversation, file.pk, world.now())


def test_a_minute_after_it_was_sent_a_message_can_only_be_withdrawn() -> None:
    pair = world.pair()
    said = post(pair)

    with pytest.raises(Conflict) as refused:
        edit(pair, said, "Later", later=60.1)
    withdraw(pair, said)

    assert refused.value.state == "too_late"
    assert shown(pair)[0].withdrawn_at is not None


def test_what_is_withdrawn_stays_withdrawn() -> None:
    pair = world.pair()
    said = post(pair)
    withdraw(pair, said)

    for again in (lambda: withdraw(pair, said), lambda: edit(pair, said, "Back")):
        with pytest.raises(Conflict) as refused:
            again()
        assert refused.value.state == "withdrawn"


def test_only_the_sender_changes_a_message() -> None:
    pair, elsewhere = world.pair(), world.pair()
    said, other = post(pair), post(elsewhere)

    with pytest.raises(Denied):
        edit(pair, said, "You said", by=pair.uploader)
    with pytest.raises(Denied):
        withdraw(pair, said, by=pair.uploader)
    for stranger in (elsewhere.rights_holder, world.account()):
        with pytest.raises(NotFound):
            withdraw(pair, said, by=stranger)
    with pytest.raises(NotFound):  # a message of another conversation of nobody's concern here
        withdraw(pair, other)
    assert not Revision.objects.exists()


def test_in_a_closed_conversation_nothing_is_changed() -> None:
    pair = world.pair()
    said = post(pair)
    steps.close(pair.conversation.subject, world.now())

    for change in (lambda: withdraw(pair, said), lambda: edit(pair, said, "Other")):
        with pytest.raises(Conflict) as refused:
            change()
        assert refused.value.state == "closed"


def test_who_was_silenced_takes_back_and_says_nothing_new() -> None:
    pair = world.pair()
    said = post(pair)
    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    with pytest.raises(Denied) as refused:
        edit(pair, said, "Answer me")
    withdraw(pair, said)

    assert refused.value.code == "silenced"


def test_what_was_edited_is_forgotten_with_what_was_first_said() -> None:
    pair = world.pair()
    revision = edit(pair, post(pair, "canary one"), "canary two")
    ended = world.now() - dt.timedelta(days=4 * 366)
    Conversation.objects.filter(pk=pair.conversation.pk).update(state="closed", closed_at=ended)

    assert tasks.forget_old(world.now()) == 1

    kept = Revision.objects.get()
    assert (kept.body, kept.is_forgotten, bytes(kept.digest)) == ("", True, revision.digest)
    assert [(message.body, message.edited_at) for message in shown(pair)] == [("", revision.made_at)]


@pytest.mark.parametrize("body", ["", "  \n", "a\x00", "\ud800", "x" * 8_001])
def test_an_edit_says_something(body: str) -> None:
    pair = world.pair()
    said = post(pair)

    with pytest.raises(Invalid):
        edit(pair, said, body)


def test_saying_the_same_again_is_no_edit() -> None:
    pair = world.pair()
    said = post(pair, "Please")

    with pytest.raises(Conflict) as refused:
        edit(pair, said, "Please")

    assert refused.value.state == "unchanged"


def test_the_ledger_covers_what_was_first_said_and_what_became_of_it() -> None:
    pair = world.pair()
    said = post(pair, "First")
    first = Message.objects.get()
    revision = edit(pair, said, "Second")
    conversation = Conversation.objects.select_related("provider").get(pk=pair.conversation.pk)
    actions.cover(conversation=conversation, by=SYSTEM, now=world.now())

    salt = bytes(conversation.salt)
    of_first = rules.Said(1, said.id, said.sender, first.sent_at, rules.content_digest("First"))
    revised = Revised(said.id, 1, "edited", revision.made_at, rules.content_digest("Second"))
    facts = {entry.act: entry.facts for entry in Entry.objects.filter(subject=conversation.ledger_reference)}
    assert facts["conversation.covered"]["sha256"] == rules.coverage_digest(salt, [of_first])
    assert facts["message.edited"] == {
        "message": str(said.id), "seq": 1, "number": 1, "sha256": rules.revision_digest(salt, revised)
    }  # fmt: skip


def test_every_change_is_a_happening_that_says_which_message() -> None:
    pair = world.pair()
    said = post(pair)
    edit(pair, said, "Other")
    withdraw(pair, said)

    told = [(event.number, event.kind, event.data) for event in Event.objects.order_by("number")]

    which = {"message": str(said.id), "seq": 1}
    assert told == [(1, "message_edited", which), (2, "message_withdrawn", which)]


def test_only_a_message_of_the_same_conversation_is_quoted() -> None:
    pair, elsewhere = world.pair(), world.pair()
    said, other = post(pair, "A question"), post(elsewhere)

    answer = post(pair, "An answer", by=pair.uploader, quotes=said.id)

    assert shown(pair)[1].quotes == said.id
    assert access.quoted(pair.conversation, shown(pair))[said.id].body == "A question"
    assert Message.objects.get(pk=answer.id).digest == rules.content_digest("An answer", [], str(said.id))
    for wrong in (other.id, uuid.uuid4()):
        with pytest.raises(Invalid) as refused:
            post(pair, quotes=wrong)
        assert refused.value.problems[0].pointer == "/quotes"


def test_the_same_client_id_with_another_quotation_is_a_conflict() -> None:
    pair = world.pair()
    said, client_id = post(pair), str(uuid.uuid4())
    given = {
        "conversation_id": pair.conversation.pk, "client_id": client_id, "body": "Yes", "attachments": [],
        "by": pair.uploader, "now": world.now(),
    }  # fmt: skip
    first = actions.post_message(**given, quotes=said.id)

    assert actions.post_message(**given, quotes=said.id).seq == first.seq
    with pytest.raises(Conflict):
        actions.post_message(**given)


# --- for programs


def test_a_program_edits_and_withdraws_its_own_message() -> None:
    pair = world.pair()
    said = post(pair)
    holder, uploader = Program(pair.rights_holder), Program(pair.uploader)
    address = f"conversations/{pair.conversation.pk}/messages/{said.id}"

    edited = holder.post(f"{address}/revision", {"body": "Good morning"})
    assert (edited.status_code, edited.json()["body"]) == (201, "Good morning")
    assert set(uploader.get(address).json()) == {
        "id", "conversation", "seq", "sender", "body", "attachments", "sent_at", "edited_at",
    }  # fmt: skip
    assert uploader.post(f"{address}/revision", {"body": "No"}).status_code == 403

    withdrawn = holder.post(f"{address}/withdrawal", {})
    assert (withdrawn.status_code, withdrawn.json()["body"]) == (201, "")
    assert "withdrawn_at" in uploader.get(f"conversations/{pair.conversation.pk}/messages").json()["results"][0]
    again = holder.post(f"{address}/withdrawal", {})
    assert (again.status_code, again.json()["state"]) == (409, "withdrawn")


def test_a_stranger_gets_404_for_messages_and_what_can_be_done_to_them() -> None:
    pair = world.pair()
    said, stranger = post(pair), Program(world.pair().rights_holder)
    address = f"conversations/{pair.conversation.pk}/messages/{said.id}"

    answers = [
        stranger.get(address), stranger.post(f"{address}/revision", {"body": "x"}),
        stranger.post(f"{address}/withdrawal", {}), stranger.get(f"conversations/{pair.conversation.pk}/search?q=H"),
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_program_quotes() -> None:
    pair = world.pair()
    said, program = post(pair), Program(pair.uploader)
    address = f"conversations/{pair.conversation.pk}/messages"

    sent = program.post(address, {"client_id": str(uuid.uuid4()), "body": "Yes", "quotes": str(said.id)})
    wrong = program.post(address, {"client_id": str(uuid.uuid4()), "body": "Yes", "quotes": str(uuid.uuid4())})

    assert sent.status_code == 201
    assert program.get(address).json()["results"][1]["quotes"] == str(said.id)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (400, "/quotes")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("film", [3, 1]), ("FILM", [3, 1]), ("lm by the s", [1]), ("电影", [4]), ("影", [4]), ("100%", [2]), ("%", [2]),
        ("_", []), ("nothing", []), ("secret", []), ("before", []), ("  film  ", [3, 1]),
    ],
)  # fmt: skip
def test_what_was_said_is_found_by_any_part_of_it(words: str, found: list[int]) -> None:
    pair = world.pair()
    post(pair, "A film by the sea")
    post(pair, "100% mine", by=pair.uploader)
    edit(pair, post(pair, "before"), "Which Film?")
    post(pair, "这部电影是我的")
    withdraw(pair, post(pair, "a secret film"))

    answer = Program(pair.uploader).browser.get(f"/api/v1/conversations/{pair.conversation.pk}/search", {"q": words})

    assert [message["seq"] for message in answer.json()["results"]] == found


def test_what_is_found_comes_by_pages() -> None:
    pair = world.pair()
    for _ in range(5):
        post(pair, "Again & again")
    program = Program(pair.rights_holder)

    seen, address = [], f"/api/v1/conversations/{pair.conversation.pk}/search?q=%26+again&limit=2"
    while address:
        answer = program.browser.get(address).json()
        seen.append([message["seq"] for message in answer["results"]])
        address = answer["next"]

    assert seen == [[5, 4], [3, 2], [1]]


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=" + "x" * 201, "q=%00", "q=a&before=x", "q=a&limit=0"])
def test_a_search_for_nothing_is_refused(query: str) -> None:
    pair = world.pair()

    answer = Program(pair.rights_holder).get(f"conversations/{pair.conversation.pk}/search?{query}")

    assert answer.status_code == 400


def test_what_one_shows_of_oneself_is_set_piece_by_piece() -> None:
    program = Program(world.account())

    def put(body: Any) -> Any:
        return program.browser.put("/api/v1/me/messaging", body, content_type="application/json")

    def shown(*, presence: bool, typing: bool) -> dict[str, Any]:
        return {"shows_presence": presence, "shows_typing": typing, "notify": "soon"}

    assert program.get("me/messaging").json() == shown(presence=True, typing=True)
    assert put({"shows_typing": False}).json() == shown(presence=True, typing=False)
    assert put({"shows_presence": False}).json() == shown(presence=False, typing=False)
    assert program.get("me/messaging").json() == shown(presence=False, typing=False)
    assert [put(wrong).status_code for wrong in ({"shows_all": True}, {"shows_typing": "perhaps"}, [])] == [400] * 3
