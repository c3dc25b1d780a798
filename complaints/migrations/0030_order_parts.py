"""Tables of the rows of a work order and of its versions; basic information as columns."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0029_document_templates"),
        ("organisation", "0008_sign_in_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "Person"),
                            ("method", "Method"),
                            ("process", "Process"),
                            ("equipment", "Equipment or material"),
                            ("environment", "Environment"),
                            ("information", "Information"),
                            ("supplier", "Supplier"),
                            ("customer", "Customer"),
                        ],
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=10000, verbose_name="cause")),
                (
                    "whys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="why",
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="CourseEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(null=True, verbose_name="when")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="where")),
                (
                    "text",
                    models.TextField(blank=True, max_length=10000, verbose_name="what happened"),
                ),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="EmergencyMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(null=True, verbose_name="when")),
                (
                    "text",
                    models.TextField(
                        blank=True, max_length=10000, verbose_name="what the customer got"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("file", "File"), ("record", "Record"), ("witness", "Witness")],
                        max_length=8,
                        verbose_name="kind of evidence",
                    ),
                ),
                (
                    "text",
                    models.TextField(blank=True, max_length=5000, verbose_name="which, or who"),
                ),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="OrderVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("sections", models.JSONField()),
            ],
            options={
                "ordering": ("number",),
            },
        ),
        migrations.AddField(
            model_name="workorder",
            name="customer_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="customer"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="customer_standing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("diamond", "Diamond"),
                    ("gold", "Gold"),
                    ("silver", "Silver"),
                    ("basic", "Basic"),
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
                max_length=10,
                verbose_name="tier or grade",
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="involved",
            field=models.CharField(blank=True, max_length=200, verbose_name="who was involved"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="occurred_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="when it happened"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="place",
            field=models.CharField(blank=True, max_length=200, verbose_name="where it happened"),
        ),
        migrations.AddField(
            model_name="workorder",
            name="returned_sections",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("title", "Title"),
                        ("anomaly", "Anomaly"),
                        ("causes", "Causes and evidence"),
                        ("emergency", "Emergency measures"),
                        ("measures", "Long-term measures"),
                        ("promise", "Promised completion"),
                        ("effect", "Effect"),
                    ],
                    max_length=10,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="waybill",
            field=models.CharField(blank=True, max_length=60, verbose_name="waybill"),
        ),
        migrations.AddField(
            model_name="cause",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="causes",
                to="complaints.workorder",
            ),
        ),
        migrations.AddField(
            model_name="courseentry",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="course",
                to="complaints.workorder",
            ),
        ),
        migrations.AddField(
            model_name="emergencymeasure",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="emergency_measures",
                to="complaints.workorder",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="cause",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="evidence",
                to="complaints.cause",
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="proves",
                to="complaints.orderfile",
            ),
        ),
        migrations.AddField(
            model_name="orderversion",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="orderversion",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="complaints.workorder",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.UniqueConstraint(fields=("order", "position"), name="cause_once"),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "category__in",
                        (
                            "",
                            "person",
                            "method",
                            "process",
                            "equipment",
                            "environment",
                            "information",
                            "supplier",
                            "customer",
                        ),
                    )
                ),
                name="cause_category_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="cause",
            constraint=models.CheckConstraint(
                condition=models.Q(("whys__len__lte", 5)), name="cause_five_whys"
            ),
        ),
        migrations.AddConstraint(
            model_name="courseentry",
            constraint=models.UniqueConstraint(
                fields=("order", "position"), name="course_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="courseentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at__isnull", False),
                    models.Q(("place", ""), _negated=True),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="course_entry_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencymeasure",
            constraint=models.UniqueConstraint(
                fields=("order", "position"), name="emergency_measure_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencymeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"
                ),
                name="emergency_measure_not_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("cause", "position"), name="evidence_once"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(fields=("cause", "file"), name="evidence_file_once"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", False), ("kind", "file")),
                    models.Q(
                        ("file__isnull", True),
                        ("kind__in", ("record", "witness")),
                        models.Q(("text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_is_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderversion",
            constraint=models.UniqueConstraint(
                fields=("order", "number"), name="order_version_once"
            ),
        ),
    ]
