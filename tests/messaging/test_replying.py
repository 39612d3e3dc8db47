"""A mail that answers a conversation is read, believed or not, and sent into it once; nothing of it is lost."""

import datetime as dt
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as site
from django.core import mail as outbox
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from core import checks, mail, scanning, sealing
from core.errors import Conflict, Invalid, NotFound, Unavailable
from messaging import access, actions, mailed, reply_box, rules
from messaging.models import MailedReply, Message, ReplyAddress, ReplyBox
from messaging.rules import ReplyState, Why
from tests.complaints import dovecot
from tests.complaints.dovecot import PASSWORD, USER, Dovecot
from tests.messaging import world
from tests.messaging.test_away import MINUTE, say, tell
from tests.messaging.test_models import broken
from verification.models import Account

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(autouse=True)
def mailbox(settings: Settings) -> None:
    settings.REPLY_ADDRESS = "reply@portal.example"
    settings.REPLIES_URL = "imaps://letters:secret@mail.example/INBOX"


def told(pair: world.Pair) -> str:
    """Say something to the uploader, and return the address to which its mail is answered."""
    say(pair)
    [written] = tell(6 * MINUTE)
    return str(written.extra_headers["Reply-To"])


def letter(to: str, text: str = "I take it down.", *, by: Account | str, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"] = f"Somebody <{by if isinstance(by, str) else by.email}>"
    made["To"], made["Subject"] = to, "Re: 1 message waits for you"
    made["Message-ID"] = headers.pop("number", f"<{uuid4()}@films.example>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def take(message: EmailMessage | bytes, **given: Any) -> MailedReply | None:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return actions.take_reply(raw=raw, now=given.pop("now", world.now()), **given)


def said_in(pair: world.Pair) -> list[str]:
    return list(Message.objects.filter(conversation=pair.conversation).order_by("seq").values_list("body", flat=True))


def mails_now() -> list[Any]:
    outbox.outbox.clear()
    mail.send_due(world.now() + MINUTE)
    return list(outbox.outbox)


def test_an_answer_to_the_mail_of_one_conversation_is_sent_into_it() -> None:
    pair = world.pair()
    to = told(pair)

    taken = take(letter(to, "I take it down.\n\nOn 3 March 2026, Portal wrote:\n> 1 message\n", by=pair.uploader))

    assert taken is not None
    assert (taken.state, said_in(pair)) == (ReplyState.POSTED, ["Hello", "I take it down."])
    assert Message.objects.get(seq=2).sender == pair.party("uploader")
    assert "1 message" in access.content_of_reply(taken)["left_out"]
    assert mails_now() == []
    assert len(to.partition("@")[0]) <= 64


def test_a_mail_about_several_conversations_or_a_closed_one_cannot_be_answered() -> None:
    from tests.messaging.test_away import another_of

    several, closed = world.pair(), world.pair()
    for one in (several, another_of(several), closed):
        say(one)
    actions.end_conversation(conversation_id=closed.conversation.pk, by=closed.rights_holder, now=world.now())

    written = tell(6 * MINUTE)

    assert len(written) == 2
    assert [one for one in written if "Reply-To" in one.extra_headers or rules.MARK in one.body] == []


def test_without_a_mailbox_no_mail_offers_to_be_answered(settings: Settings) -> None:
    settings.REPLY_ADDRESS = settings.REPLIES_URL = ""
    say(world.pair())

    [written] = tell(6 * MINUTE)

    assert "Reply-To" not in written.extra_headers
    assert "answer" not in written.body


def test_the_same_mail_twice_is_one_message() -> None:
    pair = world.pair()
    message = letter(told(pair), by=pair.uploader)

    first = take(message)
    again = [take(message), take(b"Received: by another way\r\n" + message.as_bytes())]

    assert first is not None
    assert again == [None, None]
    assert len(said_in(pair)) == 2


def test_who_has_the_address_and_is_somebody_else_says_nothing_and_the_account_is_told() -> None:
    pair = world.pair()

    taken = take(letter(told(pair), "A forgery", by="stranger@elsewhere.example"))

    assert taken is not None
    assert (taken.state, taken.why, taken.content_sealed) == (ReplyState.REFUSED, Why.SENDER, None)
    assert said_in(pair) == ["Hello"]
    assert [one.to for one in mails_now()] == [[pair.uploader.email]]


def test_the_other_side_cannot_answer_with_an_address_that_was_not_its_own() -> None:
    pair = world.pair()

    taken = take(letter(told(pair), by=pair.rights_holder))

    assert taken is not None
    assert taken.why == Why.SENDER


def test_of_the_same_refusal_an_account_is_told_once_a_day() -> None:
    pair = world.pair()
    to = told(pair)
    for _ in range(3):
        take(letter(to, by="stranger@elsewhere.example"))

    assert len(mails_now()) == 1


def test_several_senders_are_nobody() -> None:
    pair = world.pair()
    raw = letter(told(pair), by=pair.uploader).as_bytes()
    twice = raw.replace(b"From: Somebody", f"From: {pair.uploader.email}\nFrom: Somebody".encode(), 1)

    taken = take(twice)

    assert taken is not None
    assert taken.why == Why.SENDER
    assert said_in(pair) == ["Hello"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Precedence": "bulk"},
        {"Precedence": "auto_reply"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<films.example>"},
    ],
)
def test_what_a_machine_answers_is_said_to_nobody_and_answered_to_nobody(headers: dict[str, str]) -> None:
    pair = world.pair()

    assert take(letter(told(pair), "Out of office", by=pair.uploader, **headers)) is None
    assert (said_in(pair), mails_now(), MailedReply.objects.count()) == (["Hello"], [], 0)


def test_no_mail_of_ours_is_ever_taken_as_an_answer() -> None:
    pair = world.pair()
    to = told(pair)
    take(letter(to, by="stranger@elsewhere.example"))
    [refusal] = mails_now()
    raw = refusal.message().as_bytes().replace(b"\nTo: ", f"\nTo: {to}, ".encode(), 1)

    assert mailed.read(raw) is not None
    assert take(raw) is None


@pytest.mark.parametrize("wrong", ["reply+{0}@portal.example", "reply@portal.example", "reply+{1}@other.example"])
def test_a_made_up_address_leads_nowhere(wrong: str) -> None:
    pair = world.pair()
    token = told(pair).partition("+")[2].partition("@")[0]
    forged = ("b" if token[-5] == "a" else "a").join((token[:-5], token[-4:]))

    assert take(letter(wrong.format(forged, token), by=pair.uploader)) is None
    assert said_in(pair) == ["Hello"]


def test_an_address_expires_and_ends_when_mails_are_stopped() -> None:
    old, stopped = world.pair(), world.pair()
    addresses = [told(old), told(stopped)]
    actions.stop_mails(token=actions.stop_token(stopped.uploader), now=world.now())

    late = take(letter(addresses[0], by=old.uploader), now=world.now() + rules.ANSWERED_WITHIN + DAY)
    after = take(letter(addresses[1], by=stopped.uploader))

    assert late is not None
    assert after is not None
    assert (late.why, after.why) == (Why.EXPIRED, Why.EXPIRED)
    assert (said_in(old), said_in(stopped)) == (["Hello"], ["Hello"])


def test_an_answer_that_tells_who_one_is_waits_for_its_writer() -> None:
    pair = world.pair()
    text = "I take it down.\n\nBest regards,\nRights Holder\n+49 30 901820"

    taken = take(letter(told(pair), text, by=pair.uploader))

    assert taken is not None
    assert (taken.state, taken.why, said_in(pair)) == (ReplyState.HELD, Why.TELLS, ["Hello"])
    [written] = mails_now()
    page = reverse("messaging:reply", args=[taken.pk])
    assert written.to == [pair.uploader.email]
    assert site.PORTAL_URL + page in written.body
    assert "901820" not in written.body
    browser = signed_in(pair.uploader)
    assert "+49 30 901820</mark>" in browser.get(page).content.decode()
    assert signed_in(pair.rights_holder).get(page).status_code == 404

    sent = browser.post(page, {"body": "I take it down.", "decision": "send"})

    assert sent.status_code == 303
    assert said_in(pair) == ["Hello", "I take it down."]
    assert browser.post(page, {"body": "Again", "decision": "send"}).status_code == 409


def test_what_was_held_back_may_be_sent_never_and_stays_readable() -> None:
    pair = world.pair()
    taken = take(letter(told(pair), "Call +49 30 901820 now", by=pair.uploader))
    assert taken is not None
    browser, page = signed_in(pair.uploader), reverse("messaging:reply", args=[taken.pk])

    assert browser.post(page, {"decision": "drop"}).status_code == 303

    assert said_in(pair) == ["Hello"]
    assert "901820" in browser.get(page).content.decode()
    assert page in browser.get(reverse("messaging:replies")).content.decode()
    with pytest.raises(Conflict):
        actions.drop_reply(reply_id=taken.pk, by=pair.uploader)
    with pytest.raises(NotFound):
        actions.drop_reply(reply_id=taken.pk, by=pair.rights_holder)


def test_an_empty_answer_is_shown_beside_the_field() -> None:
    pair = world.pair()
    taken = take(letter(told(pair), "Call +49 30 901820 now", by=pair.uploader))
    assert taken is not None

    answer = signed_in(pair.uploader).post(
        reverse("messaging:reply", args=[taken.pk]), {"body": "", "decision": "send"}
    )

    assert answer.status_code == 400
    with pytest.raises(Invalid):
        actions.send_reply(reply_id=taken.pk, body=" ", by=pair.uploader, now=world.now())


def test_files_come_along_and_what_is_not_taken_is_asked_about() -> None:
    pair = world.pair()
    to = told(pair)
    whole, partly = letter(to, "See it", by=pair.uploader), letter(to, "And this", by=pair.uploader)
    for message in (whole, partly):
        message.add_attachment(PICTURE, maintype="image", subtype="png", filename="Somebody's home.png")
    partly.add_attachment(b"MZ\x90\x00\x03", maintype="application", subtype="octet-stream", filename="run.exe")

    first, second = take(whole), take(partly)

    assert first is not None
    assert second is not None
    assert (first.state, second.state, second.why) == (ReplyState.POSTED, ReplyState.HELD, Why.FILES)
    [sent] = Message.objects.get(seq=2).attachments
    assert (sent["name"], sent["media_type"]) == (f"attachment-{sent['id'][-6:]}.png", "image/png")
    assert access.content_of_reply(second)["missed"] == 1
    actions.send_reply(reply_id=second.pk, body="And this", by=pair.uploader, now=world.now())
    assert len(Message.objects.get(seq=3).attachments) == 1


def test_while_files_cannot_be_looked_at_the_mail_is_left_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = world.pair()
    message = letter(told(pair), "See it", by=pair.uploader)
    message.add_attachment(PICTURE, maintype="image", subtype="png", filename="1.png")

    def away(_data: bytes) -> bool:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(scanning, "is_clean", away)
        with pytest.raises(Unavailable):
            take(message)

    assert MailedReply.objects.count() == 0
    assert take(message) is not None
    assert len(said_in(pair)) == 2


def test_a_mail_into_a_closed_conversation_or_of_a_silenced_party_says_so() -> None:
    closed, silenced = world.pair(), world.pair()
    addresses = [told(closed), told(silenced)]
    actions.end_conversation(conversation_id=closed.conversation.pk, by=closed.rights_holder, now=world.now())
    actions.block(conversation_id=silenced.conversation.pk, by=silenced.rights_holder, now=world.now())

    taken = [take(letter(to, by=pair.uploader)) for to, pair in zip(addresses, (closed, silenced), strict=True)]

    assert [one.why if one else None for one in taken] == [Why.CLOSED, Why.SILENCED]
    written = mails_now()
    assert len(written) == 2
    assert "The conversation is closed." in written[0].body
    assert "kept for you for thirty days" in written[0].body


def test_who_takes_part_no_more_and_who_says_nothing_is_told_so() -> None:
    pair, empty = world.pair(), world.pair()
    addresses = [told(pair), told(empty)]
    Account.objects.filter(pk=pair.uploader.pk).update(is_active=False)

    taken = [
        take(letter(addresses[0], by=pair.uploader)),
        take(letter(addresses[1], "\n> 1 message waits for you\n", by=empty.uploader)),
    ]

    assert [one.why if one else None for one in taken] == [Why.AWAY, Why.EMPTY]


def test_too_many_within_an_hour_are_refused_and_too_long_ones_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = world.pair()
    to = told(pair)
    monkeypatch.setattr(rules, "REPLIES_AN_HOUR", 1)
    at = world.now().replace(minute=0)

    long = take(letter(to, "word " * 2_000, by=pair.uploader), now=at)
    more = take(letter(to, by=pair.uploader), now=at)

    assert [one.why if one else None for one in (long, more)] == [Why.TOO_LONG, Why.TOO_MANY]


def test_what_is_kept_of_an_answer_goes_after_thirty_days() -> None:
    pair = world.pair()
    taken = take(letter(told(pair), by=pair.uploader))
    assert taken is not None
    assert taken.data_key is not None

    early = actions.forget_replies(world.now() + 29 * DAY)
    late = actions.forget_replies(world.now() + 31 * DAY)
    actions.forget_replies(world.now() + 62 * DAY)

    assert (early, late, MailedReply.objects.count(), ReplyAddress.objects.count()) == (0, 1, 0, 0)
    assert len(said_in(pair)) == 2
    taken.data_key.refresh_from_db()
    assert taken.data_key.wrapped is None


def signed_in(account: Account) -> Browser:
    browser = Browser()
    browser.force_login(account, backend=site.AUTHENTICATION_BACKENDS[0])
    return browser


# --- what a mail says

QUOTE = "\n> 1 message waits for you\n> https://portal.example/\n"
ANNOUNCED = [
    "On Tue, Mar 3, 2026 at 10:11 AM Portal <reply+abc@portal.example> wrote:",
    "On Tue, Mar 3, 2026 at 10:11 AM Portal\n<reply+abc@portal.example> wrote:",
    "Am 03.03.26 um 10:11 schrieb Portal:",
    "Am Di., 3. März 2026 um 10:11 Uhr schrieb Portal <\nreply@portal.example>:",
    "Le mar. 3 mars 2026 à 10:11, Portal <reply@portal.example> a écrit :",
    "El mar, 3 mar 2026 a las 10:11, Portal (<reply@portal.example>) escribió:",
    "Il giorno mar 3 mar 2026 alle ore 10:11 Portal ha scritto:",
    "Em ter., 3 de mar. de 2026 às 10:11, Portal <reply@portal.example> escreveu:",
    "Op di 3 mrt 2026 om 10:11 schreef Portal <reply@portal.example>:",
    "Den tis 3 mars 2026 kl 10:11 skrev Portal <reply@portal.example>:",
    "wt., 3 mar 2026 o 10:11 Portal <reply@portal.example> napisał(a):",
    "вт, 3 мар. 2026 г. в 10:11, Portal <reply@portal.example> пишет:",
    "Portal <reply@portal.example> 于2026年3月3日周二 10:11写道：",
    "2026年3月3日(火) 10:11 Portal <reply@portal.example>:",
]


@pytest.mark.parametrize("announced", ANNOUNCED)
@pytest.mark.parametrize("quoted", [QUOTE, "\n1 message waits for you\n"])
def test_the_mail_that_is_answered_is_cut_off_in_whatever_language_it_is_announced(announced: str, quoted: str) -> None:
    for room in ("\n\n", "\n"):
        said, left_out = rules.cut(f"I take it down.{room}{announced}{quoted}")

        assert said == "I take it down."
        assert "1 message waits" in left_out


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "----- Message d'origine -----",
        "------------------ 原始邮件 ------------------",
        "##- Write your answer above this line ##-",
        "From: Portal <reply@portal.example>\nSent: Tuesday\nTo: me",
        "Von: Portal\nGesendet: Dienstag, 3. März 2026 10:11\nBetreff: Nachricht",
        "发件人: Portal\n发送时间: 2026年3月3日\n收件人: 我",
        "-- \nSomebody\nHarbour Films",
        "--\nSomebody",
    ],
)
def test_everything_after_what_parts_it_is_cut_off(separator: str) -> None:
    said, left_out = rules.cut(f"I take it down.\r\n\r\n{separator}\r\n\r\n1 message waits")

    assert said == "I take it down."
    assert left_out.endswith("1 message waits")


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Envoyé de mon iPhone",
        "发自我的iPhone",
        "Get Outlook for iOS",
    ],
)
def test_what_a_telephone_writes_under_each_mail_is_cut_off(line: str) -> None:
    assert rules.cut(f"I take it down.\n\n{line}\n\nAm 03.03.26 schrieb Portal:{QUOTE}").said == "I take it down."


