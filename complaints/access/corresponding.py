"""Letters to a party: the templates, who can be written to, the facts that are filled in, and who reads what was sent."""

import datetime as dt
import re
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import formats, translation
from django.utils.translation import gettext as _

from complaints import regimes, rules
from complaints.access.matters import Viewer, told_uploaders
from complaints.access.opening import address_of, contact_of, tracking_code_of
from complaints.access.seeing import own_subscribers
from complaints.models import Complaint, LetterTemplate, SentLetter
from complaints.regimes import engine
from complaints.rules import HOUSE_LETTERS, HouseLetter, Side, State
from core import clocks, sealing
from core.actors import Actor
from core.errors import NotFound, invalid
from hosting.models import Subscriber
from verification.access import organisations_where
from verification.models import Account, Organisation
from verification.rules import Role

SENT_TABLE = "complaints_sentletter"
CHECKING = "checking that a letter does not name the other side"
MOST_ITEMS_NAMED = 50
SHORTEST_NAME = 4  # of letters that every text has, a shorter name says nothing


def templates_of(provider: Organisation) -> QuerySet[LetterTemplate]:
    """Return the provider's own templates that are in use, by name and language."""
    found = LetterTemplate.objects.filter(provider=provider, replaced_at__isnull=True)
    return found.order_by("name", "language", "pk")


def template_for(account: Actor, template_id: UUID, *, lock: bool = False) -> LetterTemplate:
    """Return a template in use; NotFound for whoever is no handler of its provider."""
    found = _templates_for(account, template_id).filter(replaced_at__isnull=True)
    template = (found.select_for_update(of=("self",)) if lock else found).first()
    if template is None:
        raise NotFound
    return template


def any_template_for(account: Actor, template_id: UUID) -> LetterTemplate:
    """Return a template, in use or not any more; NotFound for whoever is no handler of its provider."""
    template = _templates_for(account, template_id).first()
    if template is None:
        raise NotFound
    return template


def _templates_for(account: Actor, template_id: UUID) -> QuerySet[LetterTemplate]:
    mine = organisations_where(account, Role.HANDLER)
    return LetterTemplate.objects.filter(pk=template_id, provider__in=mine).select_related("provider")


def template_of(provider: Organisation, key: str) -> LetterTemplate | HouseLetter:
    """Return the template of this key: one of the house, or the provider's own by its id; Invalid for another."""
    house = next((one for one in HOUSE_LETTERS if one.key == key), None)
    if house is not None:
        return house
    try:
        own = templates_of(provider).filter(pk=UUID(key)).first()
    except ValueError:
        own = None
    if own is None:
        raise invalid("/template", "unknown", _("There is no such template (any more). Choose another."))
    return own


@dataclass(frozen=True)
class Recipient:
    """Who can be written to: the complainant, or an uploader by its pseudonym."""

    key: str
    side: Side
    subscriber: Subscriber | None = None


def recipients_of(complaint: Complaint) -> list[Recipient]:
    """Return who can be written to: the complainant who has an address, and every uploader who knows of the complaint."""
    found = [Recipient(Side.COMPLAINANT.value, Side.COMPLAINANT)] if address_of(complaint) else []
    return found + [Recipient(one.pseudonym, Side.UPLOADER, one) for one, _items in told_uploaders(complaint)]


def recipient_of(complaint: Complaint, key: str) -> Recipient:
    """Return the recipient of this key; Invalid for whoever cannot be written to."""
    found = next((one for one in recipients_of(complaint) if one.key == key), None)
    if found is None:
        raise invalid("/to", "unknown", _("This is nobody who can be written to in this matter."))
    return found


