"""Nothing acknowledged is lost, doubled or out of order, whatever dies, gets lost or stands still."""

import json
import socket as sockets
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from websockets.exceptions import WebSocketException

from messaging import actions, steps
from messaging.models import Conversation, Message, Party
from messaging.rules import MOST_WAITING_CHARACTERS
from tests.messaging import world
from tests.messaging.conftest import Client, Serving, first_event
from tests.messaging.raw import Raw, frame
from verification.models import Account

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


class Talker(threading.Thread):
    """Sends as fast as acks come, and again with the same client_id after a broken connection."""

    def __init__(self, serving: Serving, pair: world.Pair, account: object) -> None:
        super().__init__(daemon=True)
        self.serving, self.pair, self.token = serving, pair, world.token(account)  # type: ignore[arg-type]
        self.acked: dict[str, int] = {}
        self.is_over = threading.Event()

    def run(self) -> None:
        waiting = str(uuid.uuid4())
        while not self.is_over.is_set():
            try:
                client = Client(self.serving.port, additional_headers={"Authorization": f"Bearer {self.token}"})
                while not self.is_over.is_set():
                    self.acked[waiting] = client.say(self.pair, f"message {waiting}", waiting)["seq"]
                    waiting = str(uuid.uuid4())
            except (OSError, WebSocketException, TimeoutError, EOFError, KeyError):
                time.sleep(0.05)

    def stop(self) -> None:
        self.is_over.set()
        self.join(20)


def wait_for_more(talkers: list[Talker]) -> None:
    """Wait until each of them was acknowledged something more: the service is back for all, however busy the machine."""
    before, until = [len(talker.acked) for talker in talkers], time.monotonic() + 20
    while any(len(talker.acked) <= count for talker, count in zip(talkers, before, strict=True)):
        assert time.monotonic() < until
        time.sleep(0.02)


def check(pair: world.Pair, talkers: list[Talker]) -> None:
    """Every ack is a message, each once, numbered without a gap."""
    stored = {str(m.client_id): m.seq for m in Message.objects.filter(conversation=pair.conversation)}
    for talker in talkers:
        assert talker.acked
        assert talker.acked.items() <= stored.items()
    assert sorted(stored.values()) == list(range(1, len(stored) + 1))
    assert Conversation.objects.get(pk=pair.conversation.pk).last_seq == len(stored)


def test_killing_the_process_under_load_loses_and_doubles_nothing(serving: Serving, pair: world.Pair) -> None:
    talkers = [Talker(serving, pair, pair.rights_holder), Talker(serving, pair, pair.uploader)]
    for talker in talkers:
        talker.start()

    for _ in range(3):
        before = [len(talker.acked) for talker in talkers]
        until = time.monotonic() + 20
        while any(len(t.acked) < n + 20 for t, n in zip(talkers, before, strict=True)):
            assert time.monotonic() < until
            time.sleep(0.02)
        serving.restart()
    for talker in talkers:
        talker.stop()

    check(pair, talkers)


def test_losing_the_connections_to_the_database_loses_and_doubles_nothing(serving: Serving, pair: world.Pair) -> None:
    talkers = [Talker(serving, pair, pair.rights_holder), Talker(serving, pair, pair.uploader)]
    for talker in talkers:
        talker.start()

    for _ in range(5):
        time.sleep(0.3)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
    wait_for_more(talkers)
    for talker in talkers:
        talker.stop()

    check(pair, talkers)


def test_two_processes_number_one_conversation_without_gaps(
    serving: Serving, second_serving: Serving, pair: world.Pair
) -> None:
    listener = serving.as_account(pair.uploader)
    listener.open(pair)
    talkers = [
        Talker(one, pair, account)
        for one in (serving, second_serving)
        for account in (pair.rights_holder, pair.rights_holder)
    ]
    for talker in talkers:
        talker.start()
    until = time.monotonic() + 20
    while any(len(talker.acked) < 50 for talker in talkers):
        assert time.monotonic() < until
        time.sleep(0.02)
    for talker in talkers:
        talker.stop()

    check(pair, talkers)
    last = Conversation.objects.get(pk=pair.conversation.pk).last_seq
    assert [listener.next("message")["seq"] for _ in range(last)] == list(range(1, last + 1))


