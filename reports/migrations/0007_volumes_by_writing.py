from django.db import migrations

# The sweep asks every few minutes whether volumes were written since; there may be millions.
MAKE = "CREATE INDEX volume_by_writing ON customers_customervolume USING brin (written_at)"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0006_summaries"),
        ("customers", "0007_volumes"),
    ]

    operations = [migrations.RunSQL(MAKE, "DROP INDEX volume_by_writing")]
