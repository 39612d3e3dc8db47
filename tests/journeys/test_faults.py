"""Processes that die in the middle: nothing acknowledged is lost or doubled, no clock is missed or fired twice."""

import json
import threading
import time
import uuid
from dataclasses import dataclass, field

import pytest
from websockets.exceptions import WebSocketException

from tests.journeys.client import Program, Socket
from tests.live import LivePortal

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


@dataclass
class Talker(threading.Thread):
    """Sends one message after the other; after a lost connection the same message again with the same client id."""

    program: Program
    conversation: str
    acked: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self.is_over = threading.Event()

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        waiting = str(uuid.uuid4())
        while not self.is_over.is_set():
            try:
                with self.program.socket() as socket:
                    self._open(socket)
                    while not self.is_over.is_set():
                        self.acked[waiting] = socket.say(self.conversation, f"message {waiting}", waiting)["seq"]
                        waiting = str(uuid.uuid4())
            except (OSError, WebSocketException, TimeoutError, EOFError):
                time.sleep(0.1)

    def _open(self, socket: Socket) -> None:
        socket.send(type="open", conversation=self.conversation, after=2**31)
        socket.next("opened")


@pytest.fixture(scope="module")
def talk(live_portal: LivePortal) -> tuple[Program, Program, str]:
    rights_holder = Program(live_portal.url, live_portal.token("rights-holder@demo.example"))
    uploader = Program(live_portal.url, live_portal.token("uploader@demo.example"))
    wanted = {"content": "item-3", "provider": "cloudhaven"}
    return rights_holder, uploader, rights_holder.post("/api/v1/conversations", wanted).expect(200, 201).json["id"]


def messages_after(program: Program, conversation: str, seq: int) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    while True:
        address = f"/api/v1/conversations/{conversation}/messages?after={seq + len(found)}"
        more = program.get(address).expect(200).json["results"]
        if not more:
            return found
        found += more


@pytest.mark.parametrize("victim", ["web", "postgres", "worker"])
def test_no_acknowledged_message_is_lost_or_doubled_when_a_process_is_killed(
    live_portal: LivePortal, talk: tuple[Program, Program, str], victim: str
):
    rights_holder, uploader, conversation = talk
    start = rights_holder.get(f"/api/v1/conversations/{conversation}").expect(200).json["last_seq"]
    talkers = [Talker(rights_holder, conversation), Talker(uploader, conversation)]
    for talker in talkers:
        talker.start()
    LivePortal.wait(lambda: all(len(talker.acked) > 5 for talker in talkers))

    seconds = live_portal.restart(victim)
    before = sum(len(talker.acked) for talker in talkers)
    LivePortal.wait(lambda: sum(len(talker.acked) for talker in talkers) > before + 10)
    for talker in talkers:
        talker.is_over.set()
    for talker in talkers:
        talker.join(15)

    assert seconds <= 10
    stored = messages_after(rights_holder, conversation, start)
    assert [message["seq"] for message in stored] == list(range(start + 1, start + 1 + len(stored)))
    by_body = {str(message["body"]).removeprefix("message "): message["seq"] for message in stored}
    assert len(by_body) == len(stored), "a message stands twice"
    for talker in talkers:
        assert talker.acked.items() <= by_body.items()


def test_the_ledger_is_whole_after_all_that(live_portal: LivePortal):
    done = live_portal.manage("verify_ledger", check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_a_complaint_that_was_confirmed_survives_the_death_of_everything(live_portal: LivePortal):
    rights_holder = Program(live_portal.url, live_portal.token("rights-holder@demo.example"))
    notice = {
        "regime": "cn",
        "provider": "cloudhaven",
        "complainant": {
            "capacity": "owner",
            "name": "The rights holder",
            "postal_address": "Harbour Street 1, Port Example",
            "email": "rights-holder@demo.example",
            "phone": "+8613800138000",
        },
        "works": [{"title": "The Long Harbour", "kind": "film", "work": None}],
        "items": [{"url": "https://cloudhaven.example/files/item-3", "external_id": "item-3"}],
        "grounds": "The whole film is offered; the first publication is named on the site of the studio.",
        "evidence": [],
        "statements": ["good_faith", "accuracy"],
        "signature": "The rights holder",
    }
    key = str(uuid.uuid4())
    filed = rights_holder.post("/api/v1/complaints", notice, Idempotency_Key=key).expect(201).json

    live_portal.kill("web")
    live_portal.restart("postgres")
    live_portal.wait_until_ready()
    again = rights_holder.post("/api/v1/complaints", notice, Idempotency_Key=key).expect(201).json

    assert again == filed
    rights_holder.get(f"/api/v1/complaints/{filed['reference']}").expect(200)
    other = rights_holder.post("/api/v1/complaints", {**notice, "grounds": "Another."}, Idempotency_Key=key)
    assert json.loads(other.expect(409).content)["status"] == 409
