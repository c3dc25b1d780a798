"""Who wishes reports, and what was sent."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0010_first_ranking_rule"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("week", "Weekly report"), ("month", "Monthly report")],
                        max_length=5,
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report_subscriptions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "kind"), name="report_subscribed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("week", "month"))),
                        name="report_of_week_or_month",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SentReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("period", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                ("stage", models.CharField(max_length=8)),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                ("checksum", models.CharField(blank=True, max_length=64)),
                ("words", models.TextField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "indexes": [models.Index(fields=["person", "-at"], name="report_sent_to_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("period", "person"), name="report_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "frozen"), _negated=True),
                            ("revision__gte", 1),
                            _connector="OR",
                        ),
                        name="report_frozen_by_revision",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="report_says_something",
                    ),
                ],
            },
        ),
    ]
