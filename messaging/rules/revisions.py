"""What may become of a message once it is said: edited for a moment, withdrawn at any time; both leave their trace."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

EDITABLE_FOR = dt.timedelta(seconds=60)


class RevisionKind(TextChoices):
    """How a message was changed. What was first said stays in the record, and its digest in the ledger."""

    EDITED = "edited", _("edited")
    WITHDRAWN = "withdrawn", _("withdrawn")


def can_be_edited(sent_at: dt.datetime, now: dt.datetime) -> bool:
    """Say whether a message of this time may still be edited.

    House rule: a slip is mended at once; later the other side may have answered, and a withdrawal says so openly.
    """
    return now - sent_at <= EDITABLE_FOR
