"""Corrections may be emptied of words, while a customer is anonymised."""

from django.db import migrations

BLANKING = """IF TG_OP = 'UPDATE' THEN
        IF csm_may_blank(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    """
CORRECTION = """
CREATE OR REPLACE FUNCTION customers_correction_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- blanking --
    IF TG_OP = 'UPDATE'
       AND (NEW.id, NEW.at, NEW.field, NEW.by_id) IS NOT DISTINCT FROM
           (OLD.id, OLD.at, OLD.field, OLD.by_id)
       AND NEW.was IN (OLD.was, '') AND NEW.became IN (OLD.became, '') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = (
        ("customers", "0015_erasure"),
        ("organisation", "0013_only_blanking"),
    )
    operations = tuple(
        migrations.RunSQL(made.replace("-- blanking --", BLANKING), made) for made in (CORRECTION,)
    )
