"""Every complaint has its rows for searches, with tags that are right in the transaction of each change, whoever makes it."""

from django.db import migrations

# The tags: in which slice of the order, who may find it, and what lists filter by. 4,096 complaints make a slice.
TAGS = """
CREATE SEQUENCE complaints_search_number;
CREATE FUNCTION complaints_search_tags(c complaints_complaint, audience uuid, number bigint)
RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
        'slice:' || (number >> 12),
        'provider:' || c.provider_id,
        'regime:' || c.regime,
        'state:' || c.state,
        'year:' || to_char(c.filed_at AT TIME ZONE 'UTC', 'YYYY'),
        'month:' || to_char(c.filed_at AT TIME ZONE 'UTC', 'YYYY-MM'),
        CASE WHEN c.is_earning THEN 'earning:true' ELSE 'earning:false' END,
        CASE WHEN c.answer_due_at IS NOT NULL THEN 'waiting:' || c.provider_id END,
        CASE
            WHEN audience IS NOT NULL THEN 'uploader:' || audience
            WHEN c.state NOT IN ('draft', 'unconfirmed') THEN 'staff:' || c.provider_id
        END,
        CASE WHEN audience IS NULL THEN 'complainant:' || c.complainant_id END,
        CASE WHEN audience IS NULL THEN 'held:' || COALESCE((
            SELECT a.handler_id::text FROM complaints_assignment a WHERE a.complaint_id = c.id AND a.ended_at IS NULL
        ), 'nobody') END,
        CASE WHEN audience IS NULL AND EXISTS (SELECT 1 FROM complaints_measure m WHERE m.complaint_id = c.id)
            THEN 'service:' || c.provider_id END
    ], NULL)
$$;
"""
NO_TAGS = """
DROP FUNCTION complaints_search_tags(complaints_complaint, uuid, bigint);
DROP SEQUENCE complaints_search_number;
"""

COMPLAINTS = """
CREATE FUNCTION complaints_search_filed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint := nextval('complaints_search_number');
BEGIN
    INSERT INTO complaints_searchentry (complaint_id, audience_id, number, filed_at, tags, words)
    VALUES (NEW.id, NULL, number, NEW.filed_at, complaints_search_tags(NEW, NULL, number), '');
    RETURN NULL;
END $$;
CREATE TRIGGER complaint_search_filed AFTER INSERT ON complaints_complaint
    FOR EACH ROW EXECUTE FUNCTION complaints_search_filed();

CREATE FUNCTION complaints_search_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE complaints_searchentry SET tags = complaints_search_tags(NEW, audience_id, number)
    WHERE complaint_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER complaint_search_moved AFTER UPDATE ON complaints_complaint
    FOR EACH ROW WHEN (
        (OLD.state, OLD.is_earning, OLD.answer_due_at IS NULL, OLD.complainant_id, OLD.filed_at)
        IS DISTINCT FROM (NEW.state, NEW.is_earning, NEW.answer_due_at IS NULL, NEW.complainant_id, NEW.filed_at)
    ) EXECUTE FUNCTION complaints_search_moved();
"""
NO_COMPLAINTS = """
DROP TRIGGER complaint_search_moved ON complaints_complaint;
DROP FUNCTION complaints_search_moved();
DROP TRIGGER complaint_search_filed ON complaints_complaint;
DROP FUNCTION complaints_search_filed();
"""

# The provider's service finds what was acted on, a handler what it has, an uploader what it was told of.
MEASURES = """
CREATE FUNCTION complaints_search_acted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE complaints_searchentry e SET tags = complaints_search_tags(c, NULL, e.number)
    FROM complaints_complaint c WHERE c.id = NEW.complaint_id AND e.complaint_id = c.id AND e.audience_id IS NULL
        AND NOT e.tags @> ARRAY['service:' || c.provider_id];
    RETURN NULL;
END $$;
CREATE TRIGGER complaint_search_acted AFTER INSERT ON complaints_measure
    FOR EACH ROW EXECUTE FUNCTION complaints_search_acted();

CREATE FUNCTION complaints_search_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE complaints_searchentry e SET tags = complaints_search_tags(c, NULL, e.number)
    FROM complaints_complaint c WHERE c.id = NEW.complaint_id AND e.complaint_id = c.id AND e.audience_id IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER complaint_search_held AFTER INSERT OR UPDATE OF handler_id, ended_at ON complaints_assignment
    FOR EACH ROW EXECUTE FUNCTION complaints_search_held();

CREATE FUNCTION complaints_search_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO complaints_searchentry (complaint_id, audience_id, number, filed_at, tags, words)
    SELECT c.id, t.subscriber_id, e.number, c.filed_at, complaints_search_tags(c, t.subscriber_id, e.number), ''
    FROM hosting_content t, complaints_complaint c, complaints_searchentry e
    WHERE t.id = NEW.content_id AND c.id = NEW.complaint_id AND e.complaint_id = c.id AND e.audience_id IS NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER complaint_search_told AFTER INSERT OR UPDATE OF told_at, content_id ON complaints_complaintitem
    FOR EACH ROW WHEN (NEW.told_at IS NOT NULL AND NEW.content_id IS NOT NULL)
    EXECUTE FUNCTION complaints_search_told();
"""
NO_MEASURES = """
DROP TRIGGER complaint_search_told ON complaints_complaintitem;
DROP FUNCTION complaints_search_told();
DROP TRIGGER complaint_search_held ON complaints_assignment;
DROP FUNCTION complaints_search_held();
DROP TRIGGER complaint_search_acted ON complaints_measure;
DROP FUNCTION complaints_search_acted();
"""

# What is there already gets its tags at once, in the order in which it came; the follower adds the words.
FILL = """
INSERT INTO complaints_searchentry (complaint_id, audience_id, number, filed_at, tags, words)
SELECT (c).id, NULL, number, (c).filed_at, complaints_search_tags(c, NULL, number), ''
FROM (SELECT c, nextval('complaints_search_number') AS number
      FROM (SELECT c FROM complaints_complaint c ORDER BY c.id) ordered) numbered;
INSERT INTO complaints_searchentry (complaint_id, audience_id, number, filed_at, tags, words)
SELECT DISTINCT c.id, t.subscriber_id, e.number, c.filed_at, complaints_search_tags(c, t.subscriber_id, e.number), ''::tsvector
FROM complaints_complaintitem i
JOIN hosting_content t ON t.id = i.content_id
JOIN complaints_complaint c ON c.id = i.complaint_id
JOIN complaints_searchentry e ON e.complaint_id = c.id AND e.audience_id IS NULL
WHERE i.told_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    """Add the functions and triggers, and the rows of what is there."""

    dependencies = [("complaints", "0002_complaints_in_full")]

    operations = [
        migrations.RunSQL(TAGS, NO_TAGS),
        migrations.RunSQL(COMPLAINTS, NO_COMPLAINTS),
        migrations.RunSQL(MEASURES, NO_MEASURES),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
