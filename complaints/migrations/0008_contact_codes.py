from django.db import migrations, models

import core.ids


class Migration(migrations.Migration):
    dependencies = [("complaints", "0007_settled")]

    operations = [
        migrations.CreateModel(
            name="ContactCode",
            fields=[
                ("id", models.UUIDField(default=core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("code_sealed", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=models.PROTECT, related_name="contact_codes", to="complaints.complaint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="contact_code_expires_later",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="contact_code_one_open",
                    ),
                ],
            },
        ),
    ]
