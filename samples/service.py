#!/usr/bin/env python3
"""A small provider's service that works with the portal: it serves files, takes them down, brings them back, reports it.

It is an example to read and to try the portal with, on one machine: Python's standard library and nothing else. Every
file of FOLDER/up is served at /v/NAME; what is under a measure lies in FOLDER/down, where nobody gets it. PUT /v/NAME
publishes a file, unless a restriction of the portal pauses that or has it looked at first.

    TOKEN=… python samples/service.py --portal http://127.0.0.1:8000 --folder uploads --port 9000

The portal calls a service on the same machine only where the deployment allows it: WEBHOOK_HOSTS=127.0.0.1.
"""

import argparse
import base64
import binascii
import contextlib
import hmac
import json
import os
import shutil
import sys
import threading
import time
import urllib.error
import urllib.request
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

EVENTS = [
    "complaint.measure_ordered", "complaint.execution_overdue", "complaint.measure_ended", "complaint.restored",
    "complaint.withdrawn", "complaint.appeal_decided",
    "restriction.ordered", "restriction.lifted", "restriction.expired", "restriction.appeal_decided",
]  # fmt: skip
# Everything here is of one subscriber; and what it may not do while this is in force against it.
SUBSCRIBER = "sub-1001"
PAUSES, CHECKS = ("publishing_paused", "access_paused"), ("publishing_checked",)
DOWN, UP = ("restricted",), ("noticed", "forwarded", "restored", "rejected")
OLDEST_SECONDS = 5 * 60
LARGEST_NEWS_BYTES = 1024 * 1024
NOTHING_TO_REPORT = 409


