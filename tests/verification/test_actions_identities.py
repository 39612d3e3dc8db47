"""Identities: handed in, decided by a person, ended by change, time or erasure."""

import datetime as dt

import pytest
from django.db import connection

from core.errors import Conflict, Denied, Invalid, NotFound
from core.models import Clock, ClockState
from ledger.models import Entry
from tests.factories import people
from tests.factories.people import NOW
from verification import access, actions
from verification.models import Account, Identity, Organisation
from verification.rules import IdentityState, Role

pytestmark = pytest.mark.django_db
CANARY = "Canary Quetzalcoatl"
PDF = b"%PDF-1.4\n% a scan of a passport\n%%EOF\n"


def whole_database() -> str:
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_what_is_handed_in_is_sealed_at_once(host: Organisation, person: Account):
    address = actions.Address("DE", (f"{CANARY} Street 1",), "10115", "Berlin")

    identity = people.identity(person, host, legal_name=CANARY, document_number="CANARY123", postal_address=address)

    text = whole_database()
    for canary in (CANARY, "CANARY123", "Quetzalcoatl", CANARY.encode().hex(), "+4930901820"):
        assert canary not in text
    assert access.plain_of(identity)["legal_name"].reveal() == CANARY
    assert access.plain_of(identity)["postal_address"].reveal() == f"{CANARY} Street 1\n10115 Berlin\nDE"
    assert "***" in str(access.plain_of(identity))


def test_handing_in_leaves_one_entry_without_personal_data(host: Organisation, person: Account):
    identity = people.identity(person, host, legal_name=CANARY)

    entry = Entry.objects.get(act="identity.submitted")
    assert (entry.subject, entry.provider, entry.actor) == (
        f"identity:{identity.pk}",
        "cloudhaven",
        person.ledger_reference,
    )
    assert CANARY not in entry.facts_text


def test_everything_that_is_wrong_is_told_at_once(host: Organisation, person: Account):
    wrong = people.submitted(
        document_type="resident_identity_card",
        document_country="CN",
        document_number="1",
        phone="-",
        document_expires_on=dt.date(2020, 1, 1),
    )

    with pytest.raises(Invalid) as refused:
        actions.submit_identity(provider="cloudhaven", submitted=wrong, by=person, now=NOW)

    pointers = [problem.pointer for problem in refused.value.problems]
    assert pointers == ["/document/number", "/phone", "/document/expires_on"]
    assert not Identity.objects.exists()


def test_files_of_others_cannot_be_handed_in(host: Organisation, person: Account):
    other = people.account("other")
    file = actions.store_file(data=PDF, name="scan.pdf", by=other, now=NOW)

    with pytest.raises(Invalid) as refused:
        people.identity(person, host, file_ids=(file.pk,))

    assert refused.value.problems[0].pointer == "/documents/0"


def test_a_reviewer_verifies_and_all_of_it_is_recorded(host: Organisation, person: Account, reviewer: Account):
    identity = people.identity(person, host)

    decided = people.review(identity, reviewer)

    assert decided.state == IdentityState.VERIFIED
    assert (decided.reviewed_by, decided.level, decided.method, decided.evidence) == (
        reviewer,
        "basic",
        "video call",
        "original seen",
    )
    assert access.require_verified(person, NOW) == decided
    entry = Entry.objects.get(act="identity.reviewed")
    assert (entry.actor, entry.facts["decision"]) == (reviewer.ledger_reference, "verify")
    clock = Clock.objects.get(matter=f"identity:{identity.pk}")
    assert clock.due_at == decided.expires_at == NOW + dt.timedelta(days=365)


def test_a_verified_person_without_a_role_becomes_a_rights_holder(
    host: Organisation, person: Account, reviewer: Account
):
    people.review(people.identity(person, host), reviewer)

    assert [held.role for held in access.memberships_of(person)] == [Role.RIGHTS_HOLDER]


@pytest.mark.parametrize("missing", ["level", "method", "evidence"])
def test_verified_means_that_level_method_and_evidence_are_known(
    host: Organisation, person: Account, reviewer: Account, missing: str
):
    identity = people.identity(person, host)

    with pytest.raises(Invalid) as refused:
        people.review(identity, reviewer, **{missing: ""})

    assert [problem.pointer for problem in refused.value.problems] == [f"/{missing}"]
    identity.refresh_from_db()
    assert identity.state == IdentityState.SUBMITTED


