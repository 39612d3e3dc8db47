"""Trusted flaggers for programs and pages, and the shapes of what is recorded of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from complaints import access, rules
from complaints.actions import Award
from complaints.serializers.given import Optional
from core.shapes import Shape, Text
from core.times import rfc3339

if TYPE_CHECKING:
    from complaints.models import TrustedFlagger


class FlaggerInput(Shape):
    """Who was awarded the status: an organisation by its code, or the account that filed a notice; by whom, for what."""

    organisation = Optional(max_length=40)
    complaint = Optional(max_length=40)
    authority = Text(max_length=300)
    areas = serializers.ListField(child=Text(max_length=200), max_length=50, required=False)
    since = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)
    provider = Optional(max_length=40)


class SuspensionInput(Shape):
    """Why a flagger is suspended."""

    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)


def award_of(given: dict[str, Any]) -> Award:
    """Return the award of the validated input."""
    return Award(
        authority=given["authority"],
        since_on=given["since"],
        until_on=given.get("until"),
        organisation=given.get("organisation") or "",
        complaint=given.get("complaint") or "",
        areas=given.get("areas") or [],
    )


def flagger_shown(flagger: TrustedFlagger, now: dt.datetime) -> dict[str, Any]:
    """Return a flagger with its state on the provider's present day."""
    state = access.state_of_flagger(flagger, now)
    return {
        "id": str(flagger.pk),
        "provider": flagger.provider.code,
        "organisation": flagger.organisation.code if flagger.organisation else None,
        "complaint": flagger.named_by.reference if flagger.named_by else None,
        "authority": flagger.authority,
        "areas": flagger.areas,
        "since": flagger.since_on.isoformat(),
        "until": flagger.until_on.isoformat() if flagger.until_on else None,
        "state": state.value,
        "suspended_at": rfc3339(flagger.suspended_at) if flagger.suspended_at else None,
        "suspended_because": flagger.suspended_because,
    }


def flagger_row(flagger: TrustedFlagger, now: dt.datetime) -> dict[str, Any]:
    """Return a flagger for the list of the pages, with what can be done about it."""
    state = access.state_of_flagger(flagger, now)
    tones = {rules.FlaggerState.TRUSTED: "done", rules.FlaggerState.SUSPENDED: "against"}
    return {
        "flagger": flagger,
        "name": flagger.organisation.name if flagger.organisation else "",
        "reference": flagger.named_by.reference if flagger.named_by else "",
        "state": {"label": state.label, "tone": tones.get(state, "neutral")},
        "is_open": flagger.ended_at is None,
    }
