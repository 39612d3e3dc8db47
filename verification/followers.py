"""Who is told what about accounts and identities, by mail."""

from typing import Any

from django.utils import translation

from core import mail
from core.errors import NotFound
from ledger.followers import follower
from ledger.models import Entry
from verification import access
from verification.rules import IdentityState, Role

OF_ACCOUNT = {
    "role.granted": "role_granted",
    "role.taken": "role_granted",
    "role.ended": "role_ended",
    "account.suspended": "account_suspended",
    "account.reinstated": "account_reinstated",
    "account.password_changed": "password_changed",
    "identity.erased": "identity_erased",
}
OF_IDENTITY = {
    "identity.submitted": "identity_received",
    "identity.expired": "identity_expired",
    "identity.withdrawn": "identity_withdrawn",
}


@follower("verification.mail_to_owner", acts=[*OF_ACCOUNT, *OF_IDENTITY, "identity.reviewed"])
def tell_owner(entry: Entry) -> None:
    """Tell the person what happened to their account or identity, at the address that they confirmed (promise A5)."""
    if entry.act in OF_ACCOUNT:
        told = access.account_of_reference(entry.subject)
        _send(entry, told, OF_ACCOUNT[entry.act], _of_role(entry, told.language))
        return
    identity = access.identity_of_reference(entry.subject)
    context = {
        "provider": identity.provider.name,
        "contact": identity.provider.contact_email,
        "reasons": identity.reasons,
        "level": identity.level,
        "expires_at": identity.expires_at,
        "has_ended_another": bool(entry.facts.get("ended")),
    }
    name = OF_IDENTITY.get(entry.act) or _of_decision(entry)
    _send(entry, identity.account, name, context)


def _of_decision(entry: Entry) -> str:
    return "identity_verified" if entry.facts["decision"] == "verify" else "identity_refused"


def _of_role(entry: Entry, language: str) -> dict[str, Any]:
    role = entry.facts.get("role")
    if role is None:
        return {}
    with translation.override(language or None):
        return {"role": str(Role(role).label), "organisation": entry.facts.get("organisation", "")}


@follower("verification.mail_to_reviewers", acts=["identity.submitted"])
def tell_reviewers(entry: Entry) -> None:
    """Tell the provider's reviewers that an identity waits; not whose."""
    try:
        identity = access.identity_of_reference(entry.subject)
    except NotFound:
        return
    if identity.state != IdentityState.SUBMITTED:
        return
    for reviewer in access.staff_of(identity.provider, Role.REVIEWER):
        _send(entry, reviewer, "identity_waits", {"identity": str(identity.pk), "provider": identity.provider.name})


def _send(entry: Entry, account: Any, name: str, context: dict[str, Any]) -> None:
    mail.enqueue(
        dedupe=f"{entry.id}:{name}:{account.pk}",
        to=account.email,
        template=f"verification/mail/{name}",
        context=context,
        language=account.language,
        subject_reference=entry.subject,
        now=entry.at,
    )
