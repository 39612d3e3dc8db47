import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hosting", "0004_webhooks_carry_links"),
        ("messaging", "0009_forgetting_proposals"),
        ("verification", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("number", models.PositiveIntegerField(default=0)),
                ("told_at", models.DateTimeField(null=True)),
                ("unread_mails", models.PositiveIntegerField(default=0)),
                ("read_total", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="party",
            name="told_seq",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="preferences",
            name="notify",
            field=models.CharField(
                choices=[
                    ("soon", "Soon: a few minutes after a message that I have not read"),
                    ("daily", "Daily: what I have not read for a day, once a day at most"),
                    ("never", "Never"),
                ],
                default="soon",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="party",
            constraint=models.CheckConstraint(condition=models.Q(("told_seq__gte", 0)), name="party_told_in_range"),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(("notify__in", ["soon", "daily", "never"])), name="preferences_notify_known"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="notice_due"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 0), ("told_at__isnull", True)),
                    models.Q(("number__gt", 0), ("told_at__isnull", False)),
                    _connector="OR",
                ),
                name="notice_told_has_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("unread_mails__lte", models.F("number"))), name="notice_unread_were_sent"
            ),
        ),
    ]