def test_who_answers_between_the_lines_is_read_too() -> None:
    text = "Hello,\n\nOn 3 March 2026, Portal wrote:\n> When?\n\nTomorrow.\n\n> And the trailer?\n\nIt stays.\n"

    said, left_out = rules.cut(text)

    assert said == "Hello,\n\nTomorrow.\n\nIt stays."
    assert left_out == "On 3 March 2026, Portal wrote:\n> When?\n> And the trailer?"


@pytest.mark.parametrize(
    "text",
    [
        "On Monday you wrote:\nthat it is yours. It is not.",
        "From: the first minute on it is mine.\nTo be clear.",
        "He asked: why?\n-- no, he said --\nSo be it.",
        "你写道：这是你的。\n不是。",
        "Date: tomorrow",
    ],
)
def test_what_only_looks_like_it_is_kept(text: str) -> None:
    assert rules.cut(text) == (text, "")


def test_a_hostile_mail_costs_little() -> None:
    import time

    began = time.process_time()
    for text in ("on " * 60_000, "On 1\n" * 20_000, "> " * 90_000, "from: x\n" * 20_000, "年" * 100_000, "-" * 100_000):
        rules.cut(text)
        mailed.text_of_html("<div>" * 2_000 + text[:50_000])

    assert time.process_time() - began < 10.0


