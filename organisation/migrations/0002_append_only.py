"""Rows that say what happened refuse to be changed. TRUNCATE stays possible."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION csm_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON organisation_accessrecord
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
"""
UNDO = """
DROP TRIGGER append_only ON organisation_accessrecord;
DROP FUNCTION csm_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTION, UNDO)]
