"""Statements of reasons: from the facts, one for each uploader, kept as told, in their language, and for the database."""

import datetime as dt
import json
import re
from typing import Any

import pytest

from complaints import actions, regimes
from complaints.actions import Terms
from complaints.models import Complaint, StatementOfReasons
from complaints.rules import EEA
from complaints.serializers.transparency import places_of, source_of
from tests.complaints.test_models import changed, refused
from tests.complaints.world import CANARY, CONTACT, NOW, World, content, follow, mails, subscriber
from tests.factories import people
from tests.factories.people import program

# What the Transparency Database asks (schema V2 of 1 July 2025), and what it takes of what we send.
REQUIRED: dict[str, str] = {
    "puid": r"[A-Za-z0-9_-]{1,500}",
    "decision_ground": r"DECISION_GROUND_(ILLEGAL|INCOMPATIBLE)_CONTENT",
    "illegal_content_legal_ground": r".{1,500}",
    "illegal_content_explanation": r".{1,2000}",
    "category": r"STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
    "content_date": r"\d{4}-\d{2}-\d{2}",
    "application_date": r"\d{4}-\d{2}-\d{2}",
    "decision_facts": r".{1,5000}",
    "source_type": r"SOURCE_(ARTICLE_16|TRUSTED_FLAGGER|VOLUNTARY|TYPE_OTHER_NOTIFICATION)",
    "automated_detection": r"Yes|No",
    "automated_decision": r"AUTOMATED_DECISION_(FULLY|PARTIALLY|NOT_AUTOMATED)",
}
LISTS: dict[str, str] = {
    "decision_visibility": r"DECISION_VISIBILITY_CONTENT_(REMOVED|DISABLED)",
    "content_type": r"CONTENT_TYPE_(VIDEO|AUDIO|IMAGE|TEXT|APP|PRODUCT|SYNTHETIC_MEDIA|OTHER)",
    "category_specification": r"KEYWORD_COPYRIGHT_INFRINGEMENT",
    "territorial_scope": r"[A-Z]{2}",
}


def reasons(made: Complaint, who: Any, query: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = program(who).get(f"/api/v1/complaints/{made.reference}/statement-of-reasons{query}").json()
    return answer


@pytest.mark.parametrize(
    ("regime", "is_trusted", "source"),
    [
        ("eu", False, "SOURCE_ARTICLE_16"),
        ("eu", True, "SOURCE_TRUSTED_FLAGGER"),
        ("us", False, "SOURCE_TYPE_OTHER_NOTIFICATION"),
        ("cn", True, "SOURCE_TYPE_OTHER_NOTIFICATION"),
    ],
)
def test_from_whom_the_notice_came_is_said_in_the_databases_values(regime: str, is_trusted: bool, source: str) -> None:
    law = regimes.current(regime, NOW)

    assert law is not None
    assert source_of(law, is_trusted=is_trusted) == source


@pytest.mark.parametrize(("territory", "scope"), [([], list(EEA)), (["DE", "US", "FR"], ["DE", "FR"]), (["US"], [])])
def test_where_a_measure_holds_is_told_for_the_economic_area_alone(territory: list[str], scope: list[str]) -> None:
    assert places_of(territory) == scope


def test_each_uploader_gets_its_own_statement_with_its_own_items_in_its_language(world: World) -> None:
    second = people.account("second")
    second.language = "zh-hans"
    second.save()
    theirs = content(subscriber(world.provider, second))
    made = world.acted("eu", items=[{"external_id": one.external_id} for one in (world.content[0], theirs)])

    [mine] = reasons(made, world.uploader, "?language=en")["statements"]
    [other] = reasons(made, second)["statements"]

    assert mine["restriction"]["items"] == [world.content[0].external_id]
    assert (mine["restriction"]["territory"], mine["language"]) == ("wherever the provider offers the content", "en")
    assert mine["automated"]["decision"] is False
    assert [way["source"] for way in mine["redress"]][1] == "DSA art. 21"
    assert (other["sent_in"], other["language"]) == ("zh-hans", "zh-hans")
    assert "通知" in other["facts"]["origin"]
    assert len(reasons(made, world.handler)["statements"]) == 2
    assert reasons(made, world.rights_holder)["statements"] == []
    wrong = program(second).get(f"/api/v1/complaints/{made.reference}/statement-of-reasons?language=tlh")
    assert wrong.status_code == 400


def test_what_was_told_stays_as_it_was_told(world: World) -> None:
    made = world.acted("eu")
    before = reasons(made, world.uploader)["statements"]

    actions.restore(reference=made.reference, by=world.handler, reasons="A mistake.", now=NOW)

    assert reasons(made, world.uploader)["statements"] == before
    assert not any(word in json.dumps(before) for word in (*CANARY.values(), *CONTACT.values()))
    follow()
    told = next(mail for mail in mails() if mail["template"] == "told")
    assert f"/complaints/{made.reference}/reasons/" in told["body"]


def test_a_statement_is_kept_once_for_each_uploader_and_says_something(world: World) -> None:
    world.acted("eu")
    one = StatementOfReasons.objects.get()

    changed(StatementOfReasons, "statement_has_content", content={})
    one.pk, one._state.adding = Complaint().pk, True
    refused("statement_once_for_each_uploader", one.save)


def test_forwarding_alone_restricts_nothing_and_states_no_reasons(world: World) -> None:
    made = world.accepted("eu")
    grounds = ["partial_deletion_impossible", "harms_other_tenants", "no_full_shutdown"]
    world.measure(made, "forward_only", grounds=grounds)

    assert not StatementOfReasons.objects.exists()


def test_the_database_gets_what_it_asks_and_nobodys_data(world: World) -> None:
    made = world.accepted("eu")
    world.measure(made, "blocking", terms=Terms(until=NOW + dt.timedelta(days=9), territory=["DE"]))
    address = f"/api/v1/complaints/{made.reference}/statement-of-reasons/dsa"

    [sent] = program(world.handler).get(address).json()["statements"]

    for name, shape in REQUIRED.items():
        assert re.fullmatch(shape, sent[name]), name
    for name, shape in LISTS.items():
        assert sent[name], name
        assert all(re.fullmatch(shape, one) for one in sent[name]), name
    assert (sent["end_date_visibility_restriction"], sent["territorial_scope"]) == ("2026-03-19", ["DE"])
    words = (*CANARY.values(), *CONTACT.values(), "The Harbour", made.grounds, made.reference)
    assert not any(word in json.dumps(sent) for word in words)
    assert program(world.uploader).get(address).status_code == 403
    assert program(world.stranger).get(address).status_code == 404
