"""A revision keeps for which complaints it was meant; what no ladder can be is refused."""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0010_search_indexes"),
        ("organisation", "0003_shortcuts"),
    ]
    operations = [
        migrations.AddField(
            model_name="policyrevision",
            name="branch",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.branch",
            ),
        ),
        migrations.AddField(
            model_name="policyrevision",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.category",
            ),
        ),
        migrations.AddField(
            model_name="policyrevision",
            name="grade",
            field=models.CharField(
                blank=True,
                choices=[
                    ("1A", "1A"),
                    ("2A", "2A"),
                    ("3A", "3A"),
                    ("4A", "4A"),
                    ("5A", "5A"),
                    ("1B", "1B"),
                    ("2B", "2B"),
                    ("3B", "3B"),
                    ("4B", "4B"),
                    ("5B", "5B"),
                ],
                max_length=2,
                verbose_name="grade",
            ),
        ),
        migrations.AddField(
            model_name="policyrevision",
            name="severity",
            field=models.CharField(
                blank=True,
                choices=[
                    ("low", "Low"),
                    ("normal", "Normal"),
                    ("high", "Urgent"),
                    ("critical", "Critical"),
                ],
                max_length=10,
                verbose_name="severity",
            ),
        ),
        migrations.AddField(
            model_name="policyrevision",
            name="tier",
            field=models.CharField(
                blank=True,
                choices=[
                    ("diamond", "Diamond"),
                    ("gold", "Gold"),
                    ("silver", "Silver"),
                    ("basic", "Basic"),
                ],
                max_length=10,
                verbose_name="tier",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(("channels__len__gt", 0), ("roles__len__gt", 0)),
                name="ladder_step_tells_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("after__gte", datetime.timedelta(0)), ("percent__isnull", True)),
                    models.Q(("percent__gt", 0), ("percent__isnull", False)),
                    _connector="OR",
                ),
                name="ladder_step_after_the_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("branch__isnull", True),
                    ("category__isnull", True),
                    ("grade", ""),
                    ("severity", ""),
                    ("tier", ""),
                    ("is_active", True),
                ),
                fields=("is_active",),
                name="policy_one_last_resort",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("duration__gt", datetime.timedelta(0))),
                name="target_longer_than_zero",
            ),
        ),
    ]
