"""What the days of a contest were stays as it was written."""

from django.db import migrations

STAYS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_contestcorrection
    FOR EACH ROW EXECUTE FUNCTION csm_append_only()
"""
MAY_CHANGE = "DROP TRIGGER append_only ON staff_contestcorrection"


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0027_put_right_later"),
        ("organisation", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(STAYS, MAY_CHANGE)]
