"""What became of the mails of a complaint, in words and for programs; never an address."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints import access
from complaints.access import Mailed, Viewer
from complaints.serializers.words import TITLES
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.models import Complaint
    from core.models import OutgoingMail
    from ledger.models import Entry

LABELS = {
    "waiting": gettext_lazy("waits to be sent"),
    "sent": gettext_lazy("sent: our mail server took it"),
    "delayed": gettext_lazy("late: the other mail server does not take it yet and is tried again"),
    "failed": gettext_lazy("not sent: our mail server did not take it"),
}
CAME_BACK = {
    "hard": gettext_lazy("came back: the address takes no mail"),
    "soft": gettext_lazy("came back: the other mail server did not take it in time"),
}
TONES = {"sent": "done", "bounced": "against", "failed": "against"}


def state_label(mail: OutgoingMail) -> str:
    """Return in words where the mail stands; that it arrived is never said, because nobody tells us."""
    if mail.state == "bounced":
        return str(CAME_BACK[mail.bounce_kind])
    return str(LABELS[mail.state])


def tries_label(mail: OutgoingMail) -> str:
    """Return how often it was tried in vain, and with which kind of error; nothing for one that went at once."""
    if mail.state == "sent" or not mail.error:
        return ""
    tried = ngettext("tried %(count)s time", "tried %(count)s times", mail.attempts) % {"count": mail.attempts}
    return f"{tried} ({mail.error})"


def stands_since(mail: OutgoingMail) -> dt.datetime:
    """Return since when the mail stands as it does."""
    since = {
        "sent": mail.sent_at,
        "delayed": mail.delayed_at,
        "bounced": mail.bounced_at,
    }.get(mail.state, mail.tried_at)
    return since or mail.created_at


def _title(mail: OutgoingMail, entries: dict[str, str]) -> str:
    act = entries.get(mail.dedupe.partition(":")[0], "")
    return str(TITLES.get(act, "")) or _("The matter")


def mails_shown(mails: list[Mailed], entries: list[Entry]) -> list[dict[str, Any]]:
    """Return the mails as the page of the matter lists them: on which step, to which side, where each stands."""
    acts = {str(entry.pk): entry.act for entry in entries}
    return [
        {
            "title": _title(one.mail, acts),
            "side": one.side.label,
            "label": state_label(one.mail),
            "tone": TONES.get(one.mail.state, "waiting"),
            "tries": tries_label(one.mail),
            "written_at": one.mail.created_at,
            "since": stands_since(one.mail),
            "next_try_at": one.mail.next_try_at if one.mail.state == "waiting" and one.mail.attempts else None,
        }
        for one in mails
    ]


def mail_as_json(one: Mailed, entries: list[Entry]) -> dict[str, Any]:
    """Return a mail for programs: its states, times, tries and kind of bounce."""
    mail, acts = one.mail, {str(entry.pk): entry.act for entry in entries}
    times = ("created_at", "tried_at", "sent_at", "delayed_at", "bounced_at")
    return {
        "act": acts.get(mail.dedupe.partition(":")[0], ""),
        "side": one.side.value,
        "state": mail.state,
        "attempts": mail.attempts,
        "error": mail.error,
        "bounce_kind": mail.bounce_kind or None,
        "bounce_status": mail.bounce_status or None,
        **{name: None if (at := getattr(mail, name)) is None else rfc3339(at) for name in times},
    }


def delivery(complaint: Complaint, viewer: Viewer, entries: list[Entry]) -> dict[str, Any]:
    """Return for the page of the matter: the mails, and who of the parties that concern the viewer is not reached."""
    mails = access.mails_for(viewer, complaint)
    lost = access.unreached([one.mail for one in mails])
    return {
        "mails": mails_shown(mails, entries),
        "address": viewer.account.email,
        "is_unreached": any(one.is_own and one.mail.party in lost for one in mails),
        "unreached_sides": sorted({str(one.side.label) for one in mails if one.mail.party in lost and not one.is_own}),
    }
