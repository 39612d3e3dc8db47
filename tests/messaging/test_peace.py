"""Peace: reports with their evidence, decisions with reasons, blocks, visible staff, ends, holds, and forgetting."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser

from core.errors import Conflict, Denied, Gone, Invalid, NotFound, TooFast
from core.models import OutgoingMail
from hosting.models import Content
from messaging import access, actions, rules, subjects, tasks
from messaging.models import Block, Conversation, Event, Hold, Message, Party, Report
from messaging.rules import EventKind, ReportState, State
from tests.constraints import broken
from tests.messaging import world
from tests.messaging.world import handler_of
from tests.record import follow
from verification.models import Account

pytestmark = pytest.mark.django_db


def say(pair: world.Pair, by: Account, body: str = "Hello", conversation: Conversation | None = None) -> Message:
    where = (conversation or pair.conversation).pk
    draft = actions.post_message(
        conversation_id=where, client_id=str(uuid4()), body=body, attachments=[], by=by, now=world.now()
    )
    return Message.objects.get(pk=draft.id)


def report(pair: world.Pair, message: Message, by: Account | None = None, **changes: Any) -> Report:
    given = {"category": "abuse", "reasons": "It is a threat.", **changes}
    return actions.report_message(
        conversation_id=pair.conversation.pk, message_id=message.pk, **given, by=by or pair.uploader, now=world.now()
    )


def decide(
    made: Report, by: Account, decision: str = "upheld", measure: str = "none", reasons: str = "A threat."
) -> Report:
    return actions.decide_report(
        report_id=made.pk, decision=decision, measure=measure, reasons=reasons, by=by, now=world.now()
    )


def browser(account: Account) -> Browser:
    made = Browser()
    made.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    return made


# --- reports


def test_a_report_keeps_what_was_said_with_the_few_messages_before_it() -> None:
    pair = world.pair()
    for number in range(8):
        said = say(pair, pair.rights_holder, f"Message {number}")

    made = report(pair, said)

    kept = access.evidence_for(handler_of(pair.provider), made, world.now())
    assert kept["reasons"] == "It is a threat."
    assert [one["body"] for one in kept["messages"]] == [f"Message {number}" for number in range(2, 8)]
    assert kept["messages"][-1]["sha256"] == bytes(said.digest).hex()


def test_the_evidence_is_sealed_at_rest() -> None:
    pair = world.pair()

    made = report(pair, say(pair, pair.rights_holder, "canary words"), reasons="canary reasons")

    row = Report.objects.filter(pk=made.pk).values().get()
    assert b"canary" not in bytes(row["evidence_sealed"])
    assert "canary" not in repr(row)


def test_nobody_reports_its_own_message_twice_the_same_or_anothers() -> None:
    pair, other = world.pair(), world.pair()
    said, elsewhere = say(pair, pair.rights_holder), say(other, other.rights_holder)
    report(pair, said)

    with pytest.raises(Invalid):
        report(pair, said, by=pair.rights_holder)
    with pytest.raises(Conflict):
        report(pair, said)
    with pytest.raises(NotFound):
        report(pair, elsewhere)
    with pytest.raises(NotFound):
        report(pair, said, by=other.uploader)
    with pytest.raises(Invalid):
        report(pair, say(pair, pair.rights_holder), category="boredom")


def test_only_handlers_of_the_provider_read_a_report() -> None:
    pair = world.pair()
    made = report(pair, say(pair, pair.rights_holder))

    assert access.report_for(handler_of(pair.provider), made.pk) == made
    with pytest.raises(NotFound):
        access.report_for(handler_of(world.provider()), made.pk)
    with pytest.raises(Denied):
        access.report_for(pair.rights_holder, made.pk)


def test_a_reported_message_waits_for_the_handlers_until_it_is_decided() -> None:
    pair = world.pair()
    handler, made = handler_of(pair.provider), report(pair, say(pair, pair.rights_holder))
    before = [str(one.title) for one in access.waiting_for(handler, world.now())]

    decide(made, handler)

    assert before == ["A message was reported"]
    assert access.waiting_for(handler, world.now()) == []


def test_a_decision_is_made_once_and_with_reasons() -> None:
    pair = world.pair()
    handler, made = handler_of(pair.provider), report(pair, say(pair, pair.rights_holder))

    with pytest.raises(Invalid):
        decide(made, handler, reasons=" ")
    with pytest.raises(Invalid):
        decide(made, handler, "dismissed", "silenced")
    with pytest.raises(Invalid):
        decide(made, handler, "open")
    decide(made, handler)
    with pytest.raises(Conflict):
        decide(made, handler)


def test_both_sides_read_an_upheld_decision_and_the_reporter_alone_a_report_that_is_open() -> None:
    pair = world.pair()
    handler, made = handler_of(pair.provider), report(pair, say(pair, pair.rights_holder))
    open_ones = [len(access.reports_of(pair.party(side))) for side in ("uploader", "rights_holder")]

    decide(made, handler)

    assert open_ones == [1, 0]
    assert [len(access.reports_of(pair.party(side))) for side in ("uploader", "rights_holder")] == [1, 1]


def test_the_decision_is_mailed_without_what_was_said() -> None:
    pair = world.pair()
    handler, made = handler_of(pair.provider), report(pair, say(pair, pair.rights_holder, "canary words"))
    decide(made, handler)

    follow(world.now())

    told = OutgoingMail.objects.filter(template="messaging/mail/report_decided").order_by("party")
    assert [one.party for one in told] == ["rights_holder", "uploader"]


def test_who_was_silenced_reads_and_does_not_write() -> None:
    pair = world.pair()
    handler, made = handler_of(pair.provider), report(pair, say(pair, pair.rights_holder))

    decide(made, handler, measure="silenced")

    with pytest.raises(Denied) as refusal:
        say(pair, pair.rights_holder)
    assert refusal.value.code == "silenced"
    assert access.get_for(pair.rights_holder, pair.conversation.pk).is_silenced
    say(pair, pair.uploader)


def test_an_upheld_report_can_close_the_conversation() -> None:
    pair = world.pair()
    handler, made = handler_of(pair.provider), report(pair, say(pair, pair.rights_holder))

    decide(made, handler, measure="closed")

    assert Conversation.objects.get(pk=pair.conversation.pk).state == State.CLOSED
    with pytest.raises(Conflict):
        say(pair, pair.uploader)


# --- ends and blocks


def test_either_side_ends_a_conversation_which_stays_readable() -> None:
    pair = world.pair()
    say(pair, pair.rights_holder)

    actions.end_conversation(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    assert len(access.messages_of(access.get_for(pair.rights_holder, pair.conversation.pk), after=0, limit=9)) == 1
    with pytest.raises(Conflict):
        actions.end_conversation(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())


def test_a_block_holds_in_every_conversation_of_the_two_and_against_new_ones() -> None:
    pair = world.pair()
    again = {"provider": pair.provider, "by": pair.rights_holder, "subscriber": pair.subscriber, "now": world.now()}
    second = actions.open_conversation(subject="content:another", **again)

    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    for conversation in (pair.conversation, second):
        with pytest.raises(Denied):
            say(pair, pair.rights_holder, conversation=conversation)
        say(pair, pair.uploader, conversation=conversation)
    with pytest.raises(Conflict) as refusal:
        actions.open_conversation(subject="content:third", **again)
    assert refusal.value.state == "blocked"


def test_a_block_is_taken_back_and_leaves_what_the_provider_ordered() -> None:
    pair = world.pair()
    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())
    with pytest.raises(Conflict):
        actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    actions.unblock(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    say(pair, pair.rights_holder)
    with pytest.raises(Conflict):
        actions.unblock(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    made = report(pair, say(pair, pair.rights_holder))
    decide(made, handler_of(pair.provider), measure="silenced")
    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())
    actions.unblock(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    with pytest.raises(Denied):
        say(pair, pair.rights_holder)


def test_what_the_provider_orders_while_a_block_stands_outlives_the_block() -> None:
    pair = world.pair()
    made, given = report(pair, say(pair, pair.rights_holder)), {"conversation_id": pair.conversation.pk}
    actions.block(**given, by=pair.uploader, now=world.now())
    decide(made, handler_of(pair.provider), measure="silenced")

    actions.unblock(**given, by=pair.uploader, now=world.now())

    with pytest.raises(Denied):
        say(pair, pair.rights_holder)


def test_a_block_is_taken_back_also_where_the_matter_needs_both_sides_since(monkeypatch: Any) -> None:
    pair, given = world.pair(), {"now": world.now()}
    given |= {"conversation_id": pair.conversation.pk, "by": pair.uploader}
    actions.block(**given)
    monkeypatch.setitem(subjects._needs, "content:", lambda _reference: True)

    actions.unblock(**given)

    say(pair, pair.rights_holder)


def test_where_a_matter_needs_both_sides_nobody_is_blocked_and_nothing_ended(monkeypatch: Any) -> None:
    monkeypatch.setitem(subjects._needs, "content:", lambda _reference: True)
    pair = world.pair()
    given = {"conversation_id": pair.conversation.pk, "by": pair.uploader, "now": world.now()}

    for act in (actions.block, actions.end_conversation):
        with pytest.raises(Conflict) as refusal:
            act(**given)
        assert refusal.value.state == "matter_open"


def test_a_muted_conversation_does_not_wait_for_its_reader() -> None:
    pair = world.pair()
    say(pair, pair.rights_holder)
    before = len(access.waiting_for(pair.uploader, world.now()))

    actions.mute(conversation_id=pair.conversation.pk, is_muted=True, by=pair.uploader, now=world.now())

    assert (before, access.waiting_for(pair.uploader, world.now())) == (1, [])


def test_a_flood_of_new_conversations_is_stopped_and_a_catalogue_is_not() -> None:
    holder = world.account("rights-holder")

    for _ in range(rules.OPENED_AN_HOUR):
        actions.require_room_to_open(by=holder, now=world.NOW)

    with pytest.raises(TooFast):
        actions.require_room_to_open(by=holder, now=world.NOW)


# --- the provider's staff


def test_staff_reads_only_after_it_joined_and_both_sides_see_it_and_why() -> None:
    pair = world.pair()
    handler = handler_of(pair.provider)
    with pytest.raises(NotFound):
        access.get_for(handler, pair.conversation.pk)

    actions.join_as_staff(
        conversation_id=pair.conversation.pk, reasons="A threat was reported.", by=handler, now=world.now()
    )

    found = access.get_for(pair.uploader, pair.conversation.pk)
    assert [party.display for party in found.parties.all() if party.side == "staff"] == ["Provider's staff"]
    assert Message.objects.get(conversation=found).body == "A threat was reported."
    assert Event.objects.get(conversation=found).kind == EventKind.STAFF_JOINED
    assert access.get_for(handler, pair.conversation.pk)


def test_staff_that_left_neither_reads_nor_writes_and_may_come_again() -> None:
    pair = world.pair()
    handler, given = handler_of(pair.provider), {"conversation_id": pair.conversation.pk, "now": world.now()}
    actions.join_as_staff(reasons="To help.", by=handler, **given)
    with pytest.raises(Conflict):
        actions.join_as_staff(reasons="To help.", by=handler, **given)

    actions.leave_as_staff(by=handler, **given)

    with pytest.raises(NotFound):
        say(pair, handler)
    actions.join_as_staff(reasons="Once more.", by=handler, **given)
    say(pair, handler)


def test_only_the_providers_handlers_join_and_not_without_reasons() -> None:
    pair = world.pair()
    given = {"conversation_id": pair.conversation.pk, "now": world.now()}

    with pytest.raises(NotFound):
        actions.join_as_staff(reasons="To help.", by=handler_of(world.provider()), **given)
    with pytest.raises(Invalid):
        actions.join_as_staff(reasons=" ", by=handler_of(pair.provider), **given)
    with pytest.raises(Conflict):
        actions.leave_as_staff(by=pair.uploader, **given)


# --- keeping and forgetting


def closed(pair: world.Pair, ago: dt.timedelta) -> Conversation:
    Conversation.objects.filter(pk=pair.conversation.pk).update(state=State.CLOSED, closed_at=world.now() - ago)
    return Conversation.objects.select_related("provider").get(pk=pair.conversation.pk)


LONG_AGO = dt.timedelta(days=3 * 366)


def test_what_was_said_is_forgotten_three_years_after_the_end_and_its_proof_is_not() -> None:
    pair = world.pair()
    said = say(pair, pair.rights_holder, "canary words")
    made = report(pair, said)
    tasks.cover_messages(world.now())
    old = closed(pair, LONG_AGO)

    assert tasks.forget_old(world.now()) == 1

    kept = Message.objects.get(pk=said.pk)
    assert (kept.body, kept.attachments, bytes(kept.digest)) == ("", [], bytes(said.digest))
    assert Conversation.objects.get(pk=old.pk).title == ""
    with pytest.raises(Gone):
        access.evidence_for(handler_of(pair.provider), Report.objects.get(pk=made.pk), world.now())
    assert tasks.forget_old(world.now()) == 0


def test_what_ended_lately_or_is_held_stays() -> None:
    young, held = world.pair(), world.pair()
    for pair in (young, held):
        say(pair, pair.rights_holder)
    handler = handler_of(held.provider)
    actions.place_hold(conversation_id=held.conversation.pk, reasons="A suit.", by=handler, now=world.now())
    closed(young, dt.timedelta(days=3 * 365 - 5))
    closed(held, LONG_AGO)

    assert tasks.forget_old(world.now()) == 0

    actions.lift_hold(conversation_id=held.conversation.pk, by=handler, now=world.now())
    assert tasks.forget_old(world.now()) == 1


def test_the_database_itself_forgets_nothing_before_its_time() -> None:
    pair = world.pair()
    say(pair, pair.rights_holder)

    for ago in (None, dt.timedelta(days=1_000)):
        if ago is not None:
            closed(pair, ago)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT messaging_forget(%s)", [pair.conversation.pk])


def test_a_hold_is_placed_once_with_reasons_by_the_providers_own() -> None:
    pair = world.pair()
    handler, given = handler_of(pair.provider), {"conversation_id": pair.conversation.pk, "now": world.now()}
    with pytest.raises(Conflict):
        actions.lift_hold(by=handler, **given)
    with pytest.raises(Invalid):
        actions.place_hold(reasons="", by=handler, **given)
    with pytest.raises(NotFound):
        actions.place_hold(reasons="A suit.", by=pair.rights_holder, **given)

    actions.place_hold(reasons="A suit.", by=handler, **given)

    with pytest.raises(Conflict):
        actions.place_hold(reasons="A suit.", by=handler, **given)


def test_the_end_of_february_is_forgotten_on_its_last_day() -> None:
    assert rules.forgotten_at(dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC)) == dt.datetime(
        2031, 2, 28, 12, tzinfo=dt.UTC
    )


# --- pages and programs


def test_the_page_asks_before_it_mutes_ends_or_blocks() -> None:
    pair = world.pair()
    reader, base = browser(pair.uploader), f"/conversations/{pair.conversation.pk}/act"

    for act in ("mute", "unmute", "block", "unblock", "end"):
        assert reader.get(f"{base}/{act}/").status_code == 200
        assert reader.post(f"{base}/{act}/").status_code == 303
    assert reader.get(f"{base}/explode/").status_code == 404
    assert Conversation.objects.get(pk=pair.conversation.pk).state == State.CLOSED


@pytest.mark.parametrize("needs", [True, False])
def test_the_page_offers_to_end_or_block_where_the_matter_lets_it_and_else_says_why_not(
    monkeypatch: Any, needs: bool
) -> None:
    pair = world.pair()
    monkeypatch.setitem(subjects._needs, "content:", lambda _reference: needs)

    page = browser(pair.uploader).get(f"/conversations/{pair.conversation.pk}/").content.decode()

    assert ("its clocks run by what is said" in page) == needs
    for act in ("end", "block"):
        assert (f"/act/{act}/" in page) != needs
    assert "/act/mute/" in page


def test_the_page_says_what_stands_against_an_act_and_leads_back() -> None:
    pair = world.pair()
    reader, home = browser(pair.uploader), f"/conversations/{pair.conversation.pk}/"

    reader.post(f"{home}act/block/")
    again = reader.post(f"{home}act/block/")

    assert again.status_code == 409
    assert "You block the other side already." in again.content.decode()
    assert f'href="{home}"' in again.content.decode()


def test_who_was_silenced_finds_a_page_that_says_so_and_takes_nothing() -> None:
    pair = world.pair()
    said, writer = say(pair, pair.rights_holder), browser(pair.rights_holder)
    page = f"/conversations/{pair.conversation.pk}/"
    sentence = "You can read this conversation, but not write in it any more."
    change = f"{page}messages/{said.pk}/"
    before = [writer.get(address).content.decode() for address in (page, change)]

    decide(report(pair, said), handler_of(pair.provider), measure="silenced")

    after = [writer.get(address).content.decode() for address in (page, change)]
    assert ['<fieldset id="composing" disabled>' in text for text in (before[0], after[0])] == [False, True]
    assert "?quotes=" in before[0]
    assert "?quotes=" not in after[0]
    assert [(sentence in text, '<textarea name="body"' in text) for text in (before[1], after[1])] == [
        (False, True), (True, False),
    ]  # fmt: skip
    form = {"client_id": str(uuid4()), "body": "All the same"}
    assert writer.post(page, form).status_code == 403
    assert writer.post(change, {"body": "In other words"}).status_code == 403
    assert Message.objects.get().body == "Hello"


def test_staff_that_left_is_named_no_more_among_those_one_talks_with() -> None:
    pair = world.pair()
    handler, given = handler_of(pair.provider), {"conversation_id": pair.conversation.pk, "now": world.now()}
    reader, page = browser(pair.uploader), f"/conversations/{pair.conversation.pk}/"
    actions.join_as_staff(reasons="To help.", by=handler, **given)
    before = reader.get(page).content.decode()

    left = actions.leave_as_staff(by=handler, **given)

    after = reader.get(page).content.decode()
    told = reader.get(f"/api/v1/conversations/{pair.conversation.pk}").json()["participants"]
    for text, names in ((before, "Rights holder, Provider&#x27;s staff"), (after, "Rights holder")):
        assert f'<span id="with">{names}</span>' in text
    assert {one["id"]: one["left_at"] is not None for one in told if one["left_at"]} == {str(left.pk): True}


def test_a_text_that_tells_who_its_writer_is_is_sent_only_when_the_writer_was_told() -> None:
    pair = world.pair()
    writer, address = browser(pair.uploader), f"/conversations/{pair.conversation.pk}/"
    form = {"client_id": str(uuid4()), "body": "Write to me at me@films.example"}

    told = writer.post(address, form)
    before = Message.objects.count()
    sent = writer.post(address, form | {"was_told": "1"})

    assert '<mark dir="auto">me@films.example</mark>' in told.content.decode()
    assert (before, sent.status_code, Message.objects.get().body) == (0, 303, "Write to me at me@films.example")


def test_programs_ask_what_a_text_tells() -> None:
    pair = world.pair()

    told = browser(pair.uploader).post(
        f"/api/v1/conversations/{pair.conversation.pk}/hints", {"body": "me@films.example"},
        content_type="application/json",
    )  # fmt: skip

    assert told.json() == {"hints": [{"start": 0, "end": 16, "kind": "email", "detail": "an e-mail address"}]}


def test_a_report_goes_from_its_page_over_the_desk_to_the_decision() -> None:
    pair = world.pair()
    said, handler = say(pair, pair.rights_holder, "I know where you live"), handler_of(pair.provider)
    reporter, desk = browser(pair.uploader), browser(handler)
    path = f"/conversations/{pair.conversation.pk}/messages/{said.pk}/report/"

    assert "I know where you live" in reporter.get(path).content.decode()
    assert reporter.post(path, {"category": "abuse", "reasons": ""}).status_code == 303
    made = Report.objects.get()
    assert f"/desk/reports/{made.pk}/" in desk.get("/desk/reports/").content.decode()
    assert "I know where you live" in desk.get(f"/desk/reports/{made.pk}/").content.decode()
    given = {"decision": "upheld", "measure": "warned", "reasons": "A threat."}
    assert desk.post(f"/desk/reports/{made.pk}/", given).status_code == 303
    assert "A threat." in reporter.get(f"/conversations/{pair.conversation.pk}/").content.decode()


def test_the_staffs_page_joins_holds_releases_and_leaves() -> None:
    pair = world.pair()
    desk = browser(handler_of(pair.provider))
    path = f"/desk/conversations/{pair.conversation.pk}/"

    assert desk.post(path, {"act": "join", "join-reasons": ""}).status_code == 400
    assert desk.post(path, {"act": "join", "join-reasons": "To help."}).status_code == 303
    assert desk.post(path, {"act": "hold", "hold-reasons": "A suit."}).status_code == 303
    assert desk.post(path, {"act": "hold", "hold-reasons": "A suit."}).status_code == 409
    assert "A suit." in desk.get(path).content.decode()
    assert desk.post(path, {"act": "release"}).status_code == 303
    assert desk.post(path, {"act": "leave"}).status_code == 303
    assert not Party.objects.filter(side="staff", left_at__isnull=True).exists()


def test_the_staffs_page_says_which_conversation_it_is_and_nothing_of_what_was_said() -> None:
    pair = world.pair()
    say(pair, pair.rights_holder, "For the two of us")
    item = Content.objects.get(pk=pair.conversation.subject.partition(":")[2])

    page = browser(handler_of(pair.provider)).get(f"/desk/conversations/{pair.conversation.pk}/").content.decode()

    for known in (pair.conversation.title, item.external_id, pair.subscriber.external_id, "open"):
        assert known in page
    assert "For the two of us" not in page


API: dict[str, tuple[str, dict[str, Any], int]] = {
    "mute": ("uploader", {"muted": True}, 200),
    "block": ("uploader", {}, 201),
    "unblock": ("uploader", {}, 201),
    "end": ("rights_holder", {}, 201),
    "staff": ("handler", {"reasons": "To help."}, 201),
    "staff/leave": ("handler", {}, 201),
    "hold": ("handler", {"reasons": "A suit."}, 201),
    "release": ("handler", {}, 201),
}


def test_programs_do_all_of_it_and_strangers_none() -> None:
    pair = world.pair()
    say(pair, pair.rights_holder)
    callers = {
        "uploader": browser(pair.uploader), "rights_holder": browser(pair.rights_holder),
        "handler": browser(handler_of(pair.provider)), "stranger": browser(world.account("stranger")),
    }  # fmt: skip
    base = f"/api/v1/conversations/{pair.conversation.pk}"

    for act, (who, body, status) in (*((a, API[a]) for a in API if a != "end"), ("end", API["end"])):
        refused = callers["stranger"].post(f"{base}/{act}", body, content_type="application/json")
        done = callers[who].post(f"{base}/{act}", body, content_type="application/json")
        assert (act, refused.status_code, done.status_code) == (act, 404, status)


def test_programs_report_and_decide() -> None:
    pair = world.pair()
    said, desk = say(pair, pair.rights_holder), browser(handler_of(pair.provider))
    json = {"content_type": "application/json"}

    made = (
        browser(pair.uploader)
        .post(
            f"/api/v1/conversations/{pair.conversation.pk}/reports",
            {"message": str(said.pk), "category": "fraud"},
            **json,
        )
        .json()
    )
    listed = desk.get("/api/v1/message-reports").json()["results"]
    shown = desk.get(f"/api/v1/message-reports/{made['id']}").json()
    decided = desk.post(
        f"/api/v1/message-reports/{made['id']}/decision", {"decision": "dismissed", "reasons": "A fair offer."}, **json
    )

    assert [one["id"] for one in listed] == [made["id"]]
    assert shown["evidence"]["messages"][-1]["body"] == "Hello"
    assert (decided.status_code, decided.json()["state"]) == (201, ReportState.DISMISSED)


# --- what can't be


REPORT: dict[str, dict[str, Any]] = {
    "report_state_known": {"state": "asleep"},
    "report_category_known": {"category": "boredom"},
    "report_decided_says_all": {"state": "dismissed"},
}


@pytest.mark.parametrize("name", REPORT)
def test_reports_that_cannot_be(name: str) -> None:
    pair = world.pair()
    made = report(pair, say(pair, pair.rights_holder))

    found = broken(lambda: Report.objects.filter(pk=made.pk).update(**REPORT[name]))

    assert found == name or (name, found) == ("report_state_known", "report_decided_says_all")


def test_the_same_party_reports_a_message_once() -> None:
    pair = world.pair()
    made = report(pair, say(pair, pair.rights_holder))
    made.pk = uuid4()

    assert broken(lambda: made.save(force_insert=True)) == "report_once_by_party"


def test_blocks_and_holds_that_cannot_be() -> None:
    pair = world.pair()
    block = {"rights_holder": pair.rights_holder, "subscriber": pair.subscriber, "made_at": world.NOW}
    Block.objects.create(**block, by_side="uploader")
    hold = {"conversation": pair.conversation, "placed_at": world.NOW, "placed_by": pair.rights_holder}
    Hold.objects.create(**hold, reasons="A suit.")
    forgotten = Conversation.objects.filter(pk=pair.conversation.pk)

    assert broken(lambda: Block.objects.create(**block, by_side="staff")) == "block_by_one_of_two"
    assert broken(lambda: Block.objects.create(**block, by_side="uploader")) == "block_once"
    assert broken(lambda: Hold.objects.create(**hold, reasons="A suit.")) == "hold_one_at_a_time"
    assert broken(lambda: Hold.objects.create(**hold, reasons="")) == "hold_has_reasons"
    assert broken(lambda: forgotten.update(forgotten_at=world.NOW)) == "conversation_forgotten_was_closed"


def anew(pair: world.Pair) -> Conversation:
    """End the conversation and open another one about the same."""
    if Conversation.objects.get(pk=pair.conversation.pk).is_open:
        actions.end_conversation(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())
    return actions.open_conversation(
        provider=pair.provider, subject=pair.conversation.subject, by=pair.rights_holder, subscriber=pair.subscriber,
        now=world.now(),
    )  # fmt: skip


def is_for_the_uploader_alone(pair: world.Pair, conversation: Conversation) -> None:
    with pytest.raises(Denied):
        say(pair, pair.rights_holder, conversation=conversation)
    say(pair, pair.uploader, conversation=conversation)


def test_who_was_silenced_does_not_begin_anew_by_ending_the_conversation() -> None:
    pair = world.pair()
    decide(report(pair, say(pair, pair.rights_holder)), handler_of(pair.provider), measure="silenced")

    is_for_the_uploader_alone(pair, anew(pair))


def test_a_conversation_that_the_provider_closed_is_not_opened_anew() -> None:
    pair = world.pair()
    decide(report(pair, say(pair, pair.rights_holder)), handler_of(pair.provider), measure="closed")

    with pytest.raises(Conflict) as refusal:
        anew(pair)

    assert refusal.value.state == "sanctioned"


def test_while_the_matter_needs_both_sides_it_goes_on_without_the_words_of_who_was_sanctioned(monkeypatch: Any) -> None:
    pair = world.pair()
    decide(report(pair, say(pair, pair.rights_holder)), handler_of(pair.provider), measure="closed")
    monkeypatch.setitem(subjects._needs, "content:", lambda _reference: True)

    is_for_the_uploader_alone(pair, anew(pair))


def test_a_dismissed_report_and_a_warning_follow_nobody() -> None:
    pair = world.pair()
    decide(report(pair, say(pair, pair.rights_holder)), handler_of(pair.provider), measure="warned")

    say(pair, pair.rights_holder, conversation=anew(pair))


def test_a_page_says_what_was_muted_blocked_and_reported_and_offers_no_second_report() -> None:
    pair = world.pair()
    said = say(pair, pair.rights_holder)
    page, address = browser(pair.uploader), f"/conversations/{pair.conversation.pk}/"
    report_at = f"{address}messages/{said.pk}/report/"
    assert report_at in page.get(address).content.decode()

    report(pair, said)
    actions.mute(conversation_id=pair.conversation.pk, is_muted=True, by=pair.uploader, now=world.now())
    actions.block(conversation_id=pair.conversation.pk, by=pair.uploader, now=world.now())

    shown = page.get(address).content.decode()
    assert report_at not in shown
    assert f"#message-{said.seq}" in shown.partition('class="reports"')[2]
    assert "You muted this conversation" in shown
    assert "You block the other side" in shown
    assert "muted" in page.get("/conversations/").content.decode()


def test_an_authorizer_who_may_hold_is_not_offered_to_join() -> None:
    pair = world.pair()
    authorizer = handler_of(pair.provider)
    authorizer.memberships.update(role="authorizer")

    page = browser(authorizer).get(f"/desk/conversations/{pair.conversation.pk}/").content.decode()

    assert 'value="hold"' in page
    assert 'value="join"' not in page