def test_html_is_read_as_people_see_it() -> None:
    html = (
        "<html><head><style>p {color: red}</style></head><body><p>I take&nbsp;it <b>down</b>.</p><p>Tomorrow<br>at noon</p>"
        "<script>alert(1)</script><div class='gmail_quote'><div class='gmail_attr'>On Tue, Mar 3, 2026 Portal "
        "&lt;reply@portal.example&gt; wrote:<br></div><blockquote>1 message waits</blockquote></div></body></html>"
    )
    pair = world.pair()
    message = letter(told(pair), by=pair.uploader)
    message.set_content(html, subtype="html")

    taken = take(message)

    assert taken is not None
    assert said_in(pair)[1] == "I take it down.\n\nTomorrow\nat noon"
    assert "1 message waits" in access.content_of_reply(taken)["left_out"]


def test_outlooks_html_is_cut_where_the_answered_mail_begins() -> None:
    html = "<div>I take it down.</div><hr><div id='divRplyFwdMsg'><b>From:</b> Portal<br></div><div>1 message</div>"

    assert rules.cut(mailed.text_of_html(html)).said == "I take it down."


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 50,
        b"Content-Type: text/plain; " + b"a=b; " * 2_000 + b"\r\n\r\nHello",
    ],
)
def test_what_cannot_be_read_is_nothing(raw: bytes) -> None:
    assert take(raw) is None


