"""What follows from acts on requests: the receipt, and mails to the requester and to the uploader."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from core.actors import SYSTEM
from core.mail import enqueue
from hosting.access import notify_address
from investigations import access, actions, records
from investigations.models import Investigation
from ledger.followers import follower
from ledger.models import Entry

TO_REQUESTER = {
    "investigation.acknowledged": "receipt",
    "investigation.corrected": "receipt",
    "investigation.authorized": "authorized",
    "investigation.refused": "refused",
    "investigation.disclosed": "ready",
    "investigation.reissued": "ready",
    "investigation.revoked": "revoked",
    "investigation.expired": "expired",
}
TO_UPLOADER = {
    "investigation.consulted": "asked",
    "investigation.collected": "told",
    "investigation.subject_told": "told",
}


@follower("investigations.receipt", acts=("investigation.filed",))
def acknowledge(entry: Entry) -> None:
    """Note the receipt; its mail follows from that."""
    actions.acknowledge(reference=entry.subject, by=SYSTEM, now=entry.at)


@follower("investigations.to_requester", acts=tuple(TO_REQUESTER))
def tell_requester(entry: Entry) -> None:
    """Tell the requester what became of its request, with nothing in the mail that is not its own."""
    investigation = access.matter_of_clock(entry.subject)
    account = investigation.requester
    enqueue(
        dedupe=f"{entry.pk}:requester",
        to=account.email,
        template=f"investigations/mail/{TO_REQUESTER[entry.act]}",
        context=_context(investigation, account.language),
        language=account.language,
        subject_reference=investigation.reference,
        now=entry.at,
    )


@follower("investigations.to_uploader", acts=tuple(TO_UPLOADER))
def tell_uploader(entry: Entry) -> None:
    """Ask the uploader, or tell it what was disclosed; nothing at a collection of which it is told later or was told."""
    if not entry.facts.get("is_subject_told", True):
        return
    investigation = access.matter_of_clock(entry.subject)
    subscriber = investigation.subscriber
    if subscriber is None:
        return
    address = notify_address(subscriber, purpose=f"telling the uploader: {entry.act}", now=entry.at)
    if not address:
        return
    account = subscriber.account
    language = account.language if account is not None else ""
    enqueue(
        dedupe=f"{entry.pk}:uploader",
        to=address,
        template=f"investigations/mail/{TO_UPLOADER[entry.act]}",
        context=_context(investigation, language) | {"has_account": account is not None},
        language=language,
        subject_reference=investigation.reference,
        now=entry.at,
    )


def _context(investigation: Investigation, language: str) -> dict[str, Any]:
    """Return what the mails say, each word in the language of whoever reads it."""
    decided = access.authorization_of(investigation)
    with translation.override(language or settings.LANGUAGE_CODE):
        return {
            "reference": investigation.reference,
            "provider": investigation.provider.name,
            "article": gettext(investigation.basis.article),
            "capacity": str(investigation.get_capacity_display()),
            "missing": [str(one.detail) for one in records.asked_of(investigation).missing],
            "categories": decided.categories if decided is not None else investigation.categories,
        }
