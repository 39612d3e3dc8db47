"""The uploader's contact in a forwarded counter-notice: a disclosure of its own where the law makes it one."""

import json

import pytest
from django.test import Client

from complaints import actions, regimes
from complaints.models import Complaint
from core.actors import PUBLIC, SYSTEM
from core.errors import Conflict, Denied, NotFound
from ledger.models import Entry
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow, mails
from tests.factories.people import program

FIELDS = ["name", "postal_address", "phone"]


def entry(made: Complaint, act: str) -> Entry:
    return Entry.objects.get(subject=made.reference, act=f"complaint.{act}")


def address(made: Complaint) -> str:
    return f"/api/v1/complaints/{made.reference}/counter-notice/contact"


def test_the_forwarding_records_basis_fields_and_recipient_and_no_word_of_the_details(world: World) -> None:
    made = world.contested("us")

    recorded = entry(made, "counter_notice_filed").facts["disclosure"]

    assert recorded["basis"] == "17 USC 512(g)(2)(B), (g)(3)(D)"
    assert recorded["fields"] == FIELDS
    assert len(recorded["recipient"]) == 64
    assert not any(word in json.dumps(recorded) for word in CANARY.values())


def test_the_complainant_alone_reads_them_and_the_uploader_reads_who_looked(world: World) -> None:
    made = world.contested("us")

    answer = program(world.rights_holder).post(address(made), {}, format="json")

    assert (answer.status_code, answer.json()) == (200, {name: CANARY[name] for name in FIELDS})
    assert entry(made, "counter_contact_read").facts["fields"] == FIELDS
    [looked] = program(world.uploader).get("/api/v1/identities/mine/accesses").json()["results"]
    assert looked["fields"] == sorted(FIELDS)
    assert "17 USC 512(g)" in looked["purpose"]
    shown = program(world.uploader).get(f"/api/v1/complaints/{made.reference}/counter-notice").json()["results"][0]
    assert (shown["disclosure"]["to"], shown["disclosure"]["fields"]) == ("complainant", FIELDS)
    for who, code in (("stranger", 404), ("other_handler", 404), ("uploader", 403), ("handler", 403), ("auditor", 403)):
        assert program(getattr(world, who)).post(address(made), {}, format="json").status_code == code
    assert Entry.objects.filter(act="complaint.counter_contact_read").count() == 1


def test_without_asking_for_them_nobody_gets_them(world: World) -> None:
    made = world.contested("us")
    follow()

    for who in ("rights_holder", "handler", "reviewer", "auditor", "service"):
        seen = program(getattr(world, who)).get(f"/api/v1/complaints/{made.reference}").content.decode()
        assert not any(word in seen for word in CANARY.values())
    assert not any(word in mail["body"] for mail in mails() for word in CANARY.values())
    told = {mail["template"]: mail["body"] for mail in mails()}
    assert "sign in to read them" in told["contested"]
    assert "your name, address and telephone number are part of it" in told["counter_received_uploader"]


def test_laws_that_do_not_say_so_never_disclose(world: World) -> None:
    made = world.contested("cn")

    assert "disclosure" not in entry(made, "counter_notice_filed").facts
    with pytest.raises(Conflict) as refused:
        actions.read_counter_contact(reference=made.reference, by=world.rights_holder, now=NOW)
    assert refused.value.code == "not_disclosed"
    counters = {law.code: law.counter for law in regimes.all_current() if law.counter}
    assert {code for code, counter in counters.items() if counter.discloses} == {"us"}


def test_to_a_complainant_without_account_a_handler_sends_it_by_post(world: World) -> None:
    world.filed("us", by=PUBLIC, contact=CONTACT)
    follow()
    token = mails()[-1]["body"].split("/complain/confirm/")[1].split("/")[0]
    made = actions.confirm_complaint(token=token, by=PUBLIC, now=NOW)
    actions.accept(reference=made.reference, by=world.handler, now=NOW)
    world.measure(made)
    world.counter(made)
    read = {"reference": made.reference, "now": NOW}
    with pytest.raises(Conflict):
        actions.read_counter_contact(by=world.handler, **read)

    actions.forward_counter_notice(reference=made.reference, by=SYSTEM, now=NOW)

    assert entry(made, "counter_notice_forwarded").facts["disclosure"]["fields"] == FIELDS
    assert actions.read_counter_contact(by=world.handler, **read)["name"].reveal() == CANARY["name"]
    with pytest.raises(Denied):
        actions.read_counter_contact(by=world.reviewer, **read)
    with pytest.raises(NotFound):
        actions.read_counter_contact(by=world.rights_holder, **read)


def test_the_uploader_is_told_beforehand_on_the_form_and_the_complainant_reads_them_on_a_page(world: World) -> None:
    made = world.acted("us")
    client, page = Client(), f"/complaints/{made.reference}/"
    client.force_login(world.uploader, backend="allauth.account.auth_backends.AuthenticationBackend")

    form = client.get(f"{page}counter-notice/").content.decode()

    assert "a copy of it goes to whoever complained" in form
    world.counter(made)
    client.force_login(world.rights_holder, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert CANARY["name"] not in client.get(page).content.decode()
    assert client.get(f"{page}counter-notice/contact/").status_code == 405
    assert CANARY["name"] in client.post(f"{page}counter-notice/contact/").content.decode()
