"""What people read about conversations, proposals and what was undertaken, for pages and documents; it changes no row."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils import formats, numberformat, translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from messaging import rules
from messaging.models import Proposal, Undertaking
from messaging.rules import ProposalKind, ProposalState, Reach, UndertakingKind

# How a sentence is put together with the instants in it: ``plainly`` or ``on_page``.
Say = Callable[..., str]
REACHED = {
    Reach.NOT_YET: gettext_lazy("The uploader is not here yet and is being called; messages wait for it."),
    Reach.HERE: gettext_lazy("The uploader is here and has not read anything yet."),
}
TOLD = gettext_lazy("The uploader is not here yet. It was told of this conversation on %(day)s; messages wait for it.")
TOO_LONG = gettext_lazy("A message may have at most 8,000 characters. Characters too many: %(over)s")
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


def plainly(sentence: str, **given: Any) -> str:
    """Return the sentence with what it speaks of in its places, instants as a text says them: in UTC, and saying so."""
    return sentence % {name: _moment(one) if isinstance(one, dt.datetime) else one for name, one in given.items()}


def on_page(sentence: str, **given: Any) -> SafeString:
    """Return the sentence as HTML, instants marked so that the page's script tells them as its reader's clock does."""
    whole = {name: moment_on_page(one) if isinstance(one, dt.datetime) else escape(one) for name, one in given.items()}
    return mark_safe(escape(sentence) % whole)  # noqa: S308 - each part was escaped


def moment_on_page(at: dt.datetime) -> SafeString:
    """Return an instant as HTML that the page's script tells as its reader's clock does."""
    return format_html('<time datetime="{}" data-local>{}</time>', at.isoformat(), _moment(at))


def lead_of(kind: str, settled: str) -> str:
    """Return what becomes of a proposal of this kind; ``settled`` is what an agreement does to the matter, if it does."""
    if kind not in rules.SETTLING:
        return _(
            "Say why you do not agree. If the other side accepts, both note for good that they do not; it settles nothing."
        )
    lead = _("The other side can accept it, decline it, or propose something else. What is accepted is final.")
    return f"{lead} {settled}".strip()


def lead_of_acceptance(kind: str, settled: str) -> str:
    """Return what it means to accept a proposal of this kind; ``settled`` as above."""
    lead = _("This is final: neither side can take it back. Both get a record that proves itself.")
    if kind not in rules.SETTLING:
        settled = _("By it both sides note that they do not agree, for these reasons. It settles nothing.")
    return f"{lead} {settled}".strip()


def terms(proposal: Proposal) -> list[tuple[str, str]]:
    """Return what a proposal offers, each term by its name; days with the zone in which they end."""
    zone = proposal.conversation.provider.time_zone
    return said_terms({"kind": proposal.kind, "terms": rules.said(proposal)}, zone)


def said_terms(proposal: Mapping[str, Any], zone: str = "") -> list[tuple[str, str]]:
    """Return the terms as ``rules.said`` writes them, each by its name in the reader's language."""
    kind, given = ProposalKind(proposal["kind"]), proposal["terms"]
    if kind is ProposalKind.REMOVE_BY:
        return [(_("Removed by the end of"), _day(given["date"], zone))]
    if kind is ProposalKind.CREDIT:
        return [(_("Credit line"), given["text"])]
    if kind is ProposalKind.DISPUTE:
        return [(_("Reasons"), given["reasons"])]
    if kind is ProposalKind.TRIM:
        part = _("%(start)s to %(end)s") % {"start": given["from"], "end": given["to"]}
        return [(_("Part that is cut out"), part), (_("Cut by the end of"), _day(given["date"], zone))]
    return [
        (_("Terms"), given["terms"]),
        (_("Amount"), f"{_amount(Decimal(given['amount']))} {given['currency']}"),
        (_("Territory"), given["territory"] or _("everywhere")),
        (_("Until"), _day(given["until"], zone) if given["until"] else _("without an end")),
    ]


def _amount(amount: Decimal) -> str:
    """Return an amount as contracts write it: in threes, also where a language's numbers are seldom grouped."""
    point, comma = formats.get_format("DECIMAL_SEPARATOR"), formats.get_format("THOUSAND_SEPARATOR")
    return numberformat.format(
        amount, point, grouping=3, thousand_sep=comma or ("." if point == "," else ","), force_grouping=True
    )


def _day(text: str, zone: str = "") -> str:
    day = formats.date_format(dt.date.fromisoformat(text), "DATE_FORMAT")
    return f"{day} ({zone})" if zone else day


def proposal_state(proposal: Proposal, is_mine: bool, say: Say = plainly) -> str:
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
    return say((mine if is_mine else theirs)[ProposalState(proposal.state)], until=proposal.expires_at)


def seen_by_staff(proposal: Proposal) -> str:
    """Return where a proposal stands, as somebody reads it who is on neither side."""
    return _("One side proposed this to the other.") if proposal.is_open else ""


def undertaking(one: Undertaking, say: Say = plainly) -> str:
    """Return in a sentence what was undertaken and what became of it."""
    is_removal = one.kind == UndertakingKind.REMOVAL
    if one.done_at is not None:
        done = _("The content was removed: reported on %(day)s by %(whom)s.")
        if not is_removal:
            done = _("The part was cut out: reported on %(day)s by %(whom)s.")
        return say(done, day=formats.date_format(one.done_at, "DATE_FORMAT"), whom=one.get_done_by_display())
    if one.overdue_at is not None:
        late = _("The removal was due by %(day)s and nobody reported it. The provider was told.")
        if not is_removal:
            late = _("The cut was due by %(day)s and nobody reported it. The provider was told.")
        return say(late, day=one.due_at)
    if one.asked_at is not None:
        asked = _("The uploader asked the provider's service to remove the content; it is to report by %(day)s.")
        return say(asked, day=one.due_at)
    waits = _("The uploader removes the content by %(day)s.")
    if not is_removal:
        waits = _("The uploader cuts the part out by %(day)s.")
    return say(waits, day=one.due_at)


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
