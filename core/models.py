"""The tables that have no domain: data keys, sealed-field openings, files, mail, clocks, idempotency keys."""

import datetime as dt

from django.db import models
from django.db.models import F, Q

from core.ids import uuid7


class DataKey(models.Model):
    """The key of one person's data, wrapped by one of FIELD_KEYS. Destroying it erases the person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wrapped = models.BinaryField(null=True)
    key_id = models.CharField(max_length=32)
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="data_key_wrapped_until_destroyed",
                condition=Q(wrapped__isnull=False, destroyed_at__isnull=True)
                | Q(wrapped__isnull=True, destroyed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["key_id", "id"], name="data_key_by_wrapping")]


class Opening(models.Model):
    """A recorded opening of sealed data: whose, which fields, by whom, for what purpose."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="openings")
    fields = models.JSONField()
    by = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["data_key", "-id"], name="opening_by_key")]
        constraints = [models.CheckConstraint(name="opening_has_purpose", condition=~Q(purpose="") & ~Q(by=""))]


class FileState(models.TextChoices):
    """Where a file stands; only a clean one can be attached."""

    SCANNING = "scanning"
    CLEAN = "clean"
    REFUSED = "refused"


class StoredFile(models.Model):
    """A file that somebody handed in. Its bytes lie sealed in the storage; name and digest stand here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="files")
    owner = models.CharField(max_length=80)  # the actor's ledger reference; core knows no accounts
    name_sealed = models.BinaryField()
    size_bytes = models.BigIntegerField()
    # Sealed too: the digest of a short or guessable file would give it away.
    sha256_sealed = models.BinaryField()
    sealed_sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=80)
    state = models.CharField(max_length=16, choices=FileState.choices)
    stored_at = models.DateTimeField()
    # Since when its owner knows that it can't be cleaned, and lets others have it as it is.
    unchanged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="file_state_known", condition=Q(state__in=FileState.values)),
            models.CheckConstraint(name="file_has_bytes", condition=Q(size_bytes__gt=0)),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="file_by_owner")]


class Attachment(models.Model):
    """That a file is part of a matter: from then on whoever may see the matter may see the file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    subject = models.CharField(max_length=80)
    purpose = models.CharField(max_length=40)
    attached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "subject", "purpose"], name="attachment_once")]
        indexes = [models.Index(fields=["subject", "id"], name="attachment_by_subject")]


class Upload(models.Model):
    """A file that comes in pieces and may go on after the connection was lost; with its last byte it becomes a file."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="uploads")
    owner = models.CharField(max_length=80)
    name_sealed = models.BinaryField()
    size_bytes = models.BigIntegerField()
    received_bytes = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="uploads")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="upload_within_its_size",
                condition=Q(size_bytes__gt=0, received_bytes__gte=0, received_bytes__lte=F("size_bytes")),
            ),
            models.CheckConstraint(
                name="upload_whole_before_it_is_a_file",
                condition=Q(file__isnull=True) | Q(received_bytes=F("size_bytes")),
            ),
            models.CheckConstraint(name="upload_ends_after_it_began", condition=Q(expires_at__gt=F("begun_at"))),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="upload_by_owner"),
            models.Index(fields=["expires_at"], name="upload_by_end"),
        ]


class Piece(models.Model):
    """Some bytes of an upload, sealed in the storage until the rest is there. Its id follows from where it begins."""

    id = models.UUIDField(primary_key=True, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="pieces")
    start = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    sealed_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "start"], name="piece_once"),
            models.CheckConstraint(name="piece_has_bytes", condition=Q(start__gte=0, size_bytes__gt=0)),
        ]


class RenditionKind(models.TextChoices):
    """What is made of a file: the same without what it says of its maker, and a small picture of it."""

    CLEANED = "cleaned"
    PREVIEW = "preview"


class Rendition(models.Model):
    """What was made of a file once, sealed under the file's key; or that it can't be made, so that nobody tries again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="renditions")
    kind = models.CharField(max_length=16, choices=RenditionKind.choices)
    is_made = models.BooleanField()
    media_type = models.CharField(max_length=80, blank=True)
    size_bytes = models.BigIntegerField(null=True)
    sealed_sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "kind"], name="rendition_once"),
            models.CheckConstraint(name="rendition_kind_known", condition=Q(kind__in=RenditionKind.values)),
            models.CheckConstraint(
                name="rendition_made_or_not",
                condition=(Q(is_made=True, size_bytes__gt=0) & ~Q(media_type="") & ~Q(sealed_sha256=""))
                | Q(is_made=False, size_bytes__isnull=True, media_type="", sealed_sha256=""),
            ),
        ]


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    FAILED = "failed"


class BounceKind(models.TextChoices):
    """Whether a returned mail can never arrive there (hard), or could not in the time that servers try (soft)."""

    HARD = "hard"
    SOFT = "soft"


