"""A published edition stays as it was asked: neither it nor its questions change any more."""

from django.db import migrations

EDITION = """
CREATE FUNCTION surveys_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'draft' AND (
        TG_OP = 'DELETE'
        OR (OLD.questionnaire_id, OLD.number, OLD.welcome, OLD.welcome_en, OLD.thanks,
            OLD.thanks_en, OLD.published_at)
           IS DISTINCT FROM
           (NEW.questionnaire_id, NEW.number, NEW.welcome, NEW.welcome_en, NEW.thanks,
            NEW.thanks_en, NEW.published_at)
        OR NEW.status = 'draft'
    ) THEN
        RAISE EXCEPTION 'edition % is published', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'edition_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER edition_stays BEFORE UPDATE OR DELETE ON surveys_edition
FOR EACH ROW EXECUTE FUNCTION surveys_edition_stays();
"""
QUESTION = """
CREATE FUNCTION surveys_question_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM surveys_edition
        WHERE status <> 'draft' AND id IN (
            CASE WHEN TG_OP = 'INSERT' THEN NEW.edition_id ELSE OLD.edition_id END,
            CASE WHEN TG_OP = 'DELETE' THEN OLD.edition_id ELSE NEW.edition_id END
        )
    ) THEN
        RAISE EXCEPTION 'a question of a published edition'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'question_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER question_stays BEFORE INSERT OR UPDATE OR DELETE ON surveys_question
FOR EACH ROW EXECUTE FUNCTION surveys_question_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [
        migrations.RunSQL(
            EDITION,
            "DROP TRIGGER edition_stays ON surveys_edition;DROP FUNCTION surveys_edition_stays();",
        ),
        migrations.RunSQL(
            QUESTION,
            "DROP TRIGGER question_stays ON surveys_question;"
            "DROP FUNCTION surveys_question_stays();",
        ),
    ]