@pytest.mark.parametrize(
    ("charset", "written"),
    [
        ("utf-8", "Ich lösche es. 我删除。".encode()),
        ("gb18030", "我删除。".encode("gb18030")),
        ("x-unheard-of", "Ich lösche es".encode()),
    ],
)
def test_any_character_set_is_read_and_one_that_nobody_knows_as_far_as_possible(charset: str, written: bytes) -> None:
    pair = world.pair()
    head = f"From: {pair.uploader.email}\r\nTo: {told(pair)}\r\nMessage-ID: <{uuid4()}@films.example>\r\n"
    kind = (
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )

    taken = take((head + kind).encode() + written)

    assert taken is not None
    known = charset if charset != "x-unheard-of" else "utf-8"
    assert said_in(pair)[1] == written.decode(known)


# --- the mailbox


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot.running() as server:
        yield server


@pytest.fixture
def server(running: Dovecot, settings: Settings) -> Dovecot:
    running.empty()
    settings.MAILBOX_HOSTS = ["127.0.0.1"]
    settings.REPLIES_URL = (
        f"imap://{USER}:{PASSWORD.replace(',', '%2C').replace(' ', '%20')}@127.0.0.1:{running.plain}/INBOX"
    )
    return running


def look(now: dt.datetime | None = None) -> int:
    at = now or world.now()
    ReplyBox.objects.update(next_try_at=at)
    box = reply_box.claim(at)
    assert box is not None
    return reply_box.look_into(box, lambda: at)


