"""Peace between people who quarrel: what can be reported, what follows, how many may be written to, how long all is kept."""

import datetime as dt

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_WHY = 2_000  # characters
EVIDENCE_BEFORE = 5  # messages before the reported one that are kept with it, so that it is read in its place
# House rule: somebody with a whole catalogue opens some dozens in an hour; a flood opens hundreds.
OPENED_AN_HOUR = 60
REPORTS_A_DAY = 50


class ReportCategory(TextChoices):
    """What is wrong with a message."""

    ABUSE = "abuse", _("insult or threat")
    IDENTITY = "identity", _("asks who somebody is, or says so")
    FRAUD = "fraud", _("deception, or asks for money that is not owed")
    ADVERTISING = "advertising", _("advertising")
    UNLAWFUL = "unlawful", _("something unlawful in itself")
    OTHER = "other", _("something else")


class ReportState(TextChoices):
    """Where a report stands."""

    OPEN = "open", _("waiting for the provider")
    UPHELD = "upheld", _("upheld")
    DISMISSED = "dismissed", _("dismissed")


REPORT_MOVES: dict[ReportState, tuple[ReportState, ...]] = {
    ReportState.OPEN: (ReportState.UPHELD, ReportState.DISMISSED),
    ReportState.UPHELD: (),
    ReportState.DISMISSED: (),
}


class ReportMeasure(TextChoices):
    """What the provider does about a message whose report it upholds."""

    NONE = "none", _("nothing further")
    WARNED = "warned", _("its sender is warned")
    SILENCED = "silenced", _("its sender can't write in this conversation any more")
    CLOSED = "closed", _("the conversation is closed")


def forgotten_at(closed_at: dt.datetime) -> dt.datetime:
    """Return when what was said in a closed conversation is forgotten, unless a legal hold stands.

    House rule: three years after the end of it, as long as most claims of both sides live (in Germany art. 195 BGB, in
    China art. 188 of the Civil Code). Who wrote when, and the digest of what, stays as proof.
    """
    try:
        return closed_at.replace(year=closed_at.year + 3)
    except ValueError:  # 29 February
        return closed_at.replace(year=closed_at.year + 3, day=28)
