"""Whose identity is verified, who may see and open one, and who opened it."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import files, sealing
from core.actors import Actor
from core.errors import Denied, NotFound
from core.models import Attachment, DataKey, Opening, StoredFile
from core.sealing import Plain
from verification import documents
from verification.access.roles import memberships_of, organisations_where, require_staff
from verification.models import Account, Identity, Membership
from verification.rules import IdentityKind, IdentityState, Role

TABLE = "verification_identity"
FIELDS = ("legal_name", "document_number", "postal_address", "phone")
DOCUMENT = "identity_document"
# What a notice of disclosure tells, at the time that the law sets; the list of openings never runs ahead of it.
TOLD_ELSEWHERE = "disclosure"
_further_keys: list[Callable[[Account], Iterable[UUID]]] = []
KEPT_STATES = [state for state in IdentityState if state != IdentityState.ERASED]


def verified_identity(account: Account, now: dt.datetime) -> Identity | None:
    """Return the account's newest verified identity that still holds, or None."""
    held = Identity.objects.filter(account=account, state=IdentityState.VERIFIED, expires_at__gt=now)
    return held.order_by("-pk").first()


@dataclass(frozen=True)
class VerifiedNames:
    """Under which names somebody is verified: the indexes of legal names, and what the own organisations are called."""

    indexes: Sequence[bytes] = ()
    organisations: Sequence[str] = ()

    def hold(self, name: str) -> bool | None:
        """Say whether this is one of them; None: nothing is verified.

        Indexes are compared, nothing is opened, and no other account is looked at: the answer tells of nobody else.
        """
        if not self.indexes:
            return None
        spelling = documents.folded(name)
        if sealing.blind_index("legal_name", spelling) in {bytes(one) for one in self.indexes}:
            return True
        return spelling in {documents.folded(one) for one in self.organisations}


def verified_names(account: Actor, now: dt.datetime) -> VerifiedNames:
    """Return the names under which the account is verified now; none of whoever has no account."""
    if not isinstance(account, Account):
        return VerifiedNames()
    indexes = list(name_indexes(account.pk, now))
    return VerifiedNames(indexes, list(own_organisations(account.pk)) if indexes else [])


def name_indexes(account: Any, now: Any) -> QuerySet[Identity, Any]:
    """Return the indexes of the account's verified legal names; asked by itself or as a part of another question."""
    held = Identity.objects.filter(account=account, state=IdentityState.VERIFIED, expires_at__gt=now)
    return held.order_by("pk").values_list("name_index", flat=True)


def own_organisations(account: Any) -> QuerySet[Membership, str]:
    """Return the names of the account's organisations; asked by itself or as a part of another question."""
    held = memberships_of(account).filter(organisation__isnull=False)
    return held.values_list("organisation__name", flat=True)


def require_verified(account: Actor, now: dt.datetime) -> Identity:
    """Return the account's verified identity; Denied when it has none."""
    found = verified_identity(account, now) if isinstance(account, Account) else None
    if found is None:
        raise Denied(_("Your identity must be verified first."), code="identity_not_verified")
    return found


def require_verified_person(account: Actor, now: dt.datetime) -> bytes:
    """Return the index of the natural person behind the account, equal for all accounts of one person.

    Raises Denied when no natural person was verified.
    """
    identity = require_verified(account, now)
    if identity.kind != IdentityKind.NATURAL_PERSON:
        raise Denied(_("This needs the verified identity of a person, not of an organisation."))
    return bytes(identity.person_index)


def accounts_of_person(account: Account) -> set[UUID]:
    """Return the accounts of the natural person behind this one, itself among them.

    An identity that was verified once counts until it is erased: who somebody is does not end with a document.
    """
    held = IdentityState.VERIFIED, IdentityState.EXPIRED, IdentityState.WITHDRAWN
    known = Identity.objects.filter(
        kind=IdentityKind.NATURAL_PERSON, state__in=held, reviewed_at__isnull=False, expires_at__isnull=False
    )
    same = known.filter(person_index__in=known.filter(account=account).values("person_index"))
    return {account.pk, *same.order_by("pk").values_list("account", flat=True)}


def identities_of(account: Account) -> QuerySet[Identity]:
    """Return what the account itself submitted, newest first."""
    return Identity.objects.filter(account=account).select_related("provider", "data_key").order_by("-pk")


def current_identity(account: Account, now: dt.datetime) -> Identity | None:
    """Return the identity that counts for the account: the verified one, else the one submitted last, else None."""
    return verified_identity(account, now) or identities_of(account).first()


def queue_of(account: Actor) -> QuerySet[Identity]:
    """Return the identities that wait for a reviewer like the account, oldest first; Denied for who reviews nowhere."""
    providers = organisations_where(account, Role.REVIEWER)
    if not providers.exists():
        raise Denied(_("This needs the role: %(role)s.") % {"role": Role.REVIEWER.label})
    waiting = Identity.objects.filter(provider__in=providers, state=IdentityState.SUBMITTED)
    return waiting.select_related("provider").order_by("pk")


def reviewable(account: Actor, identity_id: UUID, *, lock: bool = False) -> Identity:
    """Return an identity of the reviewer's provider; NotFound for strangers, Denied for other staff."""
    found = Identity.objects.filter(pk=identity_id).select_related("provider", "data_key")
    identity = (found.select_for_update(of=("self",)) if lock else found).first()
    if identity is None:
        raise NotFound
    require_staff(account, identity.provider, Role.REVIEWER)
    return identity


def require_can_decide(account: Account, identity: Identity, now: dt.datetime) -> None:
    """Raise Denied for who would review themselves, be it with another account of the same person."""
    mine = verified_identity(account, now)
    is_same_person = mine is not None and bytes(mine.person_index) == bytes(identity.person_index)
    if identity.account_id == account.pk or is_same_person:
        raise Denied(_("Nobody reviews their own identity: another reviewer must."), code="own_identity")


