"""What was reported on a duty stays as it was written."""

from django.db import migrations

STAYS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_dutyreport
    FOR EACH ROW EXECUTE FUNCTION csm_append_only()
"""
MAY_CHANGE = "DROP TRIGGER append_only ON staff_dutyreport"


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0029_task_forces"),
        ("organisation", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(STAYS, MAY_CHANGE)]
