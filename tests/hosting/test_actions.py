"""What a service registers, and how an uploader claims it."""

import datetime as dt

import pytest
from django.db import connection

from core.errors import Conflict, Denied, Gone, NotFound
from core.models import Opening
from hosting import access, actions
from hosting.actions import registering
from hosting.models import ClaimLink, Subscriber
from ledger.models import Entry
from tests.factories import content as factory
from tests.factories import people
from tests.factories.content import CONTACT
from tests.factories.people import NOW
from verification import access as accounts
from verification.models import Account, Organisation
from verification.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def host() -> Organisation:
    return people.provider("cloudhaven")


@pytest.fixture
def service(host: Organisation) -> Account:
    return factory.service(host)


def test_content_is_registered_once_and_changed_afterwards(host: Organisation, service: Account):
    first = factory.content(service)

    again, is_new = actions.register_content(
        external_id="item-1",
        url="https://host.example/moved",
        title="",
        media="audio",
        subscriber_external_id="sub-1",
        is_private=True,
        by=service,
        now=NOW,
    )

    assert (again.pk, is_new, again.url, again.is_private) == (first.pk, False, "https://host.example/moved", True)
    assert Entry.objects.filter(act="content.registered", subject=f"content:{first.pk}").count() == 2
    assert access.find_content(host, url="http://host.example/moved/") == again


def test_content_does_not_change_hands(service: Account):
    factory.content(service, of="sub-1")

    with pytest.raises(Conflict):
        factory.content(service, of="sub-2")


@pytest.mark.parametrize("role", [Role.HANDLER, Role.REVIEWER, Role.AUTHORIZER, Role.AUDITOR, Role.UPLOADER])
def test_only_the_service_registers(host: Organisation, role: Role):
    member = people.member(role, host)

    with pytest.raises(Denied):
        factory.content(member)
    with pytest.raises(Denied):
        factory.subscriber(member)
    with pytest.raises(Denied):
        actions.make_claim_link(external_id="sub-1", by=member, now=NOW)


def test_two_providers_use_the_same_ids_without_meeting(service: Account):
    other = factory.service(people.provider("otherhost"))

    ours, theirs = factory.content(service), factory.content(other)

    assert ours.pk != theirs.pk
    assert ours.subscriber.pk != theirs.subscriber.pk


def test_contact_details_are_sealed_at_once_and_opened_only_on_record(service: Account):
    made = factory.subscriber(service, contact=CONTACT)

    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM hosting_subscriber s UNION ALL SELECT e::text FROM ledger_entry e")
        text = "\n".join(row[0] for row in cursor.fetchall())
    assert not any(part in text for value in CONTACT.values() for part in value.split("\n"))
    authorizer = people.account("authorizer")
    opened = access.contact_of(made, fields=["name", "email"], by=authorizer, purpose="disclosure I-1", now=NOW)
    assert {name: plain.reveal() for name, plain in opened.items()} == {
        name: CONTACT[name] for name in ("name", "email")
    }
    opening = Opening.objects.get()
    assert (opening.by, opening.fields, opening.purpose) == (
        authorizer.ledger_reference,
        ["email", "name"],
        "disclosure I-1",
    )


def test_registering_again_without_contact_keeps_it(service: Account):
    factory.subscriber(service, contact=CONTACT)

    made = factory.subscriber(service)

    assert access.contact_of(made, fields=["phone"], by=service, purpose="test", now=NOW)["phone"].reveal()
    with pytest.raises(ValueError, match="no contact fields"):
        access.contact_of(made, fields=["shoe_size"], by=service, purpose="test", now=NOW)


def test_a_pseudonym_stays_and_means_nothing(service: Account):
    first = factory.subscriber(service, "sub-of-somebody")
    again = factory.subscriber(service, "sub-of-somebody", CONTACT)

    assert first.pseudonym == again.pseudonym
    assert first.pseudonym.startswith("uploader-")
    assert len(first.pseudonym) == len("uploader-") + 6


def test_a_taken_pseudonym_is_not_given_twice(service: Account, monkeypatch: pytest.MonkeyPatch):
    offered = iter(["uploader-AAAAAA", "uploader-AAAAAA", "uploader-BBBBBB"])
    monkeypatch.setattr(registering, "_new_pseudonym", lambda: next(offered))

    made = [factory.subscriber(service, external_id) for external_id in ("sub-1", "sub-2")]

    assert [one.pseudonym for one in made] == ["uploader-AAAAAA", "uploader-BBBBBB"]


