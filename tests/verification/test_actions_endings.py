"""Identities: opened for a review, ended by their owner, by time or by erasure."""

import datetime as dt

import pytest

from core import clocks, files, sealing
from core.errors import Conflict, Gone, NotFound
from core.models import Opening
from ledger.models import Entry
from tests.factories import people
from tests.factories.people import NOW
from verification import access, actions
from verification.models import Account, Identity, Organisation
from verification.rules import IdentityState

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n% a scan of a passport\n%%EOF\n"


def test_opening_for_the_review_is_recorded_and_shown_to_the_person(
    host: Organisation, person: Account, reviewer: Account
):
    identity = people.identity(person, host, legal_name="A person")

    opened = actions.open_identity(identity_id=identity.pk, by=reviewer, now=NOW)

    assert opened["legal_name"].reveal() == "A person"
    (opening,) = access.openings_of(person)
    assert (opening.by, opening.purpose) == (reviewer.ledger_reference, "identity review")
    assert access.roles_behind([opening.by])[opening.by] == "reviewer, Cloudhaven"
    assert Entry.objects.filter(act="identity.opened", subject=f"identity:{identity.pk}").count() == 1


def test_it_is_opened_for_the_review_only(host: Organisation, person: Account, reviewer: Account):
    identity = people.verified(person, host, reviewer)

    with pytest.raises(Conflict):
        actions.open_identity(identity_id=identity.pk, by=reviewer, now=NOW)

    assert not Opening.objects.exists()


def test_openings_for_a_disclosure_are_told_by_its_notice_and_not_before(host: Organisation, person: Account):
    people.verified(person, host)

    access.opened_identity(person, by=people.account(), purpose="disclosure I-1", now=NOW)
    assert not access.openings_of(person).exists()
    access.opened_identity(person, by=people.account(), purpose="package of evidence", now=NOW)

    assert access.openings_of(person).count() == 1


def test_withdrawn_it_counts_no_more(host: Organisation, person: Account, reviewer: Account):
    people.verified(person, host, reviewer)

    actions.withdraw_identity(by=person, now=NOW)

    assert access.verified_identity(person, NOW) is None
    with pytest.raises(Conflict):
        actions.withdraw_identity(by=person, now=NOW)


def test_its_time_runs_out_by_the_clock(host: Organisation, person: Account, reviewer: Account):
    identity = people.verified(person, host, reviewer)
    end = NOW + dt.timedelta(days=365)

    assert clocks.fire_due(end - dt.timedelta(seconds=1)) == 0
    assert access.verified_identity(person, end - dt.timedelta(seconds=1)) is not None
    assert access.verified_identity(person, end) is None
    assert clocks.fire_due(end) == 1

    identity.refresh_from_db()
    assert identity.state == IdentityState.EXPIRED
    assert Entry.objects.filter(act="identity.expired").count() == 1
    assert clocks.fire_due(end) == 0


def test_erased_nobody_can_open_it(host: Organisation, person: Account, reviewer: Account):
    file = actions.store_file(data=PDF, name="scan.pdf", by=person, now=NOW)
    identity = people.verified(person, host, reviewer, file_ids=(file.pk,))
    index = bytes(identity.person_index)

    assert actions.erase_identities(by=person, now=NOW) == 1

    erased = Identity.objects.select_related("data_key").get(pk=identity.pk)
    assert erased.state == IdentityState.ERASED
    assert bytes(erased.person_index) != index
    with pytest.raises(Gone):
        access.plain_of(erased)
    with pytest.raises(Gone):
        files.content_of(files.owned_by(person, file.pk))
    assert access.verified_identity(person, NOW) is None
    with pytest.raises(NotFound):
        actions.erase_identities(by=person, now=NOW)
    assert Entry.objects.filter(act="identity.erased").count() == 1


def test_a_sealed_name_does_not_open_in_another_row(host: Organisation, person: Account):
    one, other = people.identity(person, host), people.identity(people.account(), host)
    other.legal_name_sealed, other.data_key = one.legal_name_sealed, one.data_key

    with pytest.raises(ValueError, match="does not belong"):
        access.plain_of(other)


def test_names_are_sealed_under_a_key_of_the_person_alone(host: Organisation, person: Account):
    one, other = people.identity(person, host), people.identity(people.account(), host)
    sealing.destroy(one.data_key, now=NOW)

    assert access.plain_of(other)["legal_name"].reveal()
