"""Nobody is merged into one that is merged itself; corrections are not changed."""

from django.db import migrations

# The lock: of two merges that would close a circle the later one sees the earlier one.
MERGES = """
CREATE FUNCTION customers_merge_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE beyond bigint;
BEGIN
    SELECT merged_into_id INTO beyond FROM customers_customer
    WHERE id = NEW.merged_into_id FOR NO KEY UPDATE;
    IF beyond IS NOT NULL
       OR EXISTS (SELECT FROM customers_customer WHERE merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'a merged customer leads to one that goes on'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merge_once BEFORE INSERT OR UPDATE OF merged_into_id ON customers_customer
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION customers_merge_once();
"""
NO_MERGES = """
DROP TRIGGER merge_once ON customers_customer;
DROP FUNCTION customers_merge_once();
"""
# A merge takes them along, an erasure empties their words; the rest stays.
CORRECTIONS = """
CREATE FUNCTION customers_correction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (NEW.id, NEW.at, NEW.field, NEW.by_id) IS NOT DISTINCT FROM
           (OLD.id, OLD.at, OLD.field, OLD.by_id)
       AND NEW.was IN (OLD.was, '') AND NEW.became IN (OLD.became, '') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER correction_stays BEFORE UPDATE OR DELETE ON customers_correction
    FOR EACH ROW EXECUTE FUNCTION customers_correction_stays();
"""
NO_CORRECTIONS = """
DROP TRIGGER correction_stays ON customers_correction;
DROP FUNCTION customers_correction_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_merging_and_corrections")]
    operations = [
        migrations.RunSQL(MERGES, NO_MERGES),
        migrations.RunSQL(CORRECTIONS, NO_CORRECTIONS),
    ]
