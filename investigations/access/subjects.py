"""What the uploader may see: what it is asked, and what was disclosed about it once it may know."""

import datetime as dt
from typing import Any

from django.db.models import F, Q, QuerySet

from complaints.access import forwarded_contacts_of
from core.actors import Actor
from core.errors import NotFound
from hosting.access import subscribers_of
from investigations.models import Consultation, Investigation, SubjectNotice
from investigations.rules import State
from verification.models import Account


def consultations_of(account: Actor) -> QuerySet[Consultation]:
    """Return what the account is being asked, or was asked, about requests for its own identity, newest first.

    Of a request that was corrected since, what was asked about the earlier version is no longer shown.
    """
    if not isinstance(account, Account) or not account.is_active:
        return Consultation.objects.none()
    present = Q(request_digest=F("investigation__request_digest"))
    asked = Consultation.objects.filter(present, investigation__subscriber__in=subscribers_of(account))
    return asked.select_related("investigation", "investigation__provider", "investigation__data_key").order_by("-pk")


def own_consultation(account: Actor, reference: str) -> Consultation:
    """Return what the account is asked about this request; NotFound for everybody who is not its uploader."""
    found = consultations_of(account).filter(investigation__reference=reference).first()
    if found is None:
        raise NotFound
    return found


def open_consultations(account: Account) -> list[Consultation]:
    """Return what the account has yet to answer."""
    return list(consultations_of(account).filter(ended_at__isnull=True, investigation__state=State.CONSULTING))


def notices_of(account: Actor) -> QuerySet[SubjectNotice]:
    """Return what was disclosed about the account and may be known, newest first.

    While a delay runs there is no trace of it here: no row, no count, no gap.
    """
    if not isinstance(account, Account) or not account.is_active:
        return SubjectNotice.objects.none()
    told = SubjectNotice.objects.filter(subscriber__in=subscribers_of(account), told_at__isnull=False)
    related = ("investigation", "investigation__provider", "investigation__organisation", "investigation__data_key")
    return told.select_related("authorization", *related).order_by("-pk")


def disclosures_of(account: Actor) -> list[QuerySet[Any]]:
    """Return all that was disclosed about the account, on request or with a counter-notice that was forwarded."""
    return [notices_of(account), forwarded_contacts_of(account)]


def untold_notice(investigation: Investigation, now: dt.datetime) -> SubjectNotice | None:
    """Return what the uploader is to be told of this request now and was not, locked, or None."""
    untold = SubjectNotice.objects.select_for_update(of=("self",)).filter(investigation=investigation)
    due = untold.filter(told_at__isnull=True, due_at__lte=now)
    return due.select_related("authorization").order_by("pk").first()