def test_an_uploader_claims_its_subscriber_by_a_link(host: Organisation, service: Account):
    item, uploader = factory.content(service), people.account("uploader")

    subscriber = factory.claimed(service, uploader)

    assert list(access.subscribers_of(uploader)) == [subscriber]
    assert list(access.content_of(uploader)) == [item]
    assert [(held.role, held.organisation) for held in accounts.memberships_of(uploader)] == [(Role.UPLOADER, host)]
    assert Entry.objects.get(act="subscriber.claimed").facts == {"account": uploader.ledger_reference}


def test_a_link_works_once(service: Account):
    factory.content(service)
    made = actions.make_claim_link(external_id="sub-1", by=service, now=NOW)
    actions.claim_subscriber(secret=made.secret, by=people.account(), now=NOW)

    with pytest.raises(Gone):
        actions.claim_subscriber(secret=made.secret, by=people.account(), now=NOW)
    with pytest.raises(Conflict):
        actions.make_claim_link(external_id="sub-1", by=service, now=NOW)


def test_a_link_ends_by_time_and_by_a_newer_one(service: Account):
    factory.content(service)
    first = actions.make_claim_link(external_id="sub-1", by=service, now=NOW)
    second = actions.make_claim_link(external_id="sub-1", by=service, now=NOW + dt.timedelta(days=1))

    with pytest.raises(Gone):
        actions.claim_subscriber(secret=first.secret, by=people.account(), now=NOW + dt.timedelta(days=1))
    with pytest.raises(Gone):
        actions.claim_subscriber(secret=second.secret, by=people.account(), now=NOW + dt.timedelta(days=15))
    with pytest.raises(NotFound):
        actions.claim_subscriber(secret="guess", by=people.account(), now=NOW)
    assert not Subscriber.objects.filter(account__isnull=False).exists()


def test_of_a_link_only_its_digest_is_kept(service: Account):
    factory.content(service)

    made = actions.make_claim_link(external_id="sub-1", by=service, now=NOW)

    assert made.secret.encode() not in bytes(ClaimLink.objects.get().hash)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.REVIEWER, Role.AUTHORIZER, Role.SERVICE])
def test_the_providers_own_people_claim_nothing_there(host: Organisation, service: Account, role: Role):
    factory.content(service)
    made = actions.make_claim_link(external_id="sub-1", by=service, now=NOW)

    with pytest.raises(Denied):
        actions.claim_subscriber(secret=made.secret, by=people.member(role, host), now=NOW)

    actions.claim_subscriber(secret=made.secret, by=people.account(), now=NOW)


def test_somebody_is_told_at_the_accounts_address_once_claimed(service: Account):
    unclaimed = factory.subscriber(service, contact=CONTACT)

    before = access.notify_address(unclaimed, purpose="a complaint", now=NOW)
    uploader = people.account("uploader")
    after = access.notify_address(factory.claimed(service, uploader), purpose="a complaint", now=NOW)

    assert before is not None
    assert after is not None
    assert (before.reveal(), after.reveal()) == (CONTACT["email"], uploader.email)
    assert [(one.by, one.fields) for one in Opening.objects.all()] == [("system", ["email"])]


def test_without_any_address_nobody_can_be_told(service: Account):
    assert access.notify_address(factory.subscriber(service), purpose="a complaint", now=NOW) is None


def test_who_reads_the_record_of_content(host: Organisation, service: Account):
    item, uploader = factory.content(service), people.account()
    factory.claimed(service, uploader)

    for account in (service, uploader, people.member(Role.HANDLER, host)):
        access.require_can_read(account, f"content:{item.pk}", "cloudhaven")
        access.require_can_read(account, f"subscriber:{item.subscriber_id}", "cloudhaven")
    for stranger in (people.account(), people.member(Role.HANDLER, people.provider("otherhost"))):
        for subject in (f"content:{item.pk}", f"subscriber:{item.subscriber_id}", "content:x", "other:1"):
            with pytest.raises(NotFound):
                access.require_can_read(stranger, subject, "cloudhaven")
