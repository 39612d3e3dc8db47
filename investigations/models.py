"""The tables of investigations. What they refuse, whoever asks, stands in constraints here and triggers beside."""

from functools import partial

from django.db import models
from django.db.models import F, Q

from core.ids import new_reference, uuid7
from core.models import DataKey
from hosting.models import Content, Subscriber
from investigations.bases import Basis, stamped
from investigations.rules import Capacity, Decision, DisclosureState, Recommendation, State
from verification.models import Account, Identity, Organisation


class Investigation(models.Model):
    """A request for the identity of one subscriber: who asks, on which basis, for which data, and where it stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=partial(new_reference, "I"), editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    requester = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="investigations")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    identity = models.ForeignKey(Identity, on_delete=models.PROTECT, related_name="+")
    requester_person_index = models.BinaryField(max_length=32)
    capacity = models.CharField(max_length=20, choices=Capacity.choices)
    regime = models.CharField(max_length=10)
    legal_basis = models.CharField(max_length=40)
    basis_version = models.CharField(max_length=20)
    complaint = models.ForeignKey("complaints.Complaint", null=True, on_delete=models.PROTECT, related_name="+")
    content = models.ManyToManyField(Content, related_name="+")
    subscriber = models.ForeignKey(Subscriber, null=True, on_delete=models.PROTECT, related_name="+")
    categories = models.JSONField()
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    purpose_sealed = models.BinaryField()
    necessity_sealed = models.BinaryField()
    documents = models.JSONField()  # the files' ids, in order; what was replaced stays attached and is not listed
    notify_subject_after = models.DateTimeField(null=True)
    confidentiality_ground_sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=20, choices=State.choices)
    revision = models.PositiveIntegerField(default=1)
    request_digest = models.CharField(max_length=64)
    filed_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    revocation_reasons_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="investigation_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="investigation_capacity_known", condition=Q(capacity__in=Capacity.values)),
            models.CheckConstraint(
                name="investigation_authority_has_organisation",
                condition=~Q(capacity=Capacity.AUTHORITY) | Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                # A gag without an end date is none, and neither is one without a ground.
                name="investigation_gag_has_ground_and_end",
                condition=Q(notify_subject_after__isnull=True, confidentiality_ground_sealed__isnull=True)
                | Q(notify_subject_after__isnull=False, confidentiality_ground_sealed__isnull=False),
            ),
            models.CheckConstraint(
                name="investigation_names_somebody",
                condition=Q(state__in=(State.INCOMPLETE, State.WITHDRAWN, State.RECOMMENDED, State.REFUSED))
                | Q(subscriber__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "state", "id"], name="investigation_desk"),
            models.Index(fields=["requester", "-id"], name="investigation_by_requester"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def basis(self) -> Basis:
        """The legal basis in the version with which the request is stamped."""
        return stamped(self.legal_basis, self.basis_version)


class Consultation(models.Model):
    """That the uploader was asked about one version of the request, and what it answered, if it did."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="consultations")
    request_digest = models.CharField(max_length=64)
    message_sealed = models.BinaryField()
    recipient_sealed = models.BinaryField(null=True)  # named where consent to just this recipient is asked for
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    statement_sealed = models.BinaryField(null=True)
    has_consented = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["investigation", "request_digest"], name="consultation_once"),
            models.CheckConstraint(
                name="consultation_answered_has_time",
                condition=Q(statement_sealed__isnull=True, answered_at__isnull=True, has_consented__isnull=True)
                | Q(statement_sealed__isnull=False, answered_at__isnull=False, ended_at__isnull=False),
            ),
        ]


