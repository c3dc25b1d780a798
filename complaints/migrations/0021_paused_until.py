"""A pause has an end: NULL would have passed the check."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0020_deadlines_and_numbers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="timer",
            name="timer_paused_has_time",
        ),
        migrations.AddConstraint(
            model_name="timer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("paused_at__isnull", False),
                        ("paused_until__gt", models.F("paused_at")),
                        ("paused_until__isnull", False),
                        ("state", "paused"),
                    ),
                    models.Q(
                        models.Q(("state", "paused"), _negated=True),
                        ("paused_at__isnull", True),
                        ("paused_until__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="timer_paused_has_time",
            ),
        ),
    ]