def test_a_message_of_the_other_process_comes_at_once(
    serving: Serving, second_serving: Serving, pair: world.Pair
) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), second_serving.as_account(pair.uploader)
    holder.open(pair)
    uploader.open(pair)
    for client in (holder, uploader):
        first_event(client, pair)
    time.sleep(2.5)  # the two have said hello

    began = time.monotonic()
    holder.say(pair)
    assert uploader.next("message")["seq"] == 1
    assert time.monotonic() - began < 1
    uploader.send(type="typing", conversation=str(pair.conversation.pk))
    assert holder.next("typing")["conversation"] == str(pair.conversation.pk)


@pytest.mark.redis
def test_over_redis_a_message_of_the_other_process_comes_at_once(
    two_over_redis: tuple[Serving, Serving], pair: world.Pair
) -> None:
    one, other = two_over_redis
    holder, uploader = one.as_account(pair.rights_holder), other.as_account(pair.uploader)
    holder.open(pair)
    uploader.open(pair)
    time.sleep(2.5)  # the two have said hello

    began = time.monotonic()
    holder.say(pair)
    assert uploader.next("message")["seq"] == 1
    assert time.monotonic() - began < 1
    uploader.send(type="typing", conversation=str(pair.conversation.pk))
    assert holder.next("typing")["conversation"] == str(pair.conversation.pk)


def test_without_any_hint_messages_come_all_the_same(serving: Serving, deaf_serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), deaf_serving.as_account(pair.uploader)
    uploader.open(pair)

    for n in range(5):
        holder.say(pair, f"{n}")

    assert [uploader.next("message", within=5)["seq"] for _ in range(5)] == [1, 2, 3, 4, 5]


def test_what_the_api_stores_is_delivered_to_sockets(serving: Serving, pair: world.Pair) -> None:
    uploader = serving.as_account(pair.uploader)
    uploader.open(pair)
    first_event(uploader, pair)

    began = time.monotonic()
    draft = actions.post_message(
        conversation_id=pair.conversation.pk, client_id=str(uuid.uuid4()), body="By the API", attachments=[],
        by=pair.rights_holder, now=world.now(),
    )  # fmt: skip

    assert uploader.next("message")["id"] == str(draft.id)
    assert time.monotonic() - began < 1.5


def test_an_event_of_the_matter_reaches_open_sockets(serving: Serving, pair: world.Pair) -> None:
    uploader = serving.as_account(pair.uploader)
    uploader.open(pair)

    frame = first_event(uploader, pair)

    assert (frame["subject"], frame["event"]) == (pair.conversation.subject, {"state": "accepted"})


def test_a_conversation_that_is_locked_holds_up_no_other(serving: Serving, pair: world.Pair) -> None:
    from django.db import transaction

    other = world.pair(pair.provider)
    held, free = serving.as_account(pair.rights_holder), serving.as_account(other.rights_holder)
    with transaction.atomic():
        steps.close(pair.conversation.subject, world.now())
        held.send(type="send", conversation=str(pair.conversation.pk), client_id=str(uuid.uuid4()), body="Too late")
        time.sleep(0.2)
        assert free.say(other)["type"] == "ack"
    assert held.next("error")["code"] in ("closed", "unavailable")


def test_who_quotes_in_a_conversation_that_is_locked_keeps_nobody_out(serving: Serving, pair: world.Pair) -> None:
    from django.db import transaction

    other = world.pair(pair.provider)
    held, free = serving.as_account(pair.rights_holder), {"Authorization": f"Bearer {world.token(other.rights_holder)}"}
    said = {"type": "send", "conversation": str(pair.conversation.pk), "quotes": held.say(pair)["id"]}
    with transaction.atomic():
        steps.close(pair.conversation.subject, world.now())
        held.send(**said, client_id=str(uuid.uuid4()), body="Too late")
        time.sleep(0.2)
        newcomer = Client(serving.port, additional_headers=free, open_timeout=10)
        again = {**said, "conversation": str(other.conversation.pk), "quotes": newcomer.say(other)["id"]}
        newcomer.send(**again, client_id=str(uuid.uuid4()), body="In time")
        assert newcomer.next("ack")["seq"] == 2
    refused = held.next("error")
    assert (refused["code"], refused["conversation"]) == ("closed", str(pair.conversation.pk))


