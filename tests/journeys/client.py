"""A program that knows the portal only through its contract: JSON over HTTP, one socket, one-time codes."""

import base64
import hashlib
import hmac
import json
import struct
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

from websockets.sync.client import connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("portal.v1")
DEMO_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def one_time_code(secret: str = DEMO_SECRET, at: float | None = None) -> str:
    """Return the six digits of RFC 6238 for this moment."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


@dataclass
class Answer:
    """What came back: status, headers, bytes."""

    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    def expect(self, *status: int) -> "Answer":
        assert self.status in status, (self.status, self.content[:2000])
        return self


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


@dataclass
class Program:
    """A caller of the API with one bearer token, or none."""

    base: str
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, data: bytes | None = None, **headers: str) -> Answer:
        whole = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if self.token:
            whole["Authorization"] = f"Bearer {self.token}"
        if data is None and body is not None:
            data = json.dumps(body).encode()
            whole.setdefault("Content-Type", "application/json")
        address = path if path.startswith("http") else self.base + path
        request = urllib.request.Request(address, data=data, method=method, headers=whole)
        try:
            with _opener.open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as answer:
            return Answer(answer.code, answer.headers, answer.read())

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any) -> Answer:
        return self.call("PUT", path, body)

    def upload(self, name: str, content: bytes) -> Answer:
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        data = head + content + f"\r\n--{mark}--\r\n".encode()
        return self.call("POST", "/api/v1/files", data=data, Content_Type=f"multipart/form-data; boundary={mark}")

    def socket(self) -> "Socket":
        address = self.base.replace("http", "ws", 1) + "/ws/v1/"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return Socket(connect(address, subprotocols=[PROTOCOL], additional_headers=headers, proxy=None, legacy=True))


class Socket:
    """The socket of one client; it keeps what came while it waited for something else."""

    def __init__(self, connecting: connect) -> None:
        self.connecting = connecting
        self.others: list[dict[str, Any]] = []

    def __enter__(self) -> "Socket":
        self.connection = self.connecting.__enter__()
        return self

    def __exit__(self, *_: Any) -> None:
        self.connecting.__exit__(None, None, None)

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def next(self, kind: str, within: float = 10) -> dict[str, Any]:
        """Return the next frame of this type, in the order of arrival."""
        for place, frame in enumerate(self.others):
            if frame["type"] == kind:
                return self.others.pop(place)
        end = time.monotonic() + within
        while True:
            frame = json.loads(self.connection.recv(timeout=max(0.01, end - time.monotonic())))
            if frame["type"] == kind:
                return dict(frame)
            self.others.append(frame)

    def say(self, conversation: str, body: str, client_id: str = "") -> dict[str, Any]:
        """Send a message and return its ack."""
        self.send(
            type="send", conversation=conversation, client_id=client_id or str(uuid.uuid4()), body=body, attachments=[]
        )
        return self.next("ack")
