"""What was audited, answered, told and published stays: the database refuses to change it."""

from django.db import migrations

NEVER_CHANGED = (
    "staff_contactdraw",
    "staff_auditedcontact",
    "staff_mysterycall",
    "staff_auditanswer",
    "staff_typicalcase",
)
STAYS = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION csm_append_only();"
    for table in NEVER_CHANGED
)
MAY_CHANGE = "".join(f"DROP TRIGGER append_only ON {table};" for table in NEVER_CHANGED)
SOURCE_STAYS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_tipsource
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
"""
EDITION = """
CREATE FUNCTION staff_checklist_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'published' THEN
        RAISE EXCEPTION 'edition % is published', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'checklist_edition_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checklist_edition_stays BEFORE UPDATE OR DELETE ON staff_checklistedition
FOR EACH ROW EXECUTE FUNCTION staff_checklist_edition_stays();

CREATE FUNCTION staff_checklist_item_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
    other bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        one := OLD.edition_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        other := NEW.edition_id;
    END IF;
    IF EXISTS (
        SELECT FROM staff_checklistedition WHERE status = 'published' AND id IN (one, other)
    ) THEN
        RAISE EXCEPTION 'an item of a published edition'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'checklist_item_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER checklist_item_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_checklistitem
FOR EACH ROW EXECUTE FUNCTION staff_checklist_item_stays();
"""
NO_EDITION = """
DROP TRIGGER checklist_item_stays ON staff_checklistitem;
DROP FUNCTION staff_checklist_item_stays();
DROP TRIGGER checklist_edition_stays ON staff_checklistedition;
DROP FUNCTION staff_checklist_edition_stays();
"""
# A draft is answered by nobody, an audit that is over stays, an order is opened once.
AUDIT = """
CREATE FUNCTION staff_audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'planned'
        OR (OLD.kind, OLD.is_announced, OLD.edition_id, OLD.branch_id, OLD.planned_on)
           IS DISTINCT FROM
           (NEW.kind, NEW.is_announced, NEW.edition_id, NEW.branch_id, NEW.planned_on)
    THEN
        RAISE EXCEPTION 'audit % stays as it was planned and found', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE ON staff_audit
FOR EACH ROW EXECUTE FUNCTION staff_audit_stays();

CREATE FUNCTION staff_finding_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.order_id IS NOT NULL
        OR (OLD.answer_id, OLD.branch_id, OLD.gravity, OLD.found_on)
           IS DISTINCT FROM (NEW.answer_id, NEW.branch_id, NEW.gravity, NEW.found_on)
    THEN
        RAISE EXCEPTION 'finding % stays, with its order', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER finding_stays BEFORE UPDATE ON staff_finding
FOR EACH ROW EXECUTE FUNCTION staff_finding_stays();
"""
NO_AUDIT = """
DROP TRIGGER finding_stays ON staff_finding;
DROP FUNCTION staff_finding_stays();
DROP TRIGGER audit_stays ON staff_audit;
DROP FUNCTION staff_audit_stays();
"""
TIP = """
CREATE FUNCTION staff_tip_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.branch_id, OLD.subject, OLD.text, OLD.received_on, OLD.receipt_hash)
        IS DISTINCT FROM
        (NEW.branch_id, NEW.subject, NEW.text, NEW.received_on, NEW.receipt_hash)
        OR OLD.status <> 'received' AND
        (OLD.status, OLD.result, OLD.reward, OLD.decided_at, OLD.decided_by_id)
        IS DISTINCT FROM
        (NEW.status, NEW.result, NEW.reward, NEW.decided_at, NEW.decided_by_id)
        OR OLD.paid_at IS NOT NULL
    THEN
        RAISE EXCEPTION 'tip % stays as it was told, decided and paid', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tip_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tip_stays BEFORE UPDATE ON staff_tip
FOR EACH ROW EXECUTE FUNCTION staff_tip_stays();
CREATE TRIGGER append_only BEFORE DELETE ON staff_tip
FOR EACH ROW EXECUTE FUNCTION csm_append_only();
"""
NO_TIP = """
DROP TRIGGER append_only ON staff_tip;
DROP TRIGGER tip_stays ON staff_tip;
DROP FUNCTION staff_tip_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0015_audits"), ("organisation", "0002_append_only")]
    operations = [
        migrations.RunSQL(STAYS, MAY_CHANGE),
        migrations.RunSQL(SOURCE_STAYS, "DROP TRIGGER append_only ON staff_tipsource;"),
        migrations.RunSQL(EDITION, NO_EDITION),
        migrations.RunSQL(AUDIT, NO_AUDIT),
        migrations.RunSQL(TIP, NO_TIP),
    ]