@pytest.mark.parametrize("mark", ["read", "delivered"])
def test_a_mark_that_can_not_be_moved_now_is_moved_later_and_keeps_no_other_back(
    serving: Serving, pair: world.Pair, mark: str
) -> None:
    from django.db import transaction

    both = [pair, world.pair(pair.provider)]
    holders = [serving.as_account(one.rights_holder) for one in both]
    uploaders = [serving.as_account(one.uploader) for one in both]
    for holder, uploader, one in zip(holders, uploaders, both, strict=True):
        holder.send(type="open", conversation=str(one.conversation.pk), **{"with": ["delivered"]})
        holder.next("opened")
        holder.say(one)
        if mark == "read":
            uploader.open(one)
    time.sleep(1.2)  # nothing is left to be marked
    with transaction.atomic():
        Party.objects.select_for_update(no_key=True).get(pk=pair.party("uploader").pk)
        for uploader, one in zip(uploaders, both, strict=True):
            uploader.send(type=mark if mark == "read" else "open", conversation=str(one.conversation.pk), seq=1)
        assert holders[1].next(mark, within=12)["seq"] == 1
    assert holders[0].next(mark, within=12)["seq"] == 1


def memory_of(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return int(next(line for line in text.splitlines() if line.startswith("Pss:")).split()[1])


def test_a_reader_that_stands_still_is_bounded_and_closed(serving: Serving, pair: world.Pair) -> None:
    narrow = sockets.socket()
    narrow.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 64 * 1024)
    narrow.connect(("127.0.0.1", serving.port))
    slow = Client(
        serving.port,
        sock=narrow,
        additional_headers={"Authorization": f"Bearer {world.token(pair.uploader)}"},
        max_queue=1,
    )
    slow.open(pair)  # to the end: who still catches up is given no more than it takes
    writer = serving.as_account(pair.rights_holder)
    writer.say(pair)
    before = memory_of(serving.process.pid)

    for _ in range(24):
        for _ in range(50):
            frame = {"type": "send", "conversation": str(pair.conversation.pk), "client_id": str(uuid.uuid4())}
            writer.send(**frame, body="x" * 8_000)
        for _ in range(50):
            assert writer.next()["type"] == "ack"

    assert memory_of(serving.process.pid) - before < 20_000  # kilobytes
    assert slow.close_code(within=30) == 4408


class Writer(Client):
    """Writes each character as it is, so that 8,000 large ones fit into a frame."""

    def send(self, **frame: Any) -> None:
        self.socket.send(json.dumps(frame, ensure_ascii=False))


class Listener(threading.Thread):
    """Reads everything in some conversations as it comes: in which order, and how long after it was sent."""

    def __init__(self, client: Client, pairs: list[world.Pair]) -> None:
        super().__init__(daemon=True)
        self.client, self.delays = client, list[float]()
        self.seqs: dict[str, list[int]] = {str(pair.conversation.pk): [] for pair in pairs}
        for pair in pairs:
            client.open(pair)

    def run(self) -> None:
        with suppress(WebSocketException, TimeoutError):
            while True:
                frame = self.client.next("message", within=60)
                self.delays.append(time.monotonic() - float(frame["body"].partition(" ")[0]))
                self.seqs[frame["conversation"]].append(frame["seq"])


# As large as a message gets: each character four bytes, in the socket and in the memory of the process.
LARGE = "😀" * 7_900


def send_at_once(writer: Client, pairs: list[world.Pair], count: int) -> None:
    """Send round by round to each of the conversations, as many at once as are acknowledged soon."""
    for number in range(count):
        writer.send(
            type="send", conversation=str(pairs[number % len(pairs)].conversation.pk), client_id=str(uuid.uuid4()),
            body=f"{time.monotonic()} {LARGE}",
        )  # fmt: skip
        if number % 50 == 49:
            assert {writer.next()["type"] for _ in range(50)} == {"ack"}