def test_refusing_needs_reasons(host: Organisation, person: Account, reviewer: Account):
    identity = people.identity(person, host)

    with pytest.raises(Invalid):
        people.review(identity, reviewer, decision="refuse", reasons="  ")
    refused = people.review(identity, reviewer, decision="refuse", level="", reasons="The picture is blurred.")

    assert refused.state == IdentityState.REFUSED
    with pytest.raises(Denied):
        access.require_verified(person, NOW)


def test_it_is_decided_once(host: Organisation, person: Account, reviewer: Account):
    identity = people.verified(person, host, reviewer)

    with pytest.raises(Conflict) as refused:
        people.review(identity, reviewer, decision="refuse", reasons="On second thoughts.")

    assert refused.value.state == IdentityState.VERIFIED


def test_nobody_reviews_their_own_identity(host: Organisation, reviewer: Account):
    identity = people.identity(reviewer, host)

    with pytest.raises(Denied):
        people.review(identity, reviewer)
    with pytest.raises(Denied):
        actions.open_identity(identity_id=identity.pk, by=reviewer, now=NOW)


def test_nor_that_of_another_account_of_the_same_person(host: Organisation, reviewer: Account, person: Account):
    people.verified(reviewer, host, document_number="SAME12345")
    identity = people.identity(person, host, document_number="same 12345")

    with pytest.raises(Denied):
        people.review(identity, reviewer)


def test_a_reviewer_of_another_provider_is_told_that_there_is_none(host: Organisation, person: Account):
    identity = people.identity(person, host)
    stranger = people.member(Role.REVIEWER, people.provider("otherhost"))

    with pytest.raises(NotFound):
        people.review(identity, stranger)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.AUTHORIZER, Role.AUDITOR])
def test_other_staff_may_not_review(host: Organisation, person: Account, role: Role):
    identity = people.identity(person, host)

    with pytest.raises(Denied):
        people.review(identity, people.member(role, host))


def test_a_reviewer_without_a_second_factor_may_not_review(host: Organisation, person: Account, reviewer: Account):
    identity = people.identity(person, host)
    reviewer.authenticator_set.all().delete()

    with pytest.raises(Denied) as refused:
        people.review(identity, reviewer)

    assert refused.value.code == "second_factor_missing"


@pytest.mark.parametrize("change", [{"legal_name": "Another name"}, {"document_number": "Q7654321"}])
def test_another_name_or_document_drops_the_status_at_once(
    host: Organisation, person: Account, reviewer: Account, change: dict[str, str]
):
    same = {"legal_name": "A person", "document_number": "P1234567"}
    verified = people.verified(person, host, reviewer, **same)

    people.identity(person, host, **{**same, **change})

    verified.refresh_from_db()
    assert verified.state == IdentityState.WITHDRAWN
    with pytest.raises(Denied):
        access.require_verified(person, NOW)
    assert Clock.objects.get(matter=f"identity:{verified.pk}").state == ClockState.STOPPED


def test_renewing_with_the_same_document_keeps_the_status_until_the_new_one_is_verified(
    host: Organisation, person: Account, reviewer: Account
):
    same = {"legal_name": "A person", "document_number": "P1234567"}
    first = people.verified(person, host, reviewer, **same)

    second = people.identity(person, host, **{**same, "legal_name": " a  PERSON"})
    assert access.require_verified(person, NOW) == first
    people.review(second, reviewer)

    first.refresh_from_db()
    assert (first.state, access.require_verified(person, NOW)) == (IdentityState.WITHDRAWN, second)


def test_handing_in_again_replaces_what_waits(host: Organisation, person: Account):
    first = people.identity(person, host)

    people.identity(person, host)

    first.refresh_from_db()
    assert first.state == IdentityState.WITHDRAWN


def test_two_accounts_with_one_document_are_one_person(host: Organisation, person: Account, reviewer: Account):
    other = people.account("other")
    people.verified(person, host, reviewer, document_number="P1234567")
    second = people.identity(other, host, document_number="P1234567", legal_name="Somebody else")

    assert access.others_with(second) == {"document": 1, "name": 0}
    people.review(second, reviewer)
    assert access.require_verified_person(person, NOW) == access.require_verified_person(other, NOW)


def test_an_organisation_is_no_natural_person(host: Organisation, person: Account, reviewer: Account):
    company = {
        "kind": "organisation",
        "document_type": "unified_social_credit_code",
        "document_country": "CN",
        "document_number": "91110000600037341L",
    }
    people.verified(person, host, reviewer, **company)

    with pytest.raises(Denied):
        access.require_verified_person(person, NOW)
