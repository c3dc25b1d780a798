"""Dissatisfied items; where a work order comes from, and whom it concerns (W-12)."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

SCORE = {
    "max_digits": 4,
    "decimal_places": 2,
    "validators": (
        django.core.validators.MinValueValidator(Decimal("0.00")),
        django.core.validators.MaxValueValidator(Decimal("10.00")),
    ),
}
PROTECT = django.db.models.deletion.PROTECT
LOWEST, HIGHEST = Decimal("0.00"), Decimal("10.00")
NO_FINDING = Q(found_on__isnull=True, found_by="")
SOURCE_IS_WHOLE = (
    (Q(source="complaint", item__isnull=True, occasion="") & NO_FINDING)
    | (Q(source="item", item__isnull=False, occasion="") & NO_FINDING)
    | (Q(~Q(occasion=""), source="hand", item__isnull=True) & NO_FINDING)
    | Q(
        ~Q(occasion=""),
        ~Q(found_by=""),
        source="finding",
        item__isnull=True,
        found_on__isnull=False,
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0025_late_order_rule"),
        ("customers", "0001_initial"),
        ("organisation", "0008_sign_in_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DissatisfiedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Without an order"),
                            ("ordered", "With an order"),
                            ("set_aside", "Set aside"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("score", models.DecimalField(verbose_name="score", **SCORE)),
                (
                    "threshold",
                    models.DecimalField(default=Decimal("7.00"), verbose_name="threshold", **SCORE),
                ),
                (
                    "explanation",
                    models.CharField(blank=True, max_length=500, verbose_name="why it counts"),
                ),
                (
                    "opinion",
                    models.TextField(blank=True, max_length=2000, verbose_name="opinion"),
                ),
                (
                    "plan",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="planned improvement"
                    ),
                ),
                (
                    "planned_on",
                    models.DateField(blank=True, null=True, verbose_name="planned for"),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("survey", "Survey"),
                            ("manual", "Entered by hand"),
                            ("import", "Import"),
                        ],
                        default="manual",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("set_aside_at", models.DateTimeField(null=True)),
                (
                    "set_aside_reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="reason"),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=PROTECT,
                        related_name="dissatisfied_items",
                        to="organisation.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=PROTECT,
                        related_name="dissatisfied_items",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_aside_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["branch", "-id"], name="dissatisfied_item_by_branch"),
                    models.Index(fields=["status", "-id"], name="dissatisfied_item_by_status"),
                    models.Index(fields=["score"], name="dissatisfied_item_by_score"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(score__gte=LOWEST, score__lte=HIGHEST)
                        & Q(threshold__gte=LOWEST, threshold__lte=HIGHEST),
                        name="dissatisfied_item_0_to_10",
                    ),
                    models.CheckConstraint(
                        condition=Q(score__lt=F("threshold")) | ~Q(explanation=""),
                        name="dissatisfied_item_below_or_explained",
                    ),
                    models.CheckConstraint(
                        condition=~Q(origin="manual") | Q(recorded_by__isnull=False),
                        name="dissatisfied_item_by_hand_of_somebody",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ~Q(set_aside_reason=""),
                            status="set_aside",
                            set_aside_at__isnull=False,
                            set_aside_by__isnull=False,
                        )
                        | Q(
                            ~Q(status="set_aside"),
                            set_aside_at__isnull=True,
                            set_aside_by__isnull=True,
                            set_aside_reason="",
                        ),
                        name="dissatisfied_item_set_aside_with_reason",
                    ),
                ],
            },
        ),
        # Every order that there is came from a complaint.
        migrations.AddField(
            model_name="workorder",
            name="source",
            field=models.CharField(
                choices=[
                    ("complaint", "Complaint"),
                    ("item", "Dissatisfied item"),
                    ("finding", "Audit finding"),
                    ("hand", "Opened by hand"),
                ],
                default="complaint",
                max_length=10,
                verbose_name="source",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="workorder",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=PROTECT,
                related_name="work_orders",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=PROTECT,
                related_name="work_orders",
                to="complaints.dissatisfieditem",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="occasion",
            field=models.TextField(
                blank=True, default="", max_length=2000, verbose_name="occasion"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="workorder",
            name="found_on",
            field=models.DateField(blank=True, null=True, verbose_name="found on"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="found_by",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="found by"),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(fields=["customer", "-id"], name="work_order_by_customer"),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=SOURCE_IS_WHOLE, name="work_order_source_whole"
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.UniqueConstraint(
                condition=~Q(status="annulled"),
                fields=("item",),
                name="work_order_one_live_per_item",
            ),
        ),
    ]
