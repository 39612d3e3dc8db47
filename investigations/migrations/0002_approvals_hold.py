"""What approvals rest on is held by the tables themselves, whoever asks: bound to the request, by three persons, final."""

from django.db import migrations

REFUSING = """
CREATE FUNCTION investigations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: this was decided and stays as it is', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
FINAL = """
CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION investigations_refuse_change();
"""
KEPT = """
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION investigations_refuse_change();
"""

# A request is authorized, delivered or collected only on a decision about the request as it is now.
STATE_HOLDS = """
CREATE FUNCTION investigations_state_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('authorized', 'disclosed', 'collected', 'expired') AND NOT EXISTS (
        SELECT FROM investigations_authorization a
        WHERE a.investigation_id = NEW.id AND a.decision = 'authorize' AND a.request_digest = NEW.request_digest
    ) THEN
        RAISE EXCEPTION 'no authorization is bound to the present request' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER investigations_investigation_holds BEFORE INSERT OR UPDATE ON investigations_investigation
    FOR EACH ROW EXECUTE FUNCTION investigations_state_holds();
"""

# A decision names the persons, the version and no more categories than the assessment and the request that it is about.
DECISION_HOLDS = """
CREATE FUNCTION investigations_decision_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM investigations_assessment a JOIN investigations_investigation i ON i.id = a.investigation_id
        WHERE a.id = NEW.assessment_id AND i.id = NEW.investigation_id
          AND a.request_digest = NEW.request_digest AND i.request_digest = NEW.request_digest
          AND a.person_index = NEW.assessor_person_index AND i.requester_person_index = NEW.requester_person_index
          AND NEW.categories <@ a.categories AND a.categories <@ i.categories
    ) THEN
        RAISE EXCEPTION 'the decision is not about the present request and its assessment'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER investigations_authorization_holds BEFORE INSERT ON investigations_authorization
    FOR EACH ROW EXECUTE FUNCTION investigations_decision_holds();
"""

# A delivery rests on a decision that allows it; afterwards only its end is written, once.
DELIVERY_HOLDS = """
CREATE FUNCTION investigations_delivery_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT FROM investigations_authorization a JOIN investigations_investigation i ON i.id = a.investigation_id
            WHERE a.id = NEW.authorization_id AND i.id = NEW.investigation_id
              AND a.decision = 'authorize' AND a.request_digest = i.request_digest
        ) THEN
            RAISE EXCEPTION 'the delivery rests on no decision about the present request'
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF (OLD.id, OLD.investigation_id, OLD.authorization_id, OLD.digest, OLD.ledger_entry, OLD.made_by_id, OLD.made_at,
           OLD.expires_at, OLD.is_reissue)
          IS DISTINCT FROM
          (NEW.id, NEW.investigation_id, NEW.authorization_id, NEW.digest, NEW.ledger_entry, NEW.made_by_id, NEW.made_at,
           NEW.expires_at, NEW.is_reissue)
       OR COALESCE(OLD.collected_at, OLD.revoked_at, OLD.expired_at, OLD.voided_at) IS NOT NULL
    THEN
        RAISE EXCEPTION 'a delivery ends once and is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER investigations_disclosure_holds BEFORE INSERT OR UPDATE ON investigations_disclosure
    FOR EACH ROW EXECUTE FUNCTION investigations_delivery_holds();
"""

# Who was told was told: once.
NOTICE_HOLDS = """
CREATE FUNCTION investigations_notice_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.told_at IS NOT NULL THEN
        RAISE EXCEPTION 'the uploader was told already' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER investigations_subjectnotice_holds BEFORE UPDATE ON investigations_subjectnotice
    FOR EACH ROW EXECUTE FUNCTION investigations_notice_holds();
"""


def _function(sql: str, table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(sql, f"DROP TRIGGER {table}_holds ON {table}; DROP FUNCTION {function}();")


def _final(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(FINAL.format(table=table), f"DROP TRIGGER {table}_final ON {table};")


def _kept(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(KEPT.format(table=table), f"DROP TRIGGER {table}_kept ON {table};")


class Migration(migrations.Migration):
    """Add the triggers of requests, decisions and deliveries."""

    dependencies = [("investigations", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSING, "DROP FUNCTION investigations_refuse_change();"),
        _final("investigations_assessment"),
        _final("investigations_authorization"),
        _final("investigations_access"),
        _kept("investigations_investigation"),
        _kept("investigations_disclosure"),
        _kept("investigations_subjectnotice"),
        _function(STATE_HOLDS, "investigations_investigation", "investigations_state_holds"),
        _function(DECISION_HOLDS, "investigations_authorization", "investigations_decision_holds"),
        _function(DELIVERY_HOLDS, "investigations_disclosure", "investigations_delivery_holds"),
        _function(NOTICE_HOLDS, "investigations_subjectnotice", "investigations_notice_holds"),
    ]
