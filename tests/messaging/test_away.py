"""Who is away is told by one mail what waits: when, of what, how often, and never again after one click."""

import datetime as dt
import re
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.db import connection, connections
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import mail
from core.models import OutgoingMail
from messaging import access, actions, rules
from messaging.models import Conversation, Notice, Party, Preferences
from messaging.rules import Notify, Side
from messaging.tasks import cover_messages
from tests.messaging import world
from tests.messaging.test_models import broken
from verification.models import Account

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def say(pair: world.Pair, body: str = "Hello", by: Account | None = None) -> Any:
    """Say something and have it covered and followed, as the worker does within a minute."""
    said = actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body=body, attachments=[],
        by=by or pair.rights_holder, now=world.now(),
    )  # fmt: skip
    cover_messages(world.now())
    actions.plan_notices(conversation_id=pair.conversation.pk, now=world.now())
    return said


def tell(after: dt.timedelta) -> list[Any]:
    """Let the worker look so long from now, and return the mails that left."""
    outbox.outbox.clear()
    actions.send_notices(world.now() + after)
    mail.send_due(world.now() + after)
    return list(outbox.outbox)


def another_of(pair: world.Pair) -> world.Pair:
    """Return another conversation of the same uploader, with another rights holder."""
    holder, item = world.rights_holder(pair.provider), world.content(pair.subscriber)
    conversation = actions.open_conversation(
        provider=pair.provider, subject=f"content:{item.pk}", by=holder, subscriber=pair.subscriber,
        title="Another film", now=world.now(),
    )  # fmt: skip
    return world.Pair(pair.provider, holder, pair.uploader, pair.subscriber, conversation)


def test_what_is_not_read_for_five_minutes_is_told_in_one_mail_for_all_conversations() -> None:
    pair = world.pair()
    other = another_of(pair)
    for body in ("A secret", "Another"):
        say(pair, body)
    say(other)

    early, told = tell(4 * MINUTE), tell(6 * MINUTE)

    assert early == []
    [written] = told
    assert written.to == [pair.uploader.email]
    assert written.subject.startswith("3 messages wait for you")
    assert "Rights holder: 2 messages" in written.body
    assert "Rights holder: 1 message\n" in written.body
    for one in (pair, other):
        assert settings.PORTAL_URL + reverse("messaging:conversation", args=[one.conversation.pk]) in written.body


def test_the_mail_says_neither_what_was_said_nor_who_said_it() -> None:
    pair = world.pair()
    say(pair, "A secret")

    [written] = tell(6 * MINUTE)

    whole = written.message().as_string()
    assert "A secret" not in whole
    assert pair.rights_holder.email not in whole
    assert str(pair.rights_holder.pk) not in whole
    assert str(pair.uploader.pk) not in whole


def test_who_reads_in_time_and_who_wrote_it_is_told_nothing() -> None:
    pair = world.pair()
    said = say(pair)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=said.seq, by=pair.uploader)

    assert tell(6 * MINUTE) == []
    assert not Notice.objects.filter(account=pair.rights_holder).exists()
    assert list(Notice.objects.filter(due_at__isnull=False)) == []


def test_nothing_is_said_of_what_was_muted_or_withdrawn() -> None:
    muted, withdrawn = world.pair(), world.pair()
    actions.mute(conversation_id=muted.conversation.pk, is_muted=True, by=muted.uploader, now=world.now())
    say(muted)
    said = say(withdrawn)
    actions.withdraw_message(
        conversation_id=withdrawn.conversation.pk, message_id=said.id, by=withdrawn.rights_holder, now=world.now()
    )

    assert tell(6 * MINUTE) == []


def test_muting_after_the_message_was_planned_still_keeps_the_mail_away() -> None:
    pair = world.pair()
    say(pair)
    actions.mute(conversation_id=pair.conversation.pk, is_muted=True, by=pair.uploader, now=world.now())

    assert tell(6 * MINUTE) == []


def test_a_closed_conversation_is_told_of_once() -> None:
    pair = world.pair()
    other = another_of(pair)
    say(pair)
    actions.end_conversation(conversation_id=pair.conversation.pk, by=pair.rights_holder, now=world.now())

    [first] = tell(6 * MINUTE)
    say(other)
    [second] = tell(5 * HOUR)

    assert "closed: it can be read, but not written in" in first.body
    assert str(pair.conversation.pk) not in second.body


