"""The texts of the long-term measures have become rows."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0035_texts_to_measures"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="workorder",
            name="detection",
        ),
        migrations.RemoveField(
            model_name="workorder",
            name="prevention",
        ),
        migrations.RemoveField(
            model_name="workorder",
            name="response",
        ),
    ]