def send_steadily(writer: Client, pairs: list[world.Pair], count: int) -> list[float]:
    """Send round by round to each of the conversations, a hundred in a second, and return how long each ack took."""
    due, delays = time.monotonic(), []
    for number in range(count):
        due += 0.01
        time.sleep(max(0.0, due - time.monotonic()))
        began = time.monotonic()
        assert writer.say(pairs[number % len(pairs)], f"{began} {LARGE}")["type"] == "ack"
        delays.append(time.monotonic() - began)
    return delays


def nearly_all_within(delays: list[float]) -> float:
    """Return within how many seconds 95 of 100 came."""
    return sorted(delays)[len(delays) * 95 // 100]


def in_all(pairs: list[world.Pair], side: str, account: Account) -> None:
    """Let an account take part in all of the conversations: on the rights holder's side, or as one of the staff."""
    for pair in pairs:
        if side == "staff":
            Party.objects.create(conversation=pair.conversation, side=side, account=account, joined_at=world.now())
        else:
            Party.objects.filter(conversation=pair.conversation, side=side).update(account=account)


def opened_raw(serving: Serving, account: Account, pairs: list[world.Pair]) -> Raw:
    """Return a connection that has opened the conversations, and reads nothing more unless it is told to."""
    made = Raw(serving.port, world.token(account), is_narrow=True)
    made.socket.settimeout(30)
    for pair in pairs:
        made.send(frame(json.dumps({"type": "open", "conversation": str(pair.conversation.pk), "after": 0}).encode()))
        while b'"opened"' not in made.next()[1]:
            pass
    return made


def sip_until(slow: Raw, is_over: threading.Event) -> None:
    while not is_over.wait(0.01):
        slow.sip()


def wait_until_all_came(listeners: list[Listener], pairs: list[world.Pair]) -> None:
    wanted = {
        str(one.pk): one.last_seq for one in Conversation.objects.filter(pk__in=[p.conversation.pk for p in pairs])
    }
    until = time.monotonic() + 30
    while any(len(seqs) < wanted[key] for one in listeners for key, seqs in one.seqs.items()):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_readers_that_stand_still_or_sip_disturb_nobody_else_and_cost_what_may_wait_and_no_more(
    serving: Serving, pair: world.Pair
) -> None:
    pairs = [pair, *(world.pair(pair.provider) for _ in range(3))]
    in_all(pairs[1:], "rights_holder", pair.rights_holder)
    stands, sips = world.handler_of(pair.provider), world.handler_of(pair.provider)
    for account in (stands, sips):
        in_all(pairs, "staff", account)
    writer = Writer(serving.port, additional_headers={"Authorization": f"Bearer {world.token(pair.rights_holder)}"})
    listeners = [Listener(serving.as_account(one.uploader), [one]) for one in (pair, *pairs)]
    for listener in listeners:
        listener.start()
    alone = send_steadily(writer, pairs, 300)
    wait_until_all_came(listeners, pairs)
    delays_alone = [delay for one in listeners for delay in one.delays]
    for listener in listeners:
        listener.delays.clear()
    before, is_over = memory_of(serving.process.pid), threading.Event()
    slow = [opened_raw(serving, account, pairs) for account in (stands, sips)]
    sipping = threading.Thread(target=sip_until, args=(slow[1], is_over), daemon=True)
    sipping.start()

    acks = send_steadily(writer, pairs, 300)
    wait_until_all_came(listeners, pairs)
    delays = [delay for one in listeners for delay in one.delays]
    send_at_once(writer, pairs, 700)
    grown = memory_of(serving.process.pid) - before
    is_over.set()
    sipping.join(10)
    codes = [one.close_code(within=30) for one in slow]
    wait_until_all_came(listeners, pairs)

    assert codes == [4408, 4408]
    # Generous, for the machine may be busy: one who waits for a reader waits for seconds.
    assert nearly_all_within(acks) < 5 * nearly_all_within(alone) + 0.5
    assert nearly_all_within(delays) < 5 * nearly_all_within(delays_alone) + 0.5
    # Kilobytes: what may wait for each of the two, of four bytes a character, and a little of everything else.
    assert grown < 2 * MOST_WAITING_CHARACTERS * 4 / 1024 + 4_000
    for listener in listeners:
        for seqs in listener.seqs.values():
            assert seqs == list(range(1, 326))
    for one in slow:
        one.close()
