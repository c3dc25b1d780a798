"""What is submitted, judged and awarded stays as it is (T-07, T-08). TRUNCATE stays possible."""

from django.db import migrations

APPEND_ONLY = (
    "criterion",
    "planreturn",
    "planreport",
    "reportfile",
    "judgement",
    "judgedpoint",
    "conflictofinterest",
    "awardshare",
    "ceremony",
)
STAYS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_{table}
    FOR EACH ROW EXECUTE FUNCTION csm_append_only()
"""
MAY_CHANGE = "DROP TRIGGER append_only ON staff_{table}"

TEXT = """
CREATE TRIGGER submitted_stays BEFORE UPDATE OR DELETE ON staff_plantext
    FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION csm_append_only();

CREATE FUNCTION staff_submitted_team_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moment timestamptz;
BEGIN
    SELECT submitted_at INTO moment FROM staff_plantext
    WHERE id = coalesce(NEW.text_id, OLD.text_id) FOR SHARE;
    IF moment IS NOT NULL THEN
        RAISE EXCEPTION 'the team of a submitted plan stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER submitted_stays BEFORE INSERT OR UPDATE OR DELETE ON staff_teammember
    FOR EACH ROW EXECUTE FUNCTION staff_submitted_team_stays();

CREATE TRIGGER plan_stays_where_it_is BEFORE UPDATE OF contest_id, branch_id, kind ON staff_plan
    FOR EACH ROW WHEN (
        OLD.status <> 'draft'
        AND (OLD.contest_id, OLD.branch_id, OLD.kind)
            IS DISTINCT FROM (NEW.contest_id, NEW.branch_id, NEW.kind)
    ) EXECUTE FUNCTION csm_append_only();
"""
NO_TEXT = """
DROP TRIGGER plan_stays_where_it_is ON staff_plan;
DROP TRIGGER submitted_stays ON staff_teammember;
DROP FUNCTION staff_submitted_team_stays();
DROP TRIGGER submitted_stays ON staff_plantext;
"""
JUDGING = """
CREATE FUNCTION staff_nobody_judges_the_own_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM staff_teammember m JOIN staff_plantext t ON t.id = m.text_id
        WHERE t.plan_id = NEW.plan_id AND m.person_id = NEW.reviewer_id
    ) THEN
        RAISE EXCEPTION 'nobody judges the own plan' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_judges_the_own_plan BEFORE INSERT ON staff_judgement
    FOR EACH ROW EXECUTE FUNCTION staff_nobody_judges_the_own_plan();
"""
NO_JUDGING = """
DROP TRIGGER nobody_judges_the_own_plan ON staff_judgement;
DROP FUNCTION staff_nobody_judges_the_own_plan();
"""
AWARD = """
CREATE TRIGGER award_stays BEFORE UPDATE ON staff_innovationaward
    FOR EACH ROW WHEN (
        OLD.handed_on IS NOT NULL
        OR (OLD.contest_id, OLD.plan_id, OLD.kind, OLD.mean, OLD.spread, OLD.reviewers, OLD.prize)
            IS DISTINCT FROM
            (NEW.contest_id, NEW.plan_id, NEW.kind, NEW.mean, NEW.spread, NEW.reviewers, NEW.prize)
    ) EXECUTE FUNCTION csm_append_only();
CREATE TRIGGER award_is_not_taken_away BEFORE DELETE ON staff_innovationaward
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
"""
NO_AWARD = """
DROP TRIGGER award_is_not_taken_away ON staff_innovationaward;
DROP TRIGGER award_stays ON staff_innovationaward;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_contest"), ("organisation", "0002_append_only")]
    operations = [
        *(
            migrations.RunSQL(STAYS.format(table=table), MAY_CHANGE.format(table=table))
            for table in APPEND_ONLY
        ),
        migrations.RunSQL(TEXT, NO_TEXT),
        migrations.RunSQL(JUDGING, NO_JUDGING),
        migrations.RunSQL(AWARD, NO_AWARD),
    ]
