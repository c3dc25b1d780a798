"""The time line and the revisions of policies refuse to be changed."""

from django.db import migrations

TABLES = (
    "complaints_event",
    "complaints_policyrevision",
    "complaints_target",
    "complaints_ladderstep",
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial"), ("organisation", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION csm_append_only()",
            f"DROP TRIGGER append_only ON {table}",
        )
        for table in TABLES
    ]
