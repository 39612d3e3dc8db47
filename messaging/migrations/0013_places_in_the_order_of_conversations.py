import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The table is large where there are many conversations, and it is written to meanwhile.
    atomic = False

    dependencies = [
        ("hosting", "0004_webhooks_carry_links"),
        ("messaging", "0012_web_push"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="party",
            index=models.Index(fields=["account", "conversation"], name="party_of_account"),
        ),
        AddIndexConcurrently(
            model_name="party",
            index=models.Index(fields=["subscriber", "conversation"], name="party_of_subscriber"),
        ),
        # The new ones begin with the same columns.
        migrations.AlterField(
            model_name="party",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="subscriber",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="hosting.subscriber",
            ),
        ),
    ]
