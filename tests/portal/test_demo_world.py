"""The demo world: what the contract says, in every state, made once, gone on with when it was killed."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from complaints.models import Complaint, Restriction
from complaints.rules import State as ComplaintState
from core import times
from hosting.models import Content, Subscriber
from investigations.models import Investigation
from investigations.rules import State as InvestigationState
from ledger import acts
from ledger.models import Entry
from messaging.models import Message
from portal import demo_accounts, demo_world
from verification import access
from verification.actions import secret_of
from verification.models import Account, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_checkpoints(settings: Any, tmp_path: Any) -> None:
    """The world is sealed in a transaction that is rolled back, so its checkpoints must not stay for other tests."""
    settings.LEDGER_CHECKPOINT_DIR = tmp_path / "ledger"


NOW = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
CONTRACT = {
    "rights-holder@demo.example": [("rights_holder", None)],
    "uploader@demo.example": [("uploader", "cloudhaven")],
    "handler@demo.example": [("handler", "cloudhaven")],
    "reviewer@demo.example": [("reviewer", "cloudhaven")],
    "authorizer@demo.example": [("authorizer", "cloudhaven")],
    "auditor@demo.example": [("auditor", "cloudhaven")],
    "authority@demo.example": [("authority_officer", "demo-copyright-office")],
    "service@demo.example": [("service", "cloudhaven")],
    "handler@otherhost.example": [("handler", "otherhost")],
    "stranger@demo.example": [("rights_holder", None)],
}
OURS = ("investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger", "core")


def rows() -> dict[str, int]:
    counted = {model._meta.label: model for app in OURS for model in apps.get_app_config(app).get_models()}
    return {label: model._default_manager.count() for label, model in counted.items()}


def roles(account: Account) -> list[tuple[str, str | None]]:
    return [(m.role, m.organisation.code if m.organisation else None) for m in access.memberships_of(account)]


def test_the_world_is_the_contracts_and_making_it_again_changes_nothing() -> None:
    demo_world.make(NOW)

    accounts = {email: access.account_with_email(email) for email in CONTRACT}
    assert {email: roles(account) for email, account in accounts.items() if account} == CONTRACT
    assert all(account and account.check_password("demo-portal-2026") for account in accounts.values())
    coded = Authenticator.objects.filter(user__email__in=CONTRACT)
    assert {secret_of(one) for one in coded} == {"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}
    asked = {e for e, [(role, _)] in CONTRACT.items() if role in access_with_code()} | {"rights-holder@demo.example"}
    assert {one.user.email for one in coded} >= asked
    unverified = {email for email, a in accounts.items() if a and access.verified_identity(a, NOW) is None}
    assert unverified == {"stranger@demo.example"}
    persons = {
        bytes(access.require_verified(a, NOW).person_index) for e, a in accounts.items() if a and e not in unverified
    }
    assert len(persons) == len(CONTRACT) - 1
    assert set(Organisation.objects.values_list("code", flat=True)) == {
        "cloudhaven",
        "otherhost",
        "demo-copyright-office",
    }
    assert not Organisation.objects.filter(verified_at__isnull=True).exists()
    assert Subscriber.objects.get(external_id="sub-1001").account == accounts["uploader@demo.example"]
    items = Content.objects.filter(
        external_id__in=[f"item-{n}" for n in range(1, 6)], subscriber__external_id="sub-1001"
    )
    assert len({item.media for item in items}) > 1
    traits = ("is_private", "is_shared_tenancy", "is_earning")
    assert [sum(getattr(item, trait) for item in items) for trait in traits] == [1, 1, 1]
    assert set(ComplaintState.values) - set(Complaint.objects.values_list("state", flat=True)) == {"draft"}
    asked = set(InvestigationState.values) - set(Investigation.objects.values_list("state", flat=True))
    assert asked == {"assessing", "authorized", "expired", "revoked", "withdrawn"}
    assert Message.objects.count() == 4
    steps = Restriction.objects.order_by("pk").values_list("step", "state")
    assert list(steps) == [("warning", "in_force"), ("publishing_checked", "in_force")]

    before = rows()
    demo_world.make(NOW)
    assert rows() == before


def access_with_code() -> set[str]:
    from verification.rules import SECOND_FACTOR_ROLES

    return {role.value for role in SECOND_FACTOR_ROLES}


def test_a_world_that_was_killed_in_the_middle_is_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    class KilledError(Exception):
        pass

    signed = acts._signed
    for acts_when_it_dies in (7, 61, 140):
        left = iter(range(acts_when_it_dies - Entry.objects.count()))

        def dies(entry: Any, left: Iterator[int] = left) -> Any:
            if next(left, None) is None:
                raise KilledError
            return signed(entry)

        with monkeypatch.context() as patched:
            patched.setattr(acts, "_signed", dies)
            with pytest.raises(KilledError):
                demo_world.make(NOW)

    demo_world.make(NOW)

    assert Complaint.objects.count() == 13
    assert Complaint.objects.values("state").distinct().count() == 13
    assert Investigation.objects.count() == 7
    assert Message.objects.count() == 4
    assert Account.objects.count() == len(demo_accounts.PEOPLE)


def test_no_demo_world_is_made_outside_a_demo(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", "portal")

    with pytest.raises(CommandError, match="no demo"):
        call_command("make_demo_world")

    assert not Account.objects.exists()


def test_the_code_on_the_demo_page_is_the_one_that_is_asked() -> None:
    # RFC 6238 with this secret, as any authenticator app reckons it.
    assert len(demo_accounts.one_time_code(NOW)) == 6
    assert demo_accounts.one_time_code(NOW) != demo_accounts.one_time_code(NOW + dt.timedelta(seconds=30))
    assert demo_accounts.one_time_code(times.now()).isdigit()
