"""What can happen in a conversation besides a message: kinds, numbered in each conversation by themselves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EventKind(TextChoices):
    """What happened. Events have numbers of their own, so that messages are counted without gaps."""

    MESSAGE_EDITED = "message_edited", _("A message was edited")
    MESSAGE_WITHDRAWN = "message_withdrawn", _("A message was withdrawn")
    PROPOSAL_MADE = "proposal_made", _("A proposal was made")
    PROPOSAL_ACCEPTED = "proposal_accepted", _("A proposal was accepted")
    PROPOSAL_DECLINED = "proposal_declined", _("A proposal was declined")
    PROPOSAL_COUNTERED = "proposal_countered", _("A proposal was answered by another one")
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", _("A proposal was withdrawn")
    PROPOSAL_EXPIRED = "proposal_expired", _("A proposal expired")
    REMOVAL_ANNOUNCED = "removal_announced", _("The uploader removes the content")
    UNDERTAKING_DONE = "undertaking_done", _("What was undertaken was carried out")
    UNDERTAKING_OVERDUE = "undertaking_overdue", _("What was undertaken was not carried out in time")
    UPLOADER_TOLD = "uploader_told", _("The uploader was told of this conversation")
    UPLOADER_REACHED = "uploader_reached", _("The uploader came here")
    STAFF_JOINED = "staff_joined", _("The provider's staff joined")
    STAFF_LEFT = "staff_left", _("The provider's staff left")
    CLOSED = "closed", _("The conversation was closed")


# What, besides messages, the others are to hear of as they hear of those: it is unread until they have seen it, and who
# is away is told. House rule: what asks for an answer, the answers, and what was done or was not. What was withdrawn asks
# for nothing any more.
NEWS = (
    EventKind.PROPOSAL_MADE,
    EventKind.PROPOSAL_ACCEPTED,
    EventKind.PROPOSAL_DECLINED,
    EventKind.PROPOSAL_EXPIRED,
    EventKind.REMOVAL_ANNOUNCED,
    EventKind.UNDERTAKING_DONE,
    EventKind.UNDERTAKING_OVERDUE,
)
