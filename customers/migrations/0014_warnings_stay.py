"""What a warning said, and who had a customer before, is never changed; only a merge moves it."""

from django.db import migrations

COLUMNS = {
    "customers_churnchange": "at, was, level, points, hits",
    "customers_handover": "was_id, to_id, by_id, at",
}
STAYS = "".join(
    f"CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OF {columns} ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION csm_append_only();"
    for table, columns in COLUMNS.items()
)
MAY_CHANGE = "".join(f"DROP TRIGGER append_only ON {table};" for table in COLUMNS)


class Migration(migrations.Migration):
    dependencies = (
        ("customers", "0013_churn"),
        ("organisation", "0002_append_only"),
    )
    operations = (migrations.RunSQL(STAYS, MAY_CHANGE),)
