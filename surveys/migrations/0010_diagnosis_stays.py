"""A finished diagnosis stays as it is: neither it nor its chapters and problems change any more."""

from django.db import migrations

DIAGNOSIS = """
CREATE FUNCTION surveys_diagnosis_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' THEN
        RAISE EXCEPTION 'diagnosis % is finished', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'diagnosis_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER diagnosis_stays BEFORE UPDATE OR DELETE ON surveys_diagnosis
FOR EACH ROW EXECUTE FUNCTION surveys_diagnosis_stays();
"""
PART = """
CREATE FUNCTION surveys_diagnosis_part_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM surveys_diagnosis
        WHERE status <> 'draft' AND id IN (
            CASE WHEN TG_OP = 'INSERT' THEN NEW.diagnosis_id ELSE OLD.diagnosis_id END,
            CASE WHEN TG_OP = 'DELETE' THEN OLD.diagnosis_id ELSE NEW.diagnosis_id END
        )
    ) THEN
        RAISE EXCEPTION 'a part of a finished diagnosis'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'diagnosis_part_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER diagnosis_part_stays BEFORE INSERT OR UPDATE OR DELETE ON surveys_diagnosispart
FOR EACH ROW EXECUTE FUNCTION surveys_diagnosis_part_stays();
CREATE TRIGGER diagnosis_part_stays BEFORE INSERT OR UPDATE OR DELETE ON surveys_diagnosedproblem
FOR EACH ROW EXECUTE FUNCTION surveys_diagnosis_part_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0009_fewer_indexes")]
    operations = [
        migrations.RunSQL(
            DIAGNOSIS,
            "DROP TRIGGER diagnosis_stays ON surveys_diagnosis;"
            "DROP FUNCTION surveys_diagnosis_stays();",
        ),
        migrations.RunSQL(
            PART,
            "DROP TRIGGER diagnosis_part_stays ON surveys_diagnosispart;"
            "DROP TRIGGER diagnosis_part_stays ON surveys_diagnosedproblem;"
            "DROP FUNCTION surveys_diagnosis_part_stays();",
        ),
    ]
