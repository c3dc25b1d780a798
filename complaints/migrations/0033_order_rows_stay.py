"""A submitted order has proven causes, and rows that stay as they are; versions never change."""

from django.db import migrations

PROVEN = """
CREATE FUNCTION complaints_order_proven() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM complaints_cause WHERE order_id = NEW.id) OR EXISTS (
        SELECT FROM complaints_cause cause WHERE order_id = NEW.id
        AND NOT EXISTS (SELECT FROM complaints_evidence WHERE cause_id = cause.id)
    ) THEN
        RAISE EXCEPTION 'work order % has a cause without evidence', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'work_order_proven';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER work_order_proven BEFORE UPDATE OF status ON complaints_workorder FOR EACH ROW
WHEN (NEW.status IN ('submitted', 'confirmed') AND NEW.status IS DISTINCT FROM OLD.status)
EXECUTE FUNCTION complaints_order_proven();
"""
# Evidence is found at its order through its cause.
FROZEN = """
CREATE FUNCTION complaints_order_row_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held bigint;
BEGIN
    IF TG_TABLE_NAME = 'complaints_evidence' THEN
        SELECT order_id INTO held FROM complaints_cause
        WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.cause_id ELSE NEW.cause_id END;
    ELSE
        held := CASE TG_OP WHEN 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
    END IF;
    IF EXISTS (SELECT FROM complaints_workorder
               WHERE id = held AND status IN ('submitted', 'confirmed')) THEN
        RAISE EXCEPTION 'work order % is not being written', held
            USING ERRCODE = 'check_violation', CONSTRAINT = 'work_order_rows_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""
TABLES = ("courseentry", "cause", "evidence", "emergencymeasure")
FREEZE = "".join(
    f"CREATE TRIGGER order_row_open BEFORE INSERT OR UPDATE OR DELETE ON complaints_{table} "
    "FOR EACH ROW EXECUTE FUNCTION complaints_order_row_open();\n"
    for table in TABLES
)
THAW = "".join(f"DROP TRIGGER order_row_open ON complaints_{table};\n" for table in TABLES)
KEPT = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON complaints_orderversion "
    "FOR EACH ROW EXECUTE FUNCTION csm_append_only()"
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0032_order_without_words")]
    operations = [
        migrations.RunSQL(
            PROVEN,
            "DROP TRIGGER work_order_proven ON complaints_workorder;"
            "DROP FUNCTION complaints_order_proven()",
        ),
        migrations.RunSQL(FROZEN, "DROP FUNCTION complaints_order_row_open()"),
        migrations.RunSQL(FREEZE, THAW),
        migrations.RunSQL(KEPT, "DROP TRIGGER append_only ON complaints_orderversion"),
    ]
