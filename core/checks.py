"""What must be right before a process serves: secrets present and strong, no contradictions. One clear line each.

It is read before the apps are loaded, so that a refusal comes at once; so it imports nothing that has tables.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from core.field_keys import parse_field_keys
from core.scanning import is_daemon

WEAK_SECRET_CHARACTERS = 32
LEAST_DIFFERENT_CHARACTERS = 8
LONGEST_LOCAL_PART = 21  # with "+" and the token of core.bounces the whole stays below the 64 octets of RFC 5321


def faults_of_secrets() -> list[str]:
    """Return what is wrong with the deployment's secrets, a sentence each; empty when all is well."""
    faults = []
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    if len(secret) < WEAK_SECRET_CHARACTERS or len(set(secret)) < LEAST_DIFFERENT_CHARACTERS:
        faults.append("SECRET_KEY is missing or weak: give at least 32 random characters")
    try:
        parse_field_keys(settings.FIELD_KEYS)
    except ValueError as error:
        faults.append(str(error))
    if len(settings.LEDGER_SEED) != 32:  # noqa: PLR2004 - an Ed25519 seed
        faults.append("LEDGER_KEY is missing or wrong: give 32 random bytes in base64")
    return faults


def faults_of_start() -> list[str]:
    """Return why a serving process (web or worker) must not start, a sentence each; empty when it may."""
    faults = faults_of_secrets()
    if settings.PORTAL_DEMO and os.environ.get("PORTAL_SUPERVISED") != "demo":
        faults.append("PORTAL_DEMO is set: the demo is started by `make demo` only, never as a production server")
    if not settings.PORTAL_DEMO and (not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS):
        faults.append("ALLOWED_HOSTS is missing or '*': name the hosts that this portal answers for")
    if settings.DEBUG:
        faults.append("DEBUG is on: a serving process never runs with it")
    return faults + _faults_of_places()


def _faults_of_places() -> list[str]:
    faults = []
    if not settings.PORTAL_URL.startswith(("https://", "http://")) or not settings.PORTAL_HOST:
        faults.append("PORTAL_URL is no address: give it whole, as in https://portal.example")
    if settings.STORAGE_URL and not settings.STORAGE_URL.startswith("file:///"):
        faults.append("STORAGE_URL is no folder: write it as in file:///srv/portal/files")
    if settings.CLAMD_URL and not is_daemon(settings.CLAMD_URL):
        faults.append("CLAMD_URL is no daemon: write it as in tcp://clamd:3310 or unix:///run/clamav/clamd.ctl")
    local, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    if settings.BOUNCE_ADDRESS and not (at and domain and 0 < len(local) <= LONGEST_LOCAL_PART):
        faults.append(
            f"BOUNCE_ADDRESS is no address with at most {LONGEST_LOCAL_PART} characters before the @: as in bounce@portal.example"
        )
    if any("/" in host for host in settings.WEBHOOK_HOSTS):
        faults.append("WEBHOOK_HOSTS takes names of hosts, without http:// or a path")
    if any("/" in host for host in settings.MAILBOX_HOSTS):
        faults.append("MAILBOX_HOSTS takes names of hosts, without imaps:// or a path")
    if settings.WEB_PUSH_KEY and not _is_push_on():
        faults.append("WEB_PUSH_KEY is wrong: give 32 random bytes in base64, or nothing")
    return faults + _faults_of_replies()


def _is_push_on() -> bool:
    from core import push  # it loads cryptography, which few starts need as early

    return push.is_on()


def _faults_of_replies() -> list[str]:
    address, url = settings.REPLY_ADDRESS, urlsplit(settings.REPLIES_URL)
    if not address and not settings.REPLIES_URL:
        return []
    if not address or not settings.REPLIES_URL:
        return ["REPLY_ADDRESS and REPLIES_URL belong together: give both, or neither"]
    local, at, domain = address.rpartition("@")
    if not (at and domain and 0 < len(local) <= LONGEST_LOCAL_PART):
        return [
            f"REPLY_ADDRESS is no address with at most {LONGEST_LOCAL_PART} characters before the @: as in reply@portal.example"
        ]
    if url.scheme not in ("imaps", "imap") or not url.hostname or not url.username or not url.password:
        return ["REPLIES_URL is no mailbox: write it as in imaps://user:password@mail.example/INBOX"]
    return []


def refuse_a_bad_start() -> None:
    """End the process with one clear line when it must not serve."""
    faults = faults_of_start()
    if faults:
        raise SystemExit("portal: " + "; ".join(faults) + ".")


@register()
def secrets_are_right(**_: Any) -> list[CheckMessage]:
    """Report missing or weak secrets as errors of the system check."""
    return [Error(text, id="core.E001") for text in faults_of_secrets()]
