"""What the database refuses of accounts and identities, whoever asks."""

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core import sealing
from tests.factories import people
from tests.factories.people import NOW
from verification.models import Acceptance, Account, Identity, Membership, Organisation, ServiceRules, Token, UsedCode

LATER = NOW + dt.timedelta(days=1)


def identity(**changes: Any) -> Identity:
    values = {"kind": "natural_person", "state": "submitted", "document_type": "passport", "document_country": "DE"}
    sealed = dict.fromkeys(("legal_name", "document_number", "postal_address", "phone"), b"-")
    values |= {f"{name}_sealed": value for name, value in sealed.items()} | {"submitted_at": NOW}
    values |= {"person_index": os.urandom(32), "name_index": os.urandom(32), "data_key": sealing.new_data_key(now=NOW)}
    if "account" not in changes:
        values |= {"account": people.account(), "provider": people.provider()}
    return Identity.objects.create(**{**values, **changes})


def reviewed(**changes: Any) -> Identity:
    known = {"reviewed_at": NOW, "reviewed_by": people.account()}
    verified = {"state": "verified", "level": "basic", "method": "x", "expires_at": LATER}
    return identity(**{**known, **verified, **changes})


def rules(**changes: Any) -> ServiceRules:
    values = {"provider": changes.pop("provider", None) or people.provider(), "version": "1", "title": "x", "text": "x"}
    return ServiceRules.objects.create(**{**values, "published_at": NOW, "effective_at": NOW, **changes})


def twice(make: Callable[..., object], **same: Callable[[], object]) -> Callable[[], object]:
    def both() -> None:
        values = {name: value() for name, value in same.items()}
        make(**values)
        make(**values)

    return both


def member(**changes: Any) -> Membership:
    values = {"account": people.account(), "role": "rights_holder", "granted_at": NOW, "granted_by": "system"}
    return Membership.objects.create(**{**values, **changes})


def token() -> Token:
    return Token.objects.create(account=people.account(), hash=b"-", created_at=NOW, expires_at=NOW)


def used_code(account: Account) -> UsedCode:
    return UsedCode.objects.create(account=account, digest=b"-", used_at=NOW)


REFUSED: dict[str, Callable[[], object]] = {
    "account_email_once": lambda: [
        Account.objects.create(email=email) for email in ("a@films.example", "A@films.example")
    ],
    "organisation_kind_known": lambda: Organisation.objects.create(code="x", kind="club", name="x", created_at=NOW),
    "membership_role_known": lambda: member(role="king", organisation=people.provider()),
    "membership_organisation_where_needed": lambda: member(role="handler"),
    "membership_once": twice(member, account=people.account),
    "token_expires_later": token,
    "code_works_once": twice(
        lambda account: UsedCode.objects.create(account=account, digest=b"-", used_at=NOW), account=people.account
    ),
    "identity_state_known": lambda: identity(state="lost"),
    "identity_kind_known": lambda: identity(kind="robot"),
    "identity_reviewed_by_somebody": lambda: identity(reviewed_at=NOW),
    "identity_verified_says_how": lambda: reviewed(method=""),
    "identity_refused_says_why": lambda: reviewed(state="refused", reasons=""),
    "identity_verified_once": twice(reviewed, account=people.account, provider=people.provider),
    "identity_submitted_once": twice(identity, account=people.account, provider=people.provider),
    "rules_version_once": twice(rules, provider=people.provider),
    "rules_published_before_effect": lambda: rules(published_at=LATER),
    "acceptance_once": twice(
        lambda account, rules: Acceptance.objects.create(account=account, rules=rules, accepted_at=NOW),
        account=people.account,
        rules=rules,
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses_what_cannot_be(name: str):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        REFUSED[name]()