class Assessment(models.Model):
    """A reviewer's advice on one version of the request. Never changed: a trigger refuses it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="assessments")
    request_digest = models.CharField(max_length=64)
    recommendation = models.CharField(max_length=20, choices=Recommendation.choices)
    categories = models.JSONField()
    reasons_sealed = models.BinaryField()
    balance_sealed = models.BinaryField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    person_index = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["investigation", "request_digest"], name="assessment_once"),
            models.CheckConstraint(
                name="assessment_recommendation_known", condition=Q(recommendation__in=Recommendation.values)
            ),
            models.CheckConstraint(
                name="assessment_refusal_has_no_categories",
                condition=Q(recommendation=Recommendation.REFUSE, categories=[])
                | ~Q(recommendation=Recommendation.REFUSE) & ~Q(categories=[]),
            ),
        ]


class Authorization(models.Model):
    """The decision on one assessed version of the request, by a third person. Never changed: a trigger refuses it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="authorizations")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    request_digest = models.CharField(max_length=64)
    decision = models.CharField(max_length=20, choices=Decision.choices)
    categories = models.JSONField()
    reasons_sealed = models.BinaryField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    # The three natural persons side by side, so that the table itself refuses two that are one. A trigger compares
    # them with the rows that they come from.
    requester_person_index = models.BinaryField(max_length=32)
    assessor_person_index = models.BinaryField(max_length=32)
    authorizer_person_index = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    ledger_entry = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["investigation", "request_digest"], name="authorization_once"),
            models.CheckConstraint(name="authorization_decision_known", condition=Q(decision__in=Decision.values)),
            models.CheckConstraint(
                name="authorization_by_three_persons",
                condition=~Q(requester_person_index=F("assessor_person_index"))
                & ~Q(requester_person_index=F("authorizer_person_index"))
                & ~Q(assessor_person_index=F("authorizer_person_index")),
            ),
            models.CheckConstraint(
                name="authorization_refusal_has_no_categories",
                condition=Q(decision=Decision.REFUSE, categories=[]) | ~Q(decision=Decision.REFUSE) & ~Q(categories=[]),
            ),
        ]


class Disclosure(models.Model):
    """One delivery of what was authorized: collected once, before its end, or never."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="disclosures")
    authorization = models.ForeignKey(Authorization, on_delete=models.PROTECT, related_name="disclosures")
    digest = models.CharField(max_length=64)
    ledger_entry = models.UUIDField(unique=True)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    is_reissue = models.BooleanField(default=False)
    reasons_sealed = models.BinaryField(null=True)
    collected_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authorization"],
                condition=Q(
                    collected_at__isnull=True, revoked_at__isnull=True, expired_at__isnull=True, voided_at__isnull=True
                ),
                name="disclosure_one_live",
            ),
            models.CheckConstraint(
                name="disclosure_ends_once",
                condition=Q(collected_at__isnull=True, revoked_at__isnull=True, expired_at__isnull=True)
                | Q(collected_at__isnull=True, revoked_at__isnull=True, voided_at__isnull=True)
                | Q(collected_at__isnull=True, expired_at__isnull=True, voided_at__isnull=True)
                | Q(revoked_at__isnull=True, expired_at__isnull=True, voided_at__isnull=True),
            ),
            models.CheckConstraint(
                name="disclosure_collected_in_time",
                condition=Q(collected_at__isnull=True) | Q(collected_at__lt=F("expires_at")),
            ),
            models.CheckConstraint(name="disclosure_ends_later", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="disclosure_reissue_has_reasons",
                condition=Q(is_reissue=False, reasons_sealed__isnull=True)
                | Q(is_reissue=True, reasons_sealed__isnull=False),
            ),
        ]

    @property
    def state(self) -> DisclosureState:
        """Where this delivery stands; one whose time has passed stays ready until its clock has fired."""
        ends = (
            (self.collected_at, DisclosureState.COLLECTED),
            (self.revoked_at, DisclosureState.REVOKED),
            (self.expired_at, DisclosureState.EXPIRED),
            (self.voided_at, DisclosureState.VOID),
        )
        return next((state for ended_at, state in ends if ended_at is not None), DisclosureState.READY)


class Access(models.Model):
    """That somebody looked into a matter: at what, in which role, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="accesses")
    by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    as_role = models.CharField(max_length=20)
    what = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["investigation", "-id"], name="access_by_investigation")]
        constraints = [models.CheckConstraint(name="access_says_what", condition=~Q(what="") & ~Q(as_role=""))]


class SubjectNotice(models.Model):
    """That the uploader must be told, or was: of one authorization, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="notices")
    authorization = models.OneToOneField(Authorization, on_delete=models.PROTECT, related_name="notice")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, related_name="+")
    disclosed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    recipient_sealed = models.BinaryField()  # who got the data, as the uploader is told

    class Meta:
        indexes = [
            models.Index(fields=["subscriber", "-id"], condition=Q(told_at__isnull=False), name="notice_by_subscriber"),
        ]
        constraints = [
            models.CheckConstraint(
                name="notice_told_when_due", condition=Q(told_at__isnull=True) | Q(told_at__gte=F("due_at"))
            ),
        ]
