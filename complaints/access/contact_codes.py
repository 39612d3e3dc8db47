"""Who reads, without an account, what a forwarded counter-notice disclosed: whoever reads mail at the confirmed address."""

import datetime as dt
import hmac

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access.opening import opened_code
from complaints.models import Complaint, ConfirmationLink, ContactCode, CounterNotice
from core import sealing
from core.errors import Conflict, invalid
from core.ids import ALPHABET
from core.limits import require_room

# How people write those letters that the alphabet of our codes leaves out.
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def disclosed_to(complaint: Complaint) -> list[CounterNotice]:
    """Return the counter-notices whose forwarding disclosed the uploader's contact to the complainant, oldest first."""
    return list(complaint.counter_notices.filter(disclosed_at__isnull=False).select_related("data_key").order_by("pk"))


def is_disclosed_to_guest(complaint: Complaint) -> bool:
    """Say whether a code can be asked for: something was disclosed, no account speaks, and its address was confirmed.

    Confirmed is the address to which a link was mailed and from which it was followed; not one that stood in a letter.
    """
    if complaint.complainant_id is not None or not disclosed_to(complaint):
        return False
    # The address of a notice without account stays what it was when the link went there.
    return ConfirmationLink.objects.filter(complaint=complaint, used_at__isnull=False).exists()


def require_disclosed_to_guest(complaint: Complaint) -> None:
    """Raise Conflict unless a complainant without account may ask for a code and read what was disclosed to it."""
    if not is_disclosed_to_guest(complaint):
        text = _("Nothing of the uploader's contact was forwarded here to somebody without an account.")
        raise Conflict(text, state=complaint.state, code="not_disclosed")


def for_guest(reference: str) -> Complaint:
    """Return the complaint, locked, for an act of whoever knows its tracking code; errors as the guard above."""
    held = Complaint.objects.select_for_update(of=("self",)).select_related("provider", "data_key")
    complaint = held.get(reference=reference)
    require_disclosed_to_guest(complaint)
    return complaint


def open_code(complaint: Complaint, given: str, now: dt.datetime) -> ContactCode:
    """Return the code that was given; Invalid for a wrong one and for one that was used, replaced or has expired.

    All of these are told in one sentence: whoever tries codes learns nothing. The complaint is locked by the caller.
    """
    code = complaint.contact_codes.filter(ended_at__isnull=True, expires_at__gt=now).first()
    plain = "" if code is None else opened_code(complaint, code).reveal()
    if code is None or not hmac.compare_digest(plain.encode(), normal(given).encode()):
        text = _("This code is not right, was used already, or has expired. Let a new one be mailed.")
        raise invalid("/code", "not_right", text)
    return code


def normal(given: str) -> str:
    """Return a code as it was made, however it was typed: case, blanks, hyphens, and letters that look like digits."""
    return "".join(one for one in given.upper().translate(MISREAD) if one in ALPHABET)


def require_room_to_ask_for_code(complaint: Complaint, now: dt.datetime) -> None:
    """Raise TooFast when codes were asked for too often for this complaint, so that nobody floods its address."""
    limit, within = rules.CODES_ASKED_FOR
    require_room(f"complaint.code_asked:{complaint.pk}", limit=limit, within=within, now=now)


def require_room_to_try_code(complaint: Complaint, address: str, now: dt.datetime) -> None:
    """Raise TooFast when too many codes were tried: against one code, or from one network address.

    It is counted outside the act, so that what is refused counts too.
    """
    limit, within = rules.CODE_TRIES_BY_ADDRESS
    net = sealing.keyed_digest("net", address)[:32]
    require_room(f"complaint.code_net:{net}", limit=limit, within=within, now=now)
    code = complaint.contact_codes.filter(ended_at__isnull=True).first()
    limit, within = rules.TRIES_OF_CODE
    require_room(f"complaint.code:{complaint.pk if code is None else code.pk}", limit=limit, within=within, now=now)
