"""A provider with its people, an uploader with unique contact details, and somebody who asks: the smallest valid rows."""

import datetime as dt
import io
import itertools
import json
import os
import zipfile
from dataclasses import dataclass
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from core import files, ids, sealing
from core.actors import SYSTEM
from hosting import actions as hosting_actions
from hosting.models import Content, Subscriber
from hosting.rules import Media
from investigations import actions
from investigations.models import Disclosure, Investigation
from ledger import sealing as ledger_sealing
from tests import record
from verification.access.identities import TABLE as IDENTITY
from verification.models import Account, Identity, Membership, Organisation, Token
from verification.rules import DocumentType, IdentityKind, IdentityState, Level, OrganisationKind, Role

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CANARY = {
    "name": "Quillon Varnhagen",
    "postal_address": "Zypressengang 77, 40401 Nirgendheim",
    "email": "quillon.varnhagen@canary.example",
    "phone": "+4930555017399",
}
ALL = ["name", "postal_address", "email", "phone", "network_address", "upload_times"]
_numbers = itertools.count(1)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def account(name: str = "somebody") -> Account:
    made = Account.objects.create_user(f"{name}-{next(_numbers)}@films.example", "a-password-of-tests")
    made.emailaddress_set.create(email=made.email, verified=True, primary=True)
    TOTP.activate(made, SECRET)
    return made


def organisation(code: str, kind: OrganisationKind, *, is_verified: bool = True, country: str = "CN") -> Organisation:
    return Organisation.objects.create(
        code=code, kind=kind, name=code.title(), country=country, created_at=now(),
        verified_at=now() if is_verified else None,
    )  # fmt: skip


def give_role(who: Account, role: Role, at: Organisation | None = None) -> Account:
    Membership.objects.create(account=who, organisation=at, role=role, granted_at=now(), granted_by="system")
    return who


def verify(who: Account, at: Organisation, person: bytes = b"", name: str = "The Person") -> Account:
    """Give the account a verified identity; the same ``person`` makes two accounts one natural person."""
    pk, key = ids.uuid7(), sealing.new_data_key(now=now())

    def seal(field: str, text: str) -> bytes:
        return sealing.seal(key, row=(IDENTITY, pk), field=field, text=text)

    Identity.objects.create(
        pk=pk, account=who, provider=at, data_key=key, kind=IdentityKind.NATURAL_PERSON, state=IdentityState.VERIFIED,
        legal_name_sealed=seal("legal_name", name), document_type=DocumentType.PASSPORT, document_country="DE",
        document_number_sealed=seal("document_number", "C01X0006H"), phone_sealed=seal("phone", "+4930555010"),
        postal_address_sealed=seal("postal_address", json.dumps({"country": "DE", "lines": ["Street 1"]})),
        person_index=person or os.urandom(32), submitted_at=now(), reviewed_at=now(), reviewed_by=who,
        level=Level.SUBSTANTIAL, method="seen in person", expires_at=now() + dt.timedelta(days=700),
    )  # fmt: skip
    return who


def token(of: Account, *, is_stepped_up: bool = True) -> str:
    secret = ids.new_secret()
    Token.objects.create(
        account=of, hash=ids.hash_secret(secret), created_at=now(), expires_at=now() + dt.timedelta(days=1),
        stepped_up_at=now() if is_stepped_up else None,
    )  # fmt: skip
    return secret


def file_of(owner: Account, text: str = "Evidence request, with its seal") -> str:
    return str(files.store(data=text.encode(), name="request.txt", by=owner, now=now()).pk)


@dataclass
class Api:
    """A caller of the API; every POST is JSON."""

    token: str

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers=self.headers | headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/api/v1/{path}", json.dumps({} if body is None else body), content_type="application/json",
            headers=self.headers | {name.replace("_", "-"): value for name, value in headers.items()},
        )  # fmt: skip


