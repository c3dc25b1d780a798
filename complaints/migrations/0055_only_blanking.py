"""Events and frozen rows of an order may be emptied of words, while a customer is anonymised."""

from django.db import migrations

BLANKING = """IF TG_OP = 'UPDATE' THEN
        IF csm_may_blank(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    """
EVENT = """
CREATE OR REPLACE FUNCTION complaints_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- blanking --
    IF TG_OP = 'DELETE' AND OLD.kind = 'imported' AND EXISTS (
        SELECT FROM complaints_importedcomplaint
        WHERE complaint_id = OLD.complaint_id
        AND run_id::text = current_setting('csm.undone_import', true)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""
ORDER_ROW = """
CREATE OR REPLACE FUNCTION complaints_order_row_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held bigint;
BEGIN
    -- blanking --
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


class Migration(migrations.Migration):
    dependencies = (
        ("complaints", "0054_corrected_responsibility"),
        ("organisation", "0013_only_blanking"),
    )
    operations = tuple(
        migrations.RunSQL(made.replace("-- blanking --", BLANKING), made)
        for made in (
            EVENT,
            ORDER_ROW,
        )
    )
