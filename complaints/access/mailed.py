"""What became of the mails of a complaint: who may see that of which, and who cannot be reached."""

from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from complaints.access.matters import Viewer
from complaints.access.seeing import own_subscribers
from complaints.models import Complaint, UnreachedAside
from complaints.rules import BEFORE_IT_COUNTS, Side
from core import mail
from core.models import MailState, OutgoingMail
from hosting.models import Subscriber
from verification.access import organisations_where
from verification.models import Account
from verification.rules import Role

COMPLAINANT = "complainant"
MOST_SHOWN = 100
NOT_ARRIVED = (MailState.BOUNCED, MailState.FAILED)


def party_of(subscriber: Subscriber | None) -> str:
    """Return under which name the mails of a party stand in the outbox: the complainant's, or a subscriber's."""
    return COMPLAINANT if subscriber is None else f"subscriber:{subscriber.pk}"


@dataclass(frozen=True)
class Mailed:
    """A mail of a complaint, with the side that it went to, and whether the viewer is that party."""

    mail: OutgoingMail
    side: Side
    is_own: bool


def mails_for(viewer: Viewer, complaint: Complaint) -> list[Mailed]:
    """Return the newest mails of the complaint, the first first: all for staff, for a party its own and no other's."""
    own = own_parties(viewer)
    found = mail.of_subject(complaint.reference, limit=MOST_SHOWN)
    return [
        Mailed(one, Side.COMPLAINANT if one.party == COMPLAINANT else Side.UPLOADER, one.party in own)
        for one in found
        if one.party and (viewer.is_staff or one.party in own)
    ]


def own_parties(viewer: Viewer) -> set[str]:
    """Return the names under which the viewer's own mails stand."""
    own = {COMPLAINANT} if Side.COMPLAINANT in viewer.sides else set()
    if Side.UPLOADER in viewer.sides:
        own |= {party_of(one) for one in own_subscribers(viewer.account)}
    return own


def unreached(mails: list[OutgoingMail]) -> set[str]:
    """Return the parties whose last mail that was tried did not arrive; the next one that is sent changes that."""
    last = {one.party: one for one in mails if one.party and one.tried_at is not None}
    return {party for party, one in last.items() if one.state in NOT_ARRIVED}


def complainant_is_unreached(complaint: Complaint) -> bool:
    """Say whether the last mail to the complainant did not arrive, for the page of its tracking code."""
    return COMPLAINANT in unreached(mail.of_subject(complaint.reference, party=COMPLAINANT, limit=10))


@cache
def _lost() -> QuerySet[OutgoingMail]:
    """Return, for an outer complaint, mails that did not arrive and are the last to their party.

    A part of questions that names nobody and is never asked by itself: put together once.
    """
    later = OutgoingMail.objects.filter(
        subject_reference=OuterRef("subject_reference"), party=OuterRef("party"), pk__gt=OuterRef("pk")
    ).filter(tried_at__isnull=False)
    lost = OutgoingMail.objects.filter(subject_reference=OuterRef("reference"), state__in=NOT_ARRIVED)
    return lost.exclude(party="").exclude(Exists(later))


def with_unreached_party(account: Account) -> QuerySet[Complaint]:
    """Return the open complaints of the account's providers in which a party cannot be reached by mail, newest first."""
    # Asked in short first: on most days every mail arrived, or was tried again until it did.
    if not OutgoingMail.objects.filter(state__in=NOT_ARRIVED).exclude(party="").exists():
        return Complaint.objects.none()
    mine = organisations_where(account, Role.HANDLER)
    references = OutgoingMail.objects.filter(state__in=NOT_ARRIVED).exclude(party="").values("subject_reference")
    found = Complaint.objects.filter(reference__in=references, provider__in=mine, ended_at__isnull=True)
    return found.exclude(state__in=BEFORE_IT_COUNTS).filter(Exists(_lost_since_put_aside())).order_by("-pk")


def _lost_since_put_aside() -> QuerySet[OutgoingMail]:
    """Return, for an outer complaint, the lost mails of which no handler knew when putting earlier ones aside."""
    known = UnreachedAside.objects.filter(complaint__reference=OuterRef("subject_reference"))
    known = known.filter(made_at__gte=OuterRef("lost_at"))
    return _lost().annotate(lost_at=Coalesce("bounced_at", "tried_at", "created_at")).exclude(Q(Exists(known)))


def can_put_unreached_aside(complaint: Complaint) -> bool:
    """Say whether the matter stands on the handlers' list because a party cannot be reached by mail."""
    if complaint.ended_at is not None or complaint.state in BEFORE_IT_COUNTS:
        return False
    # Asked in short first, as it is for nearly every matter: was any mail of it lost?
    if not OutgoingMail.objects.filter(subject_reference=complaint.reference, state__in=NOT_ARRIVED).exists():
        return False
    found = Complaint.objects.filter(pk=complaint.pk, ended_at__isnull=True)
    return found.exclude(state__in=BEFORE_IT_COUNTS).filter(Exists(_lost_since_put_aside())).exists()


def own_unreached(account: Account) -> QuerySet[Complaint]:
    """Return the account's own open complaints whose last mail to it did not arrive, newest first."""
    found = Complaint.objects.filter(complainant=account, ended_at__isnull=True)
    return found.filter(Exists(_lost().filter(party=COMPLAINANT))).order_by("-pk")
