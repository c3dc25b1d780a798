"""The one event that may leave the time line: "imported", together with the import (ADR 0006)."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION complaints_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.kind = 'imported' AND EXISTS (
        SELECT FROM complaints_importedcomplaint
        WHERE complaint_id = OLD.complaint_id
        AND run_id::text = current_setting('csm.undone_import', true)
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
DROP TRIGGER append_only ON complaints_event;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION complaints_event_append_only();
"""
UNDO = """
DROP TRIGGER append_only ON complaints_event;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON complaints_event
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
DROP FUNCTION complaints_event_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0012_imports")]
    operations = [migrations.RunSQL(FUNCTION, UNDO)]
