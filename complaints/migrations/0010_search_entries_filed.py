from django.db import migrations

# Filing brings the row with its words, in the same statement; what is inserted in another way gets one here.
FILED = """
CREATE OR REPLACE FUNCTION complaints_search_filed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM complaints_searchentry WHERE complaint_id = NEW.id AND audience_id IS NULL) THEN
        number := nextval('complaints_search_number');
        INSERT INTO complaints_searchentry (complaint_id, audience_id, number, filed_at, tags, words)
        VALUES (NEW.id, NULL, number, NEW.filed_at, complaints_search_tags(NEW, NULL, number), '');
    END IF;
    RETURN NULL;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION complaints_search_filed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint := nextval('complaints_search_number');
BEGIN
    INSERT INTO complaints_searchentry (complaint_id, audience_id, number, filed_at, tags, words)
    VALUES (NEW.id, NULL, number, NEW.filed_at, complaints_search_tags(NEW, NULL, number), '');
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    """A complaint that comes with its row for searches gets no second one."""

    dependencies = [("complaints", "0009_one_index_of_content")]

    operations = [migrations.RunSQL(FILED, BEFORE)]
