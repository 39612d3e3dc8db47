"""Who is told what about accounts and identities."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from core.actors import SYSTEM
from core.mail import send_due
from ledger import sealing
from ledger.followers import FOLLOWERS, run_followers
from tests.factories import people
from tests.factories.people import NOW
from verification import actions
from verification.models import Account, Organisation
from verification.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Organisation:
    return people.provider("cloudhaven", contact_email="copyright@cloudhaven.example")


@pytest.fixture
def person(host: Organisation) -> Account:
    return people.account("person")


@pytest.fixture
def reviewer(host: Organisation) -> Account:
    return people.member(Role.REVIEWER, host)


def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Return the subjects of all mails by receiver, after followers and outbox have run, twice."""
    ours = {name: one for name, one in FOLLOWERS.items() if name.startswith("verification.")}
    monkeypatch.setattr("ledger.followers.FOLLOWERS", ours)
    later = NOW + dt.timedelta(days=400)
    for _ in range(2):
        sealing.seal(later)
        run_followers(later)
        send_due(later)
    found: dict[str, list[str]] = {}
    for message in mail.outbox:
        found.setdefault(message.to[0], []).append(message.subject)
    return found


def test_the_reviewers_are_told_that_somebody_waits_and_not_who(
    host: Organisation, person: Account, reviewer: Account, monkeypatch: pytest.MonkeyPatch
):
    stranger = people.member(Role.REVIEWER, people.provider("otherhost"))
    people.identity(person, host, legal_name="Canary Quetzalcoatl")

    found = told(monkeypatch)

    assert "An identity waits for a review at Cloudhaven" in found[reviewer.email]
    assert found[person.email] == ["We received your identity"]
    assert not any("identity" in subject for subject in found[stranger.email])
    assert not any("Quetzalcoatl" in str(message.body) for message in mail.outbox)


def test_the_person_is_told_what_was_decided_and_how_to_contest(
    host: Organisation, person: Account, reviewer: Account, monkeypatch: pytest.MonkeyPatch
):
    people.review(
        people.identity(person, host), reviewer, decision="refuse", reasons="The picture <is> blurred & dark."
    )
    people.review(people.identity(person, host), reviewer)

    subjects = told(monkeypatch)[person.email]

    assert "Your identity was not verified" in subjects
    assert "Your identity is verified" in subjects
    refusal = next(str(one.body) for one in mail.outbox if one.subject == "Your identity was not verified")
    assert "The picture <is> blurred & dark." in refusal
    assert "copyright@cloudhaven.example" in refusal


def test_whoever_is_suspended_is_told_all_the_same(person: Account, monkeypatch: pytest.MonkeyPatch):
    actions.suspend_account(account_id=person.pk, reason="abuse", by=SYSTEM, now=NOW)

    assert told(monkeypatch)[person.email] == ["Your account is suspended"]


def test_every_act_that_is_told_has_its_words(
    host: Organisation, person: Account, reviewer: Account, monkeypatch: pytest.MonkeyPatch
):
    values: dict[str, Any] = {"account": person, "organisation": host, "by": SYSTEM, "now": NOW}
    actions.grant_role(role=Role.UPLOADER, **values)
    actions.end_role(role=Role.UPLOADER, **values)
    actions.become_rights_holder(by=person, now=NOW)
    actions.revoke_after_password_change(account=person, now=NOW)
    same = {"document_number": "P1234567"}
    verified = people.verified(person, host, reviewer, **same)
    actions.expire_identity(identity_id=verified.pk, by=SYSTEM, now=NOW)
    people.identity(person, host)
    actions.withdraw_identity(by=person, now=NOW)
    actions.erase_identities(by=person, now=NOW)
    actions.suspend_account(account_id=person.pk, reason="abuse", by=SYSTEM, now=NOW)
    actions.reinstate_account(account_id=person.pk, by=SYSTEM, now=NOW)

    subjects = told(monkeypatch)[person.email]

    assert subjects.count("You have a role: uploader") == 1
    for subject in (
        "A role of yours has ended: uploader",
        "You have a role: rights holder",
        "Your password was changed",
        "Your verified identity has ended",
        "Your identity is withdrawn",
        "What you handed in is erased",
        "Your account is suspended",
        "Your account works again",
    ):
        assert subject in subjects
