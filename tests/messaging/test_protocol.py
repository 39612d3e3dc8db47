"""Clients that are broken or malicious: each gets an error or a code, none ends anything else or delays anybody."""

import asyncio
import datetime as dt
import itertools
import json
import statistics
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from uvicorn.server import ServerState

from messaging.models import Message, Party
from portal import server
from tests.messaging import raw, world
from tests.messaging.conftest import Client, Serving
from tests.messaging.raw import BINARY, CONT, PING, PONG, TEXT, Raw, frame
from verification.models import Token

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

Connect = Callable[..., Raw]
PLAIN_PING = b'{"type":"ping"}'
CLIENT_ID = "6b1c6a8e-9f5e-4e8e-8a51-0a4f2d8f8f10"
# Of each frame the fields that are looked at, and what else than a value of their kind may stand there.
FRAMES: dict[str, dict[str, Any]] = {
    "open": {"conversation": None, "after": 0, "events": 0, "with": ["presence"]},
    "send": {"conversation": None, "client_id": CLIENT_ID, "body": "Hello", "attachments": [], "quotes": None},
    "read": {"conversation": None, "seq": 0},
    "typing": {"conversation": None},
}
WRONG = {
    "true": True, "false": False, "a fraction": 1.5, "below zero": -1, "beyond all": 2**63, "a huge one": 1e308,
    "a word": "x", "no text": "", "a list": [1], "a list of lists": [[[[]]]], "an object": {"a": 1}, "NUL": "\x00",
    "half a surrogate": "\ud800", "braces": "{6b1c6a8e-9f5e-4e8e-8a51-0a4f2d8f8f10}", "long": "9" * 5_000,
    "many": ["presence"] * 11, "wide digits": "６b1c6a8e-9f5e-4e8e-8a51-0a4f2d8f8f10",
}  # fmt: skip
# What is right after all where it stands.
RIGHT = {("body", name) for name in ("a word", "braces", "long", "wide digits")} | {
    ("attachments", "nothing"), ("quotes", "nothing"), ("events", "nothing"), ("with", "nothing"),
}  # fmt: skip


@pytest.fixture
def raw_client(serving: Serving) -> Iterator[Connect]:
    """Give what connects a client without manners as a pair's uploader; all of them are closed in the end."""
    made: list[Raw] = []

    def connect(pair: world.Pair, headers: str = "") -> Raw:
        made.append(Raw(serving.port, world.token(pair.uploader), headers))
        return made[-1]

    yield connect
    for client in made:
        client.close()


def test_every_field_of_every_frame_is_refused_when_it_is_of_a_wrong_kind(serving: Serving, pair: world.Pair) -> None:
    holder, answered = serving.as_account(pair.rights_holder), {}
    for kind, fields in FRAMES.items():
        whole = {"type": kind, **fields, "conversation": str(pair.conversation.pk)}
        for field in fields:
            for name, value in (WRONG | {"nothing": None}).items():
                if (field, name) not in RIGHT:
                    holder.send(**whole | {field: value})
                    answer = holder.next("error", "ack", "opened")
                    answered[kind, field, name] = answer.get("code", answer["type"])

    assert {case: code for case, code in answered.items() if code != "invalid"} == {}
    assert len(answered) > 150
    assert not Message.objects.exists()
    assert holder.say(pair)["seq"] == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('\ufeff{"type":"ping"}', "malformed"),
        ('{"type":"ping"}{"type":"ping"}', "malformed"),
        ('{"type":"send","body":"a","body":"b"}', "malformed"),
        ('{"type":"send","client_id":"1","client\\u005fid":"2"}', "malformed"),
        ('{"type":"ping","x":' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}", "malformed"),
        ("[" * 60_000, "malformed"),
        ('{"type":"read","seq":1e999}', "invalid"),
        ('{"type":"read","seq":-0}', "invalid"),
        ("{'type':'ping'}", "malformed"),
        ('{"type":"ping",}', "malformed"),
        ('{"type":"ping"/**/}', "malformed"),
        ('{"type":"PING"}', "unknown_type"),
        ('{"type":"ping "}', "unknown_type"),
        ('{"type":"read\\u0000"}', "unknown_type"),
        ('{"type":{"type":"ping"}}', "unknown_type"),
        ('{"Type":"ping"}', "unknown_type"),
        ('{"type":"presence"}', "unknown_type"),
        ('{"type":"delivered"}', "unknown_type"),
        (" " * 65_000, "malformed"),
        ("\u2028", "malformed"),
    ],
)
def test_text_that_is_no_frame_gets_an_error(serving: Serving, pair: world.Pair, text: str, code: str) -> None:
    holder = serving.as_account(pair.rights_holder)

    holder.socket.send(text)

    assert holder.next()["code"] == code
    holder.send(type="ping", **{"\ud800": "keys that are not known are not looked at"})
    assert holder.next() == {"type": "pong"}


