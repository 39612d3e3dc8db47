"""The uploader's list of disclosures is whole: on request, and with a counter-notice that a law makes one."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from complaints import access as complaints_access
from complaints import actions
from complaints.models import Complaint
from core.actors import PUBLIC, SYSTEM
from core.paging import keyset_of
from investigations import access
from ledger.models import Entry
from tests.complaints import world as complaints_world
from tests.complaints.world import CANARY, NOW
from tests.complaints.world import World as ComplaintsWorld
from tests.factories.people import program
from tests.investigations import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> ComplaintsWorld:
    return complaints_world.world()


def listed(who: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = program(who).get("/api/v1/notices-of-disclosure").json()["results"]
    return found


def test_what_was_forwarded_with_a_counter_notice_is_listed_with_its_basis(world: ComplaintsWorld) -> None:
    made = world.contested("us")

    [told] = listed(world.uploader)

    entry = Entry.objects.get(subject=made.reference, act="complaint.counter_notice_filed")
    assert (told["reference"], told["provider"]) == (made.reference, world.provider.code)
    assert (told["recipient_role"], told["categories"]) == ("complainant", ["name", "postal_address", "phone"])
    assert told["legal_basis"]["article"] == "17 USC 512(g)(2)(B), (g)(3)(D)"  # type: ignore[index]
    assert (told["disclosed_at"], told["ledger_entry"]) == ("2026-03-10T09:30:00.000000Z", str(entry.pk))
    assert not any(word in str(told) for word in CANARY.values())


def test_what_a_guest_receives_by_post_is_listed_from_then_on(world: ComplaintsWorld) -> None:
    made = world.filed(by=PUBLIC)
    world_of_guest = actions.confirm_complaint(token=token_of(made), by=PUBLIC, now=NOW)
    actions.accept(reference=made.reference, by=world.handler, now=NOW)
    world.measure(world_of_guest)
    world.counter(made)
    before = listed(world.uploader)
    actions.forward_counter_notice(reference=made.reference, by=SYSTEM, now=NOW + dt.timedelta(hours=1))

    assert before == []
    [told] = listed(world.uploader)
    assert told["disclosed_at"] == "2026-03-10T10:30:00.000000Z"
    assert Entry.objects.get(pk=told["ledger_entry"]).act == "complaint.counter_notice_forwarded"


def token_of(made: Complaint) -> str:
    token = complaints_access.confirmation_token_of(made)
    assert token is not None
    return token.reveal()


@pytest.mark.parametrize("regime", ["cn", "eu", "jp"])
def test_where_no_law_discloses_nothing_is_listed(world: ComplaintsWorld, regime: str) -> None:
    made = world.acted(regime)
    if regime == "cn":
        world.counter(made)

    assert listed(world.uploader) == []


def test_it_is_nobody_elses_and_the_page_shows_it_in_words(world: ComplaintsWorld, client: Client) -> None:
    made = world.contested("us")
    client.force_login(world.uploader, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get(reverse("investigations:notices")).content.decode()

    assert all(listed(who) == [] for who in (world.stranger, world.handler, world.rights_holder))
    assert made.reference in page
    assert "A counter-notice that was forwarded" in page
    assert world.provider.name in page


def test_disclosures_on_request_and_with_counter_notices_come_in_one_list(world: ComplaintsWorld) -> None:
    asked = worlds.make()
    asked.collected(asked.disclosed())
    worlds.follow()
    first = world.contested("us")
    [request] = access.notices_of(asked.uploader)
    [forwarded] = access.disclosures_of(world.uploader)[1]
    sets = [access.notices_of(asked.uploader), access.disclosures_of(world.uploader)[1]]

    newest, after, before = keyset_of(sets, None, 1)
    older, end, back = keyset_of(sets, after, 1)
    again, _after, _before = keyset_of(sets, back, 1)

    assert [*newest, *older] == [forwarded, request]
    assert (end, before, again) == (None, None, [forwarded])
    assert first.reference == forwarded.complaint.reference
