"""A provider, somebody to be identified there, and its reviewer."""

import pytest

from tests.factories import people
from verification.models import Account, Organisation
from verification.rules import Role


@pytest.fixture
def host() -> Organisation:
    return people.provider("cloudhaven")


@pytest.fixture
def person(host: Organisation) -> Account:
    return people.account("person")


@pytest.fixture
def reviewer(host: Organisation) -> Account:
    return people.member(Role.REVIEWER, host)
