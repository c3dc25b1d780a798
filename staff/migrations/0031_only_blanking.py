"""Stories may be emptied of words, while a customer is anonymised."""

from django.db import migrations

BLANKING = """IF TG_OP = 'UPDATE' THEN
        IF csm_may_blank(to_jsonb(OLD), to_jsonb(NEW)) THEN
            RETURN NEW;
        END IF;
    END IF;
    """
STORY = """
CREATE OR REPLACE FUNCTION staff_story_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    -- blanking --
    SELECT status INTO found FROM staff_starelection
    WHERE id = coalesce(NEW.election_id, OLD.election_id) FOR SHARE;
    IF found <> 'draft' THEN
        RAISE EXCEPTION 'customers were asked already'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'star_story_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = (
        ("staff", "0030_duty_reports_stay"),
        ("organisation", "0013_only_blanking"),
    )
    operations = tuple(
        migrations.RunSQL(made.replace("-- blanking --", BLANKING), made) for made in (STORY,)
    )
