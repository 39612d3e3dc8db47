"""The channel of each provider: found, read in both languages, published by who may, put on pages of other origins."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from complaints import actions, rules
from complaints.models import ContactPoint
from core.errors import Denied, NotFound
from ledger.models import Entry
from tests.complaints.world import NOW, World
from verification.models import Organisation

GIVEN = {
    "name": "Films Host, copyright desk",
    "contact_person": "The head of the copyright desk",
    "postal_address": "1 Host Street\n00000 Hostington",
    "email": "copyright@host.example",
    "phone": "+1 202 555 0111",
    "agent": "Films Host Agent, DMCA-1000000",
}
ADDRESSES = ("", "contact/", "badge/")
FILES = [f"badge-{language}-{theme}.svg" for language in ("en", "zh-hans") for theme in ("light", "dark")]


@pytest.fixture(autouse=True)
def language_of_the_other_tests() -> Iterator[None]:
    """Leave the language as it was: a page that was asked for in Chinese keeps its thread in it."""
    with translation.override(translation.get_language()):
        yield


def browser(account: Any = None) -> Client:
    client = Client()
    if account is not None:
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def published(world: World, **changes: str) -> ContactPoint:
    given = {**GIVEN, **changes}
    return actions.publish_contact_point(provider=world.provider.code, given=given, by=world.handler, now=NOW)


def test_the_page_of_a_provider_names_its_contact_point_laws_languages_and_ways(world: World) -> None:
    client, address = browser(), f"/complain/{world.provider.code}/"
    before = client.get(address).content.decode()
    published(world)

    text = client.get(address).content.decode()

    assert "has not published more" in before
    assert all(line in text for value in GIVEN.values() for line in value.split("\n"))
    assert all(f"/law/{code}/" in text for code in ("cn", "us", "eu", "jp"))
    for link in (f"/complain/new/?provider={world.provider.code}", "/track/", f"/rules/{world.provider.code}/"):
        assert f'href="{link}"' in text
    assert f'href="{address}"' in client.get("/complain/").content.decode()
    assert "Change the contact point" not in text


def test_the_address_itself_chooses_the_language_whatever_the_browser_prefers(world: World) -> None:
    address = f"/complain/{world.provider.code}/"

    chinese = browser().get(f"{address}?lang=zh-Hans", headers={"accept-language": "en"})
    english = browser().get(f"{address}?lang=fr", headers={"accept-language": "en"})

    assert (chinese["Content-Language"], english["Content-Language"]) == ("zh-hans", "en")
    assert '<html lang="zh-hans">' in chinese.content.decode()
    assert "提交通知" in chinese.content.decode()
    assert f"?provider={world.provider.code}&amp;lang=zh-hans" in chinese.content.decode()
    assert f'name="next" value="{address}"' in chinese.content.decode(), "the switch below must not be overruled"


@pytest.mark.parametrize("code", ["new", "done", "confirm", "mend", "at"])
def test_the_channel_of_a_provider_whose_code_is_a_word_of_ours_is_found_all_the_same(world: World, code: str) -> None:
    Organisation.objects.filter(pk=world.provider.pk).update(code=code)
    client = browser(world.handler)

    listed = client.get("/complain/").content.decode()
    described = client.get(f"/.well-known/complaint-channel/{code}.json").content.decode()

    assert f'href="/complain/at/{code}/"' in listed
    assert f'/complain/at/{code}/"' in described
    for address in ADDRESSES:
        assert world.provider.name in client.get(f"/complain/at/{code}/{address}").content.decode()


def test_every_provider_is_found_at_both_addresses_and_linked_by_the_short_one(world: World) -> None:
    short = f"/complain/{world.provider.code}/"

    both = [browser().get(address) for address in (short, f"/complain/at/{world.provider.code}/")]

    assert [answer.status_code for answer in both] == [200, 200]
    assert f'href="{short}"' in browser().get("/complain/").content.decode()


def test_no_channel_is_there_of_who_is_no_provider(world: World) -> None:
    for address in ADDRESSES:
        assert browser(world.handler).get(f"/complain/nobody/{address}").status_code == 404
    assert browser().get("/.well-known/complaint-channel/nobody.json").status_code == 404


def test_handlers_and_authorizers_publish_and_nobody_else(world: World) -> None:
    given = {"provider": world.provider.code, "given": GIVEN, "now": NOW}
    for who in (world.handler, world.authorizer):
        assert actions.publish_contact_point(by=who, **given).published_by == who

    with pytest.raises(Denied):
        actions.publish_contact_point(by=world.auditor, **given)
    for stranger in (world.stranger, world.other_handler, world.uploader):
        with pytest.raises(NotFound):
            actions.publish_contact_point(by=stranger, **given)


def test_the_page_publishes_and_keeps_what_stood_there_and_records_no_content(world: World) -> None:
    first, client = published(world), browser(world.handler)
    address = f"/complain/{world.provider.code}/contact/"
    assert GIVEN["agent"] in client.get(address).content.decode()

    wrong = client.post(address, {**GIVEN, "email": "nobody"})
    answer = client.post(address, {**GIVEN, "phone": "+1 202 555 0199"}, follow=True)

    assert wrong.status_code == 400
    assert "+1 202 555 0199" in answer.content.decode()
    assert ContactPoint.objects.filter(pk=first.pk).exists()
    entry = Entry.objects.filter(act="channel.contact_published").latest("pk")
    assert entry.facts["changed"] == ["phone"]
    assert not any(value in entry.facts_text for value in GIVEN.values())
    assert browser(world.stranger).get(address).status_code == 404
    assert browser(world.auditor).get(address).status_code == 403
    assert browser().get(address).status_code == 302


@pytest.mark.parametrize("missing", ["name", "postal_address", "email"])
def test_a_contact_point_at_which_nobody_can_be_reached_is_refused(world: World, missing: str) -> None:
    with pytest.raises(IntegrityError, match="contact_point_can_be_reached"), transaction.atomic():
        published(world, **{missing: ""})


def test_programs_find_each_channel_in_the_shape_of_the_whole(world: World, django_assert_num_queries: Any) -> None:
    published(world)
    with django_assert_num_queries(2):  # providers, contact points
        whole = browser().get("/.well-known/complaint-channel.json").json()

    one = browser().get(f"/.well-known/complaint-channel/{world.provider.code}.json").json()

    (row,) = [each for each in whole["providers"] if each["code"] == world.provider.code]
    assert one == {**whole, "providers": [row]}
    assert row["contact_point"] == GIVEN
    assert (row["contact"], row["published_at"]) == (GIVEN["email"], "2026-03-10T09:30:00.000000Z")
    assert row["page"].endswith(f"/complain/{world.provider.code}/")
    (other,) = [each for each in whole["providers"] if each["code"] != world.provider.code]
    assert other["contact_point"]["email"] is None


@pytest.mark.parametrize("name", [*FILES, "copyright-complaints.js"])
def test_pages_of_any_origin_may_load_badge_and_component_and_learn_nothing(name: str) -> None:
    answer = browser().get(f"/embed/{name}")

    assert answer.status_code == 200
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=86400"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    again = browser().get(f"/embed/{name}", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content, again["Cross-Origin-Resource-Policy"]) == (304, b"", "cross-origin")


@pytest.mark.parametrize("name", FILES)
def test_a_badge_says_what_it_is_and_loads_and_runs_nothing(name: str) -> None:
    picture = browser().get(f"/embed/{name}").content.decode()

    assert picture.count("举报著作权侵权" if "zh" in name else "Report copyright infringement") == 2
    assert not re.search(r"<script|<style|style=|\son\w+=|href|url\(|<image|<foreign", picture)


@pytest.mark.parametrize("name", ["nothing.svg", "../settings.py", "badge-en-light.svg.py"])
def test_nothing_else_is_handed_out(name: str) -> None:
    assert browser().get(f"/embed/{name}").status_code == 404


def test_what_is_copied_leads_to_the_portals_own_address(world: World, settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example"

    text = browser().get(f"/complain/{world.provider.code}/badge/", headers={"host": "127.0.0.1"}).content.decode()

    for code in ("en", "zh-hans"):
        assert f"https://portal.example/embed/badge-{code}-dark.svg" in text
        assert f"https://portal.example/complain/{world.provider.code}/?lang={code}" in text
    assert "https://portal.example/embed/copyright-complaints.js" in text


BROUGHT = {
    "item-1": "item-1",
    " https://host.example/v/1?x=2#t ": "https://host.example/v/1?x=2#t",
    "http://host.example/": "http://host.example/",
    "javascript:alert(1)//": "",
    "item-1\nitem-2": "",
    "https://host.example/a b": "",
    "https://host.example/\x00": "",
    "": "",
    "x" * 121: "",
    "https://host.example/" + "x" * 2000: "",
    "<b>": "",
}


@pytest.mark.parametrize("text", BROUGHT)
def test_a_link_fills_in_an_address_or_an_identifier_and_nothing_else(text: str) -> None:
    assert rules.brought_item(text) == BROUGHT[text]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("en", "en"),
        ("zh-Hans", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-CN", "zh-hans"),
        ("en-GB", "en"),
        ("fr", ""),
        ("", ""),
    ],
)
def test_a_link_asks_for_a_language_that_there_is(text: str, language: str) -> None:
    assert rules.brought_language(text, ("en", "zh-hans")) == language


def test_the_wizard_takes_over_what_the_link_brings_once_and_keeps_what_was_given(world: World) -> None:
    client = browser()
    link = f"/complain/new/?provider={world.provider.code}&content=item-1&lang=zh-hans"

    for _ in range(2):
        begun = client.get(link, follow=True)
    client.get("/complain/new/?content=https://host.example/v/9")
    client.get("/complain/new/?content=%3Cscript%3E")

    assert '<html lang="zh-hans">' in begun.content.decode()
    client.post("/complain/new/where/", {"provider": world.provider.code})
    client.post("/complain/new/law/", {"regime": "us"})
    asked = client.get("/complain/new/items/").content.decode()
    assert "item-1\nhttps://host.example/v/9</textarea>" in asked