def test_who_reads_nothing_is_left_alone_ever_longer_and_never_told_the_same_again() -> None:
    pair = world.pair()
    say(pair)
    assert len(tell(6 * MINUTE)) == 1
    assert tell(30 * DAY) == []  # nothing new was said
    say(pair)

    assert tell(3 * HOUR) == []
    [second] = tell(4 * HOUR + 7 * MINUTE)

    assert "Rights holder: 2 messages" in second.body
    say(pair)
    assert tell(DAY) == []
    assert len(tell(DAY + 5 * HOUR)) == 1


def test_who_has_read_since_is_told_soon_again() -> None:
    pair = world.pair()
    said = say(pair)
    tell(6 * MINUTE)
    actions.mark_read(conversation_id=pair.conversation.pk, seq=said.seq, by=pair.uploader)
    say(pair)

    assert len(tell(7 * MINUTE)) == 1


def test_daily_gathers_a_day_and_never_writes_nothing() -> None:
    daily, never = world.pair(), world.pair()
    shown = {"shows_presence": True, "shows_typing": True, "now": world.now()}
    actions.set_preferences(**shown, notify=Notify.DAILY, by=daily.uploader)
    actions.set_preferences(**shown, notify=Notify.NEVER, by=never.uploader)
    say(daily)
    say(never)

    assert tell(DAY - 2 * MINUTE) == []
    assert [written.to for written in tell(DAY + MINUTE)] == [[daily.uploader.email]]


def test_who_wants_to_be_told_again_is_told_what_waits() -> None:
    pair = world.pair()
    shown = {"shows_presence": True, "shows_typing": True, "by": pair.uploader, "now": world.now()}
    actions.set_preferences(**shown, notify=Notify.NEVER)
    say(pair)
    assert tell(6 * MINUTE) == []

    actions.set_preferences(**shown, notify=Notify.SOON)

    assert len(tell(6 * MINUTE)) == 1


def test_who_takes_part_no_more_is_told_nothing() -> None:
    pair = world.pair()
    say(pair)
    Account.objects.filter(pk=pair.uploader.pk).update(is_active=False)

    assert tell(6 * MINUTE) == []


def test_the_mail_is_written_in_the_language_of_its_reader() -> None:
    pair = world.pair()
    Account.objects.filter(pk=pair.uploader.pk).update(language="zh-hans")
    say(pair)

    [written] = tell(6 * MINUTE)

    assert "权利人" in written.body
    assert "message" not in written.subject


def test_more_than_fits_into_a_mail_is_told_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.access.away.MOST_IN_A_MAIL", 1)
    monkeypatch.setattr(rules, "MOST_IN_A_MAIL", 1)
    pair = world.pair()
    say(pair)
    say(another_of(pair))

    first, second = tell(6 * MINUTE), tell(5 * HOUR)

    assert [len(first), len(second)] == [1, 1]
    assert first[0].body != second[0].body


def test_a_message_that_is_covered_starts_the_plan() -> None:
    from messaging.followers.away import plan

    pair = world.pair()
    actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid4()), body="Hello", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip
    cover_messages(world.now())
    from ledger.models import Entry

    plan(Entry.objects.get(act="conversation.covered", subject=pair.conversation.ledger_reference))

    assert list(Notice.objects.values_list("account", flat=True)) == [pair.uploader.pk]


def test_the_cost_of_a_sweep_does_not_grow_with_the_conversations() -> None:
    for _ in range(3):
        say(world.pair())
    tell(6 * MINUTE)

    with CaptureQueriesContext(connection) as idle:
        assert actions.send_notices(world.now() + DAY) == 0

    assert len([one for one in idle if "messaging_" in one["sql"]]) == 1
    Notice.objects.update(due_at=None)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = access.due_notices(world.now()).explain()
    assert "notice_due" in plan


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_each_mail_once() -> None:
    pairs = [world.pair() for _ in range(6)]
    for pair in pairs:
        say(pair)
    written: list[int] = []

    def work() -> None:
        written.append(actions.send_notices(world.now() + 6 * MINUTE))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(written) == 6
    assert OutgoingMail.objects.filter(template="messaging/mail/away").count() == 6


def test_a_mail_that_cannot_be_written_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = world.pair()
    say(pair)

    def fail(**_: Any) -> None:
        raise LookupError("no key")

    with monkeypatch.context() as patched:
        patched.setattr(mail, "enqueue", fail)
        with pytest.raises(LookupError, match="no key"):
            actions.send_notices(world.now() + 6 * MINUTE)

    assert Party.objects.filter(told_seq__gt=0).count() == 0
    assert len(tell(6 * MINUTE)) == 1


# --- one click


def stop_of(written: Any) -> str:
    found = re.fullmatch(rf"<{re.escape(settings.PORTAL_URL)}(/\S+)>", written.extra_headers["List-Unsubscribe"])
    assert found is not None
    return found.group(1)


