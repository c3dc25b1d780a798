import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0053_process_steps"),
        ("organisation", "0012_reasons_of_looks"),
        ("reports", "0005_closing_rules_stay"),
    ]

    operations = [
        migrations.CreateModel(
            name="BranchDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "branch_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("received", models.PositiveIntegerField()),
                ("valid", models.PositiveIntegerField()),
                (
                    "calls",
                    models.PositiveIntegerField(
                        help_text="Callbacks in which the customer judged."
                    ),
                ),
                ("calls_satisfied", models.PositiveIntegerField()),
                (
                    "answers",
                    models.PositiveIntegerField(
                        help_text="Responses to surveys with a satisfaction."
                    ),
                ),
                ("answers_satisfied", models.PositiveIntegerField()),
                (
                    "asked",
                    models.PositiveIntegerField(help_text="People asked about the micro-report."),
                ),
                ("aware", models.PositiveIntegerField()),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.branch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClockDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "branch_id",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("kind", models.CharField(max_length=16)),
                ("met", models.PositiveIntegerField()),
                ("breached", models.PositiveIntegerField()),
                ("running", models.PositiveIntegerField()),
                ("void", models.PositiveIntegerField()),
                ("waived", models.PositiveIntegerField()),
                ("unreached", models.PositiveIntegerField()),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.branch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShipmentDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "day",
                        "branch_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                ("shipments", models.DecimalField(decimal_places=4, max_digits=16)),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.branch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntakeDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("channel", models.CharField(max_length=20)),
                ("received", models.PositiveIntegerField()),
                ("valid", models.PositiveIntegerField()),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.branch",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="complaints.category",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "branch", "category", "channel"),
                        name="intake_day_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
