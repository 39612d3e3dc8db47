"""Every new entry waits for the sealer; nothing that was added to the record is changed or removed, whoever asks."""

from django.db import migrations

WAITING = """
CREATE FUNCTION ledger_wait_for_sealer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO ledger_pending (entry_id) VALUES (NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_waits AFTER INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_wait_for_sealer();
"""
NOT_WAITING = """
DROP TRIGGER ledger_entry_waits ON ledger_entry;
DROP FUNCTION ledger_wait_for_sealer();
"""

REFUSING = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: the ledger is only added to', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
REFUSED = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""
ALLOWED = "DROP TRIGGER {table}_append_only ON {table};"


def _refusal(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(REFUSED.format(table=table), ALLOWED.format(table=table))


class Migration(migrations.Migration):
    """Add the triggers of the append-only tables."""

    dependencies = [("ledger", "0001_tables")]

    operations = [
        migrations.RunSQL(WAITING, NOT_WAITING),
        migrations.RunSQL(REFUSING, "DROP FUNCTION ledger_refuse_change();"),
        _refusal("ledger_entry"),
        _refusal("ledger_leaf"),
        _refusal("ledger_node"),
        _refusal("ledger_checkpoint"),
    ]
