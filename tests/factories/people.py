"""The smallest valid organisations, accounts, roles and identities; whatever has states goes through the actions."""

import datetime as dt
import itertools
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from rest_framework.test import APIClient

from core.actors import SYSTEM
from verification import actions
from verification.models import Account, Identity, Membership, Organisation
from verification.rules import SECOND_FACTOR_ROLES, OrganisationKind, Role

# Half an hour that there is twice in New York that night.
NOW = dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)
PASSWORD = "a-password-of-tests-2026"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = itertools.count(1)


def provider(code: str = "", **kwargs: Any) -> Organisation:
    return _organisation(code or f"host-{next(_numbers)}", OrganisationKind.PROVIDER, **kwargs)


def authority(code: str = "", **kwargs: Any) -> Organisation:
    return _organisation(code or f"office-{next(_numbers)}", OrganisationKind.AUTHORITY, **kwargs)


def _organisation(code: str, kind: OrganisationKind, **kwargs: Any) -> Organisation:
    return actions.create_organisation(code=code, kind=kind, name=code.title(), by=SYSTEM, now=NOW, **kwargs)


def account(name: str = "somebody", password: str | None = None) -> Account:
    email = f"{name}-{next(_numbers)}@films.example"
    return actions.register_account(email=email, password=password, by=SYSTEM, now=NOW)


def member(role: Role, at: Organisation | None = None, password: str | None = None) -> Account:
    """Return an account with the role, and with a second factor where the role acts with one only."""
    made = account(role.value.replace("_", "-"), password)
    actions.grant_role(account=made, role=role, organisation=at, by=SYSTEM, now=NOW)
    if role in SECOND_FACTOR_ROLES:
        actions.enrol_totp(account=made, secret=TOTP_SECRET, by=SYSTEM, now=NOW)
    return made


def members(*wanted: tuple[Role | None, Organisation | None]) -> list[Account]:
    """Return accounts with these roles (or with none), as the actions would leave their rows, in a few statements.

    The ledger says nothing of them: a test that is about accounts and roles uses ``account`` and ``member``.
    """
    made = [_unsaved(role) for role, _ in wanted]
    Account.objects.bulk_create(made)
    addresses = [EmailAddress(user=one, email=one.email, primary=True, verified=True) for one in made]
    EmailAddress.objects.bulk_create(addresses)
    roles = [(one, role, at) for one, (role, at) in zip(made, wanted, strict=True) if role is not None]
    granted = {"granted_at": NOW, "granted_by": SYSTEM.ledger_reference}
    Membership.objects.bulk_create(
        [Membership(account=one, role=role, organisation=at, **granted) for one, role, at in roles]
    )
    secret = {"secret": get_adapter().encrypt(TOTP_SECRET)}
    Authenticator.objects.bulk_create(
        [
            Authenticator(user=one, type=Authenticator.Type.TOTP, data=secret)
            for one, role, _ in roles
            if role in SECOND_FACTOR_ROLES
        ]
    )
    return made


def _unsaved(role: Role | None) -> Account:
    name = role.value.replace("_", "-") if role is not None else "somebody"
    made = Account(email=f"{name}-{next(_numbers)}@films.example")
    made.set_unusable_password()
    return made


def submitted(**changes: Any) -> actions.Submitted:
    """Return what a person hands in, with a passport of its own."""
    values: dict[str, Any] = {
        "kind": "natural_person",
        "legal_name": "A person of the tests",
        "document_type": "passport",
        "document_number": f"P{next(_numbers):07d}",
        "document_country": "DE",
        "document_expires_on": None,
        "postal_address": actions.Address("DE", ("Harbour Street 1",), "10115", "Berlin"),
        "phone": "+49 30 901820",
    }
    return actions.Submitted(**{**values, **changes})


def identity(of: Account, at: Organisation, now: dt.datetime = NOW, **changes: Any) -> Identity:
    """Return an identity that waits for its review."""
    return actions.submit_identity(provider=at.code, submitted=submitted(**changes), by=of, now=now)


def verified(
    of: Account, at: Organisation, by: Account | None = None, now: dt.datetime = NOW, **changes: Any
) -> Identity:
    """Return an identity that a reviewer has verified."""
    return review(identity(of, at, now, **changes), by or member(Role.REVIEWER, at), now=now)


def review(of: Identity, by: Account, now: dt.datetime = NOW, **changes: Any) -> Identity:
    """Return the identity after its review; verified unless told otherwise."""
    values = {
        "decision": "verify",
        "level": "basic",
        "method": "video call",
        "evidence": "original seen",
        "reasons": "",
    }
    return actions.review_identity(identity_id=of.pk, by=by, now=now, **{**values, **changes})


def token(of: Account, now: dt.datetime | None = None) -> str:
    """Return the secret of a bearer token that is valid at the real present."""
    return actions.issue_token(account=of, by=SYSTEM, now=now or dt.datetime.now(dt.UTC))[1]


def program(of: Account | None = None) -> APIClient:
    """Return a client of the API: with the account's token, or without any."""
    client = APIClient(raise_request_exception=False)
    if of is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token(of)}")
    return client


def one_time_code(now: dt.datetime | None = None, steps: int = 0) -> str:
    """Return the one-time code of ``TOTP_SECRET``, so many steps from now."""
    at = now or dt.datetime.now(dt.UTC)
    return str(format_hotp_value(hotp_value(TOTP_SECRET, int(at.timestamp()) // 30 + steps)))
