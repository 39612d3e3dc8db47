"""What complaints bring to the apps below: who reads their entries in the ledger, and their conversations."""

from uuid import UUID

from django.urls import reverse

from complaints import access, actions
from complaints.models import PowersOfAttorney
from complaints.rules import Side
from complaints.serializers import words
from core.actors import Actor
from core.errors import NotFound
from hosting import pending
from ledger.access import register_reader
from messaging import subjects
from verification import files_access
from verification.access import register_keys
from verification.models import Account


def read_complaint(account: Account, subject: str, provider: str) -> None:
    """Let whoever may see a complaint read its entries; NotFound for everybody else."""
    found = access.get_for(account, subject)
    if found.provider.code != provider:
        raise NotFound


def _id_of(kind: str, subject: str) -> UUID:
    """Return the id in a subject of the ledger such as ``letter:…``; NotFound for what is none."""
    try:
        return UUID(subject.removeprefix(f"{kind}:"))
    except ValueError:
        raise NotFound from None


def read_letter(account: Account, subject: str, provider: str) -> None:
    """Let the handlers of the provider read the entry of a letter; NotFound for everybody else."""
    if access.letter_for(account, _id_of("letter", subject)).provider.code != provider:
        raise NotFound


def read_flagger(account: Account, subject: str, provider: str) -> None:
    """Let the staff of the provider read the entries of a trusted flagger; NotFound for everybody else."""
    if access.flagger_for(account, _id_of("flagger", subject)).provider.code != provider:
        raise NotFound


def read_powers(account: Account, subject: str, provider: str) -> None:
    """Let the agent and the staff of the provider read the entries of powers; NotFound for everybody else."""
    if _powers_of(account, subject).provider.code != provider:
        raise NotFound


def _powers_of(account: Actor, subject: str) -> PowersOfAttorney:
    return access.powers_for(account, _id_of("powers", subject))


def read_batch(account: Account, subject: str, provider: str) -> None:
    """Let the handlers of the provider read the entries of a batch; NotFound for everybody else."""
    try:
        batch_id = UUID(subject.removeprefix("batch:"))
    except ValueError:
        raise NotFound from None
    if access.batch_for(account, batch_id).provider.code != provider:
        raise NotFound


def read_template(account: Account, subject: str, provider: str) -> None:
    """Let the handlers of the provider read the entries of a template; NotFound for everybody else."""
    try:
        found = access.any_template_for(account, UUID(subject.removeprefix("template:")))
    except ValueError:
        raise NotFound from None
    if found.provider.code != provider:
        raise NotFound


def read_restriction(account: Account, subject: str, provider: str) -> None:
    """Let whoever may see a restriction read its entries; NotFound for everybody else."""
    if access.restriction_for(account, subject).provider.code != provider:
        raise NotFound


def read_finding(account: Account, subject: str, provider: str) -> None:
    """Let the complainant of a matter, and the provider's staff, read what was found of its notice."""
    _require_sides(account, subject, provider, Side.COMPLAINANT)


def read_strikes(account: Account, subject: str, provider: str) -> None:
    """Let the provider's staff read what a matter counted for; whom it counts against reads it on its own page."""
    _require_sides(account, subject, provider)


def _require_sides(account: Account, subject: str, provider: str, *sides: Side) -> None:
    found = access.get_for(account, subject.partition(":")[2])
    viewer = access.viewer_of(account, found)
    if found.provider.code != provider or not (viewer.is_staff or viewer.sides.intersection(sides)):
        raise NotFound


def read_policy(_account: Account, _subject: str, _provider: str) -> None:
    """Let everybody who is signed in read when a policy was published: it is public."""


register_reader("template:", read_template)
register_reader("R-", read_restriction)
register_reader("misuse:", read_finding)
register_reader("strikes:", read_strikes)
register_reader("policy:", read_policy)
register_reader("flagger:", read_flagger)
register_reader("powers:", read_powers)
register_reader("C-", read_complaint)
register_reader("letter:", read_letter)
register_reader("batch:", read_batch)
subjects.register("complaint", actions.conversation_subject)
pending.register("complaints", access.pending_at)
subjects.register_content("C-", access.external_ids_in)
subjects.register_page("R-", lambda reference: reverse("complaints:restriction", args=[reference]))
subjects.register_need("C-", access.needs_both_sides)
subjects.register_page("C-", lambda reference: reverse("complaints:matter", args=[reference]))
subjects.register_settled("C-", words.settled_by)
subjects.register_guard("C-", access.get_for)


def read_file(account: Actor, subject: str) -> None:
    """Let the provider's staff read what was handed in with a complaint; each party reads its own files anyway."""
    complaint = access.get_for(account, subject)
    if not access.viewer_of(account, complaint).is_staff:
        raise NotFound


files_access.register("C-", read_file)
register_keys(access.counter_keys_of)


def read_powers_file(account: Actor, subject: str) -> None:
    """Let handlers and reviewers of the provider read the documents of powers; their agent reads its own files anyway."""
    if not access.may_read_powers(account, _powers_of(account, subject)):
        raise NotFound


files_access.register("powers:", read_powers_file)
register_keys(access.powers_keys_of)