@dataclass
class World:
    provider: Organisation
    authority: Organisation
    officer: Account
    rights_holder: Account
    reviewer: Account
    authorizer: Account
    auditor: Account
    handler: Account
    uploader: Account
    stranger: Account
    other_reviewer: Account
    subscriber: Subscriber
    content: Content

    def api(self, name: str, *, is_stepped_up: bool = True) -> Api:
        return Api(token(getattr(self, name), is_stepped_up=is_stepped_up))

    def given(self, **changes: Any) -> dict[str, Any]:
        return {
            "content": [self.content.external_id],
            "categories": ALL,
            "purpose": "An administrative case about a film.",
            "necessity": "The uploader cannot be found in any other way.",
            "documents": [file_of(self.officer)],
        } | changes

    def asked(self, **changes: Any) -> dict[str, Any]:
        fixed = {
            "provider": self.provider.code,
            "capacity": "authority",
            "regime": "cn",
            "legal_basis": "cn.rcin.13",
            "complaint": None,
            "notify_subject_after": None,
            "confidentiality_ground": None,
        }
        return fixed | self.given() | changes

    # --- the steps, each by the act that the portal has for it
    def filed(self, by: Account | None = None, **changes: Any) -> Investigation:
        given = self.asked(**changes)
        fixed = {name: given.pop(name) for name in ("provider", "capacity", "regime", "legal_basis")}
        return actions.file_request(**fixed, given=given, by=by or self.officer, now=now())

    def assessed(self, **changes: Any) -> Investigation:
        made = self.filed(**changes)
        self.assess(made)
        return Investigation.objects.get(pk=made.pk)

    def assess(self, made: Investigation, **changes: Any) -> Any:
        advice = {
            "recommendation": "partial",
            "categories": ["name", "email"],
            "reasons": "The document is genuine.",
            "balance": "Name and e-mail suffice.",
        } | changes
        return actions.assess(reference=made.reference, **advice, by=self.reviewer, now=now())

    def authorized(self, **changes: Any) -> Investigation:
        made = self.assessed(**changes)
        self.authorize(made)
        return Investigation.objects.get(pk=made.pk)

    def authorize(self, made: Investigation, categories: list[str] | None = None) -> Any:
        self.authorizer.second_factor_at = now()
        return actions.authorize(
            reference=made.reference, categories=categories or ["name", "email"], reasons="The basis holds.",
            by=self.authorizer, now=now(),
        )  # fmt: skip

    def disclosed(self, **changes: Any) -> Investigation:
        made = self.authorized(**changes)
        seal()
        self.authorizer.second_factor_at = now()
        actions.disclose(reference=made.reference, by=self.authorizer, now=now())
        seal()
        return Investigation.objects.get(pk=made.pk)

    def collected(self, made: Investigation) -> bytes:
        self.officer.second_factor_at = now()
        return actions.collect(reference=made.reference, by=self.officer, now=now())


def seal() -> None:
    ledger_sealing.seal(now())


def follow() -> None:
    """Run what follows from what was recorded, now."""
    record.follow(now())


def live(made: Investigation) -> Disclosure:
    return Disclosure.objects.filter(investigation=made).order_by("-pk")[0]


def unzip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def make() -> World:
    number = next(_numbers)
    host = organisation(f"host-{number}", OrganisationKind.PROVIDER)
    other = organisation(f"other-{number}", OrganisationKind.PROVIDER)
    office = organisation(f"office-{number}", OrganisationKind.AUTHORITY)
    staff = {
        role.value: verify(give_role(account(role.value), role, host), host)
        for role in (Role.REVIEWER, Role.AUTHORIZER, Role.AUDITOR, Role.HANDLER)
    }
    service = give_role(account("service"), Role.SERVICE, host)
    uploader = give_role(account("uploader"), Role.UPLOADER, host)
    subscriber, _ = hosting_actions.register_subscriber(external_id="sub-1", by=service, now=now(), contact=CANARY)
    subscriber.account, subscriber.claimed_at = uploader, now()
    subscriber.save()
    content = Content.objects.create(
        provider=host, subscriber=subscriber, external_id="item-1", url=f"https://host.example/{number}/item-1",
        title="A film", media=Media.VIDEO, registered_at=now(), changed_at=now(),
    )  # fmt: skip
    return World(
        provider=host,
        authority=office,
        officer=verify(give_role(account("officer"), Role.AUTHORITY_OFFICER, office), host),
        rights_holder=verify(give_role(account("rights-holder"), Role.RIGHTS_HOLDER), host, name="Rights Films"),
        uploader=uploader,
        stranger=verify(give_role(account("stranger"), Role.RIGHTS_HOLDER), host),
        other_reviewer=verify(give_role(account("other"), Role.REVIEWER, other), other),
        subscriber=subscriber,
        content=content,
        **staff,
    )


__all__ = ["ALL", "CANARY", "SYSTEM", "World", "make"]
