"""What people read about conversations, proposals and what was undertaken, for pages and documents; it changes no row."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import rules
from messaging.models import Proposal, Undertaking
from messaging.rules import ProposalKind, ProposalState, Reach, UndertakingKind

REACHED = {
    Reach.NOT_YET: gettext_lazy("The uploader is not here yet and is being called; messages wait for it."),
    Reach.HERE: gettext_lazy("The uploader is here and has not read anything yet."),
}
TOLD = gettext_lazy("The uploader is not here yet. It was told of this conversation on %(day)s; messages wait for it.")
RECEIPTS = {"sent": gettext_lazy("sent"), "delivered": gettext_lazy("delivered"), "read": gettext_lazy("read")}
FAILED = ("none", "failed", "bounced")
MAIL = {
    "none": gettext_lazy("no address is known"),
    "waiting": gettext_lazy("on its way"),
    "sent": gettext_lazy("sent"),
    "delayed": gettext_lazy("delayed; still being tried"),
    "failed": gettext_lazy("could not be sent"),
    "bounced": gettext_lazy("came back: the address does not work"),
}
SERVICE = {
    "none": gettext_lazy("your service does not ask for this event"),
    "waiting": gettext_lazy("on its way"),
    "delivered": gettext_lazy("taken by your service"),
    "failed": gettext_lazy("your service did not take it"),
}
DONE = {
    "mute": gettext_lazy("Muted: you get no notice of this conversation any more."),
    "unmute": gettext_lazy("You get notice of this conversation again."),
    "end": gettext_lazy("The conversation is closed. It can still be read."),
    "block": gettext_lazy("The other side can't write to you here any more."),
    "unblock": gettext_lazy("The other side can write to you again."),
}


def terms(proposal: Proposal) -> list[tuple[str, str]]:
    """Return what a proposal offers, each term by its name."""
    return said_terms({"kind": proposal.kind, "terms": rules.said(proposal)})


def said_terms(proposal: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the terms as ``rules.said`` writes them, each by its name in the reader's language."""
    kind, given = ProposalKind(proposal["kind"]), proposal["terms"]
    if kind is ProposalKind.REMOVE_BY:
        return [(_("Removed by the end of"), _day(given["date"]))]
    if kind is ProposalKind.CREDIT:
        return [(_("Credit line"), given["text"])]
    if kind is ProposalKind.DISPUTE:
        return [(_("Reasons"), given["reasons"])]
    if kind is ProposalKind.TRIM:
        part = _("%(start)s to %(end)s") % {"start": given["from"], "end": given["to"]}
        return [(_("Part that is cut out"), part), (_("Cut by the end of"), _day(given["date"]))]
    number = formats.number_format(Decimal(given["amount"]), use_l10n=True, force_grouping=True)
    return [
        (_("Terms"), given["terms"]),
        (_("Amount"), f"{number} {given['currency']}"),
        (_("Territory"), given["territory"] or _("everywhere")),
        (_("Until"), _day(given["until"]) if given["until"] else _("without an end")),
    ]


def _day(text: str) -> str:
    return formats.date_format(dt.date.fromisoformat(text), "DATE_FORMAT")


def proposal_state(proposal: Proposal, is_mine: bool) -> str:
    """Return where a proposal stands, as its reader would say it."""
    mine = {
        ProposalState.OPEN: _("You proposed this. The other side can answer until %(until)s."),
        ProposalState.ACCEPTED: _("The other side accepted this."),
        ProposalState.DECLINED: _("The other side declined this."),
        ProposalState.COUNTERED: _("The other side answered by another proposal."),
        ProposalState.WITHDRAWN: _("You withdrew this."),
        ProposalState.EXPIRED: _("Nobody answered in time."),
    }
    theirs = {
        ProposalState.OPEN: _("The other side proposes this. You can answer until %(until)s."),
        ProposalState.ACCEPTED: _("You accepted this."),
        ProposalState.DECLINED: _("You declined this."),
        ProposalState.COUNTERED: _("You answered by another proposal."),
        ProposalState.WITHDRAWN: _("The other side withdrew this."),
        ProposalState.EXPIRED: _("Nobody answered in time."),
    }
    words = (mine if is_mine else theirs)[ProposalState(proposal.state)]
    return words % {"until": formats.date_format(proposal.expires_at, "DATETIME_FORMAT") + " UTC"}


def seen_by_staff(proposal: Proposal) -> str:
    """Return where a proposal stands, as somebody reads it who is on neither side."""
    return _("One side proposed this to the other.") if proposal.is_open else ""


def undertaking(one: Undertaking) -> str:
    """Return in a sentence what was undertaken and what became of it."""
    is_removal = one.kind == UndertakingKind.REMOVAL
    if one.done_at is not None:
        done = _("The content was removed: reported on %(day)s by %(whom)s.")
        if not is_removal:
            done = _("The part was cut out: reported on %(day)s by %(whom)s.")
        return done % {"day": formats.date_format(one.done_at, "DATE_FORMAT"), "whom": one.get_done_by_display()}
    if one.overdue_at is not None:
        late = _("The removal was due until %(day)s and nobody reported it. The provider was told.")
        if not is_removal:
            late = _("The cut was due until %(day)s and nobody reported it. The provider was told.")
        return late % {"day": _moment(one.due_at)}
    if one.asked_at is not None:
        return _("The uploader asked the provider's service to remove the content; it reports until %(day)s.") % {
            "day": _moment(one.due_at)
        }
    waits = _("The uploader removes the content until %(day)s.")
    if not is_removal:
        waits = _("The uploader cuts the part out until %(day)s.")
    return waits % {"day": _moment(one.due_at)}


def day_of(instant: str, language: str) -> str:
    """Return the day and time of an instant as RFC 3339 writes it, for a mail in this language."""
    with translation.override(language or None):
        return _moment(dt.datetime.fromisoformat(instant))


def _moment(at: dt.datetime) -> str:
    return formats.date_format(at, "DATETIME_FORMAT") + " UTC"


def revision(kind: str, moment: str) -> str:
    """Return that a message was edited or withdrawn, and when."""
    words = _("withdrawn on %(when)s") if kind == "withdrawn" else _("edited on %(when)s")
    return words % {"when": moment}
