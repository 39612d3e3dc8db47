"""Shapes of proposals: what programs give, and what they get."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core import times
from core.shapes import Shape, Text
from messaging import rules
from messaging.rules import Answer, ProposalKind, Terms

POSITION = re.compile(r"(?:(\d{1,3}):)?(\d{1,5}):([0-5]\d)(?:[.,](\d{1,3}))?|(\d{1,6})(?:[.,](\d{1,3}))?")
MINUTES_IN_AN_HOUR = 60
# How each kind's terms are called by programs, and in which columns they are kept.
NAMES: dict[ProposalKind, dict[str, str]] = {
    ProposalKind.REMOVE_BY: {"date": "due_on"},
    ProposalKind.LICENSE: {
        "terms": "text",
        "amount": "amount",
        "currency": "currency",
        "territory": "territory",
        "until": "until_on",
    },
    ProposalKind.CREDIT: {"text": "text"},
    ProposalKind.TRIM: {"from": "from_ms", "to": "to_ms", "date": "due_on"},
    ProposalKind.DISPUTE: {"reasons": "text"},
}


def position_of(text: str) -> int | None:
    """Return the milliseconds of a place in a recording (1:02:03, 62:03 or seconds); None for what is no place."""
    found = POSITION.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds, part, alone, part_alone = found.groups()
    if hours is not None and int(minutes) >= MINUTES_IN_AN_HOUR:
        return None
    whole = int(alone) if alone else int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    place = whole * 1000 + int((part or part_alone or "0").ljust(3, "0"))
    return place if place <= rules.LONGEST_CONTENT_MS else None


@extend_schema_field({"oneOf": [{"type": "string", "maxLength": 20}, {"type": "number", "minimum": 0}]})
class Position(serializers.Field[Any, Any, Any, Any]):
    """A place in a recording."""

    def to_internal_value(self, data: Any) -> int:
        """Return it in milliseconds."""
        is_number = isinstance(data, (int, float)) and not isinstance(data, bool)
        found = position_of(str(data)) if isinstance(data, str) or is_number else None
        if found is None:
            text = _("Give hours, minutes and seconds as in 1:02:03, or a number of seconds.")
            raise serializers.ValidationError(text, code="position")
        return found


class Amount(serializers.DecimalField):
    """A sum of money: digits and a point, as text or as a number of JSON; its places are its currency's."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {"max_digits": rules.AMOUNT_DIGITS, "decimal_places": rules.AMOUNT_PLACES, **kwargs}
        super().__init__(min_value=Decimal(0), max_value=rules.LARGEST_AMOUNT, **kwargs)


