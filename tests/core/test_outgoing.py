"""The one outgoing client: which addresses it never calls, whatever the spelling, and what it does where it calls."""

import contextlib
import socket
import threading
import time
from typing import Any

import pytest
from pytest_django import Settings

from core import outgoing
from core.outgoing import NotCallable
from tests.hosting.receiver import receiving


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
        "2002:7f00:1::1", "2001::1", "2001:db8::1", "::7f00:1", "::169.254.169.254",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_seen_as_such(address: str):
    assert not outgoing.is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_an_address_that_is_public_is_seen_as_such(address: str):
    assert outgoing.is_public(address)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://127.0.0.1/", "not_public"),
        ("https://2130706433/", "not_public"),
        ("https://0x7f000001/", "not_public"),
        ("https://0177.0.0.1/", "not_public"),
        ("https://127.1/", "not_public"),
        ("https://１２７.0.0.1/", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://[::ffff:169.254.169.254]/", "not_public"),
        ("https://[64:ff9b::a00:1]/", "not_public"),
        ("https://[::127.0.0.1]/", "not_public"),
        ("https://localhost/", "not_public"),
        ("https://LOCALHOST./", "not_public"),
        ("https://metadata.google.internal/", "not_public"),
        ("https://printer.local/", "not_public"),
        ("https://router.home.arpa/", "not_public"),
        ("http://service.example/", "not_https"),
        ("ftp://service.example/", "malformed"),
        ("file:///etc/passwd", "malformed"),
        ("https://", "malformed"),
        ("https:///hook", "malformed"),
        ("https://user@service.example/", "malformed"),
        ("https://user:word@service.example/", "malformed"),
        ("https://service.example:0/", "malformed"),
        ("https://service.example:70000/", "malformed"),
        ("https://service.example/a b", "malformed"),
        ("https://service.example/\r\nHost: other", "malformed"),
        ("https://[::1/", "malformed"),
        ("https://" + "a" * 64 + ".ü.example/", "malformed"),
    ],
)
def test_the_spelling_alone_rules_it_out(url: str, code: str):
    with pytest.raises(NotCallable) as refusal:
        outgoing.target_of(url)

    assert refusal.value.code == code


def test_a_public_name_may_be_called_as_far_as_its_spelling_tells():
    target = outgoing.target_of("https://service.example:8443/hook?a=1#part")

    assert (target.host, target.port, target.path, target.named) == (
        "service.example", 8443, "/hook?a=1", "service.example:8443",
    )  # fmt: skip


def test_a_name_and_a_path_in_any_script_are_called_as_a_request_can_write_them():
    target = outgoing.target_of("https://服务.example/通知/%E4%B8%80?für=100%25&b=[1]")

    assert (target.host, target.named) == ("xn--zfr188b.example", "xn--zfr188b.example")
    assert not target.is_allowed_by_name
    assert target.path == "/%E9%80%9A%E7%9F%A5/%E4%B8%80?f%C3%BCr=100%25&b=[1]"


def test_a_name_that_leads_home_is_not_called(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def resolve(host: str, *_: Any, **named: Any) -> list[Any]:
        asked.append(host)
        if named.get("flags"):
            raise socket.gaierror
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("it was called"))

    with pytest.raises(NotCallable, match="not_public"):
        outgoing.post("https://rebound.example/", body=b"", headers={})

    assert asked == ["rebound.example"] * 2


def test_the_call_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch):
    called = []

    def connect(address: tuple[str, int], *_: Any) -> Any:
        called.append(address)
        raise ConnectionRefusedError

    def resolve(*_: Any, **named: Any) -> list[Any]:
        if named.get("flags"):
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(NotCallable, match="no_answer"):
        outgoing.post("https://service.example/", body=b"", headers={})

    assert called == [("93.184.215.14", 443)]


class TestWhereTheDeploymentAllowsIt:
    @pytest.fixture(autouse=True)
    def allowed(self, settings: Settings) -> None:
        settings.WEBHOOK_HOSTS = ["127.0.0.1"]

    def test_the_body_and_headers_arrive_and_the_status_comes_back(self):
        with receiving() as receiver:
            receiver.answers = [202]
            status = outgoing.post(receiver.url, body=b"{}", headers={"webhook-id": "7"})

        [(headers, body)] = receiver.came
        assert (status, body, headers["webhook-id"]) == (202, b"{}", "7")
        assert headers["host"] == f"127.0.0.1:{receiver.port}"

    def test_a_redirect_is_an_answer_and_is_not_followed(self):
        with receiving() as receiver, receiving() as elsewhere:
            receiver.answers, receiver.headers = [307], {"Location": elsewhere.url}
            status = outgoing.post(receiver.url, body=b"{}", headers={})

        assert (status, elsewhere.came) == (307, [])

    def test_no_proxy_of_the_environment_is_asked(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        with receiving() as receiver:
            assert outgoing.post(receiver.url, body=b"", headers={}) == 204

    @pytest.mark.parametrize("name", ["服务.intern", "xn--zfr188b.intern"])
    def test_a_name_in_any_script_is_allowed_in_either_spelling(self, settings: Settings, name: str):
        settings.WEBHOOK_HOSTS = [name]

        assert outgoing.target_of("http://服务.intern/").is_allowed_by_name

    def test_nobody_there_is_no_answer(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}/"

        with pytest.raises(NotCallable, match="no_answer"):
            outgoing.post(url, body=b"", headers={})

    @pytest.mark.parametrize(
        ("start", "drop"),
        [(b"", b"H"), (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"."), (b"HTTP/1.0 200 OK\r\n\r\n", b".")],
    )
    def test_whoever_drips_is_cut_off(self, monkeypatch: pytest.MonkeyPatch, start: bytes, drop: bytes):
        monkeypatch.setattr(outgoing, "ANSWER_WITHIN_SECONDS", 0.5)
        listening = socket.create_server(("127.0.0.1", 0))

        def drip() -> None:
            caller, _ = listening.accept()
            with caller:
                caller.recv(65536)
                caller.sendall(start)
                for _ in range(100):
                    try:
                        caller.send(drop)
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with contextlib.suppress(NotCallable):
            outgoing.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", body=b"", headers={})

        assert time.monotonic() - began < 2
        listening.close()
