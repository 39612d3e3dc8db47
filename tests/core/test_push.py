"""Web push: what a browser opens and nobody else, and by what the push service knows who sends."""

import base64
import datetime as dt
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from pytest_django import Settings

from core import checks, push

NOW = dt.datetime(2028, 2, 29, 23, 59, 59, tzinfo=dt.UTC)
# RFC 8291, section 5 and appendix A.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
BROWSER = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
    "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


@pytest.fixture(autouse=True)
def key(settings: Settings) -> None:
    settings.WEB_PUSH_KEY = base64.b64encode(bytes(range(1, 33))).decode()


def test_the_example_of_the_standard_is_encrypted_to_the_letter() -> None:
    sender = ec.derive_private_key(int.from_bytes(push.bytes_of(SENDER)), ec.SECP256R1())

    body = push.encrypted(PLAINTEXT, browser_key=BROWSER, secret=SECRET, salt=push.bytes_of(SALT), key=sender)

    assert push.text_of(body) == BODY


def test_each_push_has_a_key_and_a_salt_of_its_own() -> None:
    bodies = {push.encrypted(PLAINTEXT, browser_key=BROWSER, secret=SECRET) for _ in range(2)}

    assert len({body[:16] for body in bodies}) == len({body[21:86] for body in bodies}) == 2


def test_a_push_carries_no_long_text() -> None:
    with pytest.raises(ValueError, match="a sentence"):
        push.encrypted(b"a" * 3_001, browser_key=BROWSER, secret=SECRET)


def test_the_push_service_can_verify_who_sends_and_that_it_is_meant() -> None:
    header = push.signature("https://push.example:8443/a/b?c=d", NOW)

    scheme, _, rest = header.partition(" ")
    given = dict(part.split("=", 1) for part in rest.split(", "))
    head, told, signed = given["t"].split(".")
    raw = push.bytes_of(signed)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), push.bytes_of(given["k"]))
    der = utils.encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public.verify(der, f"{head}.{told}".encode(), ec.ECDSA(hashes.SHA256()))
    says: dict[str, Any] = json.loads(push.bytes_of(told))
    assert scheme == "vapid"
    assert json.loads(push.bytes_of(head)) == {"typ": "JWT", "alg": "ES256"}
    assert says["aud"] == "https://push.example:8443"
    assert NOW.timestamp() < says["exp"] <= (NOW + dt.timedelta(days=1)).timestamp()
    assert says["sub"].startswith("mailto:")
    assert given["k"] == push.public_key()


@pytest.mark.parametrize(
    ("browser_key", "secret"),
    [("", SECRET), (BROWSER[:-4], SECRET), (BROWSER, "short"), (BROWSER, "not base64!"), ("B" + "A" * 86, SECRET)],
)
def test_what_is_no_key_of_a_browser_is_refused(browser_key: str, secret: str) -> None:
    with pytest.raises(push.Unfit):
        push.require_keys(browser_key, secret)


def test_keys_of_browsers_are_taken_with_and_without_padding() -> None:
    push.require_keys(BROWSER, SECRET)
    push.require_keys(BROWSER + "=", SECRET + "==")


@pytest.mark.parametrize("wrong", ["short", "AAAA", base64.b64encode(bytes(32)).decode(), "é"])
def test_a_wrong_key_turns_it_off_and_does_not_start(settings: Settings, wrong: str) -> None:
    settings.WEB_PUSH_KEY = wrong

    assert (push.is_on(), push.public_key()) == (False, "")
    assert any(fault.startswith("WEB_PUSH_KEY") for fault in checks.faults_of_start())
    with pytest.raises(ValueError, match="no key"):
        push.signature("https://push.example/", NOW)
