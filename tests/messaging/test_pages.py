"""What people do to their messages on pages without scripts: edit, withdraw, find, and choose what they show."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core import files
from messaging import access, actions, steps
from messaging.models import Message, Party, Preferences
from messaging.storing import Draft
from tests.messaging import world
from tests.messaging.test_views import address, signed_in

pytestmark = pytest.mark.django_db


def say(pair: world.Pair, body: str, quotes: uuid.UUID | None = None) -> Draft:
    return actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid.uuid4()), body=body, attachments=[], quotes=quotes,
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip


def page_of(pair: world.Pair, message: uuid.UUID, name: str = "message") -> str:
    return reverse(f"messaging:{name}", args=[pair.conversation.pk, message])


def test_a_message_is_edited_on_a_page_and_everybody_sees_that_it_was() -> None:
    pair = world.pair()
    said, browser = say(pair, "Pleese answer"), signed_in(pair.rights_holder)
    assert page_of(pair, said.id) in browser.get(address(pair)).content.decode()

    answer = browser.post(page_of(pair, said.id), {"body": "Please\r\nanswer"})

    assert (answer.status_code, answer["Location"]) == (303, f"{address(pair)}#message-1")
    page = signed_in(pair.uploader).get(address(pair)).content.decode()
    assert "Please\nanswer" in page
    assert "message-edited" in page
    assert "Pleese" not in page
    assert f'href="{page_of(pair, said.id)}"' not in page


def test_a_withdrawn_message_leaves_only_that_it_was_here_also_where_it_is_quoted() -> None:
    pair = world.pair()
    said = say(pair, "An unwise word")
    say(pair, "What I meant", quotes=said.id)
    browser = signed_in(pair.rights_holder)
    assert browser.get(address(pair)).content.decode().count("An unwise word") == 2

    answer = browser.post(page_of(pair, said.id, "withdrawal"))

    assert answer.status_code == 303
    for account in (pair.rights_holder, pair.uploader):
        page = signed_in(account).get(address(pair)).content.decode()
        assert "An unwise word" not in page
        assert page.count(">This message was withdrawn.<") == 2
    assert "This message was withdrawn." in browser.get(page_of(pair, said.id)).content.decode()


def test_after_a_minute_the_page_offers_only_the_withdrawal() -> None:
    pair = world.pair()
    old = Message.objects.create(
        id=uuid.uuid4(), client_id=uuid.uuid4(), conversation=pair.conversation, sender=pair.party("rights_holder"),
        seq=1, body="Long ago", digest=b"x" * 32, sent_at=world.NOW,
    )  # fmt: skip
    browser = signed_in(pair.rights_holder)

    page = browser.get(page_of(pair, old.pk)).content.decode()

    assert 'name="body"' not in page
    assert page_of(pair, old.pk, "withdrawal") in page
    assert browser.post(page_of(pair, old.pk), {"body": "Now"}).status_code == 409


def test_the_page_of_a_message_is_its_senders_alone() -> None:
    pair = world.pair()
    said = say(pair, "Hello")

    assert signed_in(pair.uploader).get(page_of(pair, said.id)).status_code == 403
    assert signed_in(pair.uploader).post(page_of(pair, said.id, "withdrawal")).status_code == 403
    assert signed_in(world.account()).get(page_of(pair, said.id)).status_code == 404


def test_an_edit_that_says_nothing_is_answered_beside_the_field() -> None:
    pair = world.pair()
    said = say(pair, "Hello")

    answer = signed_in(pair.rights_holder).post(page_of(pair, said.id), {"body": " "})

    assert answer.status_code == 400
    assert access.message_of(pair.conversation, said.id).body == "Hello"


def test_in_a_closed_conversation_no_page_offers_a_change() -> None:
    pair = world.pair()
    said = say(pair, "Hello")
    steps.close(pair.conversation.subject, world.now())
    browser = signed_in(pair.rights_holder)

    assert page_of(pair, said.id) not in browser.get(address(pair)).content.decode()
    assert page_of(pair, said.id, "withdrawal") not in browser.get(page_of(pair, said.id)).content.decode()


def test_what_is_looked_for_on_the_page_is_marked_and_led_to() -> None:
    pair = world.pair()
    for n in range(25):
        say(pair, f"{n}: <b>电影</b> of the sea")
    browser = signed_in(pair.uploader)

    page = browser.get(address(pair), {"q": "电影"}).content.decode()

    assert page.count("<mark>电影</mark>") == 20
    assert "&lt;b&gt;" in page
    assert 'href="?before=45#message-25"' in page
    following = browser.get(address(pair), {"q": "电影", "until": "6"}).content.decode()
    assert following.count("<mark>电影</mark>") == 5
    assert pair.party("uploader").read_seq == 0  # looking for something is not reading what is new


@pytest.mark.parametrize("words", ["", "x" * 201, "%", "nothing"])
def test_a_search_that_finds_nothing_or_is_wrong_shows_the_conversation_all_the_same(words: str) -> None:
    pair = world.pair()
    say(pair, "Hello")

    answer = signed_in(pair.uploader).get(address(pair), {"q": words})

    assert answer.status_code == 200
    assert "Hello" in answer.content.decode()
    assert "<mark>" not in answer.content.decode()


def test_everybody_chooses_on_a_page_what_the_others_see() -> None:
    account = world.account()
    browser, page = signed_in(account), reverse("messaging:preferences")
    assert browser.get(page).content.decode().count("checked") == 3

    answer = browser.post(page, {"shows_typing": "on"})

    assert answer.status_code == 303
    kept = Preferences.objects.get(account=account)
    assert (kept.shows_presence, kept.shows_typing) == (False, True)
    assert browser.get(page).content.decode().count("checked") == 2


def test_a_form_without_scripts_quotes_the_message_that_its_reply_link_names() -> None:
    pair = world.pair()
    said = say(pair, "Which part is yours?")
    browser = signed_in(pair.uploader)
    assert f'href="?quotes={said.id}#compose"' in browser.get(address(pair)).content.decode()

    form = browser.get(address(pair), {"quotes": str(said.id)}).content.decode()
    browser.post(address(pair), {"client_id": str(uuid.uuid4()), "body": "The first minute", "quotes": str(said.id)})

    assert "In reply to: Rights holder" in form
    assert Message.objects.get(body="The first minute").quotes == said.id
    page = browser.get(address(pair)).content.decode()
    assert page.count(">Which part is yours?<") == 2
    for foreign in (str(uuid.uuid4()), "no-id"):
        answer = browser.get(address(pair), {"quotes": foreign})
        assert answer.status_code == 200
        assert "In reply to: Rights holder" not in answer.content.decode()


def test_a_message_says_how_far_it_came() -> None:
    pair = world.pair()
    say(pair, "Hello")
    browser = signed_in(pair.rights_holder)
    assert 'data-state="sent"' in browser.get(address(pair)).content.decode()

    Party.objects.filter(pk=pair.party("uploader").pk).update(delivered_seq=1)
    assert 'data-state="delivered"' in browser.get(address(pair)).content.decode()
    signed_in(pair.uploader).get(address(pair))

    assert 'data-state="read"' in browser.get(address(pair)).content.decode()


def test_what_happened_stands_among_the_messages() -> None:
    pair = world.pair()
    say(pair, "Hello")
    actions.end_conversation(conversation_id=pair.conversation.pk, by=pair.rights_holder, now=world.now())

    page = signed_in(pair.uploader).get(address(pair)).content.decode()

    assert page.index(">Hello<") < page.index(">The conversation was closed<")


def test_unread_messages_are_counted_beside_the_way_to_them_but_for_muted_conversations(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pair = world.pair()
    for text in ("One", "Two"):
        signed_in(pair.uploader).post(address(pair), {"client_id": str(uuid.uuid4()), "body": text})
    browser = signed_in(pair.rights_holder)
    assert 'data-unread="2"' in browser.get("/home/").content.decode()
    assert "(2) Conversations" in browser.get(reverse("messaging:list")).content.decode()
    assert access.unread_of(pair.uploader) == 0
    with django_assert_num_queries(2):  # what it claimed, the newest conversations with something unread
        assert access.unread_of(pair.rights_holder) == 2

    actions.mute(conversation_id=pair.conversation.pk, is_muted=True, by=pair.rights_holder, now=world.now())
    assert access.unread_of(pair.rights_holder) == 0
    actions.mute(conversation_id=pair.conversation.pk, is_muted=False, by=pair.rights_holder, now=world.now())
    browser.get(address(pair))

    assert access.unread_of(pair.rights_holder) == 0
    assert 'data-unread="0"' in browser.get("/home/").content.decode()


def test_a_file_stays_with_a_form_that_is_answered_and_is_sent_with_it_once_it_goes() -> None:
    pair = world.pair()
    browser = signed_in(pair.rights_holder)
    given = {"client_id": str(uuid.uuid4()), "body": "Write to jo@films.example", "kept": [], "file": []}
    files_ = [SimpleUploadedFile(f"{name}.txt", name.encode()) for name in ("one", "two")]

    asked = browser.post(address(pair), given | {"file": files_}).content.decode()

    kept = re.findall(r'name="kept" value="([0-9a-f-]{36})"[^>]* checked', asked)
    assert len(kept) == 2
    assert not Message.objects.exists()
    assert browser.post(address(pair), given | {"kept": kept, "was_told": "1"}).status_code == 303
    assert [told["id"] for told in Message.objects.get().attachments] == kept


def test_a_file_of_another_is_neither_named_nor_sent_by_a_form_that_says_it_was_kept() -> None:
    pair = world.pair()
    secret = files.store(data=b"Mine.", name="secret.txt", by=pair.rights_holder, now=world.now())
    given = {"client_id": str(uuid.uuid4()), "body": "Look", "kept": [str(secret.pk)]}

    answer = signed_in(pair.uploader).post(address(pair), given)

    assert answer.status_code == 400
    assert "secret.txt" not in answer.content.decode()
    assert not Message.objects.exists()
    assert signed_in(pair.uploader).post(address(pair), given | {"kept": ["no id"]}).status_code == 400
