"""What the work of handlers speaks of: assignments, conflicts of interest, and which acts concern the provider alone."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssignmentEnd(TextChoices):
    """Why a handler has a matter no more."""

    RELEASED = "released", _("given back")
    HANDED_ON = "handed_on", _("given to a colleague")
    TAKEN_OVER = "taken_over", _("taken over by a colleague")
    CONFLICT = "conflict", _("conflict of interest")
    ROLE_ENDED = "role_ended", _("no handler any more")


class Interest(TextChoices):
    """In what a handler has an interest, so that somebody else must handle it."""

    MATTER = "matter", _("in this matter")
    COMPLAINANT = "complainant", _("in whatever this complainant files")
    UPLOADER = "uploader", _("in whatever concerns the uploaders of these items")


class Assigned(TextChoices):
    """Whose matters a list shows."""

    ME = "me", _("mine")
    NONE = "none", _("nobody's")


# How the provider divides its work is not told to the parties: their timelines leave these acts out.
STAFF_ONLY_ACTS = (
    "complaint.assigned",
    "complaint.released",
    "complaint.conflict_declared",
    "complaint.conflict_excepted",
    "complaint.unreached_put_aside",
    "complaint.letter_sent",  # its party reads the letter itself
)


def assignment_end(held_by: object, acting: object, to: object) -> AssignmentEnd:
    """Return why whoever held a matter has it no more, once it is assigned to somebody else.

    House rule: whoever gives a matter on does so itself; a colleague who takes it, or gives it to a third, takes it over.
    """
    return AssignmentEnd.HANDED_ON if held_by == acting and to != held_by else AssignmentEnd.TAKEN_OVER
