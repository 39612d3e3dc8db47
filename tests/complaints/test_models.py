"""Every constraint of the tables, violated once: what the code forgets, the database refuses."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from complaints import actions
from complaints.models import (
    Appeal,
    Complaint,
    ComplaintItem,
    ComplaintWork,
    ConfirmationLink,
    CounterNotice,
    ExecutionReport,
    Inquiry,
    LawSetting,
    Letter,
    Measure,
    MeasureItem,
    Suit,
)
from complaints.rules import ALL_FORWARD_GROUNDS
from core.actors import PUBLIC
from tests.complaints.world import NOW, World

LATER = NOW + dt.timedelta(days=1)


def refused(constraint: str, change: Any) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        change()
    assert constraint in str(error.value)


def changed(model: type[Model], constraint: str, **values: Any) -> None:
    refused(constraint, lambda: model._default_manager.update(**values))


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("complaint_state_known", {"state": "invented"}),
        ("complaint_capacity_known", {"capacity": "king"}),
        ("complaint_decided_all_or_nothing", {"decision": "accepted"}),
        ("complaint_decided_all_or_nothing", {"decided_at": NOW}),
        ("complaint_upheld_by_somebody", {"upheld_at": NOW}),
        ("complaint_confirmed_when_it_counts", {"confirmed_at": None}),
        ("complaint_unconfirmed_is_anonymous", {"state": "unconfirmed"}),
        (
            "complaint_known_claimant_is_certain",
            {"state": "unconfirmed", "complainant": None, "confirmed_at": None, "claimant_index": b"-" * 32},
        ),
    ],
)
def test_a_complaint_is_never_in_between(world: World, constraint: str, values: dict[str, Any]) -> None:
    world.filed()

    changed(Complaint, constraint, **values)


def test_a_rejection_without_reasons_is_none(world: World) -> None:
    made = world.filed()
    actions.reject(reference=made.reference, by=world.handler, reasons="A review.", now=NOW)

    changed(Complaint, "complaint_rejected_says_why", reasons="")


def test_a_link_expires_after_it_was_made(world: World) -> None:
    world.filed(by=PUBLIC)

    changed(ConfirmationLink, "confirmation_expires_later", expires_at=NOW)


def test_works_and_items_are_named_and_stand_once(world: World) -> None:
    made = world.filed()

    changed(ComplaintWork, "complaint_work_is_named", title="", work="")
    changed(ComplaintItem, "complaint_item_is_located", url="", external_id="")
    changed(ComplaintItem, "complaint_item_state_known", state="invented")
    changed(ComplaintItem, "complaint_item_told_when_restricted", state="restricted")
    changed(ComplaintItem, "complaint_item_rejected_says_why", state="rejected")
    changed(ComplaintItem, "complaint_item_rejected_says_why", reasons="A review.")
    refused(
        "complaint_work_position_once", lambda: ComplaintWork.objects.create(complaint=made, position=0, title="Again")
    )
    refused(
        "complaint_item_position_once",
        lambda: ComplaintItem.objects.create(complaint=made, position=0, url="https://a"),
    )


def test_a_measure_has_its_kind_reasons_grounds_and_people(world: World) -> None:
    world.acted()

    changed(Measure, "measure_kind_known", kind="invented")
    changed(Measure, "measure_has_reasons", reasons="")
    changed(Measure, "measure_forward_only_on_all_grounds", kind="forward_only", grounds=["harms_other_tenants"])
    changed(Measure, "measure_executed_by_somebody", executed_at=NOW)
    changed(Measure, "measure_lifted_says_why", lifted_at=NOW)
    changed(Measure, "measure_territory_is_of_countries", territory=["DE", "XX"])
    changed(Measure, "measure_ends_after_it_was_ordered", ends_at=NOW)
    changed(Measure, "measure_review_is_of_forwarding", review_at=LATER)
    changed(Measure, "measure_chased_while_due", chases=1, execution_due_at=None)
    grounds = list(ALL_FORWARD_GROUNDS)
    changed(Measure, "measure_forwarding_restricts_nothing", kind="forward_only", grounds=grounds, territory=["DE"])


def test_what_ended_says_why_and_comes_back_only_then(world: World) -> None:
    world.acted()

    changed(MeasureItem, "measure_item_ended_says_why", ended_because="restored")
    changed(MeasureItem, "measure_item_back_after_its_end", undone_at=NOW)


def test_an_execution_is_of_a_known_kind_and_says_what_http_can_say(world: World) -> None:
    made = world.acted()
    actions.report_execution(reference=made.reference, by=world.service, now=NOW)

    changed(ExecutionReport, "execution_kind_known", what="invented")
    changed(ExecutionReport, "execution_status_is_one_of_http", http_status=99)


def test_an_item_is_under_one_measure_at_a_time(world: World) -> None:
    made = world.acted()
    measure, item = made.measures.get(), made.items.get()
    other = Measure.objects.create(
        complaint=made, kind="blocking", reasons="Too.", ordered_at=NOW, ordered_by=world.handler
    )

    refused("measure_item_one_at_a_time", lambda: MeasureItem.objects.create(measure=other, item=item))
    refused("measure_item_once", lambda: MeasureItem.objects.create(measure=measure, item=item, ended_at=NOW))


def test_a_counter_notice_is_open_once_and_reaches_after_it_was_forwarded(world: World) -> None:
    made = world.contested()
    one = made.counter_notices.get()

    changed(CounterNotice, "counter_notice_reached_after_forwarding", forwarded_at=LATER)
    changed(CounterNotice, "counter_notice_disclosed_with_forwarding", reached_at=None, forwarded_at=None)
    one.pk, one._state.adding = None, True
    one.id = Complaint().id
    refused("counter_notice_one_open", one.save)


def test_a_suit_is_of_a_known_kind(world: World) -> None:
    made = world.contested()
    actions.show_suit(reference=made.reference, by=world.rights_holder, kind="lawsuit", body="A court", now=NOW)

    changed(Suit, "suit_kind_known", kind="invented")


def test_an_appeal_is_of_a_party_open_once_and_decided_wholly(world: World) -> None:
    made = world.acted()
    actions.appeal(reference=made.reference, by=world.uploader, reasons="Mine.", now=NOW)

    changed(Appeal, "appeal_side_is_a_party", side="auditor")
    changed(Appeal, "appeal_has_reasons", reasons="")
    changed(Appeal, "appeal_decided_all_or_nothing", outcome="granted")
    again = Appeal(
        complaint=made, side="uploader", against="acted", reasons="Again.", filed_at=NOW, filed_by=world.uploader
    )
    refused("appeal_one_open", again.save)


def test_an_inquiry_is_received_before_it_ends_and_answered_wholly_or_not(world: World) -> None:
    made = world.accepted("jp")
    (one,) = actions.send_inquiry(reference=made.reference, by=world.handler, now=NOW)

    changed(Inquiry, "inquiry_received_starts_its_time", received_at=None)
    changed(Inquiry, "inquiry_answered_all_or_nothing", answer="consents")
    changed(Inquiry, "inquiry_answered_all_or_nothing", answer="perhaps", answered_at=NOW, answered_by=world.uploader)
    changed(Inquiry, "inquiry_lapses_unanswered", lapsed_at=NOW)
    one.pk, one._state.adding = None, True
    one.id = Complaint().id
    refused("inquiry_once", one.save)


def test_a_setting_of_the_law_says_which_and_why(world: World) -> None:
    actions.change_law_setting(
        provider=world.provider.code, regime="cn", setting="reasonable_period", value=10, reasons="Counsel.",
        by=world.authorizer, now=NOW,
    )  # fmt: skip

    changed(LawSetting, "law_setting_says_which", setting="")
    changed(LawSetting, "law_setting_has_reasons", reasons="")


def test_a_letter_is_not_kept_before_it_came(world: World) -> None:
    actions.keep_letter(by=world.handler, provider=world.provider, content=b"Dear provider", now=NOW)

    changed(Letter, "letter_received_before_kept", received_at=LATER)


# Every pair of one table of which the first finds nothing that the second, which begins with the same columns, does not.
COVERED = """
SELECT one.indexrelid::regclass::text, other.indexrelid::regclass::text
FROM pg_index one JOIN pg_index other ON other.indrelid = one.indrelid AND other.indexrelid <> one.indexrelid
WHERE one.indrelid::regclass::text LIKE 'complaints_%%' AND NOT one.indisunique
AND one.indpred IS NULL AND other.indpred IS NULL AND one.indexprs IS NULL AND other.indexprs IS NULL
AND other.indclass::text || ' ' LIKE one.indclass::text || ' %%' AND other.indkey::text || ' ' LIKE one.indkey::text || ' %%'
AND (one.indrelid::regclass::text = ANY(%s) OR one.indnkeyatts = other.indnkeyatts)
"""
WRITTEN_BY_EACH_NOTICE = ["complaints_complaint", "complaints_complaintwork", "complaints_complaintitem"]


@pytest.mark.django_db
def test_no_notice_writes_to_an_index_that_another_covers_and_none_is_there_twice() -> None:
    with connection.cursor() as cursor:
        cursor.execute(COVERED, [WRITTEN_BY_EACH_NOTICE])
        found = cursor.fetchall()

    assert found == []
