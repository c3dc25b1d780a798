"""Corrections and files of key accounts may be emptied of words, while a customer is anonymised."""

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
FILE = """
CREATE OR REPLACE FUNCTION customers_file_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- blanking --
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
"""


class Migration(migrations.Migration):
    dependencies = (
        ("customers", "0017_erasure"),
        ("organisation", "0013_only_blanking"),
    )
    operations = tuple(
        migrations.RunSQL(made.replace("-- blanking --", BLANKING), made)
        for made in (CORRECTION, FILE)
    )