def test_one_click_stops_the_mails_and_looking_at_the_link_does_not() -> None:
    pair = world.pair()
    say(pair)
    [written] = tell(6 * MINUTE)
    stop, program = stop_of(written), Browser(enforce_csrf_checks=True)
    assert written.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert settings.PORTAL_URL + stop in written.body

    looked = program.get(stop)
    assert (looked.status_code, Preferences.objects.count()) == (200, 0)
    assert b'method="post"' in looked.content
    pressed = [program.post(stop, {"List-Unsubscribe": "One-Click"}) for _ in range(2)]

    assert [answer.status_code for answer in pressed] == [200, 200]
    assert Preferences.objects.get(account=pair.uploader).notify == Notify.NEVER
    say(pair)
    assert tell(30 * DAY) == []


def test_the_link_names_nobody_and_a_forged_one_leads_nowhere() -> None:
    pair = world.pair()
    token = actions.stop_token(pair.uploader)
    assert pair.uploader.email not in token

    for wrong in ("A" + token[:-1], "x", "é", "A" * 200, "%"):
        assert Browser().post(reverse("messaging:stop-mails", args=[wrong])).status_code == 404
    assert Preferences.objects.count() == 0


def test_an_account_sets_by_page_and_by_api_how_it_is_told() -> None:
    pair = world.pair()
    browser = Browser()
    browser.force_login(pair.uploader, backend=settings.AUTHENTICATION_BACKENDS[0])

    page = browser.post(reverse("messaging:preferences"), {"notify": "daily"})
    shown = browser.get("/api/v1/me/messaging", headers={"Authorization": f"Bearer {world.token(pair.uploader)}"})

    assert page.status_code == 303
    assert shown.json()["notify"] == "daily"
    wrong = browser.put("/api/v1/me/messaging", {"notify": "hourly"}, content_type="application/json")
    assert wrong.status_code == 400


# --- rules and rows


NOON = dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("notify", "told", "unread_mails", "due"),
    [
        (Notify.SOON, None, 0, 5 * MINUTE),
        (Notify.SOON, -HOUR, 0, 5 * MINUTE),
        (Notify.SOON, -HOUR, 1, 3 * HOUR),
        (Notify.SOON, -HOUR, 2, 23 * HOUR),
        (Notify.SOON, -HOUR, 3, 3 * DAY - HOUR),
        (Notify.SOON, -HOUR, 9, 7 * DAY - HOUR),
        (Notify.DAILY, None, 0, DAY),
        (Notify.DAILY, HOUR, 0, DAY + HOUR),
        (Notify.DAILY, -HOUR, 3, 3 * DAY - HOUR),
        (Notify.NEVER, None, 0, None),
    ],
)
def test_when_the_next_mail_may_come(
    notify: Notify, told: dt.timedelta | None, unread_mails: int, due: dt.timedelta | None
) -> None:
    told_at = NOON + told if told is not None else None

    found = rules.next_mail_at(notify, NOON, told_at=told_at, unread_mails=unread_mails)

    assert found == (NOON + due if due is not None else None)


BROKEN: dict[str, dict[str, Any]] = {
    "notice_told_has_number": {"number": 1},
    "notice_unread_were_sent": {"unread_mails": 1},
}


@pytest.mark.parametrize("name", BROKEN)
def test_rows_of_notices(name: str) -> None:
    account = world.account()

    assert broken(lambda: Notice.objects.create(account=account, **BROKEN[name])) == name


def test_rows_of_parties_and_preferences() -> None:
    pair = world.pair()
    preferences = Preferences(account=pair.uploader, notify="hourly")

    assert broken(lambda: preferences.save(force_insert=True)) == "preferences_notify_known"
    assert broken(lambda: Party.objects.update(told_seq=-1)) == "party_told_in_range"


def test_staff_who_joined_is_told_too_and_counted_by_its_role() -> None:
    pair = world.pair()
    handler = world.handler_of(pair.provider)
    actions.join_as_staff(conversation_id=pair.conversation.pk, reasons="To help", by=handler, now=world.now())
    cover_messages(world.now())
    actions.plan_notices(conversation_id=pair.conversation.pk, now=world.now())

    told = {written.to[0]: written.body for written in tell(6 * MINUTE)}

    assert set(told) == {pair.rights_holder.email, pair.uploader.email}
    assert "Provider's staff: 1 message" in told[pair.uploader.email]
    assert Conversation.objects.get().parties.filter(side=Side.STAFF).exists()
