import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The tables are large where there are many complaints, and they are written to meanwhile.
    atomic = False

    dependencies = [
        ("complaints", "0010_search_entries_filed"),
        ("verification", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The foreign key has one of the same column.
        RemoveIndexConcurrently(model_name="declaredinterest", name="interest_by_account"),
        # Each of these columns begins an index of several.
        migrations.AlterField(
            model_name="complaint",
            name="provider",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to="verification.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="complaint",
            name="complainant",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="complaintwork",
            name="complaint",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="works",
                to="complaints.complaint",
            ),
        ),
        migrations.AlterField(
            model_name="complaintitem",
            name="complaint",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="complaints.complaint",
            ),
        ),
    ]
