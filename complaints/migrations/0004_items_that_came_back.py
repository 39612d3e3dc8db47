import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_search_triggers")]

    operations = [
        migrations.AddIndex(
            model_name="complaintitem",
            index=models.Index(
                condition=models.Q(("contested_by__isnull", False), ("state", "restored")),
                fields=["external_id"],
                name="complaint_item_back_by_id",
            ),
        ),
        migrations.AddIndex(
            model_name="complaintitem",
            index=django.contrib.postgres.indexes.HashIndex(
                condition=models.Q(("contested_by__isnull", False), ("state", "restored")),
                fields=["url"],
                name="complaint_item_back_by_url",
            ),
        ),
    ]