class Portal:
    """The portal, as a program with a bearer token sees it."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address.rstrip("/"), token

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Return the answer; urllib's HTTPError for a refusal."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}/api/v1/{path}", method=method, data=data)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            told: dict[str, Any] = json.load(answer)
            return told


class Service:
    """The files, and what the portal said about them."""

    def __init__(self, portal: Portal, folder: Path, address: str) -> None:
        self.portal, self.address = portal, address
        self.up, self.down = folder / "up", folder / "down"
        # What stays up and is closed to some countries: the name of the file, and theirs. It outlives a restart.
        self.walls_file = folder / "walls.json"
        self.walls: dict[str, list[str]] = json.loads(self.walls_file.read_text()) if self.walls_file.is_file() else {}
        # What is in force against each subscriber, and where what it publishes waits to be looked at.
        self.restricted_file, self.checked = folder / "restricted.json", folder / "checked"
        kept = self.restricted_file.read_text() if self.restricted_file.is_file() else "{}"
        self.restricted: dict[str, list[str]] = json.loads(kept)
        self.secret = b""
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        for place in (self.up, self.down, self.checked):
            place.mkdir(parents=True, exist_ok=True)

    def register(self) -> None:
        """Tell the portal of every file, and ask to be told."""
        for file in sorted([*self.up.iterdir(), *self.down.iterdir()]):
            self._tell_of(file)
        self._end_earlier()
        made = self.portal.call("POST", "webhooks", {"url": f"{self.address}/hook", "events": EVENTS})
        self.secret = base64.b64decode(made["secret"].removeprefix("whsec_"))

    def _tell_of(self, file: Path) -> None:
        about = {"url": f"{self.address}/v/{file.name}", "title": file.stem, "subscriber": {"external_id": SUBSCRIBER}}
        self.portal.call("PUT", f"content/{file.name}", about)

    def _end_earlier(self) -> None:
        """End what an earlier start asked for here: its secret is lost, and nothing it signs would be taken."""
        for webhook in self.portal.call("GET", "webhooks?limit=200")["results"]:
            if webhook["url"] == f"{self.address}/hook" and webhook["ended_at"] is None:
                self.portal.call("POST", f"webhooks/{webhook['id']}/ending", {})

    def is_from_portal(self, headers: Any, body: bytes) -> bool:
        """Say whether the portal signed this, and not long ago."""
        try:
            age = abs(time.time() - int(headers["webhook-timestamp"]))
            given = [base64.b64decode(one.partition(",")[2]) for one in headers["webhook-signature"].split(" ")]
        except (TypeError, ValueError, AttributeError, binascii.Error):
            return False
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        right = hmac.digest(self.secret, signed, sha256)
        return age <= OLDEST_SECONDS and any(hmac.compare_digest(right, one) for one in given)

    def take(self, message: str, news: dict[str, Any]) -> None:
        """Make reality match the news, and report it. What came already is not done again."""
        with self._lock:
            if message in self._seen:
                return
            if "subscriber" in news["data"]:
                self._restrict(news["data"])
            else:
                for item in news["data"]["items"]:
                    self._place(item["external_id"], item["state"], item.get("territory", []))
                self._report(f"complaints/{news['data']['reference']}/execution")
            self._seen.add(message)

    def _restrict(self, told: dict[str, Any]) -> None:
        """Hold a subscriber to what is in force against it now, and report it."""
        self.restricted[told["subscriber"]] = told["in_force"]
        self.restricted_file.write_text(json.dumps(self.restricted))
        self._report(f"restrictions/{told['reference']}/execution")

    def publish(self, name: str, body: bytes) -> tuple[HTTPStatus, bytes]:
        """Publish a file, keep it to be looked at first, or refuse, as what is in force asks."""
        in_force = self.restricted.get(SUBSCRIBER, [])
        if any(step in PAUSES for step in in_force):
            return HTTPStatus.FORBIDDEN, b"Publishing is paused; the portal says why and until when.\n"
        if not name or "/" in name or name.startswith("."):
            return HTTPStatus.BAD_REQUEST, b"This is no name of a file.\n"
        if any(step in CHECKS for step in in_force):
            (self.checked / name).write_bytes(body)
            return HTTPStatus.ACCEPTED, b"Somebody looks at it first.\n"
        (self.up / name).write_bytes(body)
        self._tell_of(self.up / name)
        return HTTPStatus.CREATED, b""

    def _place(self, name: str, state: str, territory: list[str]) -> None:
        """Put a file where its state says. Its end needs no clock of ours: the portal tells when it has come."""
        is_down = state in DOWN and not territory
        self._wall(name, territory if state in DOWN else [])
        here, there = (self.up, self.down) if is_down else (self.down, self.up)
        if state in DOWN + UP and (here / name).is_file():
            shutil.move(here / name, there / name)

    def _wall(self, name: str, territory: list[str]) -> None:
        walls = {known: countries for known, countries in self.walls.items() if known != name}
        self.walls = {**walls, name: territory} if territory else walls
        self.walls_file.write_text(json.dumps(self.walls))

    def _report(self, address: str) -> None:
        """Report until nothing of the matter waits to be reported."""
        while True:
            try:
                self.portal.call("POST", address, {})
            except urllib.error.HTTPError as refusal:
                if refusal.code == NOTHING_TO_REPORT:
                    return
                raise

    def answer(self, name: str, country: str = "") -> tuple[HTTPStatus, bytes]:
        """Return what whoever asks for a file gets; from where nobody can tell, what is closed anywhere is closed."""
        walled = self.walls.get(name, [])
        if name in {file.name for file in self.up.iterdir()} and (not walled or (country and country not in walled)):
            return HTTPStatus.OK, (self.up / name).read_bytes()
        if walled or name in {file.name for file in self.down.iterdir()}:
            return HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS, b"This was taken down on a notice.\n"
        return HTTPStatus.NOT_FOUND, b"There is nothing here.\n"


def handler_of(service: Service) -> type[BaseHTTPRequestHandler]:
    """Return the class that answers for the service."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # The country is what the proxy in front of a real service says of who asks.
            self._say(*service.answer(self.path.removeprefix("/v/"), self.headers.get("x-country", "")))

        def do_PUT(self) -> None:
            self._say(*service.publish(self.path.removeprefix("/v/"), self._body()))

        def _body(self) -> bytes:
            length = int(self.headers.get("content-length") or 0)
            return self.rfile.read(min(length, LARGEST_NEWS_BYTES))

        def do_POST(self) -> None:
            body = self._body()
            if self.path != "/hook" or not service.is_from_portal(self.headers, body):
                self._say(HTTPStatus.FORBIDDEN, b"This is not signed by the portal.\n")
                return
            try:
                service.take(self.headers["webhook-id"], json.loads(body))
            except (OSError, urllib.error.URLError):
                # Not taken: the portal tells it again.
                self._say(HTTPStatus.SERVICE_UNAVAILABLE, b"Not now.\n")
            else:
                self._say(HTTPStatus.NO_CONTENT, b"")

        def _say(self, status: HTTPStatus, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def main() -> None:
    """Register, and serve until stopped."""
    parser = argparse.ArgumentParser(description="A small provider's service that works with the portal.")
    parser.add_argument("--portal", required=True, help="the portal's address")
    parser.add_argument("--folder", required=True, type=Path, help="where the files lie")
    parser.add_argument("--port", required=True, type=int, help="where to serve, on this machine")
    given = parser.parse_args()
    token = os.environ.get("TOKEN") or sys.exit("service: set TOKEN to a bearer token of the provider's service")
    service = Service(Portal(given.portal, token), given.folder, f"http://127.0.0.1:{given.port}")
    server = ThreadingHTTPServer(("127.0.0.1", given.port), handler_of(service))
    try:
        service.register()
    except urllib.error.HTTPError as refusal:
        sys.exit(f"service: the portal refuses: {refusal.read().decode()}")
    print(f"service: serving {given.folder} at {service.address}/v/", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
