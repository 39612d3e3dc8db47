"""The sample service beside the running portal: what is ordered really goes down, what is lifted really comes back."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.client import Program
from tests.live import BASE, LivePortal, free_port

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]
FILM = b"The whole film, in a few words."


@dataclass
class Serving:
    """The running service: where it is, and where its files lie."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    def status(self, name: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/v/{name}", timeout=5) as answer:
                assert answer.read() == FILM
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code

    def hook(self, body: bytes, **headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/hook", data=body, headers=named)
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as answer:
            return answer.code


def start(portal: LivePortal, folder: Path, port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, str(BASE / "samples" / "service.py"), "--portal", portal.url]
    process = subprocess.Popen(
        [*command, "--folder", str(folder), "--port", str(port)],
        env={**os.environ, "TOKEN": portal.token("service@demo.example")},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"service: serving")
    return process


def stop(process: "subprocess.Popen[bytes]") -> int:
    process.send_signal(signal.SIGINT)
    code = process.wait(10)
    assert process.stdout is not None
    process.stdout.close()
    return code


@pytest.fixture
def service(live_portal: LivePortal, tmp_path: Path) -> Iterator[Serving]:
    (tmp_path / "up").mkdir()
    (tmp_path / "up" / "ferry.webm").write_bytes(FILM)
    port = free_port()
    process = start(live_portal, tmp_path, port)
    yield Serving(port, tmp_path, process)
    if process.poll() is None:
        stop(process)


def measures(handler: Program, reference: str) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = handler.get(f"/api/v1/complaints/{reference}").json["measures"]
    return found


def test_what_is_ordered_goes_down_and_what_is_lifted_comes_back(live_portal: LivePortal, service: Serving) -> None:
    holder, handler = (
        Program(live_portal.url, token)
        for token in live_portal.tokens("rights-holder@demo.example", "handler@demo.example")
    )
    notice = {
        "regime": "us", "provider": "cloudhaven",
        "complainant": {
            "capacity": "owner", "name": "The rights holder", "postal_address": "Harbour Street 1, Port Example",
            "email": "rights-holder@demo.example", "phone": "+1 202 555 0143",
        },
        "works": [{"title": "The Ferry at Dawn", "kind": "film"}],
        "items": [{"url": f"http://127.0.0.1:{service.port}/v/ferry.webm"}],
        "statements": ["good_faith", "accuracy"], "signature": "The rights holder",
    }  # fmt: skip
    assert service.status("ferry.webm") == 200

    reference = holder.post("/api/v1/complaints", notice).expect(201).json["reference"]
    handler.post(f"/api/v1/complaints/{reference}/acceptance").expect(200)
    order = {"kind": "removal", "items": ["ferry.webm"], "reasons": "It is the whole film."}
    handler.post(f"/api/v1/complaints/{reference}/measure", order).expect(201)
    live_portal.wait(lambda: service.status("ferry.webm") == 451)
    live_portal.wait(lambda: measures(handler, reference)[0]["executed_at"] is not None)

    assert not (service.folder / "up" / "ferry.webm").exists()
    holder.post(f"/api/v1/complaints/{reference}/withdrawal").expect(200)
    live_portal.wait(lambda: service.status("ferry.webm") == 200)
    live_portal.wait(lambda: measures(handler, reference)[0]["undone_at"] is not None)


def test_a_start_ends_what_an_earlier_one_asked_for(live_portal: LivePortal, service: Serving) -> None:
    program = Program(live_portal.url, live_portal.token("service@demo.example"))

    def asked() -> list[bool]:
        found = program.get("/api/v1/webhooks?limit=200").json["results"]
        return [one["ended_at"] is None for one in found if f":{service.port}/" in one["url"]]

    before = asked()
    assert stop(service.process) == 0
    again = start(live_portal, service.folder, service.port)

    assert (before, asked()) == ([True], [True, False])
    stop(again)


def test_what_the_portal_did_not_sign_moves_nothing(service: Serving) -> None:
    news = b'{"data": {"reference": "C-1", "items": [{"external_id": "ferry.webm", "state": "restricted"}]}}'
    signed = {"webhook_id": "1", "webhook_timestamp": "0", "webhook_signature": "v1,AAAA"}

    assert [service.hook(news), service.hook(news, **signed)] == [403, 403]
    assert service.status("ferry.webm") == 200
