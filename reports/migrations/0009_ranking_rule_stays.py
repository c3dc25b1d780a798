"""A version of the rule stays as it was."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_ranking_rule")]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_rankingrule "
            "FOR EACH ROW EXECUTE FUNCTION csm_append_only()",
            "DROP TRIGGER append_only ON reports_rankingrule",
        )
    ]