class TermsInput(Shape):
    """What is proposed: a kind, and the terms of that kind."""

    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    date = serializers.DateField(required=False)
    terms = Text(lines=True, max_length=rules.LONGEST_TERMS, required=False)
    amount = Amount(required=False)
    currency = Text(max_length=3, required=False)
    territory = Text(max_length=rules.LONGEST_TERRITORY, required=False, allow_blank=True)
    until = serializers.DateField(required=False, allow_null=True)
    text = Text(lines=True, max_length=rules.LONGEST_CREDIT, required=False)
    reasons = Text(lines=True, max_length=rules.LONGEST_TERMS, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return the fields, with those whose names are words of Python."""
        return {**super().get_fields(), "from": Position(required=False), "to": Position(required=False)}

    def validate_currency(self, value: str) -> str:
        """Return the code in capitals; refuse what is no currency of ISO 4217."""
        if value.upper() not in rules.CURRENCIES:
            raise serializers.ValidationError(_("Give a currency's three letters, as in EUR."), code="currency")
        return value.upper()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the kind with its terms; refuse a term that is missing or of another kind."""
        return {**attrs, "offered": terms_of(attrs["kind"], attrs)}


def _problem(text: Any, code: str) -> serializers.ErrorDetail:
    return serializers.ErrorDetail(str(text), code)


def terms_of(kind: str, given: dict[str, Any], without: tuple[str, ...] = ("kind",)) -> Terms:
    """Return the terms under their columns; raises ValidationError at what is missing, foreign or does not fit."""
    names = NAMES[ProposalKind(kind)]
    problems: dict[str, Any] = {}
    for name, value in given.items():
        if name not in names and name not in without and value not in (None, ""):
            problems[name] = [_problem(_("A proposal of this kind has no such term."), "unknown")]
    for name, column in names.items():
        if column in rules.REQUIRED[ProposalKind(kind)] and given.get(name) in (None, ""):
            problems[name] = [_problem(_("This is needed for a proposal of this kind."), "required")]
    if problems:
        raise serializers.ValidationError(problems)
    _check_sum(given.get("amount"), given.get("currency"))
    if kind == ProposalKind.TRIM and given["to"] <= given["from"]:
        raise serializers.ValidationError({"to": [_("The end comes after the beginning.")]}, code="order")
    columns = {column: given[name] for name, column in names.items() if given.get(name) not in (None, "")}
    return Terms(ProposalKind(kind), **columns)


def _check_sum(amount: Decimal | None, currency: str | None) -> None:
    if amount is None or currency is None:
        return
    places = rules.DECIMALS[currency]
    if amount != round(amount, places):
        text = _("An amount of this currency has at most %(places)s decimal places.") % {"places": places}
        raise serializers.ValidationError({"amount": [text]}, code="places")


class AnswerInput(TermsInput):
    """An answer: accept, decline (with or without reasons), or counter with other terms."""

    answer = serializers.ChoiceField(choices=Answer.choices)
    kind = serializers.ChoiceField(choices=ProposalKind.choices, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Return the answer; refuse terms with any but a counter-proposal."""
        if attrs["answer"] == Answer.COUNTER:
            if "kind" not in attrs:
                text = _("This is needed for a counter-proposal.")
                raise serializers.ValidationError({"kind": [_problem(text, "required")]})
            return {**attrs, "offered": terms_of(attrs["kind"], attrs, ("kind", "answer"))}
        allowed = ("answer", "reasons") if attrs["answer"] == Answer.DECLINE else ("answer",)
        text = _("This belongs to a counter-proposal only.")
        foreign = {name: [_problem(text, "unknown")] for name in attrs if name not in allowed}
        if foreign:
            raise serializers.ValidationError(foreign)
        if len(attrs.get("reasons", "")) > rules.LONGEST_REASONS:
            raise serializers.ValidationError({"reasons": [_("At most 2,000 characters.")]}, code="max_length")
        return attrs


class NothingInput(Shape):
    """An act that needs no input."""


class UndertakingOutput(serializers.Serializer[Any]):
    """What the uploader has undertaken to do: until when, and what became of it."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    proposal = serializers.UUIDField(allow_null=True)
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=["open", "overdue", "done"])
    due_at = serializers.DateTimeField()
    asked_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    done_by = serializers.CharField(allow_null=True)
    overdue_at = serializers.DateTimeField(allow_null=True)


class UndertakingsOutput(serializers.Serializer[Any]):
    """Everything that was undertaken, the first first."""

    results = UndertakingOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ProposalOutput(serializers.Serializer[Any]):
    """A proposal: its kind with the terms of that kind beside it, whose it is, and what became of it."""

    id = serializers.UUIDField()
    conversation = serializers.UUIDField()
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    state = serializers.ChoiceField(choices=rules.ProposalState.choices)
    sender = serializers.UUIDField()
    terms = serializers.DictField(help_text="the terms of its kind, as they were given")
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.UUIDField(allow_null=True)
    reasons = serializers.CharField(allow_blank=True, help_text="why it was declined")
    counters = serializers.UUIDField(allow_null=True, help_text="the proposal that this one answers")
    countered_by = serializers.UUIDField(allow_null=True, help_text="the proposal by which it was answered")
    ledger_entry = serializers.UUIDField(allow_null=True, help_text="the entry of its acceptance")
    undertaking = UndertakingOutput(allow_null=True)


class ProposalsOutput(serializers.Serializer[Any]):
    """Proposals in the order in which they were made."""

    results = ProposalOutput(many=True)
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


def undertaking_shown(one: Any) -> dict[str, Any]:
    """Return what was undertaken, as programs read it."""
    return {
        "id": str(one.pk),
        "conversation": str(one.conversation_id),
        "proposal": str(one.proposal_id) if one.proposal_id else None,
        "kind": one.kind,
        "state": "done" if one.is_done else "overdue" if one.overdue_at else "open",
        "due_at": times.rfc3339(one.due_at),
        "asked_at": times.rfc3339(one.asked_at) if one.asked_at else None,
        "done_at": times.rfc3339(one.done_at) if one.done_at else None,
        "done_by": one.done_by or None,
        "overdue_at": times.rfc3339(one.overdue_at) if one.overdue_at else None,
    }


def proposal_shown(proposal: Any) -> dict[str, Any]:
    """Return a proposal as programs read it."""
    undertaking = getattr(proposal, "undertaking", None)
    countered_by = getattr(proposal, "countered_by", None)
    return {
        "id": str(proposal.pk),
        "conversation": str(proposal.conversation_id),
        "number": proposal.number,
        "kind": proposal.kind,
        "state": proposal.state,
        "sender": str(proposal.party_id),
        "terms": rules.said(proposal),
        "made_at": times.rfc3339(proposal.made_at),
        "expires_at": times.rfc3339(proposal.expires_at),
        "ended_at": times.rfc3339(proposal.ended_at) if proposal.ended_at else None,
        "ended_by": str(proposal.ended_by_id) if proposal.ended_by_id else None,
        "reasons": proposal.reasons,
        "counters": str(proposal.counters_id) if proposal.counters_id else None,
        "countered_by": str(countered_by.pk) if countered_by else None,
        "ledger_entry": str(proposal.ledger_entry) if proposal.ledger_entry else None,
        "undertaking": undertaking_shown(undertaking) if undertaking else None,
    }
