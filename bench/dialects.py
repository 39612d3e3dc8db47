"""What the load says to each of those measured, and how it reads them: the portal's frames, socket.io's, XMPP's.

A dialect belongs to one socket. ``read`` returns a frame as the portal would say it, with ``type`` ``opened``, ``ack``,
``message`` or ``error``, or None for what is of no interest.
"""

import base64
import json
import re
from collections import deque
from typing import Any, ClassVar, Protocol
from uuid import uuid4

from bench.client import Client

BODY = "x" * 200
# `json.loads` looks for the encoding of bytes and for white space around them, which costs more than to read a frame.
_read = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # only the stubs don't know it
Frame = dict[str, Any]


class Dialect(Protocol):
    """How one socket talks."""

    where: tuple[str, ...]
    is_numbered: bool

    def open(self, client: Client, conversation: str) -> None:
        """Sign in if need be, and open the conversation; ``opened`` answers."""

    def send(self, client: Client, conversation: str, client_id: str) -> None:
        """Send a message."""

    def read(self, client: Client, data: bytes) -> Frame | None:
        """Return what came, as the portal would say it."""


class Portal:
    """The portal's own frames. The naive consumer knows them too, but numbers over all conversations."""

    where: tuple[str, ...] = ()

    def __init__(self, _token: str, *, is_numbered: bool = True) -> None:
        self.is_numbered = is_numbered

    def open(self, client: Client, conversation: str) -> None:
        after = 2**31 if self.is_numbered else 0
        client.send(json.dumps({"type": "open", "conversation": conversation, "after": after}).encode())

    def send(self, client: Client, conversation: str, client_id: str) -> None:
        client.send(
            f'{{"type":"send","conversation":"{conversation}","client_id":"{client_id}","body":"{BODY}"}}'.encode()
        )

    def read(self, _client: Client, data: bytes) -> Frame | None:
        frame: Frame = _read(data.decode(), 0)[0]
        return frame


class SocketIo:
    """Engine.IO 4 and Socket.IO 5 over a websocket, with acknowledgements."""

    where: ClassVar[tuple[str, ...]] = ("/socket.io/?EIO=4&transport=websocket", "")  # type: ignore[misc]  # Protocol
    is_numbered = False

    def __init__(self, token: str) -> None:
        self.token, self._conversation, self._number = token, "", 0
        self._waiting: dict[str, str] = {}

    def open(self, client: Client, conversation: str) -> None:
        self._conversation = conversation
        client.send(("40" + json.dumps({"token": self.token, "conversation": conversation})).encode())

    def send(self, client: Client, conversation: str, client_id: str) -> None:
        self._number += 1
        self._waiting[str(self._number)] = client_id
        said = {"conversation": conversation, "client_id": client_id, "body": BODY}
        client.send(f"42{self._number}{json.dumps(['send', said])}".encode())

    def read(self, client: Client, data: bytes) -> Frame | None:
        text = data.decode()
        if text == "2":
            client.send(b"3")
        elif text.startswith("40"):
            return {"type": "opened", "last_seq": 0}
        elif text.startswith("43"):
            number, _bracket, rest = text[2:].partition("[")
            return {**_read("[" + rest, 0)[0][0], "type": "ack", "client_id": self._waiting.pop(number)}
        elif text.startswith("42"):
            return {**_read(text[2:], 0)[0][1], "type": "message"}
        elif text.startswith(("44", "1")):
            return {"type": "error", "code": text[:80]}
        return None


class Xmpp:
    """XMPP over a websocket (RFC 7395): SASL PLAIN, stream management for the acks, the token is the user's name."""

    where: ClassVar[tuple[str, ...]] = ("/ws", "xmpp")  # type: ignore[misc]  # Protocol
    is_numbered = False
    _ID = re.compile(rb"""\sid=['"]([^'"]+)['"]""")
    _HANDLED = re.compile(rb"""\sh=['"](\d+)['"]""")

    def __init__(self, token: str) -> None:
        self.name = token
        self._is_signed_in = False
        self._sent: deque[str] = deque()
        self._acked = self._seq = self._handled = 0

    @staticmethod
    def _stream() -> bytes:
        return b'<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="bench.local" version="1.0"/>'

    def open(self, client: Client, conversation: str) -> None:  # noqa: ARG002 - the name of the other side says it
        client.send(self._stream())

    def send(self, client: Client, conversation: str, client_id: str) -> None:
        self._sent.append(client_id)
        other = f"{conversation}.{1 - int(self.name.rpartition('.')[2])}@bench.local"
        client.send(
            f'<message xmlns="jabber:client" type="chat" to="{other}" id="{client_id}"><body>{BODY}</body></message>'.encode()
        )
        client.send(b'<r xmlns="urn:xmpp:sm:3"/>')

    def read(self, client: Client, data: bytes) -> Frame | None:
        self._handled += data.startswith((b"<message", b"<presence"))
        if data.startswith(b"<message"):
            return self._message(data)
        if data.startswith(b"<a "):
            return self._ack(data)
        if data.startswith(b"<r "):
            client.send(f'<a xmlns="urn:xmpp:sm:3" h="{self._handled}"/>'.encode())
        elif b"PLAIN" in data:
            secret = base64.b64encode(f"\0{self.name}\0secret".encode()).decode()
            client.send(f'<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">{secret}</auth>'.encode())
        elif data.startswith(b"<success"):
            client.send(self._stream())
        elif b"xmpp-bind" in data and b"features" in data[:40]:
            client.send(
                b'<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>'
            )
        elif b'id="bind"' in data or b"id='bind'" in data:
            client.send(b'<enable xmlns="urn:xmpp:sm:3"/>')
            client.send(b'<presence xmlns="jabber:client"/>')
        elif data.startswith(b"<enabled"):
            return {"type": "opened", "last_seq": 0}
        elif data.startswith((b"<failure", b"<close", b"<failed")):
            return {"type": "error", "code": data[:80].decode(errors="replace")}
        return None

    def _message(self, data: bytes) -> Frame:
        found = self._ID.search(data)
        self._seq += 1
        return {"type": "message", "id": found[1].decode() if found else str(uuid4()), "seq": self._seq}

    def _ack(self, data: bytes) -> Frame | None:
        found = self._HANDLED.search(data)
        if found is None or not self._sent or int(found[1]) <= self._acked:
            return None
        self._acked = int(found[1])
        client_id = self._sent.popleft()
        self._seq += 1
        return {"type": "ack", "client_id": client_id, "id": client_id, "seq": self._seq}


def dialect(kind: str, token: str) -> Dialect:
    """Return how a socket of this kind talks."""
    if kind == "socket.io":
        return SocketIo(token)
    if kind == "ejabberd":
        return Xmpp(token)
    return Portal(token, is_numbered=kind != "naive")
