"""What an operator does on the machine."""

import base64
import io
import os
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core import sealing
from core.models import DataKey
from tests.factories import people
from verification import access
from verification.models import Account, Organisation, Token

pytestmark = pytest.mark.django_db


def said(*arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out, **options)
    return out.getvalue()


def test_token_prints_the_token_and_nothing_else():
    account = people.account()

    printed = said("token", account.email.upper(), "--days", "3")

    assert printed.endswith("\n")
    assert access.token_by_secret(printed.strip(), Token.objects.get().created_at).account == account
    assert (Token.objects.get().expires_at - Token.objects.get().created_at).days == 3


@pytest.mark.parametrize("arguments", [("nobody@films.example",), ("nobody@films.example", "--days", "0")])
def test_token_says_what_is_wrong_in_one_line(arguments: tuple[str, ...]):
    with pytest.raises(CommandError):
        said("token", *arguments)


def test_a_deployment_begins_with_a_provider_and_its_staff():
    said("add_provider", "films-host", "Films Host", "--time-zone", "Asia/Shanghai", "--country", "cn")
    said("add_staff", "reviewer@films.example", "reviewer", "films-host")

    provider = Organisation.objects.get()
    assert (provider.code, provider.time_zone, provider.country) == ("films-host", "Asia/Shanghai", "CN")
    assert provider.verified_at is not None
    account = Account.objects.get()
    assert not account.has_usable_password()
    assert [held.role for held in access.memberships_of(account)] == ["reviewer"]
    said("add_staff", "reviewer@films.example", "reviewer", "films-host", "--end")
    assert not access.memberships_of(account).exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("add_provider", "films-host", "Again"),
        ("add_provider", "with space", "Films"),
        ("add_provider", "new", "Films"),
        ("add_provider", "other", "Films", "--time-zone", "Mars/Olympus"),
        ("add_staff", "a@films.example", "reviewer", "nowhere"),
        ("add_staff", "a@films.example", "authority_officer", "films-host"),
        ("add_staff", "a@films.example", "reviewer", "films-host", "--end"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: tuple[str, ...]):
    said("add_provider", "films-host", "Films Host")

    with pytest.raises(CommandError) as refused:
        said(*arguments)

    assert "\n" not in str(refused.value)


def test_a_code_that_is_a_word_of_our_addresses_is_refused_and_the_reason_said():
    with pytest.raises(CommandError) as refused:
        said("add_provider", "Done", "Films Host")

    assert "“Done” is a word of the portal's own addresses" in str(refused.value)
    assert not Organisation.objects.exists()


def test_keys_are_rotated_while_everything_stays_readable(settings: Any):
    host, person = people.provider(), people.account()
    identity = people.identity(person, host, legal_name="A person")
    index = sealing.blind_index("test", "text")
    second_factor = sealing.seal_text("test", "secret")
    count, old = DataKey.objects.count(), settings.FIELD_KEYS
    settings.FIELD_KEYS = f"new:{base64.b64encode(os.urandom(32)).decode()},{old}"

    assert said("rotate_keys", "--status") == f"{count} remaining\n"
    sealing.rotate_some(1)
    assert said("rotate_keys", "--status") == f"{count - 1} remaining\n"
    assert access.plain_of(identity)["legal_name"].reveal() == "A person"
    assert said("rotate_keys", "--batch", "2") == f"{count - 1} re-wrapped\n0 remaining\n"

    settings.FIELD_KEYS = settings.FIELD_KEYS.split(",")[0]
    identity = access.identity_of_reference(f"identity:{identity.pk}")
    assert access.plain_of(identity)["legal_name"].reveal() == "A person"
    assert sealing.blind_index("test", "text") == index
    assert sealing.open_text("test", second_factor) == "secret"
