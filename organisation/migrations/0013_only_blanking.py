"""Rows that are never changed may be emptied of words while a customer is anonymised (ADR 0011)."""

from django.db import migrations

# Text became empty or a dash; everything else is as it was.
BLANKED = """
CREATE FUNCTION csm_is_blanked(was jsonb, became jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF was = became THEN
        RETURN true;
    ELSIF jsonb_typeof(was) <> jsonb_typeof(became) THEN
        RETURN false;
    ELSIF jsonb_typeof(was) = 'string' THEN
        RETURN became IN ('""'::jsonb, '"—"'::jsonb);
    ELSIF jsonb_typeof(was) = 'object' THEN
        RETURN NOT EXISTS (
            SELECT FROM jsonb_each(was) w FULL JOIN jsonb_each(became) b USING (key)
            WHERE w.value IS NULL OR b.value IS NULL OR NOT csm_is_blanked(w.value, b.value)
        );
    ELSIF jsonb_typeof(was) = 'array' THEN
        RETURN jsonb_array_length(was) = jsonb_array_length(became) AND NOT EXISTS (
            SELECT FROM generate_series(0, jsonb_array_length(was) - 1) at
            WHERE NOT csm_is_blanked(was -> at, became -> at)
        );
    END IF;
    RETURN false;
END $$;
CREATE FUNCTION csm_may_blank(was jsonb, became jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('csm.erasing', true), '') = 'on'
       AND csm_is_blanked(was, became)
$$;
"""
NOT_BLANKED = """
DROP FUNCTION csm_may_blank(jsonb, jsonb);
DROP FUNCTION csm_is_blanked(jsonb, jsonb);
"""
# Also fires before TRUNCATE, where there is no row.
APPEND_ONLY = """
CREATE OR REPLACE FUNCTION csm_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF csm_may_blank(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""
AS_IT_WAS = """
CREATE OR REPLACE FUNCTION csm_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0012_reasons_of_looks")]
    operations = [
        migrations.RunSQL(BLANKED, NOT_BLANKED),
        migrations.RunSQL(APPEND_ONLY, AS_IT_WAS),
    ]