def others_with(identity: Identity) -> dict[str, int]:
    """Return how many other accounts have a verified identity with the same document, and with the same name."""
    others = Identity.objects.filter(state=IdentityState.VERIFIED).exclude(account=identity.account_id)
    return {
        "document": others.filter(person_index=identity.person_index).values("account").distinct().count(),
        "name": others.filter(name_index=identity.name_index).values("account").distinct().count(),
    }


def reference_of(identity: Identity) -> str:
    """Return the reference by which ledger, clocks and files know an identity."""
    return f"identity:{identity.pk}"


def identity_of_reference(reference: str) -> Identity:
    """Return the identity that the ledger knows by this reference; NotFound when there is none."""
    try:
        key = UUID(reference.removeprefix("identity:"))
    except ValueError:
        raise NotFound from None
    found = Identity.objects.select_related("provider", "account").filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def documents_of(identity: Identity) -> list[StoredFile]:
    """Return the files that were handed in with the identity."""
    return files.attached_to(reference_of(identity), DOCUMENT)


def plain_of(identity: Identity) -> dict[str, Plain]:
    """Return the identity's opened fields. Whoever calls this has recorded the opening."""
    row = (TABLE, identity.pk)
    key = identity.data_key
    opened = {
        name: sealing.open_sealed(key, row=row, field=name, sealed=bytes(getattr(identity, f"{name}_sealed")))
        for name in FIELDS
        if name != "postal_address"
    }
    sealed = bytes(identity.postal_address_sealed)
    opened["postal_address"] = Plain(_lines_of(sealing.open_json(key, row=row, field="postal_address", sealed=sealed)))
    return opened


def _lines_of(address: dict[str, object]) -> str:
    lines = address.get("lines")
    place = f"{address.get('postal_code', '')} {address.get('locality', '')}".strip()
    first = [str(line) for line in lines] if isinstance(lines, list) else []
    return "\n".join(part for part in (*first, place, str(address.get("country", ""))) if part)


def opened_identity(account: Account, *, by: Actor, purpose: str, now: dt.datetime) -> dict[str, Plain]:
    """Return the fields of the account's verified identity (``FIELDS``), opened for ``by`` and recorded so.

    Raises Denied when the account's identity is not verified. ``purpose`` is told to the person, unless it begins
    with ``disclosure``: of these the notice of disclosure tells.
    """
    identity = require_verified(account, now)
    sealing.record_opening(key=identity.data_key, fields=FIELDS, by=by, purpose=purpose, now=now)
    return plain_of(identity)


def keys_of(account: Account) -> list[UUID]:
    """Return the data keys under which the account's identities and their documents are sealed."""
    identities = list(Identity.objects.filter(account=account).order_by("pk").values_list("pk", "data_key"))
    subjects = [f"identity:{pk}" for pk, _key in identities]
    attached = Attachment.objects.filter(subject__in=subjects).order_by("pk").values_list("file__data_key", flat=True)
    return [*(key for _pk, key in identities), *attached]


def register_keys(found: Callable[[Account], Iterable[UUID]]) -> None:
    """Have openings under further data keys of an account be told to it: what the apps above keep sealed of it."""
    _further_keys.append(found)


def openings_of(account: Account) -> QuerySet[Opening]:
    """Return who opened the account's personal data, what of it and why, newest first."""
    keys = [*keys_of(account), *(key for further in _further_keys for key in further(account))]
    told_here = Opening.objects.filter(data_key__in=keys).exclude(purpose__startswith=TOLD_ELSEWHERE)
    return told_here.order_by("-pk")


def roles_behind(references: Iterable[str]) -> dict[str, str]:
    """Return for each reference of an actor what the person concerned is told of it: the role, never the name."""
    told = {
        "system": _("the portal itself"),
        "public": _("the public"),
        "guest": _("the other side, without an account"),
    }
    ids = {one: one.removeprefix("account:") for one in references if one.startswith("account:")}
    held = Account.objects.filter(pk__in=ids.values()).prefetch_related("memberships__organisation").order_by("pk")
    by_id = {str(account.pk): account for account in held}
    return told | {reference: _described(by_id.get(pk)) for reference, pk in ids.items()}


def _described(account: Account | None) -> str:
    roles = [
        f"{Role(held.role).label}, {held.organisation.name}"
        for held in (account.memberships.all() if account else ())
        if held.organisation and held.role not in (Role.RIGHTS_HOLDER, Role.UPLOADER)
    ]
    return "; ".join(roles) or _("the holder of an account")


def require_can_read_documents(account: Actor, subject: str) -> DataKey:
    """Return the data key of the identity that this reference names, if the account reviews there; NotFound else.

    Documents are there for the review: once that is over, its reviewers see them no more.
    """
    try:
        identity = reviewable(account, UUID(subject.removeprefix("identity:")))
    except (ValueError, Denied):
        raise NotFound from None
    if identity.state != IdentityState.SUBMITTED:
        raise NotFound
    return identity.data_key


def readable_in_ledger(account: Actor, subject: str) -> None:
    """Raise NotFound unless the identity of this reference is the account's own, or of a provider where it is staff."""
    kind, _colon, key = subject.partition(":")
    try:
        mine = Q(account=account if isinstance(account, Account) else None)
        staffed = Q(provider__in=organisations_where(account, Role.REVIEWER, Role.AUDITOR))
        found = kind == "identity" and Identity.objects.filter(mine | staffed, pk=UUID(key)).exists()
    except ValueError:
        found = False
    if not found:
        raise NotFound
