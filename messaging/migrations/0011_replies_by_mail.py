import django.db.models.deletion
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_pauses"),
        ("messaging", "0010_notices_of_who_is_away"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyBox",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("uid_validity", models.BigIntegerField(default=0)),
                ("last_uid", models.BigIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("failures", models.PositiveIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name_plural": "reply boxes",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="reply_box_is_one")],
            },
        ),
        migrations.CreateModel(
            name="MailedReply",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("client_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("posted", "sent into the conversation"),
                            ("held", "waits for your decision"),
                            ("dropped", "not sent, as you decided"),
                            ("refused", "not sent"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("tells", "It tells the other side something of who you are."),
                            ("files", "A file that came with it was not taken."),
                            ("too_long", "It is longer than a message may be."),
                            ("sender", "It came from another address than that of your account."),
                            ("expired", "The mail that it answers was too old, or you stopped these mails."),
                            ("closed", "The conversation is closed."),
                            ("silenced", "You can read the conversation, but not write in it any more."),
                            ("away", "You take part in the conversation no more."),
                            ("empty", "Nothing was found in it above the mail that it answers."),
                            ("too_many", "Too many came within an hour."),
                        ],
                        max_length=10,
                    ),
                ),
                ("content_sealed", models.BinaryField(null=True)),
                ("received_at", models.DateTimeField()),
                (
                    "data_key",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.datakey"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="messaging.party"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "mailed replies",
                "indexes": [models.Index(fields=["received_at"], name="mailed_reply_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("party", "client_id"), name="mailed_reply_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "refused"),
                                (
                                    "why__in",
                                    [
                                        "tells",
                                        "files",
                                        "too_long",
                                        "sender",
                                        "expired",
                                        "closed",
                                        "silenced",
                                        "away",
                                        "empty",
                                        "too_many",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("content_sealed__isnull", False),
                                ("state", "held"),
                                (
                                    "why__in",
                                    [
                                        "tells",
                                        "files",
                                        "too_long",
                                        "sender",
                                        "expired",
                                        "closed",
                                        "silenced",
                                        "away",
                                        "empty",
                                        "too_many",
                                    ],
                                ),
                            ),
                            ("state__in", ("posted", "dropped")),
                            _connector="OR",
                        ),
                        name="mailed_reply_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content_sealed__isnull", True), ("data_key__isnull", True)),
                            models.Q(("content_sealed__isnull", False), ("data_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="mailed_reply_sealed_with_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyAddress",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="messaging.party"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "reply addresses",
                "indexes": [models.Index(fields=["expires_at"], name="reply_address_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="reply_address_expires_later"
                    )
                ],
            },
        ),
    ]