class OutgoingMail(models.Model):
    """A mail to be sent, once by its dedupe key. Its content is sealed, and destroyed once it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="mails")
    dedupe = models.CharField(max_length=200, unique=True)
    subject_reference = models.CharField(max_length=80, blank=True)
    # Whose mail it is within its subject, as in "complainant"; core knows no parties.
    party = models.CharField(max_length=80, blank=True)
    template = models.CharField(max_length=120)
    content_sealed = models.BinaryField()
    state = models.CharField(max_length=16, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delayed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_kind = models.CharField(max_length=8, choices=BounceKind.choices, blank=True)
    bounce_status = models.CharField(max_length=12, blank=True)  # as RFC 3463 writes it, such as 5.1.1
    error = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="mail_state_known", condition=Q(state__in=MailState.values)),
            models.CheckConstraint(
                name="mail_sent_has_time",
                # One that our own mail server refused for good is bounced and was never sent.
                condition=Q(state__in=(MailState.SENT, MailState.DELAYED), sent_at__isnull=False)
                | Q(state__in=(MailState.WAITING, MailState.FAILED), sent_at__isnull=True)
                | Q(state=MailState.BOUNCED),
            ),
            models.CheckConstraint(
                name="mail_bounced_has_time_and_kind",
                condition=Q(state=MailState.BOUNCED, bounced_at__isnull=False, bounce_kind__in=BounceKind.values)
                | (~Q(state=MailState.BOUNCED) & Q(bounced_at__isnull=True, bounce_kind="")),
            ),
            models.CheckConstraint(
                name="mail_delayed_has_time", condition=~Q(state=MailState.DELAYED) | Q(delayed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="mail_due"),
            models.Index(fields=["subject_reference", "id"], name="mail_by_subject"),
            models.Index(fields=["-id"], condition=Q(state__in=("bounced", "failed")), name="mail_not_arrived"),
        ]


class ClockState(models.TextChoices):
    """Where a clock stands."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FIRED = "fired"


class Clock(models.Model):
    """A legal deadline: for which matter, what it does, when. It fires once, in the transaction of its act."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    matter = models.CharField(max_length=80)
    name = models.CharField(max_length=60)
    handler = models.CharField(max_length=80)
    state = models.CharField(max_length=16, choices=ClockState.choices, default=ClockState.RUNNING)
    started_at = models.DateTimeField()
    earliest_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    latest_at = models.DateTimeField(null=True)
    basis = models.JSONField(default=dict)  # how it was reckoned, for the people who see it: unit, length, source
    # A pause never holds it longer than until then; empty where no law bounds a pause.
    capped_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_because = models.CharField(max_length=60, blank=True)
    rest = models.JSONField(default=dict)  # what was left at the pause, in the units of whoever reckons it
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="clock_state_known", condition=Q(state__in=ClockState.values)),
            models.UniqueConstraint(
                fields=["matter", "name"], condition=Q(state__in=("running", "paused")), name="clock_runs_once"
            ),
            models.CheckConstraint(
                name="clock_ended_has_time",
                condition=Q(state__in=("running", "paused"), ended_at__isnull=True)
                | Q(state__in=("stopped", "fired"), ended_at__isnull=False),
            ),
            models.CheckConstraint(name="clock_due_after_start", condition=Q(due_at__gte=F("started_at"))),
            models.CheckConstraint(
                name="clock_paused_says_when_and_why",
                condition=Q(state="paused", paused_at__isnull=False) & ~Q(paused_because="")
                | ~Q(state="paused") & Q(paused_at__isnull=True, paused_because=""),
            ),
            models.CheckConstraint(
                name="clock_capped_after_start", condition=Q(capped_at__isnull=True) | Q(capped_at__gte=F("started_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="running"), name="clock_due"),
            models.Index(fields=["capped_at"], condition=Q(state="paused"), name="clock_capped"),
            models.Index(fields=["matter", "id"], name="clock_by_matter"),
        ]

    @property
    def runs_out_at(self) -> dt.datetime:
        """When it fires if nothing comes between: a paused one at its cap, which `clocks.due` has looked at."""
        return self.capped_at if self.state == ClockState.PAUSED and self.capped_at else self.due_at


class IdempotencyKey(models.Model):
    """A request that came with an Idempotency-Key: what was asked (digest) and, sealed, what was answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    request_digest = models.BinaryField()
    status = models.PositiveSmallIntegerField(null=True)
    data_key = models.ForeignKey(DataKey, null=True, on_delete=models.PROTECT)
    answer_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]


class Heartbeat(models.Model):
    """When a process that nobody talks to was last seen alive."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()


class RateCount(models.Model):
    """How often something was done within one window, counted in the database so that every process sees it."""

    id = models.BigAutoField(primary_key=True)
    bucket = models.CharField(max_length=120)
    window_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "window_at"], name="rate_count_once")]
        indexes = [models.Index(fields=["window_at"], name="rate_count_by_age")]