def facts_of(complaint: Complaint, recipient: Recipient, language: str, now: dt.datetime) -> dict[str, str]:
    """Return what the placeholders stand for in a letter to this party, in that language.

    The tracking page is not among them: its code is the complainant's, and is put in when the mail is written.
    """
    law = regimes.at_version(complaint.regime, complaint.regime_version)
    with translation.override(language):
        lacks = [engine.lack_of(law.elements, element, pointer) for element, pointer in complaint.missing]
        return {
            "reference": complaint.reference,
            "provider": complaint.provider.name,
            "regime": str(law.title),
            "state": str(State(complaint.state).label),
            "works": ", ".join(one.title or one.work for one in complaint.works.order_by("position")),
            "items": "\n".join(_items_of(complaint, recipient)),
            "missing": "\n".join(f"- {one.detail} ({_(one.source)})" for one in lacks if one),
            "reasons": complaint.reasons,
            "due": _day(_due_of(complaint), complaint),
            "today": _day(now, complaint),
            "page": f"{settings.PORTAL_URL}/complaints/{complaint.reference}/",
        }


def _items_of(complaint: Complaint, recipient: Recipient) -> list[str]:
    items = complaint.items.order_by("position", "pk")
    if recipient.subscriber is not None:
        items = items.filter(content__subscriber=recipient.subscriber, told_at__isnull=False)
    return [one.url or one.external_id for one in items[:MOST_ITEMS_NAMED]]


def _due_of(complaint: Complaint) -> dt.datetime | None:
    running = clocks.running(complaint.reference).first()
    return complaint.answer_due_at if running is None else running.due_at


def _day(instant: dt.datetime | None, complaint: Complaint) -> str:
    if instant is None:
        return "-"
    return formats.date_format(instant.astimezone(ZoneInfo(complaint.provider.time_zone)), "DATE_FORMAT")


def names_other_side(complaint: Complaint, recipient: Recipient, text: str, by: Account, now: dt.datetime) -> bool:
    """Say whether a letter to an uploader holds what it must not know of the complainant; the look is recorded.

    The name is no secret where the law lets the uploader know it. An uploader's own details stay sealed: whoever writes
    to the complainant has not seen them.
    """
    if recipient.side is Side.COMPLAINANT:
        return False
    law = regimes.at_version(complaint.regime, complaint.regime_version)
    sealing.record_opening(key=complaint.data_key, fields=("contact",), by=by, purpose=CHECKING, now=now)
    contact = contact_of(complaint)
    hidden = {name for name in contact if name != "name" or not law.names_complainant_to_uploader}
    said = _folded(text)
    return any((value := _folded(contact[name].reveal())) and _is_telling(value) and value in said for name in hidden)


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _is_telling(value: str) -> bool:
    return len(value) >= SHORTEST_NAME or not value.isascii()


def letters_to_read(viewer: Viewer, complaint: Complaint) -> list[SentLetter]:
    """Return the letters of the matter that the viewer may read, the first first: staff all, a party its own."""
    found = SentLetter.objects.filter(complaint=complaint).select_related("subscriber", "sent_by").order_by("pk")
    if viewer.is_staff and not viewer.sides.intersection(rules.PARTIES):
        return list(found)
    mine = found.none()
    if Side.COMPLAINANT in viewer.sides:
        mine |= found.filter(side=Side.COMPLAINANT)
    if Side.UPLOADER in viewer.sides:
        mine |= found.filter(subscriber__in=own_subscribers(viewer.account))
    return list(mine)


def sent_letter(letter_id: str) -> SentLetter:
    """Return a letter of a recorded act, for the code that mails it and for nobody's eyes."""
    found = SentLetter.objects.select_related("complaint__provider", "complaint__data_key", "complaint__complainant")
    return found.select_related("subscriber__account", "subscriber__data_key").get(pk=letter_id)


def text_of(letter: SentLetter, complaint: Complaint) -> dict[str, str]:
    """Return the letter as it was written: subject and body. Whoever calls this has checked who reads."""
    row, sealed = (SENT_TABLE, letter.pk), bytes(letter.text_sealed)
    found: dict[str, str] = sealing.open_json(complaint.data_key, row=row, field="text", sealed=sealed)
    return found


def text_for_party(letter: SentLetter, complaint: Complaint) -> dict[str, str]:
    """Return the letter as its own party reads it: the complainant with the address of its tracking page."""
    text = text_of(letter, complaint)
    if letter.side != Side.COMPLAINANT:
        return text
    code = tracking_code_of(complaint).reveal()
    facts = {rules.TRACKING_URL: f"{settings.PORTAL_URL}/track/{code}/"}
    return {name: rules.filled(value, facts) for name, value in text.items()}
