"""The notice itself: who complains (sealed), about which works and items, where it stands."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import Q

from complaints.rules import BEFORE_IT_COUNTS, Capacity, ConfirmedHow, Decision, ItemState, NameClaim, Priority, State
from core.ids import uuid7
from core.models import DataKey
from hosting.models import Content
from verification.models import Account, Organisation

CONTACT_FIELDS = ("name", "postal_address", "email", "phone")
# What came back on a counter-notice: few among all items.
CAME_BACK = Q(state=ItemState.RESTORED, contested_by__isnull=False)


class Complaint(models.Model):
    """A notice to a provider under one version of a regime. Contact, signature and tracking code are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=40, unique=True)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="complaints", db_index=False)
    regime = models.CharField(max_length=10)
    regime_version = models.CharField(max_length=20)
    # What the provider had said on unsure points of the law when it was filed: a later change never alters it.
    law_settings = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State.choices)
    complainant = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="complaints", db_index=False
    )
    capacity = models.CharField(max_length=16, choices=Capacity.choices)
    # By which powers an agent complains, where it showed some.
    powers = models.ForeignKey(
        "complaints.PowersOfAttorney", null=True, db_index=False, on_delete=models.PROTECT, related_name="complaints"
    )
    # What is known of the name in the contact; empty where no name was given, or no account gave it.
    name_claim = models.CharField(max_length=16, choices=NameClaim.choices, blank=True)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    # Blind index of the confirmed address from which the notice came; it finds one claimant's earlier notices.
    claimant_index = models.BinaryField(max_length=32, null=True)
    contact_sealed = models.BinaryField()  # JSON object of CONTACT_FIELDS
    signature_sealed = models.BinaryField(null=True)
    tracking_sealed = models.BinaryField()
    tracking_hash = models.BinaryField(max_length=32, unique=True)
    grounds = models.TextField(blank=True)
    statements = ArrayField(models.CharField(max_length=40), default=list)
    # What it lacks, as [element, pointer] of the regime; the words come from the regime's data.
    missing = models.JSONField(default=list)
    # Of what is there, the elements about which the provider has asked for more and waits.
    asked = ArrayField(models.CharField(max_length=40), default=list)
    # Since when it is a complete notice: the day of receipt that counts.
    complete_at = models.DateTimeField(null=True)
    # While the provider waits for what it asked: since when, and how many working days of its own time are left.
    paused_at = models.DateTimeField(null=True)
    days_left = models.PositiveSmallIntegerField(null=True)
    # Of a sender without account, as it said itself (ADR 28): a keyed index of the address, so that its notices are
    # known as those of one sender.
    sender_index = models.BinaryField(max_length=32, null=True)
    # The first notice of the filing to which it belongs, by its reference; empty until it counts.
    group = models.CharField(max_length=40, blank=True)
    # The earlier notice of the same sender about all the same, with which it is dealt with.
    goes_with = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    language = models.CharField(max_length=10, blank=True)
    is_earning = models.BooleanField(default=False)
    # From whom was a trusted flagger when it was filed.
    is_trusted = models.BooleanField(default=False)
    # What comes first on the desk.
    priority = models.PositiveSmallIntegerField(choices=Priority.choices, default=Priority.USUAL)
    filed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    # Where no address could confirm it: how a handler made sure whose it is.
    confirmed_how = models.CharField(max_length=16, choices=ConfirmedHow.choices, blank=True)
    confirmed_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    # Until when the provider means to do its next step; empty when nothing waits for it.
    answer_due_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=16, choices=Decision.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField(blank=True)
    upheld_at = models.DateTimeField(null=True)
    upheld_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    # When the two sides agreed; a matter that was settled counts against nobody, also once it is closed.
    settled_at = models.DateTimeField(null=True)

    # What was just stored with it, for whoever tells the sender of it at once, and whether the sender has said some of it
    # before; not kept.
    stored_items: "Sequence[ComplaintItem]" = ()
    says_again = False

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="complaint_known_claimant_is_certain",
                condition=Q(claimant_index__isnull=True) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(name="complaint_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="complaint_settled_has_time",
                condition=Q(state__in=(State.SETTLED, State.CLOSED), settled_at__isnull=False)
                | ~Q(state=State.SETTLED) & Q(settled_at__isnull=True),
            ),
            models.CheckConstraint(name="complaint_capacity_known", condition=Q(capacity__in=Capacity.values)),
            models.CheckConstraint(
                name="complaint_decided_all_or_nothing",
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | Q(decision__in=Decision.values, decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_upheld_by_somebody",
                condition=Q(upheld_at__isnull=True, upheld_by__isnull=True)
                | Q(upheld_at__isnull=False, upheld_by__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_rejected_says_why", condition=~Q(decision=Decision.REJECTED) | ~Q(reasons="")
            ),
            models.CheckConstraint(
                name="complaint_confirmed_when_it_counts",
                condition=Q(state__in=(*BEFORE_IT_COUNTS, State.WITHDRAWN)) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_name_claim_known", condition=Q(name_claim__in=("", *NameClaim.values))
            ),
            models.CheckConstraint(name="complaint_priority_known", condition=Q(priority__in=Priority.values)),
            models.CheckConstraint(
                name="complaint_whole_when_filed",
                condition=~Q(state=State.FILED) | Q(missing=[], asked=[], complete_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_goes_with_comes_last",
                condition=Q(goes_with__isnull=True) | Q(priority=Priority.REPEATED),
            ),
            models.CheckConstraint(
                name="complaint_paused_with_days_left",
                condition=Q(paused_at__isnull=True, days_left__isnull=True)
                | Q(paused_at__isnull=False, days_left__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_confirmed_by_hand_says_how",
                condition=Q(confirmed_how="", confirmed_by__isnull=True)
                | Q(confirmed_how__in=ConfirmedHow.values, confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_unconfirmed_is_anonymous",
                condition=~Q(state=State.UNCONFIRMED) | Q(complainant__isnull=True, confirmed_at__isnull=True),
            ),
        ]
        # A foreign key whose column begins one of these has none of its own: each notice would write to both.
        indexes = [
            models.Index(fields=["provider", "-id"], name="complaint_by_provider"),
            models.Index(fields=["complainant", "-id"], name="complaint_by_complainant"),
            models.Index(
                fields=["claimant_index"], condition=Q(claimant_index__isnull=False), name="complaint_by_claimant"
            ),
            models.Index(
                fields=["sender_index", "-id"],
                condition=Q(sender_index__isnull=False),
                name="complaint_by_sender",
            ),
            models.Index(fields=["powers"], condition=Q(powers__isnull=False), name="complaint_by_powers"),
            models.Index(fields=["group", "-id"], condition=~Q(group=""), name="complaint_by_group"),
            models.Index(
                fields=["provider", "priority", "answer_due_at", "id"],
                condition=Q(answer_due_at__isnull=False),
                name="complaint_desk",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class ConfirmationLink(models.Model):
    """The one-time link by which an address confirms the complaint that was filed in its name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="confirmation")
    hash = models.BinaryField(max_length=32, unique=True)
    # Sealed under the complaint's key, so that the mail can be written after the act and by another process.
    token_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="confirmation_expires_later", condition=Q(expires_at__gt=models.F("made_at")))
        ]


class Correction(models.Model):
    """What a notice said before it was corrected, sealed under its key: the earlier text stays evidence."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="corrections")
    previous_sealed = models.BinaryField()
    made_at = models.DateTimeField()
    # Nobody: the sender without account, by the link that was mailed to its address.
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")


class ComplaintWork(models.Model):
    """A work that is said to be infringed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="works", db_index=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=40, blank=True)
    work = models.CharField(max_length=40, blank=True)  # the reference in the register of works, where there is one

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "position"], name="complaint_work_position_once"),
            models.CheckConstraint(name="complaint_work_is_named", condition=~Q(title="") | ~Q(work="")),
        ]


class ComplaintItem(models.Model):
    """A thing complained about, as the complainant named it, and the content that was found there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField()
    url = models.CharField(max_length=2000, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    content = models.ForeignKey(Content, null=True, on_delete=models.PROTECT, related_name="complained")
    state = models.CharField(max_length=16, choices=ItemState.choices, default=ItemState.NOTICED)
    # The address is at none of the hosts that the provider is known by.
    is_elsewhere = models.BooleanField(default=False)
    # The earlier item of the same sender about the same work that was open when this one came.
    # Equal for what one sender complains of again: the same thing for the same works under the same regime.
    repeat_key = models.BinaryField(max_length=16, null=True)
    repeats = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="repeated_by")
    # From when on the uploader of this item knows of the complaint and may see it.
    told_at = models.DateTimeField(null=True)
    # Why no measure is taken for this item, where the notice was rejected for it alone.
    reasons = models.TextField(blank=True)
    rejected_at = models.DateTimeField(null=True)
    rejected_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    contested_by = models.ForeignKey(
        "complaints.CounterNotice", null=True, on_delete=models.PROTECT, related_name="items"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "position"], name="complaint_item_position_once"),
            models.CheckConstraint(name="complaint_item_state_known", condition=Q(state__in=ItemState.values)),
            models.CheckConstraint(name="complaint_item_is_located", condition=~Q(url="") | ~Q(external_id="")),
            models.CheckConstraint(
                name="complaint_item_told_when_restricted",
                condition=Q(state__in=(ItemState.NOTICED, ItemState.REJECTED)) | Q(told_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_item_rejected_says_why",
                condition=Q(state=ItemState.REJECTED, rejected_at__isnull=False, rejected_by__isnull=False)
                & ~Q(reasons="")
                | ~Q(state=ItemState.REJECTED) & Q(rejected_at__isnull=True, rejected_by__isnull=True, reasons=""),
            ),
        ]
        indexes = [
            models.Index(fields=["repeat_key"], condition=Q(repeats__isnull=True), name="complaint_item_first_said"),
            models.Index(fields=["external_id"], condition=CAME_BACK, name="complaint_item_back_by_id"),
            # An address may be longer than what a tree of such an index holds.
            HashIndex(fields=["url"], condition=CAME_BACK, name="complaint_item_back_by_url"),
        ]
