from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    # The table is large where there are many complaints, and it is written to meanwhile.
    atomic = False

    dependencies = [("complaints", "0008_contact_codes")]

    operations = [
        # The foreign key has one of the same column.
        RemoveIndexConcurrently(model_name="complaintitem", name="complaint_item_by_content"),
    ]
