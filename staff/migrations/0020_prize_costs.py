"""What prizes take from the award fund (O-17)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("staff", "0019_links_of_questions")]

    operations = [
        migrations.AddField(
            model_name="contest",
            name="personal_prize_cost",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=10),
        ),
        migrations.AddField(
            model_name="contest",
            name="team_prize_cost",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=10),
        ),
        migrations.AddField(
            model_name="starelection",
            name="prize_cost",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=10, verbose_name="cost for the award fund"
            ),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.CheckConstraint(
                condition=models.Q(("personal_prize_cost__gte", 0), ("team_prize_cost__gte", 0)),
                name="contest_costs_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="starelection",
            constraint=models.CheckConstraint(
                condition=models.Q(("prize_cost__gte", 0)), name="star_prize_not_negative"
            ),
        ),
    ]
