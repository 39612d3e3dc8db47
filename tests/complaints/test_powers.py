"""Powers of attorney: who records, sees, checks and withdraws them; where they stand by day; how a notice names them."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints import access, actions, rules
from complaints.models import Complaint, PowersOfAttorney
from core.actors import PUBLIC, SYSTEM, Actor
from core.errors import Conflict, Denied, Invalid, NotFound
from core.models import Opening
from ledger.models import Entry
from tests.complaints.test_models import changed
from tests.complaints.test_views import browser
from tests.complaints.world import NOW, World, follow, mails
from tests.factories import people
from verification import actions as verification
from verification.access import openings_of
from verification.models import Account
from verification.rules import Role

DAY = dt.timedelta(days=1)
TODAY = NOW.date()
WHY = "The signature is the owner's."
PRINCIPAL = "Canary Principal Ltd"
LETTER = b"We let Films Example Ltd act for us."


def document(by: Account) -> uuid.UUID:
    return verification.store_file(data=LETTER, name="powers.txt", by=by, now=NOW).pk


def submitted(w: World, by: Account | None = None, **given: Any) -> PowersOfAttorney:
    by = by or w.rights_holder
    values = {"principal": PRINCIPAL, "documents": [document(by)], "since_on": TODAY - DAY, "until_on": TODAY, **given}
    return actions.submit_powers(by=by, provider=w.provider.code, given=actions.PowersGiven(**values), now=NOW)


def decided(w: World, of: PowersOfAttorney, decision: str = "check", by: Account | None = None) -> PowersOfAttorney:
    act = {"check": actions.check_powers, "refuse": actions.refuse_powers}[decision]
    return act(powers_id=of.pk, by=by or w.handler, reasons=WHY, now=NOW)


def withdrawn(w: World, of: PowersOfAttorney) -> PowersOfAttorney:
    return actions.withdraw_powers(powers_id=of.pk, by=w.rights_holder, now=NOW)


@pytest.mark.parametrize(
    ("decision", "is_withdrawn", "until", "state"),
    [
        ("", False, None, "submitted"), ("", False, 0, "submitted"), ("", False, -1, "expired"),
        ("check", False, None, "checked"), ("check", False, 0, "checked"), ("check", False, -1, "expired"),
        ("check", True, 9, "withdrawn"), ("", True, -1, "withdrawn"), ("refuse", False, -1, "refused"),
        ("refuse", False, 9, "refused"),
    ],
)  # fmt: skip
def test_where_powers_stand(decision: str, is_withdrawn: bool, until: int | None, state: str) -> None:
    until_on = None if until is None else TODAY + until * DAY

    found = rules.powers_state(decision=decision, is_withdrawn=is_withdrawn, until_on=until_on, today=TODAY)

    assert found == state


def test_the_last_day_ends_in_the_time_zone_of_the_provider(world: World) -> None:
    world.provider.time_zone = "Asia/Shanghai"
    powers = submitted(world)
    ends = dt.datetime(2026, 3, 10, 16, tzinfo=dt.UTC)

    assert access.state_of_powers(powers, world.provider, ends - dt.timedelta(seconds=1)) == "submitted"
    assert access.state_of_powers(powers, world.provider, ends) == "expired"


# What each role may do with the powers of the rights holder: an error, or nothing where it may.
MAY: dict[str, tuple[Any, Any, Any]] = {
    # who: sees, checks, withdraws
    "rights_holder": (None, Denied, None),
    "handler": (None, None, Denied),
    "reviewer": (None, None, Denied),
    "auditor": (None, Denied, Denied),
    "authorizer": (None, Denied, Denied),
    "service": (NotFound, NotFound, NotFound),
    "uploader": (NotFound, NotFound, NotFound),
    "stranger": (NotFound, NotFound, NotFound),
    "other_handler": (NotFound, NotFound, NotFound),
}


def outcome(act: Any) -> Any:
    try:
        act()
    except (NotFound, Denied) as error:
        return type(error)
    return None


@pytest.mark.parametrize("who", MAY)
def test_who_may_do_what_with_powers(world: World, who: str) -> None:
    powers, account = submitted(world), getattr(world, who)
    sees, checks, withdraws = MAY[who]

    assert outcome(lambda: access.powers_for(account, powers.pk)) == sees
    assert outcome(lambda: decided(world, powers, by=account)) == checks
    assert outcome(lambda: actions.withdraw_powers(powers_id=powers.pk, by=account, now=NOW)) == withdraws


def test_nobody_checks_powers_of_its_own_or_against_its_own_content(world: World) -> None:
    verification.grant_role(account=world.uploader, role=Role.HANDLER, organisation=world.provider, by=SYSTEM, now=NOW)
    verification.enrol_totp(account=world.uploader, secret=people.TOTP_SECRET, by=SYSTEM, now=NOW)
    against, own = submitted(world), submitted(world, by=world.handler)
    decided(world, submitted(world), by=world.uploader)
    world.filed(capacity="agent", powers=against.pk)

    for powers, account in ((against, world.uploader), (own, world.handler)):
        with pytest.raises(Denied):
            decided(world, powers, by=account)


def test_what_is_decided_or_withdrawn_stays_so(world: World) -> None:
    refused, gone, old = submitted(world), submitted(world), submitted(world, until_on=TODAY - DAY)
    decided(world, refused, "refuse")
    withdrawn(world, gone)

    assert decided(world, old).decision == "check"  # earlier notices rest on it
    for powers in (refused, gone):
        with pytest.raises(Conflict):
            decided(world, powers)
        with pytest.raises(Conflict):
            withdrawn(world, powers)
    with pytest.raises(Invalid):
        actions.check_powers(powers_id=submitted(world).pk, by=world.handler, reasons="", now=NOW)


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"documents": []}, "/documents"), ({"documents": [uuid.UUID(int=7)]}, "/documents/0"),
        ({"since_on": TODAY + DAY, "until_on": None}, "/since"), ({"until_on": TODAY - 2 * DAY}, "/until"),
    ],
)  # fmt: skip
def test_powers_are_shown_by_a_document_and_have_days_that_can_be(
    world: World, given: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Invalid) as refused:
        submitted(world, **given)

    assert refused.value.problems[0].pointer == pointer


def test_a_notice_names_only_powers_that_its_agent_has_there(world: World) -> None:
    mine, expired = submitted(world), submitted(world, until_on=TODAY - DAY)
    refused, gone = submitted(world), submitted(world)
    decided(world, refused, "refuse")
    withdrawn(world, gone)
    elsewhere = actions.submit_powers(
        by=world.rights_holder,
        provider=people.provider().code,
        given=actions.PowersGiven(PRINCIPAL, [document(world.rights_holder)], TODAY),
        now=NOW,
    )

    assert world.filed(capacity="agent", powers=mine.pk).powers == mine
    assert world.filed(capacity="agent", powers=expired.pk).powers == expired
    cases: list[tuple[Actor, PowersOfAttorney, str]] = [
        (world.rights_holder, refused, "agent"), (world.rights_holder, gone, "agent"),
        (world.rights_holder, elsewhere, "agent"), (world.rights_holder, mine, "owner"),
        (world.stranger, mine, "agent"), (PUBLIC, mine, "agent"),
    ]  # fmt: skip
    for by, powers, capacity in cases:
        with pytest.raises(Invalid) as error:
            world.filed(by=by, capacity=capacity, powers=powers.pk)
        assert error.value.problems[0].pointer == "/complainant/powers"
    with CaptureQueriesContext(connection) as without:
        world.filed(capacity="agent")
    with CaptureQueriesContext(connection) as with_them:
        world.filed(capacity="agent", powers=mine.pk)
    assert len(with_them) == len(without) + 1


def told(of: Complaint, to: Account) -> Any:
    return people.program(to).get(f"/api/v1/complaints/{of.reference}").json()["powers"]


def test_each_side_sees_of_them_what_it_may(world: World) -> None:
    powers = submitted(world, until_on=None)
    made = world.acted(capacity="agent", powers=powers.pk)
    none, owner = world.acted(capacity="agent"), world.filed(works=[{"title": "The Pier"}])

    waits = told(made, world.handler)
    assert (waits["id"], waits["state"], waits["are_shown"], waits["are_checked"]) == (
        str(powers.pk), "submitted", True, False,
    )  # fmt: skip
    assert told(made, world.uploader).keys() == {"are_shown", "are_checked", "label"}
    decided(world, powers)
    assert [told(made, who)["state"] for who in (world.auditor, world.rights_holder)] == ["checked", "checked"]
    assert told(made, world.uploader)["are_checked"]
    withdrawn(world, powers)
    assert told(made, world.handler)["label"] == "acts with powers: withdrawn"
    assert (told(none, world.handler)["state"], told(none, world.handler)["label"]) == ("none", "without powers shown")
    assert not told(none, world.uploader)["are_shown"]
    assert (told(owner, world.handler), told(made, world.service)) == (None, None)
    assert PRINCIPAL not in browser(world.uploader).get(f"/complaints/{made.reference}/").content.decode()


def test_a_program_records_names_checks_and_withdraws(world: World) -> None:
    agent, handler = people.program(world.rights_holder), people.program(world.handler)
    body = {
        "provider": world.provider.code, "principal": PRINCIPAL, "since": "2026-01-01", "works": ["The Harbour"],
        "documents": [str(document(world.rights_holder))],
    }  # fmt: skip
    made = agent.post("/api/v1/powers", body, format="json")
    assert (made.status_code, made.json()["state"], made.json()["principal"]) == (201, "submitted", PRINCIPAL)
    path, notice = f"/api/v1/powers/{made.json()['id']}", {"regime": "us", "provider": world.provider.code}
    filed = agent.post(
        "/api/v1/complaints",
        {
            **notice,
            "complainant": {"capacity": "agent", "powers": made.json()["id"]},
            "items": [{"url": "https://x.example/1"}],
        },
        format="json",
    )
    assert filed.status_code == 201
    refused = agent.post(
        "/api/v1/complaints",
        {**notice, "complainant": {"capacity": "agent", "powers": str(uuid.UUID(int=7))}},
        format="json",
    )
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/complainant/powers")

    seen = handler.get(path).json()
    assert (seen["principal"], seen["documents"][0]["name"]) == (PRINCIPAL, "powers.txt")
    opening = Opening.objects.get(purpose="checking powers of attorney")
    assert (opening.by, opening.fields) == (world.handler.ledger_reference, ["principal"])
    assert opening in openings_of(world.rights_holder)
    assert (people.program(world.auditor).get(path).json()["principal"]) is None
    file = f"/api/v1/files/{seen['documents'][0]['id']}"
    readers = (world.handler, world.auditor, world.uploader, world.other_handler)
    assert [people.program(who).get(file).status_code for who in readers] == [200, 404, 404, 404]
    assert people.program(world.auditor).post(f"{path}/check", {}, format="json").status_code == 403
    checked = handler.post(f"{path}/check", {"decision": "check", "reasons": WHY}, format="json").json()
    assert (checked["state"], checked["reasons"]) == ("checked", WHY)
    assert handler.post(f"{path}/check", {"decision": "refuse", "reasons": WHY}, format="json").status_code == 409
    assert PRINCIPAL not in str(handler.get("/api/v1/powers").json())
    assert agent.post(f"{path}/withdrawal", {}, format="json").json()["state"] == "withdrawn"


def test_a_list_costs_the_same_however_many_there_are(world: World) -> None:
    def cost(who: Account, path: str) -> int:
        client = browser(who)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    lists = [(world.rights_holder, "/powers/"), (world.handler, "/desk/powers/")]
    submitted(world)
    before = [cost(*one) for one in lists]
    for _ in range(3):
        submitted(world)

    assert [cost(*one) for one in lists] == before


def test_strangers_see_nothing(world: World) -> None:
    powers = submitted(world)
    entry = Entry.objects.get(act="powers.submitted")
    assert PRINCIPAL not in str(entry.facts)
    for who in (world.stranger, world.uploader, world.other_handler):
        client = people.program(who)
        assert client.get("/api/v1/powers").json()["results"] == []
        assert client.get(f"/api/v1/powers/{powers.pk}").status_code == 404
        body = {"decision": "check", "reasons": WHY}
        assert client.post(f"/api/v1/powers/{powers.pk}/check", body, format="json").status_code == 404
        assert client.post(f"/api/v1/powers/{powers.pk}/withdrawal", {}, format="json").status_code == 404
        assert client.get(f"/api/v1/ledger/entries?subject={entry.subject}").status_code == 404
    for who in (world.handler, world.rights_holder):
        assert people.program(who).get(f"/api/v1/ledger/entries?subject={entry.subject}").status_code == 200
    assert people.program(world.handler).get("/api/v1/ledger/entries?subject=powers:none").status_code == 404


def test_the_pages_record_check_and_withdraw(world: World) -> None:
    agent, handler = browser(world.rights_holder), browser(world.handler)
    given = {"provider": world.provider.code, "principal": PRINCIPAL, "since": "2026-01-01", "works": "The Harbour"}
    late = {**given, "since": "2099-01-01", "file": SimpleUploadedFile("powers.txt", LETTER)}
    assert agent.post("/powers/", late).status_code == 400
    assert agent.post("/powers/", {**given, "file": SimpleUploadedFile("powers.txt", LETTER)}).status_code == 303
    (powers,) = PowersOfAttorney.objects.all()
    assert PRINCIPAL in agent.get("/powers/").content.decode()
    assert PRINCIPAL not in handler.get("/desk/powers/").content.decode()
    page = handler.get(f"/desk/powers/{powers.pk}/").content.decode()
    assert PRINCIPAL in page
    (file,) = access.powers_documents(powers)
    assert handler.get(f"/powers/{powers.pk}/files/{file.pk}/").content == LETTER
    assert browser(world.auditor).get(f"/powers/{powers.pk}/files/{file.pk}/").status_code == 404
    assert "Say what you found" not in browser(world.auditor).get(f"/desk/powers/{powers.pk}/").content.decode()
    found = {"decision": "check", "reasons": WHY}
    assert handler.post(f"/desk/powers/{powers.pk}/", found).status_code == 303
    assert handler.post(f"/desk/powers/{powers.pk}/", found).status_code == 400
    assert str(powers.pk) not in handler.get("/desk/powers/").content.decode()
    assert str(powers.pk) in handler.get("/desk/powers/?tab=all").content.decode()
    made = world.filed(capacity="agent", powers=powers.pk)
    assert "acts with powers: checked" in handler.get(f"/complaints/{made.reference}/").content.decode()
    assert agent.post(f"/powers/{powers.pk}/withdrawal/").status_code == 303
    for who in (world.stranger, world.other_handler, world.rights_holder):
        assert browser(who).get(f"/desk/powers/{powers.pk}/").status_code == 404


def test_the_wizard_offers_an_agent_its_own_powers(world: World) -> None:
    client, powers = browser(world.rights_holder), submitted(world)
    client.post("/complain/new/where/", {"provider": world.provider.code})
    client.post("/complain/new/law/", {"regime": "us"})
    assert PRINCIPAL in client.get("/complain/new/who/").content.decode()
    client.post("/complain/new/who/", {"capacity": "agent", "powers": str(powers.pk)})
    assert client.post("/complain/new/review/").status_code == 303
    assert Complaint.objects.get().powers == powers


def test_powers_are_never_in_between(world: World) -> None:
    powers = submitted(world)
    changed(PowersOfAttorney, "powers_end_after_they_began", until_on=TODAY - 9 * DAY)
    changed(PowersOfAttorney, "powers_decided_says_why", decision="check")
    mine = {"decision": "check", "decided_at": NOW, "reasons": WHY, "decided_by": powers.agent}
    changed(PowersOfAttorney, "powers_decided_by_another", **mine)
    decided(world, powers, "refuse")
    changed(PowersOfAttorney, "powers_refused_are_not_withdrawn", withdrawn_at=NOW)


@pytest.mark.parametrize(("decision", "words"), [("check", "they hold"), ("refuse", "not accepted")])
def test_the_agent_is_mailed_once_what_was_found_of_the_powers_and_why(world: World, decision: str, words: str) -> None:
    powers = submitted(world)

    decided(world, powers, decision)
    follow()
    follow()

    [mail] = [one for one in mails() if one["template"].startswith("powers_")]
    assert mail["to"] == world.rights_holder.email
    assert words in mail["subject"]
    assert WHY in mail["body"]
    assert PRINCIPAL not in mail["subject"] + mail["body"]
