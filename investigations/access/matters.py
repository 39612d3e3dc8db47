"""Who may see which request and who may do what with it: the requester, and three roles of the provider's staff."""

import datetime as dt
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.access import get_for as complaint_visible_to
from complaints.models import Complaint
from core import clocks
from core.actors import SYSTEM, Actor
from core.errors import Conflict, Denied, NotFound, invalid
from core.models import Clock, StoredFile
from core.sealing import record_opening
from investigations import records
from investigations.models import Access, Assessment, Authorization, Consultation, Disclosure, Investigation
from investigations.rules import Capacity, Decision
from ledger.models import Entry
from verification.access import (
    organisations_where,
    plain_of,
    require_role,
    require_second_factor_set_up,
    require_staff,
    require_verified,
)
from verification.models import Account, Identity, Organisation
from verification.rules import Role

READERS = (Role.REVIEWER, Role.AUTHORIZER, Role.AUDITOR)
REQUESTER = "requester"
SAME_LOOK_WITHIN = dt.timedelta(minutes=5)


def visible_to(account: Actor) -> QuerySet[Investigation]:
    """Return the requests that the account may see: its own, and those to a provider where it reads them by role."""
    if not isinstance(account, Account) or not account.is_active:
        return Investigation.objects.none()
    staff = Q(provider__in=organisations_where(account, *READERS))
    found = Investigation.objects.filter(Q(requester=account) | staff)
    related = ("provider", "requester", "organisation", "identity", "complaint", "subscriber", "data_key")
    return found.select_related(*related).order_by("-pk")


def newest_for(account: Actor, most: int) -> list[Investigation]:
    """Return the newest requests that the account may see, to name each with its state and nothing else of it."""
    named = visible_to(account).select_related(None).only("reference", "state", "filed_at")
    return list(named[:most])


def get_for(account: Actor, reference: str, lock: bool = False) -> Investigation:
    """Return the request of this reference; NotFound when it is not the account's to see. ``lock`` holds its row."""
    found = visible_to(account).filter(reference=reference)
    if lock:
        found = found.select_for_update(of=("self",))
    investigation = found.first()
    if investigation is None:
        raise NotFound
    return investigation


def own(account: Actor) -> QuerySet[Investigation]:
    """Return the requests that the account made itself, newest first."""
    return visible_to(account).filter(requester=account)  # type: ignore[misc]  # an actor without account sees none


def matter_of_clock(reference: str) -> Investigation:
    """Return the request for a clock or a follower, locked; nobody asks here, so nobody is checked."""
    found = Investigation.objects.select_for_update(of=("self",)).filter(reference=reference)
    investigation = found.select_related("provider", "requester", "subscriber", "data_key").first()
    if investigation is None:
        raise NotFound
    return investigation


def seats_of(account: Account, investigation: Investigation) -> list[str]:
    """Return as what the account may look at the request: ``requester``, and its roles at the provider."""
    own = [REQUESTER] if investigation.requester_id == account.pk else []
    at = {"pk": investigation.provider_id}
    return own + [str(role.value) for role in READERS if organisations_where(account, role).filter(**at).exists()]


def seat_of(account: Account, investigation: Investigation) -> str:
    """Return as what the account looks at the request, its own side first; NotFound when as nothing."""
    seats = seats_of(account, investigation)
    if not seats:
        raise NotFound
    return seats[0]


def require_requester(account: Actor, investigation: Investigation) -> None:
    """Raise Denied unless the account itself made the request."""
    if not isinstance(account, Account) or investigation.requester_id != account.pk:
        raise Denied(_("Only the one who made the request may do this."))


def require_reviewer(account: Actor, investigation: Investigation) -> None:
    """Raise Denied unless the account reviews for the provider."""
    _require(account, investigation, Role.REVIEWER)


def require_authorizer(account: Actor, investigation: Investigation) -> None:
    """Raise Denied unless the account authorizes for the provider."""
    _require(account, investigation, Role.AUTHORIZER)


def require_discloser(account: Actor, investigation: Investigation) -> None:
    """Raise Denied unless the account reviews or authorizes for the provider: who decided stands recorded already."""
    _require(account, investigation, Role.REVIEWER, Role.AUTHORIZER)


def require_staff_of_matter(account: Actor, investigation: Investigation) -> None:
    """Raise Denied unless the account reads the request by its role at the provider."""
    _require(account, investigation, *READERS)


def _require(account: Actor, investigation: Investigation, *roles: Role) -> None:
    try:
        require_staff(account, investigation.provider, *roles)
    except NotFound:
        # Whoever is here sees the matter already: as its requester, who may not do what staff does.
        raise Denied(_("This is for the provider's staff.")) from None


def require_may_request(account: Actor, capacity: str, now: dt.datetime) -> tuple[Identity, Organisation | None]:
    """Return the verified identity and the organisation for which the account asks.

    Raises Denied unless it is a verified rights holder, or a verified officer of a verified authority (promise D8).
    """
    if capacity == Capacity.RIGHTS_HOLDER:
        require_role(account, Role.RIGHTS_HOLDER)
        return require_verified(account, now), None
    verified = organisations_where(account, Role.AUTHORITY_OFFICER).filter(verified_at__isnull=False)
    authority = verified.first()
    if authority is None:
        raise Denied(_("Only a verified officer of a verified authority may ask as an authority."))
    require_second_factor_set_up(account)
    return require_verified(account, now), authority


