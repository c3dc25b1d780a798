"""The old sections of words go; what a return names is required."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0031_fill_order_parts")]

    operations = [
        migrations.RenameField(
            model_name="workorder", old_name="basic_information", new_name="remarks"
        ),
        migrations.AlterField(
            model_name="workorder",
            name="remarks",
            field=models.TextField(blank=True, max_length=5000, verbose_name="further information"),
        ),
        migrations.RemoveField(
            model_name="workorder",
            name="causes",
        ),
        migrations.RemoveField(
            model_name="workorder",
            name="course_of_events",
        ),
        migrations.RemoveField(
            model_name="workorder",
            name="emergency_measures",
        ),
        migrations.RemoveField(
            model_name="workorder",
            name="evidence",
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "returned"), _negated=True),
                    ("returned_sections__len__gte", 1),
                    _connector="OR",
                ),
                name="work_order_returned_names_sections",
            ),
        ),
    ]
