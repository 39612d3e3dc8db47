"""A complainant without account reads what a counter-notice disclosed to it: by a code at its confirmed address, once."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from complaints import access, actions, rules
from complaints.models import Complaint, ContactCode, CounterNotice
from core import sealing
from core.actors import PUBLIC, SYSTEM
from core.errors import Conflict, Invalid
from core.ids import uuid7
from ledger.models import Entry
from tests.complaints.test_acts import disclosed
from tests.complaints.world import CANARY, CONTACT, NOW, World, follow, mails
from tests.factories.people import program
from verification.actions import register_account

FIELDS = ["name", "phone", "postal_address"]
WRONG = "0000-0000"


@pytest.fixture
def forwarded(world: World) -> Complaint:
    return disclosed(world)


@pytest.fixture(autouse=True)
def at_that_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.times.now", lambda: NOW)


def page(made: Complaint, rest: str = "contact/") -> str:
    return f"/track/{access.tracking_code_of(made).reveal()}/{rest}"


def mailed_code(made: Complaint) -> str:
    """Return the code of the newest mail, as it is typed there."""
    follow()
    newest = [mail for mail in mails() if mail["template"] == "contact_code"][-1]
    assert newest["to"] == CONTACT["email"]
    return str(newest["body"].split("\n\n")[1])


def asked(made: Complaint) -> str:
    actions.mail_contact_code(reference=made.reference, by=PUBLIC, now=NOW)
    return mailed_code(made)


def looks() -> int:
    return Entry.objects.filter(act="complaint.counter_contact_read").count()


def test_the_mailed_code_opens_them_once_and_the_uploader_is_told_of_the_look(
    world: World, forwarded: Complaint
) -> None:
    client = Client()
    assert page(forwarded) in client.get(page(forwarded, "")).content.decode()

    answer = client.post(page(forwarded, "contact/code/"), follow=True)

    assert answer.redirect_chain == [(page(forwarded), 303)]
    code = mailed_code(forwarded)
    assert CANARY["name"] not in answer.content.decode()
    shown = client.post(page(forwarded), {"code": code.lower().replace("-", " ")})
    assert all(CANARY[name] in shown.content.decode() for name in FIELDS)
    assert CANARY["email"] not in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    facts = Entry.objects.get(act="complaint.counter_contact_read").facts
    assert (facts["as"], facts["how"], sorted(facts["fields"])) == ("complainant", "code", FIELDS)
    [looked] = program(world.uploader).get("/api/v1/identities/mine/accesses").json()["results"]
    assert looked["fields"] == FIELDS
    assert "17 USC 512(g)" in looked["purpose"]
    assert "without an account" in str(looked)
    again = client.post(page(forwarded), {"code": code})
    assert again.status_code == 400
    assert CANARY["name"] not in again.content.decode()
    assert looks() == 1


def test_looking_at_the_page_uses_nothing_up_whoever_opens_it(forwarded: Complaint) -> None:
    code, client = asked(forwarded), Client()

    for look in (client.get, client.head):
        for query in ("", f"?code={code}"):
            seen = look(page(forwarded) + query)
            assert (seen.status_code, CANARY["name"] in seen.content.decode()) == (200, False)

    assert looks() == 0
    assert client.get(page(forwarded, "contact/code/")).status_code == 405
    assert ContactCode.objects.count() == 1
    assert client.post(page(forwarded), {"code": code}).status_code == 200


def test_a_code_works_for_ten_minutes_and_a_new_one_ends_the_one_before(forwarded: Complaint) -> None:
    first, second = asked(forwarded), asked(forwarded)
    read = {"reference": forwarded.reference, "by": PUBLIC}
    minutes = dt.timedelta(minutes=10)

    for code, now in ((first, NOW), (second, NOW + minutes)):
        with pytest.raises(Invalid):
            actions.read_counter_contact(code=code, now=now, **read)

    last = NOW + minutes - dt.timedelta(seconds=1)
    assert actions.read_counter_contact(code=second, now=last, **read)["name"].reveal() == CANARY["name"]


def test_codes_are_not_found_by_trying(forwarded: Complaint) -> None:
    code, client = asked(forwarded), Client()

    tried = [client.post(page(forwarded), {"code": WRONG}).status_code for _ in range(rules.TRIES_OF_CODE[0] + 1)]

    assert tried == [400] * rules.TRIES_OF_CODE[0] + [429]
    assert client.post(page(forwarded), {"code": code}).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.9").post(page(forwarded), {"code": code}).status_code == 429
    assert looks() == 0
    fresh = asked(forwarded)
    assert client.post(page(forwarded), {"code": fresh}).status_code == 200


def test_one_network_address_tries_few_codes_however_many_are_mailed(forwarded: Complaint) -> None:
    client, (each, _day), (all_in_all, _hour) = Client(), rules.TRIES_OF_CODE, rules.CODE_TRIES_BY_ADDRESS
    for _code in range(all_in_all // each):
        asked(forwarded)
        assert {client.post(page(forwarded), {"code": WRONG}).status_code for _try in range(each)} == {400}
    code = asked(forwarded)

    assert client.post(page(forwarded), {"code": code}).status_code == 429

    assert Client(REMOTE_ADDR="192.0.2.9").post(page(forwarded), {"code": code}).status_code == 200


def test_codes_are_not_asked_for_without_end(forwarded: Complaint) -> None:
    client = Client()

    asked_for = [client.post(page(forwarded, "contact/code/")).status_code for _ in range(rules.CODES_ASKED_FOR[0] + 1)]

    assert asked_for == [303] * rules.CODES_ASKED_FOR[0] + [429]
    assert ContactCode.objects.count() == rules.CODES_ASKED_FOR[0]


@pytest.mark.parametrize("rest", ["contact/", "contact/code/"])
def test_a_wrong_tracking_code_leads_nowhere(forwarded: Complaint, rest: str) -> None:
    client, path = Client(), f"/track/{'0' * 30}/{rest}"

    assert client.get(path).status_code == (404 if rest == "contact/" else 405)
    assert client.post(path, {"code": WRONG}).status_code == 404


def test_what_was_not_disclosed_to_somebody_without_account_is_not_asked_for(world: World) -> None:
    by_account, chinese = world.contested("us"), world.contested("cn", items=[{"url": world.content[1].url}])
    client = Client()

    for made in (by_account, chinese):
        assert "contact/" not in client.get(page(made, "")).content.decode()
        assert client.get(page(made)).status_code == 409
        assert client.post(page(made, "contact/code/")).status_code == 409
        with pytest.raises(Conflict):
            actions.read_counter_contact(reference=made.reference, by=PUBLIC, code=WRONG, now=NOW)
    assert ContactCode.objects.count() == 0


def test_an_address_that_only_stood_in_a_letter_is_not_confirmed(forwarded: Complaint) -> None:
    forwarded.confirmation.delete()

    assert not access.is_disclosed_to_guest(forwarded)


def test_once_an_account_is_the_complainant_a_code_opens_nothing(forwarded: Complaint) -> None:
    code, holder = asked(forwarded), register_account(email=CONTACT["email"], password=None, by=SYSTEM, now=NOW)
    actions.adopt_complaint(tracking_code=access.tracking_code_of(forwarded).reveal(), by=holder, now=NOW)

    with pytest.raises(Conflict):
        actions.read_counter_contact(reference=forwarded.reference, by=PUBLIC, code=code, now=NOW)

    assert Client().post(page(forwarded), {"code": code}).status_code == 409


def test_of_several_uploaders_the_one_that_was_chosen_is_shown(world: World, forwarded: Complaint) -> None:
    [first] = access.disclosed_to(forwarded)
    second = CounterNotice.objects.get(pk=first.pk)
    second.pk, second.ended_at, second.received_at = uuid7(), NOW, NOW + dt.timedelta(days=1)
    other = {**CANARY, "name": "Another uploader"}
    row = ("complaints_counternotice", second.pk)
    second.contact_sealed = sealing.seal_json(first.data_key, row=row, field="contact", value=other)
    second.save(force_insert=True)
    client = Client()

    for one, name in ((first, CANARY["name"]), (second, other["name"])):
        shown = client.post(page(forwarded), {"code": asked(forwarded), "counter_notice": str(one.pk)})
        assert name in shown.content.decode()
    assert client.post(page(forwarded), {"code": asked(forwarded), "counter_notice": "x"}).status_code == 400


def test_the_code_is_mailed_and_nothing_of_the_details_is(forwarded: Complaint) -> None:
    code = asked(forwarded)

    body = mails()[-1]["body"]
    told = [mail["body"] for mail in mails() if mail["template"] == "contested"]
    assert not any(word in body for word in CANARY.values())
    assert "with a one-time code that is mailed to this address" in told[-1]
    assert code.replace("-", "") not in str([(one.facts, one.subject) for one in Entry.objects.all()])


def test_the_pages_speak_chinese(forwarded: Complaint) -> None:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")

    for rest in ("", "contact/"):
        assert "反通知中的联系信息" in client.get(page(forwarded, rest)).content.decode()
    refused = client.post(page(forwarded), {"code": WRONG}).content.decode()
    assert "验证码" in refused


def test_a_code_is_never_in_between(forwarded: Complaint) -> None:
    asked(forwarded)
    asked(forwarded)

    for constraint, changes in (
        ("contact_code_expires_later", {"expires_at": NOW}),
        ("contact_code_one_open", {"ended_at": None}),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ContactCode.objects.update(**changes)
