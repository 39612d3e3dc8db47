"""Who may not handle a matter: whoever is part of it, by whatever account, and who declared an interest in it."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from complaints.models import Complaint, ComplaintItem, DeclaredInterest, InterestException
from complaints.rules import Interest
from core import sealing
from core.errors import Denied
from core.sealing import Plain
from verification.access import accounts_of_person
from verification.models import Account

INTEREST_TABLE = "complaints_declaredinterest"
OWN_MATTER = "own_matter"
DECLARED = "conflict_declared"


def interests_in(complaint: Complaint) -> QuerySet[DeclaredInterest]:
    """Return the interests that handlers declared in the complaint, its complainant or the uploaders of its items."""
    uploaders = ComplaintItem.objects.filter(complaint=complaint, content__isnull=False).values("content__subscriber")
    same = ComplaintItem.objects.filter(complaint=OuterRef("complaint"), content__subscriber__in=uploaders)
    in_it = Q(complaint=complaint) | Q(about=Interest.UPLOADER) & Q(Exists(same))
    if complaint.complainant_id is not None:
        in_it |= Q(about=Interest.COMPLAINANT, complaint__complainant=complaint.complainant_id)
    found = DeclaredInterest.objects.filter(in_it, complaint__provider=complaint.provider_id)
    return found.select_related("account", "data_key").order_by("pk")


def reasons_of(interest: DeclaredInterest) -> Plain:
    """Return why somebody declared an interest. Whoever calls this has recorded for whom it is opened."""
    row, sealed = (INTEREST_TABLE, interest.pk), bytes(interest.reasons_sealed)
    return sealing.open_sealed(interest.data_key, row=row, field="reasons", sealed=sealed)


def barred_by(account: Account, complaint: Complaint) -> str:
    """Return the code of what keeps the account from handling the complaint, or nothing.

    A party never handles its own matter; the natural person counts and not the account. What somebody declared bars
    that person too, until an authorizer has recorded an exception for this matter.
    """
    person = accounts_of_person(account)
    if complaint.complainant_id in person or _uploads(person, complaint):
        return OWN_MATTER
    if not DeclaredInterest.objects.filter(account__in=person).exists():
        return ""  # as it is for nearly everybody; what concerns this complaint is the longer question
    newest = interests_in(complaint).filter(account__in=person).last()
    return "" if newest is None or is_excepted(newest, account, complaint) else DECLARED


def is_excepted(interest: DeclaredInterest, account: Account, complaint: Complaint) -> bool:
    """Say whether an authorizer, knowing this interest, let the account act in the complaint."""
    found = InterestException.objects.filter(complaint=complaint, account=account)
    return found.filter(made_at__gte=interest.declared_at).exists()


def _uploads(person: set[UUID], complaint: Complaint) -> bool:
    return ComplaintItem.objects.filter(complaint=complaint, content__subscriber__account__in=person).exists()


def require_impartial(account: Account, complaint: Complaint) -> None:
    """Raise Denied for a party of the complaint, by whatever account, and for who declared an interest in it."""
    code = barred_by(account, complaint)
    if code == OWN_MATTER:
        raise Denied(_("You are a party of this complaint; somebody else must handle it."), code=code)
    if code == DECLARED:
        raise Denied(_("You declared a conflict of interest here; somebody else must handle it."), code=code)