def capacities_of(account: Actor, now: dt.datetime) -> list[Capacity]:
    """Return the capacities in which the account may make a request now."""
    found = []
    for capacity in Capacity:
        try:
            require_may_request(account, capacity, now)
        except Denied:
            continue
        found.append(capacity)
    return found


def require_still_recipient(investigation: Investigation, now: dt.datetime) -> None:
    """Raise Conflict unless the requester is still the verified person, in the same capacity, that was assessed."""
    try:
        seat = require_may_request(investigation.requester, investigation.capacity, now)
    except Denied:
        seat = None
    if seat is None or seat[0].pk != investigation.identity_id or seat[1] != investigation.organisation:
        text = _("The requester is no longer the verified person that asked. The request must be corrected first.")
        raise Conflict(text, state=investigation.state, code="requester_changed")


def complaint_for(account: Actor, capacity: str, provider: Organisation, reference: str) -> Complaint:
    """Return the complaint that a request names; Invalid when there is none that the account may name.

    An authority may name any confirmed complaint of the provider whose reference it was given: it cannot be guessed.
    """
    refusal = invalid("/complaint", "unknown_complaint", _("There is no such complaint that you may refer to."))
    if capacity == Capacity.AUTHORITY:
        found = Complaint.objects.filter(provider=provider, reference=reference).first()
        if found is None:
            raise refusal
        return found
    try:
        found = complaint_visible_to(account, reference)
    except NotFound:
        raise refusal from None
    if found.provider_id != provider.pk:
        raise refusal
    return found


def consultation_of(investigation: Investigation) -> Consultation | None:
    """Return how the uploader was heard on the present request, or None."""
    asked = Consultation.objects.filter(investigation=investigation, request_digest=investigation.request_digest)
    return asked.select_related("asked_by").first()


def assessment_of(investigation: Investigation) -> Assessment | None:
    """Return the assessment of the present request, or None."""
    bound = Assessment.objects.filter(investigation=investigation, request_digest=investigation.request_digest)
    return bound.select_related("by").first()


def authorization_of(investigation: Investigation) -> Authorization | None:
    """Return the decision on the present request, or None."""
    bound = Authorization.objects.filter(investigation=investigation, request_digest=investigation.request_digest)
    return bound.select_related("by", "assessment", "assessment__by").first()


def latest_disclosure(investigation: Investigation) -> Disclosure | None:
    """Return the newest delivery that rests on a decision about the present request, or None."""
    bound = Disclosure.objects.filter(
        investigation=investigation,
        authorization__request_digest=investigation.request_digest,
        authorization__decision=Decision.AUTHORIZE,
    )
    related = ("authorization", "authorization__by", "authorization__assessment", "authorization__assessment__by")
    return bound.select_related(*related).order_by("-pk").first()


def live_disclosure(investigation: Investigation, *, lock: bool = False) -> Disclosure | None:
    """Return the delivery that has not ended, whatever the request has become since, or None."""
    ended = ("collected_at", "revoked_at", "expired_at", "voided_at")
    live = Disclosure.objects.filter(investigation=investigation, **{f"{name}__isnull": True for name in ended})
    return (live.select_for_update(of=("self",)) if lock else live).order_by("-pk").first()


def document_for(account: Actor, reference: str, document_id: UUID) -> tuple[Investigation, StoredFile]:
    """Return a document of the request; NotFound for whoever does not see the request, and for any other file."""
    investigation = get_for(account, reference)
    for file in records.documents_of(investigation):
        if file.pk == document_id:
            return investigation, file
    raise NotFound


def clocks_of(investigation: Investigation) -> QuerySet[Clock]:
    """Return the matter's running clocks, the next due first."""
    return clocks.running(investigation.reference)


def timeline_of(investigation: Investigation) -> QuerySet[Entry]:
    """Return the recorded acts of the matter, oldest first."""
    return Entry.objects.filter(subject=investigation.reference).order_by("at", "pk")


def accesses_of(account: Actor, reference: str) -> QuerySet[Access]:
    """Return who looked into the matter, newest first; NotFound for whoever does not see it."""
    investigation = get_for(account, reference)
    return Access.objects.filter(investigation=investigation).select_related("by").order_by("-pk")


def note_access(account: Account, investigation: Investigation, what: str, now: dt.datetime) -> None:
    """Note that the account looked into the matter, once in five minutes for the same thing."""
    role = seat_of(account, investigation)
    same = Access.objects.filter(investigation=investigation, by=account, what=what, as_role=role)
    if not same.filter(at__gt=now - SAME_LOOK_WITHIN).exists():
        Access.objects.create(investigation=investigation, by=account, what=what, as_role=role, at=now)


def name_of_recipient(investigation: Investigation, now: dt.datetime) -> str:
    """Return who gets the data, by the name that the uploader is told; the opening of a person's name is recorded."""
    if investigation.organisation is not None:
        return investigation.organisation.name
    identity, purpose = investigation.identity, "naming the recipient of the data to its subject"
    record_opening(key=identity.data_key, fields=["legal_name"], by=SYSTEM, purpose=purpose, now=now)
    return plain_of(identity)["legal_name"].reveal()
