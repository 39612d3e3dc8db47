"""Notices without account and without address, which only a person can confirm: for the handlers of their provider."""

from django.db.models import QuerySet

from complaints.models import Complaint
from complaints.rules import State
from core.actors import Actor
from core.errors import NotFound
from verification.access import organisations_where, require_staff
from verification.rules import Role


def unreached_filings(account: Actor) -> QuerySet[Complaint]:
    """Return what waits to be confirmed by a handler of the account's providers, newest first: nothing has a link."""
    found = Complaint.objects.filter(
        state=State.UNCONFIRMED,
        confirmation__isnull=True,
        provider__in=organisations_where(account, Role.HANDLER),
    )
    return found.select_related("provider", "data_key").order_by("-pk")


def unreached_filing(account: Actor, reference: str, *, lock: bool = False) -> Complaint:
    """Return what waits to be confirmed by hand, for a handler of its provider; NotFound for everybody else."""
    found = unreached_filings(account).filter(reference=reference)
    complaint = (found.select_for_update(of=("self",)) if lock else found).first()
    if complaint is None:
        raise NotFound
    require_staff(account, complaint.provider, Role.HANDLER)
    return complaint
