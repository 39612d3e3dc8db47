"""What people without an account reach: by a tracking code or a mailed link, and how often."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints import rules
from complaints.models import Complaint, ConfirmationLink
from core import sealing
from core.actors import Actor
from core.errors import Gone, NotFound
from core.ids import hash_secret
from core.limits import require_room
from verification.models import Account


def by_tracking_code(code: str) -> Complaint:
    """Return the complaint that is followed by this code; NotFound for any other text."""
    found = Complaint.objects.select_related("provider").filter(tracking_hash=hash_secret(code.strip().upper()))
    complaint = found.first()
    if complaint is None:
        raise NotFound
    return complaint


def confirmation(token: str, now: dt.datetime, *, lock: bool = False) -> ConfirmationLink:
    """Return the link of this token; NotFound when there is none, Gone when it was used or has expired."""
    found = ConfirmationLink.objects.filter(hash=hash_secret(token)).select_related("complaint", "complaint__provider")
    link = (found.select_for_update(of=("self",)) if lock else found).first()
    if link is None:
        raise NotFound
    if link.used_at is not None or link.expires_at <= now:
        raise Gone(_("This link was used already or has expired."))
    return link


def require_room_to_file(actor: Actor, *, address: str, email: str, provider: str, now: dt.datetime) -> None:
    """Raise TooFast when too many complaints came from this account, or (without one) network address and sender."""
    if isinstance(actor, Account):
        limit, within = rules.FILINGS_BY_ACCOUNT
        require_room(f"complaint.account:{actor.pk}", limit=limit, within=within, now=now)
        return
    limit, within = rules.FILINGS_BY_ADDRESS
    require_room(f"complaint.net:{sealing.keyed_digest('net', address)[:32]}", limit=limit, within=within, now=now)
    if not email:
        _require_room_without_email(address, provider, now)
        return
    sender = sealing.keyed_digest("sender", email.strip().lower())[:32]
    limit, within = rules.FILINGS_BY_CLAIMED_SENDER
    require_room(f"complaint.sender:{sender}", limit=limit, within=within, now=now)
    limit, within = rules.MAILS_TO_UNCONFIRMED
    require_room(f"complaint.mail:{sender}", limit=limit, within=within, now=now)


def _require_room_without_email(address: str, provider: str, now: dt.datetime) -> None:
    """Bound what only a person can confirm, so that nobody buries a provider's handlers in it."""
    limit, within = rules.FILINGS_WITHOUT_EMAIL
    net = sealing.keyed_digest("net", address)[:32]
    require_room(f"complaint.no_email:{net}", limit=limit, within=within, now=now)
    limit, within = rules.WAITING_WITHOUT_EMAIL
    require_room(f"complaint.no_email_at:{provider}", limit=limit, within=within, now=now)


def require_room_to_look(address: str, now: dt.datetime) -> None:
    """Raise TooFast when too many tracking codes were tried from one network address."""
    limit, within = rules.LOOKUPS_BY_ADDRESS
    require_room(f"complaint.look:{sealing.keyed_digest('net', address)[:32]}", limit=limit, within=within, now=now)
