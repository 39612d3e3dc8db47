"""The pages, walked through as people do, without scripts."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core import times
from investigations.models import Access, Investigation
from tests.investigations import world as worlds
from tests.investigations.world import World
from verification.models import Account


class Person:
    """Somebody at a browser who has just given a one-time code, or has not."""

    def __init__(self, account: Account) -> None:
        self.account, self.client = account, Client()
        self.client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, fields)


@pytest.fixture
def stepped_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every signed-in person have given a one-time code just now."""
    monkeypatch.setattr(Account, "second_factor_at", property(lambda _self: times.now(), lambda _self, _value: None))


def person(world: World, name: str) -> Person:
    return Person(getattr(world, name))


@pytest.mark.usefixtures("stepped_up")
def test_a_request_can_be_walked_through_in_a_browser(world: World):
    officer, reviewer, authorizer, uploader = (
        person(world, name) for name in ("officer", "reviewer", "authorizer", "uploader")
    )
    grounds = officer.get("/investigations/new/")
    assert b"cn.rcin.13" in grounds.content
    assert b"cn.consent" not in grounds.content
    form = officer.get("/investigations/new/cn.rcin.13/").content.decode()
    assert re.search(r'for="id_documents">\s*Documents\s*</label>', form)
    asked = {
        "provider": world.provider.code, "content": "item-1", "categories": ["name", "email"], "purpose": "A case.",
        "necessity": "No other way.", "documents": SimpleUploadedFile("order.txt", b"An order with a seal"),
    }  # fmt: skip

    filed = officer.post("/investigations/new/cn.rcin.13/", **asked)

    made = Investigation.objects.get()
    assert (filed.status_code, filed.headers["Location"]) == (303, f"/investigations/{made.reference}/")
    home = f"/investigations/{made.reference}/"
    for somebody in (officer, reviewer, authorizer, person(world, "auditor")):
        assert made.reference in somebody.get(home).content.decode()
    assert officer.get("/investigations/").status_code == 200
    assert made.reference in reviewer.get("/investigations/desk/").content.decode()

    assert reviewer.get(f"{home}consultation/").status_code == 200
    assert reviewer.post(f"{home}consultation/", message="What do you say?").status_code == 303
    assert made.reference in uploader.get("/notices/").content.decode()
    assert b"What do you say?" in uploader.get(f"{home}statement/").content
    assert uploader.post(f"{home}statement/", statement="").status_code == 200
    assert uploader.post(f"{home}statement/", statement="It is mine.").status_code == 303
    assert b"It is mine." in reviewer.get(f"{home}assessment/").content
    advice = {"recommendation": "partial", "categories": ["name"], "balance": "B", "reasons": "R"}
    assert reviewer.post(f"{home}assessment/", **advice).status_code == 303
    assert "grant in part: name</dd>" in authorizer.get(f"{home}authorization/").content.decode()
    decision = {"decision": "authorize", "categories": ["name"], "reasons": "Right."}
    assert authorizer.post(f"{home}authorization/", **decision).status_code == 303
    worlds.follow()
    assert "authorize: name</dd>" in authorizer.get(f"{home}disclosure/").content.decode()
    assert authorizer.post(f"{home}disclosure/").status_code == 303
    worlds.follow()
    assert b"once" in officer.get(f"{home}collection/").content
    collected = officer.post(f"{home}collection/")
    assert collected.headers["Content-Type"] == "application/zip"
    assert officer.post(f"{home}collection/").status_code == 410
    assert officer.get(f"{home}collection/").status_code == 200
    assert world.authority.name in uploader.get("/notices/").content.decode()
    assert authorizer.get(f"{home}reissue/").status_code == 200
    assert authorizer.post(f"{home}reissue/", reasons="Lost.").status_code == 303
    assert authorizer.post(f"{home}revocation/", reasons="Wrong.").status_code == 303


def test_the_page_of_an_act_shows_the_request_and_the_look_is_noted(world: World):
    made = world.filed()

    assert person(world, "reviewer").get(f"/investigations/{made.reference}/assessment/").status_code == 200

    assert [(look.as_role, look.what) for look in Access.objects.all()] == [("reviewer", "request")]


@pytest.mark.parametrize("page", ["authorization", "disclosure", "collection"])
def test_who_has_no_fresh_code_is_sent_to_give_one_and_back(world: World, page: str):
    made = {"authorization": world.assessed, "disclosure": world.authorized, "collection": world.disclosed}[page]()
    who = person(world, "officer" if page == "collection" else "authorizer")

    answer = who.get(f"/investigations/{made.reference}/{page}/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert made.reference in answer.headers["Location"]


def test_what_is_wrong_stands_beside_its_field_and_what_was_given_is_kept(world: World):
    officer = person(world, "officer")
    asked = {
        "provider": world.provider.code, "content": "no-such-item", "categories": ["name"], "purpose": "A kept purpose.",
        "necessity": "N",
        "documents": SimpleUploadedFile("order.txt", b"An order with a seal"),
    }  # fmt: skip

    answer = officer.post("/investigations/new/cn.rcin.13/", **asked)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "The provider has no such content." in page
    assert "A kept purpose." in page
    assert not Investigation.objects.exists()
    kept = answer.context["form"]["kept"].value()
    again = officer.post(
        "/investigations/new/cn.rcin.13/", **asked | {"content": "item-1", "documents": "", "kept": kept}
    )
    assert again.status_code == 303
    assert len(Investigation.objects.get().documents) == 1


def test_an_incomplete_request_is_completed_on_its_page(world: World):
    made = world.filed(documents=[], purpose="")
    officer, home = person(world, "officer"), f"/investigations/{made.reference}/"
    assert "missing" in officer.get(f"{home}correction/").content.decode()
    asked = {
        "content": "item-1", "categories": ["name"], "purpose": "Now there.", "necessity": "N",
        "documents": SimpleUploadedFile("order.txt", b"An order with a seal"),
    }  # fmt: skip

    assert officer.post(f"{home}correction/", **asked).status_code == 303

    assert Investigation.objects.get().state == "filed"
    assert officer.get(f"{home}withdrawal/").status_code == 200
    assert officer.post(f"{home}withdrawal/").status_code == 303


@pytest.mark.parametrize("name", ["stranger", "uploader", "handler", "other_reviewer"])
def test_no_page_of_a_request_exists_for_others(world: World, name: str):
    made = world.disclosed()
    somebody = person(world, name)

    for page in ("", "correction/", "consultation/", "statement/", "assessment/", "authorization/", "disclosure/",
                 "collection/", "reissue/", "revocation/", "withdrawal/", f"documents/{made.documents[0]}/"):  # fmt: skip
        for answer in (somebody.get(f"/investigations/{made.reference}/{page}"),):
            assert answer.status_code == 404, page


def test_nobody_is_let_in_without_signing_in(world: World):
    made = world.filed()

    for page in ("/investigations/", "/investigations/new/", f"/investigations/{made.reference}/", "/notices/"):
        assert Client().get(page).headers["Location"].startswith("/accounts/login/"), page


def test_documents_are_opened_from_the_page(world: World):
    made = world.filed()

    answer = person(world, "reviewer").get(f"/investigations/{made.reference}/documents/{made.documents[0]}/")

    assert answer.content == b"Evidence request, with its seal"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_matters_page_asks_the_database_a_bounded_number_of_times(world: World, django_assert_max_num_queries: Any):
    made = world.authorized()
    reviewer = person(world, "reviewer")
    reviewer.get(f"/investigations/{made.reference}/")

    with django_assert_max_num_queries(45):
        reviewer.get(f"/investigations/{made.reference}/")
