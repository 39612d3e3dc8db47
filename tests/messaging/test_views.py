"""The pages of conversations, as they come from the server."""

import json
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from messaging import steps
from messaging.models import Message
from messaging.shown import LINK, NOT_IN_LINKS, linked
from tests.messaging import world
from verification.models import Account

pytestmark = pytest.mark.django_db


def signed_in(account: Account) -> Browser:
    browser = Browser()
    browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def address(pair: world.Pair) -> str:
    return reverse("messaging:conversation", args=[pair.conversation.pk])


def test_a_form_sends_a_message_once_however_often_it_is_sent() -> None:
    pair = world.pair()
    browser, form = signed_in(pair.rights_holder), {"client_id": str(uuid.uuid4()), "body": "One\r\ntwo"}

    answers = [browser.post(address(pair), form) for _ in range(2)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, address(pair))] * 2
    assert Message.objects.get().body == "One\ntwo"


def test_the_other_side_sees_it_with_a_role_and_no_name() -> None:
    pair = world.pair()
    signed_in(pair.rights_holder).post(address(pair), {"client_id": str(uuid.uuid4()), "body": "<script>alert(1)"})

    browser = signed_in(pair.uploader)
    listed = browser.get(reverse("messaging:list")).content.decode()
    page = browser.get(address(pair)).content.decode()

    assert "1 unread" in listed
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "Rights holder" in page
    assert pair.rights_holder.email not in page + listed
    assert "1 unread" not in browser.get(reverse("messaging:list")).content.decode()


def test_an_empty_message_is_answered_beside_the_field() -> None:
    pair = world.pair()

    answer = signed_in(pair.uploader).post(address(pair), {"client_id": str(uuid.uuid4()), "body": "  "})

    assert answer.status_code == 400
    assert not Message.objects.exists()


def test_a_closed_conversation_has_no_form_and_says_why() -> None:
    pair = world.pair()
    steps.close(pair.conversation.subject, world.now())
    browser = signed_in(pair.uploader)

    page = browser.get(address(pair)).content.decode()

    assert "was closed on" in page
    assert "<textarea" not in page
    answer = browser.post(address(pair), {"client_id": str(uuid.uuid4()), "body": "Too late"})
    assert answer.status_code == 409


def test_a_stranger_is_told_the_page_does_not_exist() -> None:
    pair = world.pair()

    assert signed_in(world.pair().uploader).get(address(pair)).status_code == 404
    assert Browser().get(address(pair)).status_code == 302


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("见https://例え.jp/路径，谢谢。还有https://films.example/路径？查询。", ["https://例え.jp/路径", "https://films.example/路径"]),
        ("https://films.example/wiki/Pier_(film), (see http://films.example/a)", ["https://films.example/wiki/Pier_(film)", "http://films.example/a"]),
        ("《https://films.example/a》、“https://films.example/b”…", ["https://films.example/a", "https://films.example/b"]),
    ],
)  # fmt: skip
def test_a_link_ends_where_the_address_does_whatever_script_stands_around_it(body: str, found: list[str]) -> None:
    assert [match.group() for match in LINK.finditer(body)] == found


def test_the_page_knows_a_link_by_the_same_signs() -> None:
    module = (settings.BASE_DIR / "messaging/static/messaging/bubble.js").read_text(encoding="utf-8")
    [signs] = re.findall(r"^const NOT_IN_LINKS = (\".*\");", module, re.M)
    assert json.loads(signs) == NOT_IN_LINKS


def test_addresses_become_links_and_nothing_else_becomes_markup() -> None:
    text = linked('<b> https://films.example/a?b=1&c=2. javascript:alert(1) "https://x.example" http://[')

    assert text.count("<a ") == 2
    assert 'href="https://films.example/a?b=1&amp;c=2"' in text
    assert "&lt;b&gt;" in text
    assert 'href="javascript' not in text
