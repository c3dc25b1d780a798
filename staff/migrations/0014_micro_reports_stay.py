"""What was approved, answered or planned stays (T-01, T-02, T-05)."""

from django.db import migrations

STAYS = """
CREATE TRIGGER no_empty_week BEFORE DELETE ON staff_turn
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_turnstep
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
CREATE TRIGGER append_only BEFORE UPDATE ON staff_spotcheck
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
CREATE TRIGGER answered_once BEFORE UPDATE ON staff_askedperson
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION csm_append_only();
CREATE TRIGGER words_stay BEFORE UPDATE ON staff_microreport
    FOR EACH ROW WHEN (
        OLD.number IS NOT NULL AND (
            (OLD.number, OLD.title, OLD.story, OLD.raw_title, OLD.raw_story, OLD.branch_id)
            IS DISTINCT FROM
            (NEW.number, NEW.title, NEW.story, NEW.raw_title, NEW.raw_story, NEW.branch_id)
        )
    ) EXECUTE FUNCTION csm_append_only();
"""
MAY_CHANGE = """
DROP TRIGGER no_empty_week ON staff_turn;
DROP TRIGGER append_only ON staff_turnstep;
DROP TRIGGER append_only ON staff_spotcheck;
DROP TRIGGER answered_once ON staff_askedperson;
DROP TRIGGER words_stay ON staff_microreport;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0013_micro_reports"), ("organisation", "0002_append_only")]
    operations = [migrations.RunSQL(STAYS, MAY_CHANGE)]
