"""Micro-reports are numbered, too (T-02)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0049_counter_items")]
    operations = [
        migrations.AlterField(
            model_name="numbering",
            name="kind",
            field=models.CharField(
                choices=[
                    ("work_order", "Rectification work order"),
                    ("notice", "Notice"),
                    ("micro_report", "Weekly micro-report"),
                ],
                max_length=20,
                unique=True,
                verbose_name="document",
            ),
        ),
    ]
