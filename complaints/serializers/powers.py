"""Powers of attorney for programs and pages, and the shapes of what is recorded and found of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from rest_framework import serializers

from complaints import access, rules
from complaints.actions import PowersGiven
from complaints.rules import PowersState
from complaints.serializers.shown import file_shown
from complaints.serializers.words import instant
from core.shapes import Shape, Text

if TYPE_CHECKING:
    from complaints.models import PowersOfAttorney
    from verification.models import Account

TONES = {PowersState.CHECKED: "done", PowersState.REFUSED: "against"}


class PowersInput(Shape):
    """At which provider, for whom, by which documents, for which works (all where none is named), from when until when."""

    provider = Text(max_length=40)
    principal = Text(max_length=300)
    documents = serializers.ListField(child=serializers.UUIDField(), max_length=rules.MOST_FILES)
    works = serializers.ListField(child=Text(max_length=300), max_length=rules.MOST_NAMED_WORKS, required=False)
    since = serializers.DateField()
    until = serializers.DateField(required=False, allow_null=True)


class PowersCheckInput(Shape):
    """What was found of powers of attorney, and why."""

    decision = serializers.ChoiceField(choices=rules.PowersDecision.choices)
    reasons = Text(lines=True, max_length=rules.LONGEST_REASONS)


def powers_of(given: dict[str, Any]) -> PowersGiven:
    """Return the powers of the validated input."""
    return PowersGiven(
        principal=given["principal"],
        documents=given["documents"],
        since_on=given["since"],
        until_on=given.get("until"),
        works=given.get("works") or [],
    )


def powers_row(powers: PowersOfAttorney, now: dt.datetime) -> dict[str, Any]:
    """Return powers as lists show them: nothing that is sealed is opened."""
    return {
        "id": str(powers.pk),
        "provider": powers.provider.code,
        "works": powers.works,
        "since": powers.since_on.isoformat(),
        "until": powers.until_on.isoformat() if powers.until_on else None,
        "state": access.state_of_powers(powers, powers.provider, now).value,
        "decision": powers.decision or None,
        "reasons": powers.reasons,
        "submitted_at": instant(powers.submitted_at),
        "decided_at": instant(powers.decided_at),
        "withdrawn_at": instant(powers.withdrawn_at),
    }


def powers_shown(powers: PowersOfAttorney, account: Account, now: dt.datetime) -> dict[str, Any]:
    """Return powers whole: the agent, handlers and reviewers see for whom and by which documents (a look is recorded)."""
    may_read = access.may_read_powers(account, powers)
    return {
        **powers_row(powers, now),
        "principal": access.opened_principal(powers, by=account, now=now).reveal() if may_read else None,
        "documents": [file_shown(file) for file in access.powers_documents(powers)] if may_read else [],
    }


def page_row(powers: PowersOfAttorney, now: dt.datetime) -> dict[str, Any]:
    """Return powers for the lists of the pages."""
    state = access.state_of_powers(powers, powers.provider, now)
    return {
        "powers": powers,
        "state": {"label": state.label, "tone": TONES.get(state, "neutral")},
        "is_open": powers.withdrawn_at is None and state is not PowersState.REFUSED,
    }


def own_row(powers: PowersOfAttorney, now: dt.datetime) -> dict[str, Any]:
    """Return powers for the list of their agent, with for whom they are."""
    return {**page_row(powers, now), "principal": access.principal_of(powers).reveal()}


def check_page(powers: PowersOfAttorney, account: Account, now: dt.datetime) -> dict[str, Any]:
    """Return powers for the page on which they are checked."""
    shown = powers_shown(powers, account, now)
    for file in shown["documents"]:
        file["url"] = reverse("complaints:powers-document", args=[powers.pk, file["id"]])
    is_withdrawn = powers.withdrawn_at is not None
    waits = rules.may_be_decided(decision=powers.decision, is_withdrawn=is_withdrawn)
    return {**page_row(powers, now), "shown": shown, "waits": waits}
