"""The smallest valid rows around a conversation; the conversation itself is opened by its action."""

import datetime as dt
import itertools
import os
from dataclasses import dataclass

from core import ids, sealing
from core.actors import SYSTEM
from hosting.models import Content, Subscriber
from hosting.rules import Media
from messaging import actions
from messaging.models import Conversation, Party
from verification import actions as verification
from verification.models import Account, Identity, Membership, Organisation, Token
from verification.rules import DocumentType, IdentityKind, IdentityState, Level, OrganisationKind, Role

NOW = dt.datetime(2026, 3, 29, 0, 59, 59, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def provider(code: str = "") -> Organisation:
    code = code or f"host-{next(_numbers)}"
    kind = OrganisationKind.PROVIDER
    return Organisation.objects.create(code=code, kind=kind, name=code.title(), created_at=NOW)


def account(name: str = "somebody") -> Account:
    return Account.objects.create_user(f"{name}-{next(_numbers)}-{os.getpid()}@films.example", "a-password-of-tests")


def rights_holder(at: Organisation) -> Account:
    made = account("rights-holder")
    Membership.objects.create(account=made, role=Role.RIGHTS_HOLDER, granted_at=NOW, granted_by="system")
    key = sealing.new_data_key(now=NOW)
    reviewer = account("reviewer")
    Identity.objects.create(
        account=made, provider=at, data_key=key, kind=IdentityKind.NATURAL_PERSON, state=IdentityState.VERIFIED,
        legal_name_sealed=b"-", document_type=DocumentType.PASSPORT, document_country="DE",
        document_number_sealed=b"-", postal_address_sealed=b"-", phone_sealed=b"-", person_index=os.urandom(32),
        submitted_at=NOW, reviewed_at=NOW, reviewed_by=reviewer, level=Level.BASIC, method="seen in person",
        expires_at=now() + dt.timedelta(days=300),
    )  # fmt: skip
    return made


def handler_of(at: Organisation) -> Account:
    """Return a handler of the provider, with a second factor."""
    made = account("handler")
    Membership.objects.create(account=made, role=Role.HANDLER, organisation=at, granted_at=NOW, granted_by="system")
    verification.enrol_totp(account=made, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", by=SYSTEM, now=now())
    return made


def subscriber(at: Organisation, owner: Account | None = None) -> Subscriber:
    number = next(_numbers)
    return Subscriber.objects.create(
        provider=at, external_id=f"sub-{number}", pseudonym=f"uploader-{number}", account=owner,
        claimed_at=NOW if owner else None, data_key=sealing.new_data_key(now=NOW), registered_at=NOW,
    )  # fmt: skip


def content(of: Subscriber) -> Content:
    number = next(_numbers)
    return Content.objects.create(
        provider=of.provider, subscriber=of, external_id=f"item-{number}", url=f"https://host.example/{number}",
        title="A film", media=Media.VIDEO, registered_at=NOW, changed_at=NOW,
    )  # fmt: skip


def token(of: Account) -> str:
    secret = ids.new_secret()
    Token.objects.create(
        account=of, hash=ids.hash_secret(secret), created_at=NOW, expires_at=now() + dt.timedelta(days=1)
    )
    return secret


@dataclass
class Pair:
    """A rights holder and an uploader with an open conversation."""

    provider: Organisation
    rights_holder: Account
    uploader: Account
    subscriber: Subscriber
    conversation: Conversation

    def party(self, side: str) -> Party:
        return Party.objects.get(conversation=self.conversation, side=side)


def pair(at: Organisation | None = None) -> Pair:
    at = at or provider()
    uploader = account("uploader")
    holder, of = rights_holder(at), subscriber(at, uploader)
    item = content(of)
    conversation = actions.open_conversation(
        provider=at, subject=f"content:{item.pk}", by=holder, subscriber=of, title=item.title, now=now()
    )
    return Pair(at, holder, uploader, of, conversation)
