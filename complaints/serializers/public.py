"""What the public pages show: the receipt, the wizard's review, the page of a tracking code."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_lazy

from complaints import access, rules
from complaints.rules import State
from complaints.serializers import curing, words

if TYPE_CHECKING:
    from complaints.models import Complaint
    from complaints.regimes.engine import Lack
    from complaints.regimes.shape import Regime

REVIEW_LABEL = gettext_lazy("Check and send")


def page_clocks(complaint: Complaint, now: dt.datetime) -> list[dict[str, Any]]:
    """Return the complaint's clocks with their instants, for a page."""
    return words.clocks_shown(complaint, access.clocks_of(complaint), now)


def page_cure(complaint: Complaint) -> dict[str, Any]:
    """Return what the provider's time does and until when the notice can be mended, for a page."""
    return curing.cure_of(complaint, curing.lapse_of(access.clocks_of(complaint)))


def disclosed_choices(complaint: Complaint) -> list[tuple[str, str]]:
    """Return the counter-notices whose contact was disclosed, by the day on which each came, to choose one of."""
    zone = complaint.provider.time_zone
    return [(str(one.pk), words.local_day(one.received_at, zone)) for one in access.disclosed_to(complaint)]


def disclosed_by(complaint: Complaint) -> str:
    """Return the article that makes the contact part of a forwarded counter-notice."""
    law = words.regime_of(complaint)
    return gettext(law.counter.discloses_source) if law.counter else ""


def public_steps(complaint: Complaint) -> list[dict[str, Any]]:
    """Return what happened and when, by role, without the marks that lead into the ledger."""
    return [{**step, "proof_url": ""} for step in words.timeline_shown(access.timeline_of(complaint))]


def elements_checked(law: Regime, lacks: list[Lack]) -> list[dict[str, Any]]:
    """Return the regime's elements with whether a notice that is not filed yet has each."""
    return words.elements_of(law, curing.lacks_in(law, lacks))


def receipt_words(receipt: dict[str, Any]) -> dict[str, Any]:
    """Return the words for a kept receipt: its state, and its instant as one."""
    state = State(receipt["state"])
    return {
        "state": {"label": state.label, "tone": rules.TONES.get(state, "waiting")},
        "filed_at": dt.datetime.fromisoformat(receipt["filed_at"]),
        "is_unconfirmed": state is State.UNCONFIRMED,
    }