with_dovecot = pytest.mark.skipif(not dovecot.IS_INSTALLED, reason="dovecot-imapd is not installed")


@with_dovecot
def test_answers_are_fetched_from_the_mailbox_each_once(server: Dovecot) -> None:
    pair = world.pair()
    message = letter(told(pair), by=pair.uploader).as_bytes()
    for raw in (b"\xff broken", message, message):
        server.put(raw)

    looked = [look(), look()]
    server.renumber()
    again = look()

    assert (looked, again) == ([3, 0], 3)
    assert said_in(pair) == ["Hello", "I take it down."]
    assert server.seen() == 3


@with_dovecot
def test_the_mailbox_is_read_over_tls(server: Dovecot, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "certificate"))
    settings.REPLIES_URL = settings.REPLIES_URL.replace("imap://", "imaps://").replace(
        str(server.plain), str(server.tls)
    )
    pair = world.pair()
    server.put(letter(told(pair), by=pair.uploader).as_bytes())

    assert look() >= 1
    assert len(said_in(pair)) == 2


@with_dovecot
def test_a_mail_that_breaks_something_does_not_stop_those_after_it(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = world.pair()
    to = told(pair)
    server.put(letter(to, "Breaks", by=pair.uploader).as_bytes())
    server.put(letter(to, "Holds", by=pair.uploader).as_bytes())
    taking = actions.take_reply

    def break_one(*, raw: bytes, **given: Any) -> Any:
        if b"Breaks" in raw:
            raise LookupError
        return taking(raw=raw, **given)

    monkeypatch.setattr(actions, "take_reply", break_one)
    look()

    assert said_in(pair) == ["Hello", "Holds"]


def test_a_mailbox_that_cannot_be_read_is_tried_ever_later(settings: Settings) -> None:
    settings.MAILBOX_HOSTS = ["127.0.0.1"]
    settings.REPLIES_URL = "imap://letters:secret@127.0.0.1:1/INBOX"
    at = world.now()

    assert [look(at), look(at)] == [0, 0]
    box = ReplyBox.objects.get()
    assert (box.failures, box.failure) == (2, "not_reached")
    assert box.next_try_at == at + 4 * rules.LOOKED_INTO_EVERY
    assert reply_box.claim(at) is None


def test_one_process_looks_at_a_time_and_none_where_no_mailbox_is_set(settings: Settings) -> None:
    at = world.now()
    assert reply_box.claim(at) is not None
    assert reply_box.claim(at) is None

    settings.REPLIES_URL = ""
    assert reply_box.Reader().sweep(at) == 0


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("reply@portal.example", ""),
        ("", "imaps://a:b@mail.example/INBOX"),
        ("reply@portal.example", "https://a:b@mail.example"),
        ("reply@portal.example", "imaps://mail.example/INBOX"),
        ("a-very-long-name-for-a-reply@portal.example", "imaps://a:b@mail.example"),
    ],
)
def test_half_a_mailbox_does_not_start(settings: Settings, address: str, url: str) -> None:
    settings.REPLY_ADDRESS, settings.REPLIES_URL = address, url

    assert [fault for fault in checks.faults_of_start() if re.match("REPL(Y_ADDRESS|IES_URL)", fault)]


# --- rows


def test_rows_of_answers() -> None:
    pair = world.pair()
    party, now = pair.party("uploader"), world.now()
    row = {"party": party, "state": "posted", "received_at": now}
    once = uuid4()
    MailedReply.objects.create(**row, client_id=once)

    assert broken(lambda: MailedReply.objects.create(**row, client_id=once)) == "mailed_reply_once"
    assert broken(lambda: MailedReply.objects.create(**row | {"state": "refused"}, client_id=uuid4())) == (
        "mailed_reply_says_why"
    )
    key = sealing.new_data_key(now=now)
    assert broken(lambda: MailedReply.objects.create(**row, data_key=key, client_id=uuid4())) == (
        "mailed_reply_sealed_with_key"
    )
    assert broken(lambda: ReplyAddress.objects.create(party=party, made_at=now, expires_at=now)) == (
        "reply_address_expires_later"
    )
    assert broken(lambda: ReplyBox.objects.create(pk=2, next_try_at=now)) == "reply_box_is_one"
