"""What was sent stays as it was sent."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0011_report_subscriptions"),
        ("organisation", "0002_append_only"),
    ]
    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON reports_sentreport "
            "FOR EACH ROW EXECUTE FUNCTION csm_append_only()",
            "DROP TRIGGER append_only ON reports_sentreport",
        )
    ]
