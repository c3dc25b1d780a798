"""Numbers are found by their keys: the plain digits beside them go."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_fill_search_keys")]
    operations = [
        migrations.RemoveField("contactpoint", "digits"),
        migrations.RemoveField("contactpoint", "last_four"),
        migrations.AlterField(
            "contactpoint",
            "key",
            models.CharField(
                blank=True, db_default="", db_index=True, editable=False, max_length=22
            ),
        ),
        migrations.AlterField(
            "contactpoint",
            "last_four_key",
            models.CharField(
                blank=True, db_default="", db_index=True, editable=False, max_length=22
            ),
        ),
    ]
