"""Who may mend a notice: its complainant's account, or without one whoever got the link at its address."""

import datetime as dt

from django.utils.translation import gettext as _

from complaints import rules
from complaints.access.matters import require_complainant
from complaints.access.seeing import get_for
from complaints.models import Complaint, CorrectionLink, CureRequest
from core.actors import Actor
from core.errors import Gone, NotFound
from core.ids import hash_secret
from core.limits import require_room


def correction_link(token: str, now: dt.datetime) -> CorrectionLink:
    """Return the link of this token; NotFound when there is none, Gone when it was used, replaced or has expired.

    Once an account is the complainant, it speaks for itself: then the link is gone too.
    """
    found = CorrectionLink.objects.filter(hash=hash_secret(token))
    link = found.select_related("complaint__provider", "complaint__data_key").first()
    if link is None:
        raise NotFound
    if link.ended_at is not None or link.expires_at <= now or link.complaint.complainant_id is not None:
        raise Gone(_("This link was used already or has expired."))
    return link


def correctable(by: Actor, reference: str, link: str, now: dt.datetime) -> Complaint:
    """Return the complaint, locked, for whoever may correct it: its complainant, or who has the token of its link.

    Raises NotFound for strangers and for the token of another complaint, Denied for others who see it, Gone for a link
    that is over.
    """
    if not link:
        complaint = get_for(by, reference, lock=True)
        require_complainant(by, complaint)
        return complaint
    held = Complaint.objects.select_for_update(of=("self",)).select_related("provider", "data_key")
    found = held.filter(reference=reference).first()
    # Asked after the lock: of two corrections by one link, at once, the second finds it used.
    if found is None or correction_link(link, now).complaint_id != found.pk:
        raise NotFound
    return found


def open_question(complaint: Complaint) -> CureRequest | None:
    """Return what the provider asked about the notice and waits for; None where nothing was asked."""
    return complaint.cure_requests.filter(ended_at__isnull=True).first() if complaint.asked else None


def require_room_to_ask_for_link(complaint: Complaint, now: dt.datetime) -> None:
    """Raise TooFast when a new link was asked for too often for this complaint, so that nobody floods its address."""
    limit, within = rules.LINKS_ASKED_FOR
    require_room(f"complaint.link:{complaint.pk}", limit=limit, within=within, now=now)
