"""Complaints in full: curing, measures, appeals, strikes, desks, letters from a mailbox, the channel."""

import datetime as dt

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
        ("core", "0003_pauses"),
        ("hosting", "0003_hosts_of_providers"),
        ("verification", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("assigned_at", models.DateTimeField()),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("released", "given back"),
                            ("handed_on", "given to a colleague"),
                            ("taken_over", "taken over by a colleague"),
                            ("conflict", "conflict of interest"),
                            ("role_ended", "no handler any more"),
                        ],
                        max_length=16,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["handler", "complaint"],
                        name="assignment_held",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="assignment_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                (
                                    "ended_because__in",
                                    ["released", "handed_on", "taken_over", "conflict", "role_ended"],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="assignment_ended_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="verification.organisation"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("acceptance", "Accept the notices"),
                            ("rejection", "Reject the notices"),
                            ("measure", "Order a measure, or forward"),
                            ("assignment", "Take or give the matters"),
                            ("closing", "Close the matters"),
                            ("letter", "Write to the complainants"),
                        ],
                        max_length=16,
                    ),
                ),
                ("given", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "to be confirmed"),
                            ("running", "at work"),
                            ("stopped", "stopped"),
                            ("done", "done"),
                        ],
                        default="prepared",
                        max_length=16,
                    ),
                ),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["provider", "-id"], name="batch_by_provider"),
                    models.Index(
                        condition=models.Q(("state__in", ("prepared", "running"))), fields=["state"], name="batch_open"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("act__in", ["acceptance", "rejection", "measure", "assignment", "closing", "letter"])
                        ),
                        name="batch_act_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("started_at__isnull", True), ("state", "prepared")),
                            models.Q(("ended_at__isnull", True), ("started_at__isnull", False), ("state", "running")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("started_at__isnull", False),
                                ("state__in", ("stopped", "done")),
                            ),
                            _connector="OR",
                        ),
                        name="batch_state_has_its_times",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="verification.organisation",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("contact_person", models.CharField(blank=True, max_length=200)),
                ("postal_address", models.CharField(max_length=500)),
                ("email", models.EmailField(max_length=254)),
                ("phone", models.CharField(blank=True, max_length=60)),
                ("agent", models.CharField(blank=True, max_length=300)),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["provider", "-id"], name="contact_point_by_provider")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("postal_address", ""), _negated=True),
                            models.Q(("email", ""), _negated=True),
                        ),
                        name="contact_point_can_be_reached",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CorrectionLink",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction_links",
                        to="complaints.complaint",
                    ),
                ),
                ("hash", models.BinaryField(max_length=32, unique=True)),
                ("token_sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="correction_link_expires_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="correction_link_one_open",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="CureRequest",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cure_requests",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "elements",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("reasons", models.TextField()),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["complaint", "id"], name="cure_request_by_complaint")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("elements__len__gt", 0), models.Q(("reasons", ""), _negated=True)),
                        name="cure_request_says_what_and_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="cure_request_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeclaredInterest",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="interests", to="complaints.complaint"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[
                            ("matter", "in this matter"),
                            ("complainant", "in whatever this complainant files"),
                            ("uploader", "in whatever concerns the uploaders of these items"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "data_key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.datakey"),
                ),
                ("reasons_sealed", models.BinaryField()),
                ("declared_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["account"], name="interest_by_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("about__in", ["matter", "complainant", "uploader"])), name="interest_known"
                    ),
                    models.UniqueConstraint(fields=("complaint", "account", "about"), name="interest_declared_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExecutionReport",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="complaints.measure"
                    ),
                ),
                (
                    "what",
                    models.CharField(choices=[("executed", "carried out"), ("undone", "brought back")], max_length=16),
                ),
                ("reported_at", models.DateTimeField()),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("http_status", models.PositiveSmallIntegerField(null=True)),
                ("detail", models.CharField(blank=True, max_length=1000)),
            ],
            options={
                "indexes": [models.Index(fields=["measure", "id"], name="execution_by_measure")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["executed", "undone"])), name="execution_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("http_status__isnull", True),
                            models.Q(("http_status__gte", 100), ("http_status__lte", 599)),
                            _connector="OR",
                        ),
                        name="execution_status_is_one_of_http",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="findings", to="complaints.complaint"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("manifestly_unfounded", "a manifestly unfounded notice"),
                            ("bad_faith", "a notice in bad faith, undone by a counter-notice"),
                            ("false_identity", "a notice in somebody else's name"),
                        ],
                        max_length=24,
                    ),
                ),
                ("reasons", models.TextField()),
                ("found_at", models.DateTimeField()),
                (
                    "found_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("manifestly_unfounded", "bad_faith", "false_identity"))),
                        name="finding_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reasons", ""), _negated=True), name="finding_has_reasons"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("complaint",), name="finding_one"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Inquiry",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="inquiries", to="complaints.complaint"
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hosting.subscriber"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("received_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("consents", "consents to the removal"), ("refuses", "does not consent")],
                        max_length=16,
                    ),
                ),
                ("reasons", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("lapsed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("complaint", "subscriber"), name="inquiry_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_at__isnull", True), ("received_at__isnull", True)),
                            models.Q(
                                ("due_at__isnull", False),
                                ("received_at__isnull", False),
                                ("due_at__gte", models.F("received_at")),
                                ("received_at__gte", models.F("asked_at")),
                            ),
                            _connector="OR",
                        ),
                        name="inquiry_received_starts_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("answered_at__isnull", True),
                                ("answered_by__isnull", True),
                                ("reasons", ""),
                            ),
                            models.Q(
                                ("answer__in", ["consents", "refuses"]),
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="inquiry_answered_all_or_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lapsed_at__isnull", True),
                            models.Q(("answer", ""), ("due_at__isnull", False), ("lapsed_at__gte", models.F("due_at"))),
                            _connector="OR",
                        ),
                        name="inquiry_lapses_unanswered",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="InterestException",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interest_exceptions",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("reasons", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["complaint", "account"], name="interest_exception_by_matter")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reasons", ""), _negated=True), name="interest_exception_has_reasons"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("made_by", models.F("account")), _negated=True),
                        name="interest_excepted_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LawSetting",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="law_settings",
                        to="verification.organisation",
                    ),
                ),
                ("regime", models.CharField(max_length=10)),
                ("setting", models.CharField(max_length=40)),
                ("value", models.JSONField()),
                ("reasons", models.TextField()),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["provider", "regime", "id"], name="law_setting_by_provider")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("regime", ""), _negated=True), models.Q(("setting", ""), _negated=True)
                        ),
                        name="law_setting_says_which",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reasons", ""), _negated=True), name="law_setting_has_reasons"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="verification.organisation"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("ask_more", "to ask for more"),
                            ("forward", "to forward something"),
                            ("reject", "to explain a rejection"),
                            ("restore", "to explain a restoration"),
                            ("other", "something else"),
                        ],
                        max_length=16,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("replaced_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["ask_more", "forward", "reject", "restore", "other"])),
                        name="template_purpose_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject", ""), _negated=True), models.Q(("body", ""), _negated=True)
                        ),
                        name="template_says_something",
                    ),
                    models.UniqueConstraint(
                        fields=("provider", "name", "language", "version"), name="template_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("provider", "name", "language"),
                        name="template_one_in_use",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mailbox",
                        to="verification.organisation",
                    ),
                ),
                (
                    "data_key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.datakey"),
                ),
                ("address", models.CharField(max_length=300)),
                ("user_sealed", models.BinaryField()),
                ("password_sealed", models.BinaryField()),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("uid_validity", models.BigIntegerField(default=0)),
                ("last_uid", models.BigIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=40)),
                ("failing_since", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)), fields=["next_try_at"], name="mailbox_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since__isnull", True), ("failure", ""), ("failures", 0)),
                            models.Q(
                                models.Q(("failure", ""), _negated=True),
                                ("failing_since__isnull", False),
                                ("failures__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="mailbox_failing_since_its_failure",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="verification.organisation"
                    ),
                ),
                ("version", models.CharField(max_length=20)),
                ("numbers", models.JSONField()),
                ("text_en", models.TextField()),
                ("text_zh", models.TextField()),
                ("examples_en", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("examples_zh", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("published_at", models.DateTimeField()),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("effective_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "policies",
                "constraints": [
                    models.UniqueConstraint(fields=("provider", "version"), name="policy_version_once"),
                    models.UniqueConstraint(fields=("provider", "effective_at"), name="policy_one_at_a_time"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "effective_at__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("published_at"), "+", models.Value(dt.timedelta(days=7))
                                ),
                            )
                        ),
                        name="policy_published_a_week_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text_en", ""), _negated=True),
                            models.Q(("text_zh", ""), _negated=True),
                            ("examples_en__len__gt", 0),
                            ("examples_zh__len__gt", 0),
                        ),
                        name="policy_in_both_languages",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="PowersOfAttorney",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="powers",
                        to="verification.organisation",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="powers", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "data_key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.datakey"),
                ),
                ("principal_sealed", models.BinaryField()),
                (
                    "works",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300), default=list, size=None
                    ),
                ),
                ("since_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("submitted_at", models.DateTimeField()),
                (
                    "decision",
                    models.CharField(blank=True, choices=[("check", "checked"), ("refuse", "refused")], max_length=16),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reasons", models.TextField(blank=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("decision", ""), ("withdrawn_at__isnull", True)),
                        fields=["provider", "id"],
                        name="powers_desk",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("since_on")), _connector="OR"
                        ),
                        name="powers_end_after_they_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("decision", ""),
                                ("reasons", ""),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("decision__in", ["check", "refuse"]),
                                models.Q(("reasons", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="powers_decided_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("agent")), _negated=True),
                            _connector="OR",
                        ),
                        name="powers_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decision", "refuse"), _negated=True),
                            ("withdrawn_at__isnull", True),
                            _connector="OR",
                        ),
                        name="powers_refused_are_not_withdrawn",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "data_key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.datakey"),
                ),
                ("name_index", models.BinaryField()),
                ("kept_sealed", models.BinaryField()),
                ("place", models.PositiveSmallIntegerField()),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "name_index"), name="saved_search_name_once"),
                    models.UniqueConstraint(fields=("account", "place"), name="saved_search_place_once"),
                    models.CheckConstraint(
                        condition=models.Q(("place__gte", 1), ("place__lte", 50)), name="saved_search_has_a_place"
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "audience",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="hosting.subscriber",
                    ),
                ),
                ("number", models.BigIntegerField()),
                ("filed_at", models.DateTimeField()),
                ("tags", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name_plural": "search entries",
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["tags", "words"], name="search_entry_found"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("complaint", "audience"), name="search_entry_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(condition=models.Q(("tags__len__gt", 0)), name="search_entry_has_tags"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SentLetter",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_letters",
                        to="complaints.complaint",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("complainant", "complainant"),
                            ("uploader", "uploader"),
                            ("handler", "handler"),
                            ("reviewer", "reviewer"),
                            ("authorizer", "authorizer"),
                            ("auditor", "auditor"),
                            ("service", "provider's service"),
                            ("system", "the portal"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hosting.subscriber",
                    ),
                ),
                ("template", models.CharField(blank=True, max_length=80)),
                ("language", models.CharField(max_length=10)),
                ("text_sealed", models.BinaryField()),
                ("sent_at", models.DateTimeField()),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["complaint", "id"], name="sent_letter_by_complaint")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("side", "complainant"), ("subscriber__isnull", True)),
                            models.Q(("side", "uploader"), ("subscriber__isnull", False)),
                            _connector="OR",
                        ),
                        name="sent_letter_goes_to_one_party",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementOfReasons",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "measure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="complaints.measure"
                    ),
                ),
                (
                    "subscriber",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hosting.subscriber"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("content", models.JSONField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("measure", "subscriber"), name="statement_once_for_each_uploader"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content", {}), _negated=True), models.Q(("language", ""), _negated=True)
                        ),
                        name="statement_has_content",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="TrustedFlagger",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trusted_flaggers",
                        to="verification.organisation",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="verification.organisation",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                ("authority", models.CharField(max_length=300)),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200), default=list, size=None
                    ),
                ),
                ("since_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("suspended_at", models.DateTimeField(null=True)),
                ("suspended_because", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("account__isnull", True), ("named_by__isnull", True), ("organisation__isnull", False)
                            ),
                            models.Q(
                                ("account__isnull", False), ("named_by__isnull", False), ("organisation__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="flagger_is_one_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("authority", ""), _negated=True), name="flagger_was_awarded_by_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_on__isnull", True), ("until_on__gte", models.F("since_on")), _connector="OR"
                        ),
                        name="flagger_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("suspended_at__isnull", True), ("suspended_because", "")),
                            models.Q(
                                ("suspended_at__isnull", False), models.Q(("suspended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="flagger_suspended_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("provider", "organisation", "account"),
                        name="flagger_recorded_once",
                        nulls_distinct=False,
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.CreateModel(
            name="BatchRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="complaints.batch"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("reference", models.CharField(max_length=40)),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.complaint",
                    ),
                ),
                ("seen", models.CharField(blank=True, max_length=60)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ready", "will be done"),
                            ("barred", "not possible"),
                            ("waiting", "waits"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("skipped", "not done, because it was stopped"),
                        ],
                        max_length=16,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
                ("detail", models.CharField(blank=True, max_length=500)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["position", "batch"], name="batch_row_waiting"
                    ),
                    models.Index(fields=["batch", "state", "position"], name="batch_row_by_state"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "position"), name="batch_row_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("barred", "refused")), models.Q(("code", ""), _negated=True)),
                            models.Q(("code", ""), ("state__in", ("ready", "waiting", "done", "skipped"))),
                            _connector="OR",
                        ),
                        name="batch_row_says_why_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "barred"), ("complaint__isnull", False), _connector="OR"),
                        name="batch_row_is_a_matter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Strike",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="verification.organisation"
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("complainant", "complainant"), ("uploader", "uploader")], max_length=16),
                ),
                ("holder", models.CharField(max_length=80)),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hosting.subscriber",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.policy"
                    ),
                ),
                ("policy_version", models.CharField(max_length=20)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="strikes", to="complaints.complaint"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("infringement", "an infringement that was found and stands"),
                            ("manifestly_unfounded", "a manifestly unfounded notice"),
                            ("bad_faith", "a notice in bad faith, undone by a counter-notice"),
                            ("false_identity", "a notice in somebody else's name"),
                        ],
                        max_length=24,
                    ),
                ),
                ("noticed_on", models.DateField()),
                (
                    "content",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("counted_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("taken_back_because", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "indexes": [models.Index(fields=["provider", "holder", "counted_at"], name="strike_by_holder")],
                "constraints": [
                    models.UniqueConstraint(fields=("holder", "complaint"), name="strike_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("holder__startswith", "subscriber:"),
                                ("side", "uploader"),
                                ("subscriber__isnull", False),
                            ),
                            models.Q(
                                ("side", "complainant"),
                                ("subscriber__isnull", True),
                                models.Q(
                                    ("holder__startswith", "account:"),
                                    ("holder__startswith", "address:"),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="strike_holder_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ("infringement",)), ("side", "uploader")),
                            models.Q(
                                ("kind__in", ("manifestly_unfounded", "bad_faith", "false_identity")),
                                ("side", "complainant"),
                            ),
                            _connector="OR",
                        ),
                        name="strike_kind_of_its_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken_back_at__isnull", True), ("taken_back_because", "")),
                            models.Q(
                                ("taken_back_at__isnull", False), models.Q(("taken_back_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="strike_taken_back_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="verification.organisation"
                    ),
                ),
                (
                    "side",
                    models.CharField(choices=[("complainant", "complainant"), ("uploader", "uploader")], max_length=16),
                ),
                ("holder", models.CharField(max_length=80)),
                (
                    "subscriber",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hosting.subscriber",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.policy"
                    ),
                ),
                ("policy_version", models.CharField(max_length=20)),
                ("reference", models.CharField(max_length=40, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed, not decided"),
                            ("declined", "not ordered"),
                            ("dropped", "without ground any more"),
                            ("in_force", "in force"),
                            ("lifted", "lifted"),
                            ("expired", "ended"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("warning", "warning"),
                            ("publishing_checked", "what is published is checked first"),
                            ("publishing_paused", "publishing is paused"),
                            ("access_paused", "access is paused"),
                            ("handled_last", "notices are handled last"),
                            ("filing_paused", "handling of notices is paused"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "proposed_step",
                    models.CharField(
                        choices=[
                            ("warning", "warning"),
                            ("publishing_checked", "what is published is checked first"),
                            ("publishing_paused", "publishing is paused"),
                            ("access_paused", "access is paused"),
                            ("handled_last", "notices are handled last"),
                            ("filing_paused", "handling of notices is paused"),
                        ],
                        max_length=24,
                    ),
                ),
                ("points", models.PositiveIntegerField()),
                ("prompted_by", models.UUIDField()),
                ("proposed_at", models.DateTimeField()),
                ("reasons", models.TextField(blank=True)),
                ("weighing", models.JSONField(default=dict)),
                ("skip_reasons", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("until_at", models.DateTimeField(null=True)),
                ("executed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ran_out", "its time was over"),
                            ("lifted", "a handler lifted it"),
                            ("appeal", "an appeal was granted"),
                            ("strikes_taken_back", "what it rested on does not count any more"),
                        ],
                        max_length=24,
                    ),
                ),
                ("end_reasons", models.TextField(blank=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("strikes", models.ManyToManyField(related_name="restrictions", to="complaints.strike")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["provider", "-id"], name="restriction_by_provider"),
                    models.Index(fields=["holder", "-id"], name="restriction_by_holder"),
                    models.Index(
                        condition=models.Q(("state", "proposed")), fields=["provider", "id"], name="restriction_waiting"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "declined", "dropped", "in_force", "lifted", "expired"])
                        ),
                        name="restriction_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("holder__startswith", "subscriber:"),
                                ("side", "uploader"),
                                ("subscriber__isnull", False),
                            ),
                            models.Q(
                                ("side", "complainant"),
                                ("subscriber__isnull", True),
                                models.Q(
                                    ("holder__startswith", "account:"),
                                    ("holder__startswith", "address:"),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_holder_is_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("side", "uploader"),
                                ("step__in", ("warning", "publishing_checked", "publishing_paused", "access_paused")),
                            ),
                            models.Q(
                                ("side", "complainant"), ("step__in", ("warning", "handled_last", "filing_paused"))
                            ),
                            _connector="OR",
                        ),
                        name="restriction_step_of_its_ladder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ("in_force", "expired", "lifted")),
                                ("until_at__isnull", False),
                                ("until_at__gt", models.F("decided_at")),
                                (
                                    "until_at__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("decided_at"), "+", models.Value(dt.timedelta(days=368))
                                    ),
                                ),
                            ),
                            models.Q(
                                models.Q(("state__in", ("in_force", "expired", "lifted")), _negated=True),
                                ("until_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_ordered_for_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("in_force", "expired", "lifted")), _negated=True),
                            models.Q(("decided_by__isnull", False), models.Q(("reasons", ""), _negated=True)),
                            models.Q(("decided_by__isnull", True), ("step", "warning")),
                            _connector="OR",
                        ),
                        name="restriction_that_hurts_was_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "declined"), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("reasons", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_declined_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ("expired", "lifted")),
                                models.Q(("ended_because", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state__in", ("expired", "lifted")), _negated=True),
                                ("ended_at__isnull", True),
                                ("ended_because", ""),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_over_says_why",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("provider", "holder"),
                        name="restriction_one_proposal",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_force")),
                        fields=("provider", "holder", "step"),
                        name="restriction_step_once",
                    ),
                    models.UniqueConstraint(fields=("holder", "prompted_by"), name="restriction_prompted_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldBack",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "complaint",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="held_back", to="complaints.complaint"
                    ),
                ),
                (
                    "restriction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="complaints.restriction"
                    ),
                ),
                ("is_paused", models.BooleanField()),
                ("held_at", models.DateTimeField()),
                ("resumed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_paused", True), ("resumed_at", None)),
                        fields=["restriction"],
                        name="held_back_paused",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_paused", True), ("resumed_at__isnull", True), _connector="OR"),
                        name="held_back_resumes_what_was_paused",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RestrictionAppeal",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                (
                    "restriction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appeal", to="complaints.restriction"
                    ),
                ),
                ("reasons", models.TextField()),
                ("filed_at", models.DateTimeField()),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=[("granted", "granted"), ("dismissed", "dismissed")], max_length=16
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reasons", ""), _negated=True), name="restriction_appeal_has_reasons"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", ""),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("outcome", ""),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("outcome__in", ["granted", "dismissed"]),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_appeal_decided_all_or_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(
                                models.Q(("decided_by", models.F("filed_by")), _negated=True),
                                models.Q(
                                    ("ordered_by__isnull", True),
                                    models.Q(("decided_by", models.F("ordered_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="restriction_appeal_decided_by_another",
                    ),
                ],
                "indexes": [],
            },
        ),
        migrations.RemoveConstraint(
            model_name="appeal",
            name="appeal_one_open",
        ),
        migrations.RemoveConstraint(
            model_name="complaintitem",
            name="complaint_item_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="complaintitem",
            name="complaint_item_told_when_restricted",
        ),
        migrations.RemoveIndex(
            model_name="complaint",
            name="complaint_due",
        ),
        migrations.AddField(
            model_name="complaint",
            name="asked",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="claimant_index",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="complete_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="confirmed_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("phone", "by telephone"),
                    ("post", "by post"),
                    ("in_person", "in person"),
                    ("other", "in another way"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="days_left",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="goes_with",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="followed_by",
                to="complaints.complaint",
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="group",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="complaint",
            name="is_trusted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="complaint",
            name="law_settings",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="complaint",
            name="name_claim",
            field=models.CharField(
                blank=True,
                choices=[
                    ("own", "its verified name"),
                    ("other", "not its verified name"),
                    ("unverified", "its name is not verified"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (0, "From a trusted flagger."),
                    (1, "The provider earns from it."),
                    (2, "As usual."),
                    (3, "It repeats a notice that is open."),
                    (4, "After all others, because its sender misused notices."),
                ],
                default=2,
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="sender_index",
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="upheld_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaint",
            name="upheld_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="complaintitem",
            name="is_elsewhere",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="complaintitem",
            name="reasons",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="complaintitem",
            name="rejected_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="complaintitem",
            name="rejected_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="complaintitem",
            name="repeat_key",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddField(
            model_name="complaintitem",
            name="repeats",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="repeated_by",
                to="complaints.complaintitem",
            ),
        ),
        migrations.AddField(
            model_name="counternotice",
            name="disclosed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="letter",
            name="message_digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="letter",
            name="uid",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="letter",
            name="uid_validity",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="measure",
            name="chases",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="measure",
            name="ends_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="measure",
            name="execution_due_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="measure",
            name="review_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="measure",
            name="territory",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="measureitem",
            name="ended_because",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="measureitem",
            name="undone_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="complaintitem",
            name="state",
            field=models.CharField(
                choices=[
                    ("noticed", "complained about"),
                    ("restricted", "under a measure"),
                    ("forwarded", "notice forwarded"),
                    ("restored", "restored"),
                    ("rejected", "rejected"),
                ],
                default="noticed",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="correction",
            name="made_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="kept_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="grounds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("partial_deletion_impossible", "a part cannot be deleted"),
                        ("harms_other_tenants", "force would hurt other tenants"),
                        ("no_full_shutdown", "the server cannot be shut down"),
                        ("reasonable_belief", "there is reasonable ground to believe that the right is infringed"),
                        ("consent", "the uploader consented"),
                        ("no_objection", "the uploader was asked and did not refuse in time"),
                    ],
                    max_length=40,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="mailbox",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="complaints.mailbox"
            ),
        ),
        migrations.AddField(
            model_name="complaint",
            name="powers",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to="complaints.powersofattorney",
            ),
        ),
        migrations.AddIndex(
            model_name="complaintitem",
            index=models.Index(
                condition=models.Q(("repeats__isnull", True)), fields=["repeat_key"], name="complaint_item_first_said"
            ),
        ),
        migrations.AddConstraint(
            model_name="appeal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at__isnull", True)),
                fields=("complaint", "side", "filed_by"),
                name="appeal_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaintitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["noticed", "restricted", "forwarded", "restored", "rejected"])),
                name="complaint_item_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaintitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("noticed", "rejected")), ("told_at__isnull", False), _connector="OR"),
                name="complaint_item_told_when_restricted",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaintitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("rejected_at__isnull", False),
                        ("rejected_by__isnull", False),
                        ("state", "rejected"),
                        models.Q(("reasons", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("state", "rejected"), _negated=True),
                        ("reasons", ""),
                        ("rejected_at__isnull", True),
                        ("rejected_by__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="complaint_item_rejected_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="counternotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("disclosed_at__isnull", True), ("forwarded_at__isnull", False), _connector="OR"),
                name="counter_notice_disclosed_with_forwarding",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "territory__contained_by",
                        [
                            "AD",
                            "AE",
                            "AF",
                            "AG",
                            "AI",
                            "AL",
                            "AM",
                            "AO",
                            "AQ",
                            "AR",
                            "AS",
                            "AT",
                            "AU",
                            "AW",
                            "AX",
                            "AZ",
                            "BA",
                            "BB",
                            "BD",
                            "BE",
                            "BF",
                            "BG",
                            "BH",
                            "BI",
                            "BJ",
                            "BL",
                            "BM",
                            "BN",
                            "BO",
                            "BQ",
                            "BR",
                            "BS",
                            "BT",
                            "BV",
                            "BW",
                            "BY",
                            "BZ",
                            "CA",
                            "CC",
                            "CD",
                            "CF",
                            "CG",
                            "CH",
                            "CI",
                            "CK",
                            "CL",
                            "CM",
                            "CN",
                            "CO",
                            "CR",
                            "CU",
                            "CV",
                            "CW",
                            "CX",
                            "CY",
                            "CZ",
                            "DE",
                            "DJ",
                            "DK",
                            "DM",
                            "DO",
                            "DZ",
                            "EC",
                            "EE",
                            "EG",
                            "EH",
                            "ER",
                            "ES",
                            "ET",
                            "FI",
                            "FJ",
                            "FK",
                            "FM",
                            "FO",
                            "FR",
                            "GA",
                            "GB",
                            "GD",
                            "GE",
                            "GF",
                            "GG",
                            "GH",
                            "GI",
                            "GL",
                            "GM",
                            "GN",
                            "GP",
                            "GQ",
                            "GR",
                            "GS",
                            "GT",
                            "GU",
                            "GW",
                            "GY",
                            "HK",
                            "HM",
                            "HN",
                            "HR",
                            "HT",
                            "HU",
                            "ID",
                            "IE",
                            "IL",
                            "IM",
                            "IN",
                            "IO",
                            "IQ",
                            "IR",
                            "IS",
                            "IT",
                            "JE",
                            "JM",
                            "JO",
                            "JP",
                            "KE",
                            "KG",
                            "KH",
                            "KI",
                            "KM",
                            "KN",
                            "KP",
                            "KR",
                            "KW",
                            "KY",
                            "KZ",
                            "LA",
                            "LB",
                            "LC",
                            "LI",
                            "LK",
                            "LR",
                            "LS",
                            "LT",
                            "LU",
                            "LV",
                            "LY",
                            "MA",
                            "MC",
                            "MD",
                            "ME",
                            "MF",
                            "MG",
                            "MH",
                            "MK",
                            "ML",
                            "MM",
                            "MN",
                            "MO",
                            "MP",
                            "MQ",
                            "MR",
                            "MS",
                            "MT",
                            "MU",
                            "MV",
                            "MW",
                            "MX",
                            "MY",
                            "MZ",
                            "NA",
                            "NC",
                            "NE",
                            "NF",
                            "NG",
                            "NI",
                            "NL",
                            "NO",
                            "NP",
                            "NR",
                            "NU",
                            "NZ",
                            "OM",
                            "PA",
                            "PE",
                            "PF",
                            "PG",
                            "PH",
                            "PK",
                            "PL",
                            "PM",
                            "PN",
                            "PR",
                            "PS",
                            "PT",
                            "PW",
                            "PY",
                            "QA",
                            "RE",
                            "RO",
                            "RS",
                            "RU",
                            "RW",
                            "SA",
                            "SB",
                            "SC",
                            "SD",
                            "SE",
                            "SG",
                            "SH",
                            "SI",
                            "SJ",
                            "SK",
                            "SL",
                            "SM",
                            "SN",
                            "SO",
                            "SR",
                            "SS",
                            "ST",
                            "SV",
                            "SX",
                            "SY",
                            "SZ",
                            "TC",
                            "TD",
                            "TF",
                            "TG",
                            "TH",
                            "TJ",
                            "TK",
                            "TL",
                            "TM",
                            "TN",
                            "TO",
                            "TR",
                            "TT",
                            "TV",
                            "TW",
                            "TZ",
                            "UA",
                            "UG",
                            "UM",
                            "US",
                            "UY",
                            "UZ",
                            "VA",
                            "VC",
                            "VE",
                            "VG",
                            "VI",
                            "VN",
                            "VU",
                            "WF",
                            "WS",
                            "YE",
                            "YT",
                            "ZA",
                            "ZM",
                            "ZW",
                        ],
                    )
                ),
                name="measure_territory_is_of_countries",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__isnull", True), ("ends_at__gt", models.F("ordered_at")), _connector="OR"),
                name="measure_ends_after_it_was_ordered",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "forward_only"), _negated=True),
                    models.Q(("ends_at__isnull", True), ("territory", [])),
                    _connector="OR",
                ),
                name="measure_forwarding_restricts_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_at__isnull", True), ("kind", "forward_only"), _connector="OR"),
                name="measure_review_is_of_forwarding",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("chases", 0), ("execution_due_at__isnull", False), _connector="OR"),
                name="measure_chased_while_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="measureitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", False), ("ended_because", ""), _connector="OR"),
                name="measure_item_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="measureitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("undone_at__isnull", True), ("ended_at__isnull", False), _connector="OR"),
                name="measure_item_back_after_its_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kept_by__isnull", False),
                        ("mailbox__isnull", True),
                        ("message_digest", ""),
                        ("uid__isnull", True),
                        ("uid_validity__isnull", True),
                    ),
                    models.Q(
                        ("kept_by__isnull", True),
                        ("mailbox__isnull", False),
                        ("uid__isnull", False),
                        ("uid_validity__isnull", False),
                        models.Q(("message_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="letter_kept_by_somebody_or_fetched",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                fields=("mailbox", "uid_validity", "uid"), name="letter_once_by_its_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("mailbox__isnull", False)),
                fields=("mailbox", "message_digest"),
                name="letter_once_by_its_message",
            ),
        ),
        # What counted before counts as whole from its confirmation on; earning items come first on the desk.
        migrations.RunSQL(
            "UPDATE complaints_complaint SET complete_at = confirmed_at "
            "WHERE state NOT IN ('draft', 'unconfirmed', 'defective') AND missing = '[]'::jsonb",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("UPDATE complaints_complaint SET priority = 1 WHERE is_earning", migrations.RunSQL.noop),
        # What was changed is checked now: PostgreSQL makes no index while checks of the table's rows are put off.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("claimant_index__isnull", False)),
                fields=["claimant_index"],
                name="complaint_by_claimant",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("sender_index__isnull", False)),
                fields=["sender_index", "-id"],
                name="complaint_by_sender",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("powers__isnull", False)), fields=["powers"], name="complaint_by_powers"
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("group", ""), _negated=True), fields=["group", "-id"], name="complaint_by_group"
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                condition=models.Q(("answer_due_at__isnull", False)),
                fields=["provider", "priority", "answer_due_at", "id"],
                name="complaint_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("upheld_at__isnull", True), ("upheld_by__isnull", True)),
                    models.Q(("upheld_at__isnull", False), ("upheld_by__isnull", False)),
                    _connector="OR",
                ),
                name="complaint_upheld_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_claim__in", ("", "own", "other", "unverified"))),
                name="complaint_name_claim_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__in", [0, 1, 2, 3, 4])), name="complaint_priority_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "filed"), _negated=True),
                    models.Q(("asked", []), ("complete_at__isnull", False), ("missing", [])),
                    _connector="OR",
                ),
                name="complaint_whole_when_filed",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(("goes_with__isnull", True), ("priority", 3), _connector="OR"),
                name="complaint_goes_with_comes_last",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("days_left__isnull", True), ("paused_at__isnull", True)),
                    models.Q(("days_left__isnull", False), ("paused_at__isnull", False)),
                    _connector="OR",
                ),
                name="complaint_paused_with_days_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_by__isnull", True), ("confirmed_how", "")),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("confirmed_how__in", ["phone", "post", "in_person", "other"]),
                    ),
                    _connector="OR",
                ),
                name="complaint_confirmed_by_hand_says_how",
            ),
        ),
    ]
