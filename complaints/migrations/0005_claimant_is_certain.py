from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0004_items_that_came_back")]

    operations = [
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                name="complaint_known_claimant_is_certain",
                condition=models.Q(("claimant_index__isnull", True), ("confirmed_at__isnull", False), _connector="OR"),
            ),
        ),
    ]
