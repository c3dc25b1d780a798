"""Until when a decided assessment may be appealed is the policy's to say."""

from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0039_order_without_accountability_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name="policyrevision",
            name="appeal_within",
            field=models.DurationField(default=timedelta(days=7), verbose_name="time to appeal"),
        ),
        migrations.AddConstraint(
            model_name="policyrevision",
            constraint=models.CheckConstraint(
                condition=models.Q(("appeal_within__gt", timedelta())),
                name="policy_revision_appeal_possible",
            ),
        ),
    ]
