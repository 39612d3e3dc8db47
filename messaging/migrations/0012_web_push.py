import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_pauses"),
        ("messaging", "0011_replies_by_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("endpoint_index", models.BinaryField(max_length=32)),
                ("content_sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "data_key",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.datakey"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PushNotice",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("pushed_at", models.DateTimeField(null=True)),
                ("pushed_seq", models.BigIntegerField(default=0)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="messaging.party"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="messaging.pushsubscription",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="pushsubscription",
            constraint=models.UniqueConstraint(fields=("endpoint_index",), name="push_subscription_once"),
        ),
        migrations.AddIndex(
            model_name="pushnotice",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="push_notice_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="pushnotice",
            constraint=models.UniqueConstraint(fields=("subscription", "party"), name="push_notice_once"),
        ),
        migrations.AddConstraint(
            model_name="pushnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("pushed_seq", 0), ("pushed_at__isnull", False), _connector="OR"),
                name="push_notice_pushed_has_time",
            ),
        ),
    ]
