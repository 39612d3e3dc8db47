"""The way from a complaint into its conversation; messaging itself knows nothing of complaints."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from complaints.access import get_for, items_for, viewer_of
from complaints.rules import PARTIES
from core.actors import Actor
from core.errors import Conflict, Denied
from messaging.actions import open_conversation
from messaging.models import Conversation
from messaging.subjects import Subject
from verification.models import Account


def conversation_subject(by: Actor, reference: str, _given: dict[str, Any], _now: dt.datetime) -> Subject:
    """Return what a conversation about the complaint would be, and between whom: its complainant and its uploader.

    Raises NotFound where the account may not see the complaint, Denied for others than its two sides, and Conflict
    where one of the two is not there to speak with.
    """
    complaint = get_for(by, reference)
    viewer = viewer_of(by, complaint)
    if not viewer.sides.intersection(PARTIES):
        raise Denied(_("Only the complainant and the uploader speak with each other here."))
    if complaint.complainant is None:
        raise Conflict(_("The complainant has no account here, so nobody could answer."), state=complaint.state)
    known = [item.content for item in items_for(viewer, complaint) if item.content is not None]
    if not known:
        raise Conflict(_("The uploader of these items is not known here (yet)."), state=complaint.state)
    first = known[0]
    return Subject(
        provider=complaint.provider,
        reference=complaint.reference,
        subscriber=first.subscriber,
        title=first.shown_title,
        rights_holder=complaint.complainant,
    )


def conversation_for(account: Account, reference: str, now: dt.datetime) -> Conversation:
    """Return the conversation about the complaint, which is opened now if there is none. Errors as above."""
    subject = conversation_subject(account, reference, {}, now)
    return open_conversation(
        provider=subject.provider,
        subject=subject.reference,
        by=account,
        subscriber=subject.subscriber,
        title=subject.title,
        rights_holder=subject.rights_holder,
        now=now,
    )
