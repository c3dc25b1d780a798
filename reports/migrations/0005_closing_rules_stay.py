"""A rule of closing stays as it was written."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_period_life"), ("organisation", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_closingrule "
            "FOR EACH ROW EXECUTE FUNCTION csm_append_only()",
            "DROP TRIGGER append_only ON reports_closingrule",
        )
    ]
