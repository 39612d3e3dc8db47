"""Makes many pairs with an open conversation each, so that load can be driven from outside."""

import datetime as dt
import gc
import json
import os
import secrets
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from core import times
from core.actors import SYSTEM
from hosting import actions as hosting
from messaging import actions
from verification import access
from verification import actions as verification
from verification.models import Account, Organisation
from verification.rules import Decision, DocumentType, IdentityKind, Level, OrganisationKind, Role

PROVIDER = "benchhost"
# As many pairs share a transaction: with one for each act, the disk would be what is waited for.
AT_ONCE = 25
MOST_PAIRS = 20_000


class Command(BaseCommand):
    """Each pair goes through the same acts as people do, and each act leaves its entry in the ledger."""

    help = (
        "Make N pairs of a verified rights holder and an uploader, and print a JSON line for each (demo or test only)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pairs", type=int, required=True)

    def handle(self, *_: Any, pairs: int, **__: Any) -> None:
        if not settings.PORTAL_DEMO and not connection.settings_dict["NAME"].startswith("test_"):
            raise CommandError("bench_world works only in a demo or test database")
        if not 1 <= pairs <= MOST_PAIRS:
            raise CommandError(f"give --pairs from 1 to {MOST_PAIRS}")
        world = _World(times.now())
        lots = [range(first, min(first + AT_ONCE, pairs)) for first in range(0, pairs, AT_ONCE)]
        # Half of the work is Python's, so it is shared out; each process opens its own connection.
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has it
        with ProcessPoolExecutor(_processors(), mp_context=get_context("fork"), initializer=_lighten) as pool:
            for lines in pool.map(world.pairs, lots):
                for line in lines:
                    self.stdout.write(json.dumps(line))


def _lighten() -> None:
    """Leave out what only a longer or a failing run would need: a lot is made whole or not at all, and the process ends."""
    gc.disable()
    connection.features.uses_savepoints = False  # of this process's connection alone
    # The same sixty statements for every pair: each is planned once and not a thousand times.
    connection.settings_dict["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 1}
    connection.settings_dict["OPTIONS"].pop("pool", None)


def _processors() -> int:
    return max(1, min(4, len(os.sched_getaffinity(0))))


class _World:
    """A provider of its own, and the pairs at it."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.mark = secrets.token_hex(5)
        with transaction.atomic():
            self.provider = self._provider()
            self.service = self._staff("service", Role.SERVICE)
            self.reviewer = self._staff("reviewer", Role.REVIEWER)
            verification.enrol_totp(account=self.reviewer, secret=_totp_secret(), by=SYSTEM, now=now)

    def _provider(self) -> Organisation:
        found = access.providers().filter(code=PROVIDER).first()
        kind = OrganisationKind.PROVIDER
        return found or verification.create_organisation(
            code=PROVIDER, kind=kind, name="Bench host", by=SYSTEM, now=self.now
        )

    def _account(self, name: str) -> Account:
        # Nobody signs in by password here, so there is none.
        email = f"{name}-{self.mark}@bench.example"
        return verification.register_account(email=email, by=SYSTEM, now=self.now)

    def _staff(self, name: str, role: Role) -> Account:
        account = self._account(name)
        verification.grant_role(account=account, role=role, organisation=self.provider, by=SYSTEM, now=self.now)
        return account

    def pairs(self, numbers: range) -> list[dict[str, Any]]:
        """Return the pairs of these numbers, made in one transaction."""
        with transaction.atomic():
            return [self._pair(number) for number in numbers]

    def _pair(self, number: int) -> dict[str, Any]:
        """Return one pair: the conversation, and a token for each side."""
        holder, uploader = self._account(f"rights-holder-{number}"), self._account(f"uploader-{number}")
        self._verify(holder, number)
        name = f"{self.mark}-{number}"
        content, _is_new = hosting.register_content(
            external_id=f"item-{name}", url=f"https://{PROVIDER}.example/{name}", title=f"Item {number}",
            media="video", subscriber_external_id=f"sub-{name}", by=self.service, now=self.now,
        )  # fmt: skip
        made = hosting.make_claim_link(external_id=f"sub-{name}", by=self.service, now=self.now)
        subscriber = hosting.claim_subscriber(secret=made.secret, by=uploader, now=self.now)
        conversation = actions.open_conversation(
            provider=self.provider, subject=f"content:{content.pk}", by=holder, subscriber=subscriber,
            title=content.title, now=self.now,
        )  # fmt: skip
        return {"conversation": str(conversation.pk), "tokens": [self._token(holder), self._token(uploader)]}

    def _verify(self, holder: Account, number: int) -> None:
        verification.become_rights_holder(by=holder, now=self.now)
        submitted = verification.Submitted(
            kind=IdentityKind.NATURAL_PERSON,
            legal_name=f"Rights holder {number}",
            document_type=DocumentType.PASSPORT,
            document_number=f"B{self.mark[:3]}{number:06d}".upper(),
            document_country="DE",
            document_expires_on=self.now.date() + dt.timedelta(days=1000),
            postal_address=verification.Address("DE", ("Harbour Street 1",), "10115", "Berlin"),
            phone="+4930901820",
        )
        identity = verification.submit_identity(provider=PROVIDER, submitted=submitted, by=holder, now=self.now)
        verification.review_identity(
            identity_id=identity.pk, decision=Decision.VERIFY, level=Level.BASIC, method="made for a bench",
            evidence="none: this account is not a person", reasons="", by=self.reviewer, now=self.now,
        )  # fmt: skip

    def _token(self, account: Account) -> str:
        return verification.issue_token(account=account, by=SYSTEM, now=self.now)[1]


def _totp_secret() -> str:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    return "".join(secrets.choice(alphabet) for _ in range(32))
