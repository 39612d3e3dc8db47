"""The home page of everybody in the demo: what waits for them, what became of their matters, where to begin."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import times
from ledger import sealing
from ledger.models import Entry
from portal import demo_accounts, demo_world, navigation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_checkpoints(settings: Any, tmp_path: Any) -> None:
    """The world is sealed in a transaction that is rolled back, so its checkpoints must not stay for other tests."""
    settings.LEDGER_CHECKPOINT_DIR = tmp_path / "ledger"


# What a home page may ask of the database at most: session and account, roles, each app's questions, the matters.
MOST_QUERIES = 60


@pytest.fixture
def demo(settings: Any) -> None:
    settings.PORTAL_DEMO = True
    now = times.now()
    demo_world.make(now)
    sealing.seal(now)


def be(client: Client, email: str) -> None:
    answer = client.post("/demo/sign-in/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (303, "/home/")


def links_of(text: str) -> set[str]:
    """Return the links of the head and the content; the foot is the same for all and tested with the site."""
    text = text.partition("<footer")[0]
    return {
        link for link in re.findall(r'href="(/[^"#?]*)"', text) if not link.startswith(("/static/", "/accounts/logout"))
    }


def everybody_has_a_home_and_every_link_on_it_leads_somewhere(client: Client) -> None:
    for person in demo_accounts.PEOPLE:
        be(client, person.email)

        with CaptureQueriesContext(
            connection,
        ) as asked:
            home = client.get("/home/")

        assert home.status_code == 200, person.email
        assert len(asked) <= MOST_QUERIES, (person.email, len(asked))
        for link in sorted(links_of(home.content.decode())):
            assert client.get(link, follow=True).status_code == 200, (person.email, link)


def a_click_makes_one_somebody_and_nothing_more(client: Client) -> None:
    be(client, "authorizer@demo.example")
    first, authorizer = client.session.session_key, client.get("/home/").context["user"]
    be(client, "uploader@demo.example")
    second, uploader = client.session.session_key, client.get("/home/").context["user"]
    nobody = client.post("/demo/sign-in/", {"email": "somebody@else.example"})

    # Signed in with a code, but a while ago: grave acts ask for a fresh one.
    assert times.now() - authorizer.second_factor_at >= demo_accounts.settings.STEP_UP_WITHIN
    assert (uploader.email, uploader.second_factor_at) == ("uploader@demo.example", None)
    assert second != first
    assert nobody.status_code == 404


def the_ledger_is_its_auditors_page_by_page_with_proofs_and_nobody_elses(client: Client) -> None:
    be(client, "auditor@demo.example")
    first = client.get("/ledger/")
    older = client.get("/ledger/", {"cursor": first.context["next"]})
    entry = client.get(f"/ledger/{first.context['rows'][0][0].pk}/")
    other = client.get("/ledger/", {"provider": "otherhost"})

    newest, after = first.context["rows"][-1][0], older.context["rows"][0][0]
    assert newest.pk > after.pk
    assert first.context["checkpoint"].tree_size > 100
    assert html.escape(entry.context["proof"]["checkpoint"]) in entry.content.decode()
    assert other.status_code == 404

    for email in ("rights-holder@demo.example", "handler@demo.example", "stranger@demo.example"):
        be(client, email)

        assert client.get("/ledger/").status_code == 404
        assert client.get("/ledger/", {"provider": "cloudhaven"}).status_code == 404


def the_ledger_says_of_a_party_of_a_conversation_on_which_side_it_stands(client: Client) -> None:
    be(client, "auditor@demo.example")
    accepted = Entry.objects.get(act="proposal.accepted")

    page = client.get(f"/ledger/{accepted.pk}/")

    assert page.context["by"] == "Uploader"


def test_the_demo_is_everybodys_as_who_they_are(client: Client, demo: None) -> None:
    """One world for all that is asked of it, for to make one takes longer than to ask; none of them changes it."""
    a_click_makes_one_somebody_and_nothing_more(client)
    the_ledger_is_its_auditors_page_by_page_with_proofs_and_nobody_elses(client)
    the_ledger_says_of_a_party_of_a_conversation_on_which_side_it_stands(client)
    everybody_has_a_home_and_every_link_on_it_leads_somewhere(client)


def test_every_place_of_the_navigation_is_there() -> None:
    places = (*navigation.NAVIGATION, *navigation.STARTS)

    assert [place.name for place in places if not place.url] == []
