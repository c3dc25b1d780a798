"""A frozen ranking stays as it was."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("organisation", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_frozenranking "
            "FOR EACH ROW EXECUTE FUNCTION csm_append_only()",
            "DROP TRIGGER append_only ON reports_frozenranking",
        )
    ]
