"""What the tables refuse, whoever asks: each constraint violated once, each trigger too (rule 15, promises D2, H2)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.ids import uuid7
from investigations.models import (
    Access,
    Assessment,
    Authorization,
    Consultation,
    Disclosure,
    Investigation,
    SubjectNotice,
)
from tests.investigations import world as worlds
from tests.investigations.world import World

DAY = dt.timedelta(days=1)
TABLES = (
    "investigations_investigation",
    "investigations_authorization",
    "investigations_assessment",
    "investigations_disclosure",
    "investigations_subjectnotice",
)


@pytest.fixture
def without_triggers(world: World) -> None:
    """Lift the triggers, so that what is left to refuse is the constraint alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def refused(change: Callable[[], Any]) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        change()
    return str(error.value)


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("investigation_state_known", {"state": "nowhere"}),
        ("investigation_capacity_known", {"capacity": "friend"}),
        ("investigation_authority_has_organisation", {"organisation": None}),
        ("investigation_gag_has_ground_and_end", {"confidentiality_ground_sealed": b"for ever"}),
        ("investigation_gag_has_ground_and_end", {"notify_subject_after": timezone.now()}),
        ("investigation_names_somebody", {"subscriber": None}),
    ],
)
def test_a_request_that_cannot_be_is_refused(world: World, name: str, change: dict[str, Any]):
    made = world.filed()

    assert name in refused(lambda: Investigation.objects.filter(pk=made.pk).update(**change))


@pytest.mark.usefixtures("without_triggers")
def test_a_consultation_is_once_and_answered_whole(world: World):
    made = world.filed()
    row = {
        "investigation": made, "request_digest": made.request_digest, "message_sealed": b"-",
        "asked_by": world.reviewer, "asked_at": worlds.now(), "due_at": worlds.now() + DAY,
    }  # fmt: skip
    asked = Consultation.objects.create(**row)

    assert "consultation_once" in refused(lambda: Consultation.objects.create(**row))
    answered = Consultation.objects.filter(pk=asked.pk)
    assert "consultation_answered_has_time" in refused(lambda: answered.update(statement_sealed=b"-"))


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("assessment_recommendation_known", {"recommendation": "perhaps"}),
        ("assessment_refusal_has_no_categories", {"recommendation": "refuse"}),
        ("assessment_refusal_has_no_categories", {"categories": []}),
    ],
)
def test_an_assessment_that_cannot_be_is_refused(world: World, name: str, change: dict[str, Any]):
    made = world.assessed()

    assert name in refused(lambda: Assessment.objects.filter(investigation=made).update(**change))


@pytest.mark.usefixtures("without_triggers")
def test_there_is_one_assessment_and_one_decision_of_a_version(world: World):
    made = world.authorized()
    assessment, decision = Assessment.objects.get(), Authorization.objects.get()
    assert made.request_digest == decision.request_digest

    assessment.pk = decision.pk = uuid7()
    decision.ledger_entry = uuid7()

    assert "assessment_once" in refused(lambda: assessment.save(force_insert=True))
    assert "authorization_once" in refused(lambda: decision.save(force_insert=True))


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("authorization_decision_known", {"decision": "perhaps"}),
        ("authorization_refusal_has_no_categories", {"decision": "refuse"}),
        ("authorization_by_three_persons", {"authorizer_person_index": "assessor_person_index"}),
        ("authorization_by_three_persons", {"authorizer_person_index": "requester_person_index"}),
        ("authorization_by_three_persons", {"assessor_person_index": "requester_person_index"}),
    ],
)
def test_a_decision_that_cannot_be_is_refused(world: World, name: str, change: dict[str, Any]):
    world.authorized()
    decision = Authorization.objects.get()
    change = {key: bytes(getattr(decision, value)) if "index" in key else value for key, value in change.items()}

    assert name in refused(lambda: Authorization.objects.update(**change))


@pytest.mark.usefixtures("without_triggers")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("disclosure_ends_once", {"revoked_at": timezone.now(), "expired_at": timezone.now()}),
        ("disclosure_collected_in_time", {"collected_at": timezone.now() + 30 * DAY}),
        ("disclosure_ends_later", {"expires_at": timezone.now() - 30 * DAY}),
        ("disclosure_reissue_has_reasons", {"is_reissue": True}),
    ],
)
def test_a_delivery_that_cannot_be_is_refused(world: World, name: str, change: dict[str, Any]):
    world.disclosed()

    assert name in refused(lambda: Disclosure.objects.update(**change))


