"""The leaderboard is summed from its index alone: what is redeemed is not in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0024_corrections_stay")]

    operations = [
        migrations.RemoveIndex(model_name="pointentry", name="points_by_day"),
        migrations.AddIndex(
            model_name="pointentry",
            index=models.Index(
                condition=models.Q(("source_kind", "redemption"), _negated=True),
                fields=["earned_on", "branch"],
                include=("person", "points"),
                name="points_by_day",
            ),
        ),
    ]
