"""Versions of files and steps on ladders are never changed; a merge takes them along.

An erasure may empty the words of a file.
"""

from django.db import migrations

FILES = """
CREATE FUNCTION customers_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.id, NEW.previous_id, NEW.secrecy, NEW.by_id, NEW.at) IS NOT DISTINCT FROM
           (OLD.id, OLD.previous_id, OLD.secrecy, OLD.by_id, OLD.at)
       AND NEW.business IN (OLD.business, '') AND NEW.people IN (OLD.people, '')
       AND NEW.needs IN (OLD.needs, '') AND NEW.preferences IN (OLD.preferences, '')
       AND NEW.aims IN (OLD.aims, '') AND NEW.dates IN (OLD.dates, '[]') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER file_stays BEFORE UPDATE OR DELETE ON customers_accountfile
    FOR EACH ROW EXECUTE FUNCTION customers_file_stays();
"""
NO_FILES = """
DROP TRIGGER file_stays ON customers_accountfile;
DROP FUNCTION customers_file_stays();
"""
RUNGS = (
    "CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OF ladder, value, was, by_id, at"
    " ON customers_rung FOR EACH ROW EXECUTE FUNCTION csm_append_only();"
)
NO_RUNGS = "DROP TRIGGER append_only ON customers_rung;"


class Migration(migrations.Migration):
    dependencies = (
        ("customers", "0015_standing_and_files"),
        ("organisation", "0002_append_only"),
    )
    operations = (
        migrations.RunSQL(FILES, NO_FILES),
        migrations.RunSQL(RUNGS, NO_RUNGS),
    )