BROKEN: dict[str, tuple[bytes, int]] = {
    "invalid UTF-8": (frame(b'{"type":"ping\xff"}'), 1007),
    "half a character": (frame(b"\xe5\xbd"), 1007),
    "a surrogate in UTF-8": (frame(b'"\xed\xa0\x80"'), 1007),
    "unmasked": (frame(PLAIN_PING, masked=False), 1002),
    "reserved bits": (frame(PLAIN_PING, reserved=0x20), 1002),
    "compressed though nothing was agreed": (frame(zlib.compress(PLAIN_PING), reserved=0x40), 1002),
    "an unknown opcode": (frame(PLAIN_PING, 3), 1002),
    "a large ping": (frame(b"x" * 126, PING), 1002),
    "a ping in pieces": (frame(b"x", PING, fin=False), 1002),
    "a piece of nothing": (frame(b"x", CONT), 1002),
    "a frame within a frame": (frame(b"{", fin=False) + frame(PLAIN_PING), 1002),
    "a close of one byte": (frame(b"\x03", raw.CLOSE), 1002),
    "a length beyond all": (b"\x81\xff" + b"\x7f" + b"\xff" * 7, 4413),
    "a length with the highest bit": (b"\x81\xff" + b"\xff" * 8, 4413),
    "too large": (frame(b" " * 65_537), 4413),
    "too large, binary": (frame(b" " * 65_537, BINARY), 4413),
    "too large in pieces": (frame(b" " * 40_000, fin=False) + frame(b" " * 40_000, CONT), 4413),
    "too large in small pieces": (frame(b"{", fin=False) + frame(b" " * 500, CONT, fin=False) * 200, 4413),
    "a flood of pings": (frame(b"", PING) * 5_000, 4429),
    "a flood of pongs": (frame(b"", PONG) * 5_000, 4429),
    "a flood of empty pieces": (frame(b"{", fin=False) + frame(b"", CONT, fin=False) * 5_000, 4429),
    "a flood of frames": (frame(PLAIN_PING) * 6_000, 4429),
    "a flood of bytes": (frame(b"", BINARY) * 6_000, 4429),
    "a flood of nonsense": (frame(b"{") * 6_000, 4429),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_the_protocol_closes_with_its_code_and_nobody_else_notices(
    serving: Serving, raw_client: Connect, pair: world.Pair, name: str
) -> None:
    other = world.pair(pair.provider)
    client, bystander = raw_client(pair), serving.as_account(other.rights_holder)
    data, code = BROKEN[name]

    client.send(data)

    assert client.close_code() == code
    assert bystander.say(other)["seq"] == 1


def test_compression_is_not_agreed_to_whatever_is_offered(raw_client: Connect, pair: world.Pair) -> None:
    offers = "permessage-deflate; client_max_window_bits; server_no_context_takeover, x-webkit-deflate-frame"
    client = raw_client(pair, f"Sec-WebSocket-Extensions: {offers}\r\n")

    assert client.answer.startswith("HTTP/1.1 101")
    assert "extensions" not in client.answer.lower()
    bomb = zlib.compressobj(9, wbits=-15)
    client.send(frame(bomb.compress(b" " * 60_000_000) + bomb.flush(), reserved=0x40))
    assert client.close_code() in (1002, 4413)


def test_a_frame_in_pieces_of_one_byte_with_pings_between_is_one_frame(raw_client: Connect, pair: world.Pair) -> None:
    client = raw_client(pair)
    pieces = [frame(PLAIN_PING[:1], TEXT, fin=False)]
    for byte in PLAIN_PING[1:]:
        pieces += [frame(b"?", PING), frame(bytes([byte]), CONT, fin=False)]
    pieces.append(frame(b"", CONT))

    for piece in pieces:
        client.send(piece[:3])
        client.send(piece[3:])

    found = [client.next() for _ in range(len(PLAIN_PING))]
    assert found == [(PONG, b"?")] * (len(PLAIN_PING) - 1) + [(TEXT, b'{"type":"pong"}')]


def test_who_pings_and_never_reads_is_cut_off(raw_client: Connect, pair: world.Pair) -> None:
    client = raw_client(pair)
    client.socket.settimeout(0.5)
    began, pings = time.monotonic(), frame(b"x" * 125, PING) * 300

    is_cut_off = False
    while not is_cut_off and time.monotonic() - began < 20:
        try:
            client.socket.sendall(pings)
        except OSError:
            is_cut_off = True

    assert is_cut_off


class Unread:
    """A transport whose reader takes nothing, while pings come slowly enough to be no flood."""

    def __init__(self) -> None:
        self.waiting, self.is_aborted = 0, False

    def get_write_buffer_size(self) -> int:
        """Return how many bytes wait."""
        return self.waiting

    def write(self, data: bytes) -> None:
        """Keep them waiting."""
        self.waiting += len(data)

    def abort(self) -> None:
        """Break off."""
        self.is_aborted = True


def test_pongs_that_nobody_reads_do_not_gather_without_bound() -> None:
    loop = asyncio.new_event_loop()
    loop.time = itertools.count(step=1).__next__  # type: ignore[method-assign]  # one ping a second
    config = server.configure("portal.asgi:application")
    served = server.Socket(config, ServerState(), {}, loop)
    served.transport = unread = Unread()  # type: ignore[assignment]
    pings = 0

    while not unread.is_aborted and pings < 10_000:
        served.conn.writes.append(b"x" * 131)  # what answers the ping
        served.handle_ping()
        pings += 1

    loop.close()
    assert unread.is_aborted
    assert unread.waiting < server.MOST_UNREAD_BYTES + 1_000


def _half_a_frame(client: Raw, stop: threading.Event) -> None:
    client.send(frame(b" " * 60_000)[:30_000])
    stop.wait()


def _flood(data: bytes) -> Callable[[Raw, threading.Event], None]:
    def flood(client: Raw, stop: threading.Event) -> None:
        while not stop.wait(0.02):
            client.send(data)

    return flood


ATTACKS: dict[str, Callable[[Raw, threading.Event], None]] = {
    "half frames": _half_a_frame,
    "deep frames": _flood(frame(b"[" * 30_000)),
    "pings": _flood(frame(b"", PING) * 200),
    "nonsense": _flood(frame(b"\xff") + frame(b"{")),
    "unread floods": _flood(frame(PLAIN_PING) * 50),
}


def test_broken_clients_delay_nobody(serving: Serving, raw_client: Connect, pair: world.Pair) -> None:
    attackers, stop = world.pair(pair.provider), threading.Event()
    threads = [
        threading.Thread(target=attack, args=(raw_client(attackers), stop))
        for attack in ATTACKS.values()
        for _ in range(3)
    ]
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    uploader.open(pair)
    for thread in threads:
        thread.start()

    slowest = 0.0
    try:
        for _ in range(100):
            began = time.monotonic()
            holder.say(pair)
            uploader.next("message")
            slowest = max(slowest, time.monotonic() - began)
    finally:
        stop.set()
        for thread in threads:
            thread.join()

    assert slowest < 1.5


FLOODS = {
    "pieces of one byte": frame(b"{", fin=False) + frame(b" ", CONT, fin=False) * 35_000,
    "frames with nothing in them": frame(b"") * 40_000,
    "pings": frame(b"", PING) * 40_000,
}


@pytest.mark.parametrize("is_signed_in", [True, False])
@pytest.mark.parametrize("name", FLOODS)
def test_what_comes_all_at_once_is_taken_in_little_by_little(
    serving: Serving, pair: world.Pair, name: str, is_signed_in: bool
) -> None:
    token, stop = world.token(world.pair(pair.provider).uploader) if is_signed_in else "nobody's", threading.Event()

    def flood() -> None:
        while not stop.is_set():
            client = Raw(serving.port, token)
            client.socket.settimeout(2)
            client.send(FLOODS[name])
            client.close()

    holder = serving.as_account(pair.rights_holder)
    holder.say(pair)
    flooding = threading.Thread(target=flood)
    flooding.start()
    waited = []
    try:
        until = time.monotonic() + 3
        while (began := time.monotonic()) < until:
            holder.say(pair)
            waited.append(time.monotonic() - began)
            stop.wait(0.02)
    finally:
        stop.set()
        flooding.join()

    assert statistics.median(waited) < 0.06


# --- replays, order, and what ends in the middle


def test_a_message_sent_again_from_elsewhere_is_the_same_message(serving: Serving, pair: world.Pair) -> None:
    first = serving.as_account(pair.rights_holder)
    ack = first.say(pair, "Once", CLIENT_ID)
    first.close()

    again = [serving.as_account(pair.rights_holder).say(pair, "Once", CLIENT_ID) for _ in range(3)]
    other_side = serving.as_account(pair.uploader).say(pair, "Once", CLIENT_ID)

    assert again == [ack] * 3
    assert (other_side["seq"], Message.objects.count()) == (2, 2)


def test_reads_that_come_out_of_order_never_move_the_mark_back(serving: Serving, pair: world.Pair) -> None:
    holder, uploader = serving.as_account(pair.rights_holder), serving.as_account(pair.uploader)
    holder.open(pair)
    for _ in range(5):
        holder.say(pair)

    for seq in (4, 2, 5, 1, 0, 3, 2**53 - 1):
        uploader.send(type="read", conversation=str(pair.conversation.pk), seq=seq)

    marks = [holder.next("read")["seq"]]
    while marks[-1] < 5:
        marks.append(holder.next("read")["seq"])
    assert marks == sorted(set(marks))
    assert holder.is_silent()
    assert Party.objects.get(pk=pair.party("uploader").pk).read_seq == 5


def test_a_token_that_expires_closes_its_socket_within_five_seconds(serving: Serving, pair: world.Pair) -> None:
    client = serving.as_account(pair.uploader)
    client.open(pair)
    Token.objects.filter(account=pair.uploader).update(expires_at=world.now() + dt.timedelta(seconds=1))
    began = time.monotonic()

    assert client.close_code() == 4440
    assert 0.5 < time.monotonic() - began < 6


def test_who_takes_part_no_more_falls_silent_and_keeps_its_other_conversations(
    serving: Serving, pair: world.Pair
) -> None:
    other = world.pair(pair.provider)
    other.subscriber.account = pair.uploader
    other.subscriber.save()
    client, holder = serving.as_account(pair.uploader), serving.as_account(pair.rights_holder)
    for one in (pair, other):
        client.open(one)
    pair.subscriber.account = world.account()
    pair.subscriber.save()

    lost = client.next("error", within=5)
    assert (lost["code"], lost["conversation"]) == ("not_found", str(pair.conversation.pk))
    holder.say(pair, "Not for you")
    assert client.is_silent(1)
    assert client.say(other)["seq"] == 1


def test_whoever_breaks_off_in_the_middle_leaves_the_process_well(
    serving: Serving, raw_client: Connect, pair: world.Pair
) -> None:
    opening = {"type": "open", "conversation": str(pair.conversation.pk), "after": 0, "events": 0, "with": ["presence"]}
    sending = {"type": "send", "conversation": str(pair.conversation.pk), "body": "Gone"}
    for n in range(60):
        client = raw_client(pair)
        client.send(frame(json.dumps(opening).encode()))
        client.send(frame(json.dumps(sending | {"client_id": str(uuid.uuid4())}).encode())[: 20 + n])
        client.close()

    holder: Client = serving.as_account(pair.rights_holder)
    holder.open(pair)
    assert holder.say(pair)["type"] == "ack"