@pytest.mark.usefixtures("without_triggers")
def test_one_delivery_of_a_decision_is_live(world: World):
    delivery = worlds.live(world.disclosed())
    delivery.pk, delivery.ledger_entry = uuid7(), uuid7()

    assert "disclosure_one_live" in refused(lambda: delivery.save(force_insert=True))


@pytest.mark.usefixtures("without_triggers")
def test_an_uploader_is_not_told_before_it_is_due(world: World):
    made = world.disclosed(notify_subject_after=worlds.now() + 9 * DAY, confidentiality_ground="Secrecy.")
    world.collected(made)

    assert "notice_told_when_due" in refused(lambda: SubjectNotice.objects.update(told_at=worlds.now()))


def test_a_look_says_at_what(world: World):
    made = world.filed()
    row = {"investigation": made, "by": world.reviewer, "as_role": "reviewer", "what": "", "at": worlds.now()}

    assert "access_says_what" in refused(lambda: Access.objects.create(**row))


# --- triggers


@pytest.mark.parametrize("state", ["authorized", "disclosed", "collected", "expired"])
def test_no_state_is_authorized_without_a_decision_about_the_present_request(world: World, state: str):
    made = world.assessed()
    assert "no authorization is bound" in refused(lambda: Investigation.objects.filter(pk=made.pk).update(state=state))

    world.authorize(made)
    assert "no authorization is bound" in refused(
        lambda: Investigation.objects.filter(pk=made.pk).update(request_digest="0" * 64)
    )


@pytest.mark.parametrize("field", ["requester_person_index", "assessor_person_index", "request_digest", "categories"])
def test_a_decision_cannot_name_other_persons_versions_or_data(world: World, field: str):
    made = world.assessed()
    assessment = Assessment.objects.get()
    row: dict[str, Any] = {
        "investigation": made, "assessment": assessment, "request_digest": made.request_digest,
        "decision": "authorize", "categories": ["name"], "reasons_sealed": b"-", "by": world.authorizer,
        "requester_person_index": bytes(made.requester_person_index), "authorizer_person_index": b"z" * 32,
        "assessor_person_index": bytes(assessment.person_index), "at": worlds.now(), "digest": "0" * 64,
        "ledger_entry": uuid7(),
    }  # fmt: skip
    wrong = {"request_digest": "1" * 64, "categories": ["phone"]}.get(field, b"y" * 32)

    assert "not about the present request" in refused(lambda: Authorization.objects.create(**row | {field: wrong}))

    Authorization.objects.create(**row)


def test_what_was_decided_stays_as_it_is(world: World):
    made = world.disclosed()
    world.collected(made)
    changes: list[Callable[[], Any]] = [
        lambda: Assessment.objects.update(digest="0" * 64),
        lambda: Assessment.objects.filter(investigation=made)._raw_delete("default"),
        lambda: Authorization.objects.update(categories=["name", "email", "phone"]),
        lambda: Authorization.objects.filter(investigation=made)._raw_delete("default"),
        lambda: Disclosure.objects.update(collected_at=None),
        lambda: Disclosure.objects.filter(investigation=made)._raw_delete("default"),
        lambda: SubjectNotice.objects.update(told_at=None),
        lambda: SubjectNotice.objects.filter(investigation=made)._raw_delete("default"),
        lambda: Access.objects.update(what="nothing"),
        lambda: Investigation.objects.filter(pk=made.pk)._raw_delete("default"),
    ]

    for change in changes:
        assert "refused" in (said := refused(change)) or "already" in said or "ends once" in said


def test_a_delivery_is_not_prolonged_and_rests_on_a_decision(world: World):
    made = world.disclosed()
    assert "not changed" in refused(lambda: Disclosure.objects.update(expires_at=worlds.now() + 99 * DAY))

    delivery = worlds.live(made)
    Disclosure.objects.update(revoked_at=worlds.now())
    Investigation.objects.filter(pk=made.pk).update(state="revoked", request_digest="0" * 64)
    delivery.pk, delivery.ledger_entry = uuid7(), uuid7()

    assert "rests on no decision" in refused(lambda: delivery.save(force_insert=True))
