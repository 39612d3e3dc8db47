"""What the two sides propose to each other, and what an uploader has undertaken to do."""

from django.db import models
from django.db.models import F, Q

from core.ids import uuid7
from messaging.models.conversation import Conversation, Party
from messaging.rules import (
    AMOUNT_DIGITS,
    AMOUNT_PLACES,
    ANSWERED,
    COLUMNS,
    CURRENCIES,
    LONGEST_REASONS,
    LONGEST_TERMS,
    LONGEST_TERRITORY,
    OPTIONAL,
    REQUIRED,
    ProposalKind,
    ProposalState,
    Reporter,
    UndertakingKind,
)
from verification.models import Account

TEXTS = ("text", "currency", "territory")


def _is_given(column: str) -> Q:
    return ~Q(**{column: ""}) if column in TEXTS else Q(**{f"{column}__isnull": False})


def _is_left_out(column: str) -> Q:
    return Q(**{column: ""}) if column in TEXTS else Q(**{f"{column}__isnull": True})


def _has_its_terms(kind: ProposalKind) -> models.CheckConstraint:
    """Return the constraint that a proposal of this kind has just the terms of its kind."""
    terms = Q()
    for column in COLUMNS:
        if column in REQUIRED[kind]:
            # Its words are erased with the conversation's, at its time; numbers and days stay.
            terms &= _is_given(column) | Q(is_forgotten=True) if column == "text" else _is_given(column)
        elif column not in OPTIONAL.get(kind, ()):
            terms &= _is_left_out(column)
    return models.CheckConstraint(name=f"proposal_{kind.value}_has_its_terms", condition=~Q(kind=kind) | terms)


class Proposal(models.Model):
    """An offer of one side to the other. Its terms never change; what becomes of it is written once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="proposals", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=ProposalKind.choices)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The proposal of the other side that this one answers.
    counters = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="countered_by")
    # The licence's terms, the credit line or the reasons of the dispute.
    text = models.TextField(blank=True)
    due_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=AMOUNT_DIGITS, decimal_places=AMOUNT_PLACES, null=True)
    currency = models.CharField(max_length=3, blank=True)
    territory = models.CharField(max_length=LONGEST_TERRITORY, blank=True)
    from_ms = models.BigIntegerField(null=True)
    to_ms = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Why it was declined, where the other side said so.
    reasons = models.TextField(blank=True)
    # The ledger's entry of its acceptance, by which the record of it proves itself.
    ledger_entry = models.UUIDField(null=True)

    is_forgotten = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proposal_forgotten_says_nothing",
                condition=Q(is_forgotten=False) | Q(text="", territory="", reasons=""),
            ),
            models.UniqueConstraint(fields=["conversation", "number"], name="proposal_number_once"),
            models.CheckConstraint(name="proposal_number_counts_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="proposal_kind_known", condition=Q(kind__in=ProposalKind.values)),
            models.CheckConstraint(name="proposal_state_known", condition=Q(state__in=ProposalState.values)),
            *(_has_its_terms(kind) for kind in ProposalKind),
            models.CheckConstraint(name="proposal_text_bounded", condition=Q(text__length__lte=LONGEST_TERMS)),
            models.CheckConstraint(name="proposal_reasons_bounded", condition=Q(reasons__length__lte=LONGEST_REASONS)),
            models.CheckConstraint(
                name="proposal_amount_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0)
            ),
            models.CheckConstraint(name="proposal_currency_known", condition=Q(currency__in=("", *CURRENCIES))),
            models.CheckConstraint(
                name="proposal_trim_has_a_length",
                condition=Q(from_ms__isnull=True) | Q(from_ms__gte=0, to_ms__gt=F("from_ms")),
            ),
            models.CheckConstraint(name="proposal_expires_later", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="proposal_over_has_time",
                condition=Q(state=ProposalState.OPEN, ended_at__isnull=True)
                | ~Q(state=ProposalState.OPEN) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_answered_by_the_other_side",
                condition=~Q(state__in=ANSWERED) | Q(ended_by__isnull=False) & ~Q(ended_by=F("party")),
            ),
            models.CheckConstraint(
                name="proposal_withdrawn_by_its_maker",
                condition=~Q(state=ProposalState.WITHDRAWN) | Q(ended_by__isnull=False, ended_by=F("party")),
            ),
            models.CheckConstraint(
                name="proposal_expired_by_nobody",
                condition=~Q(state__in=(ProposalState.OPEN, ProposalState.EXPIRED)) | Q(ended_by__isnull=True),
            ),
            models.CheckConstraint(
                name="proposal_accepted_is_recorded",
                condition=Q(state=ProposalState.ACCEPTED, ledger_entry__isnull=False)
                | ~Q(state=ProposalState.ACCEPTED) & Q(ledger_entry__isnull=True),
            ),
            models.CheckConstraint(
                name="proposal_reasons_of_a_refusal", condition=Q(reasons="") | Q(state=ProposalState.DECLINED)
            ),
            models.CheckConstraint(
                name="proposal_counters_another", condition=Q(counters__isnull=True) | ~Q(counters=F("id"))
            ),
        ]

    @property
    def clock_matter(self) -> str:
        """Return the name under which its clock runs."""
        return f"proposal:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.state == ProposalState.OPEN


class Undertaking(models.Model):
    """What the uploader has undertaken to do with the content: agreed by a proposal, or of its own accord."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="undertakings")
    proposal = models.OneToOneField(Proposal, null=True, on_delete=models.PROTECT, related_name="undertaking")
    kind = models.CharField(max_length=10, choices=UndertakingKind.choices)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # When the uploader asked the provider's service to do it now.
    asked_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=15, choices=Reporter.choices, blank=True)
    reporter = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    overdue_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="undertaking_kind_known", condition=Q(kind__in=UndertakingKind.values)),
            models.CheckConstraint(
                name="undertaking_agreed_or_asked", condition=Q(proposal__isnull=False) | Q(asked_at__isnull=False)
            ),
            models.CheckConstraint(
                name="undertaking_only_a_removal_is_asked",
                condition=Q(asked_at__isnull=True) | Q(kind=UndertakingKind.REMOVAL),
            ),
            models.CheckConstraint(
                name="undertaking_done_all_or_nothing",
                condition=Q(done_at__isnull=True, done_by="", reporter__isnull=True)
                | Q(done_at__isnull=False, done_by__in=Reporter.values, reporter__isnull=False),
            ),
            models.CheckConstraint(
                name="undertaking_overdue_after_its_day",
                condition=Q(overdue_at__isnull=True) | Q(overdue_at__gte=F("due_at")),
            ),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(kind=UndertakingKind.REMOVAL, done_at__isnull=True),
                name="undertaking_one_removal_at_a_time",
            ),
        ]

    @property
    def clock_matter(self) -> str:
        """Return the name under which its clock runs."""
        return f"undertaking:{self.pk}"

    @property
    def is_done(self) -> bool:
        """Say whether it was reported as carried out."""
        return self.done_at is not None
