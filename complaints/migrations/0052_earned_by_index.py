"""What staff earn by is found by indexes: assessments that stand, and orders that were returned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0051_micro_report_template")]

    operations = [
        migrations.AddIndex(
            model_name="assessment",
            index=models.Index(
                condition=models.Q(("kind", "points")),
                fields=["appeal_until"],
                name="assessment_points_stand",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "order_returned")),
                fields=["at", "work_order"],
                name="event_order_returned",
            ),
        ),
    ]
