"""The demo's organisations, accounts and identities, made and checked by the acts that real ones come into being by."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from stdnum.cn import ric, uscc

from core.actors import SYSTEM
from portal.demo_accounts import PASSWORD, PEOPLE, TOTP_SECRET, Person
from verification import access, actions
from verification.models import Account, Organisation
from verification.rules import Decision, DocumentType, IdentityKind, IdentityState, Level, OrganisationKind

DAY = dt.timedelta(days=1)
OPENED = 90 * DAY
ORGANISATIONS: tuple[dict[str, Any], ...] = (
    {
        "code": "cloudhaven",
        "kind": OrganisationKind.PROVIDER,
        "name": "Cloudhaven",
        "country": "CN",
        "time_zone": "Asia/Shanghai",
    },
    {
        "code": "otherhost",
        "kind": OrganisationKind.PROVIDER,
        "name": "Otherhost",
        "country": "US",
        "time_zone": "America/New_York",
    },
    {
        "code": "demo-copyright-office",
        "kind": OrganisationKind.AUTHORITY,
        "name": "Copyright Office of the Demo",
        "country": "CN",
        "time_zone": "Asia/Shanghai",
    },
)
RULES = """\
1. Put up only what you made yourself, or may put up.
2. Keep your name and the ways to reach you up to date. Nobody is given them without a ground in law and two people's decision.
3. If somebody complains about something of yours, you are told at once, with the reasons, and you can object.
4. Whoever keeps infringing loses the right to upload, step by step, and can appeal at each.
"""
SECOND_REVIEWER = "second-reviewer@demo.example"
# These never handed in an identity; the newcomer did, and waits.
UNIDENTIFIED = ("stranger@demo.example", "reviewer@otherhost.example")
WAITING = "newcomer@demo.example"
PROGRAM = "service@demo.example"
METHOD = "The document was compared with its holder in a video call (demo)."
EVIDENCE = "Original shown to the camera, front and back."


@dataclass(frozen=True)
class People:
    """The accounts of the demo that act in its stories."""

    rights_holder: Account
    uploader: Account
    handler: Account
    reviewer: Account
    authorizer: Account
    authority: Account
    service: Account


def make(now: dt.datetime) -> People:
    """Make what is missing of organisations, rules, accounts and roles; return who acts in the stories."""
    opened_at = now - OPENED
    organisations = {told["code"]: _organisation(told, opened_at) for told in ORGANISATIONS}
    for code in ("cloudhaven", "otherhost"):
        _rules(organisations[code], opened_at)
    accounts = {person.email: _account(person, organisations, opened_at) for person in PEOPLE}
    return People(
        rights_holder=accounts["rights-holder@demo.example"],
        uploader=accounts["uploader@demo.example"],
        handler=accounts["handler@demo.example"],
        reviewer=accounts["reviewer@demo.example"],
        authorizer=accounts["authorizer@demo.example"],
        authority=accounts["authority@demo.example"],
        service=accounts["service@demo.example"],
    )


def identify(now: dt.datetime) -> None:
    """Make and check the identities that are missing.

    Only once everybody has their roles: somebody without any becomes a rights holder when verified.
    """
    accounts = {person.email: account for person in PEOPLE if (account := access.account_with_email(person.email))}
    for place, person in enumerate(PEOPLE):
        if person.email not in UNIDENTIFIED:
            _identity(place, person, accounts, now)


def _organisation(told: dict[str, Any], now: dt.datetime) -> Organisation:
    code = told["code"]
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        contact = f"copyright@{code}.example"
        found = actions.create_organisation(**told, contact_email=contact, by=SYSTEM, now=now)
    if found.verified_at is None:
        method = "Letter to the registered seat (demo)"
        found = actions.verify_organisation(code=code, method=method, by=SYSTEM, now=now)
    return found


def _rules(provider: Organisation, now: dt.datetime) -> None:
    if not access.rules_of(provider).exists():
        title = f"Service rules of {provider.name}"
        actions.publish_rules(provider=provider.code, version="1", title=title, text=RULES, by=SYSTEM, now=now)


def _account(person: Person, organisations: dict[str, Organisation], now: dt.datetime) -> Account:
    account = access.account_with_email(person.email)
    if account is None:
        account = actions.register_account(email=person.email, password=PASSWORD, language="en", by=SYSTEM, now=now)
    organisation = organisations[person.organisation] if person.organisation else None
    held = {(m.role, m.organisation_id) for m in access.memberships_of(account)}
    for role in person.roles:
        if (role, organisation.pk if organisation else None) not in held:
            actions.grant_role(account=account, role=role, organisation=organisation, by=SYSTEM, now=now)
    if person.needs_code and not access.has_second_factor(account):
        actions.enrol_totp(account=account, secret=TOTP_SECRET, by=SYSTEM, now=now)
    return account


def _identity(place: int, person: Person, accounts: dict[str, Account], now: dt.datetime) -> None:
    account = accounts[person.email]
    is_waiting = person.email == WAITING
    at = now - (DAY if is_waiting else OPENED - DAY)
    identity = access.current_identity(account, now)
    if identity is None:
        provider = person.organisation if person.organisation == "otherhost" else "cloudhaven"
        identity = actions.submit_identity(provider=provider, submitted=_submitted(place, person), by=account, now=at)
    if identity.state == IdentityState.SUBMITTED and not is_waiting:
        actions.review_identity(
            identity_id=identity.pk,
            decision=Decision.VERIFY,
            level=Level.SUBSTANTIAL,
            method=METHOD,
            evidence=EVIDENCE,
            reasons="",
            by=accounts[_reviewer_of(person)],
            now=at + DAY,
        )


def _reviewer_of(person: Person) -> str:
    if person.organisation == "otherhost":
        return "reviewer@otherhost.example"
    return SECOND_REVIEWER if person.email == "reviewer@demo.example" else "reviewer@demo.example"


def _submitted(place: int, person: Person) -> actions.Submitted:
    is_program = person.email == PROGRAM
    body = f"110101{1980 + place}0101{100 + place}"
    card, code = body + ric.calc_check_digit(f"{body}0"), "91110108551385082"
    kind = DocumentType.UNIFIED_SOCIAL_CREDIT_CODE if is_program else DocumentType.RESIDENT_IDENTITY_CARD
    return actions.Submitted(
        kind=IdentityKind.ORGANISATION if is_program else IdentityKind.NATURAL_PERSON,
        legal_name=f"{person.email.split('@')[0].replace('-', ' ').title()} of the Demo",
        document_type=kind,
        document_number=code + uscc.calc_check_digit(code) if is_program else card,
        document_country="CN",
        document_expires_on=None,
        postal_address=actions.Address("CN", (f"{place + 1} Sample Lane",), "100000", "Sampleton"),
        phone=f"+86 10 5555 {1000 + place}",
    )
