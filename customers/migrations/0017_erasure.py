import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0016_files_and_rungs_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="tableimport",
            name="kind",
            field=models.CharField(
                choices=[("volumes", "Volumes of customers"), ("customers", "Customers")],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(("code", ""), ("note", ""), ("own_spelling", "")),
                    _connector="OR",
                ),
                name="customer_erased_says_nothing",
            ),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("request", "The customer asks for it"),
                            ("consent", "Consent was withdrawn"),
                            ("purpose", "No longer needed"),
                            ("order", "An authority orders it"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("rows", models.JSONField(default=dict)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="erasure",
                        to="customers.customer",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="erasure_done_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done_by", models.F("asked_by")), _negated=True),
                        name="erasure_done_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeepingPeriod",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "Person"),
                            ("company", "Company"),
                            ("internal", "Internal"),
                        ],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                        verbose_name="kind",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("months__range", (6, 240))), name="kept_some_months"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("person", "company"))),
                        name="kept_are_customers",
                    ),
                ],
            },
        ),
    ]
