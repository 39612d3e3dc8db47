from django.db import migrations


class Migration(migrations.Migration):
    """Leave room on the pages of rows that change with each message, so that the new version lies beside the old one."""

    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE messaging_conversation SET (fillfactor = 50); ALTER TABLE messaging_party SET (fillfactor = 70);",
            "ALTER TABLE messaging_conversation RESET (fillfactor); ALTER TABLE messaging_party RESET (fillfactor);",
        ),
    ]
