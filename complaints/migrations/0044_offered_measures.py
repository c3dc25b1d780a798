"""Whoever confirms an order says which of its measures other branches are offered (T-10)."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = (("complaints", "0043_tracking"),)

    operations = (
        migrations.AddField(
            model_name="measure",
            name="is_offered",
            field=models.BooleanField(
                default=False,
                help_text="Whether other branches are to learn from it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=Q(is_offered=False) | Q(status="done"), name="measure_offered_is_done"
            ),
        ),
    )
