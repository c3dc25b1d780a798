"""Long-term measures, lessons, effectiveness checks, QC topics and courses."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0033_order_rows_stay"),
        ("organisation", "0008_sign_in_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EffectivenessCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("days", models.PositiveSmallIntegerField()),
                ("since_at", models.DateTimeField(help_text="When the order was confirmed.")),
                ("due_on", models.DateField(verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "To decide"),
                            ("effective", "Effective"),
                            ("not_effective", "Not effective"),
                            ("void", "Not needed"),
                        ],
                        default="pending",
                        max_length=14,
                        verbose_name="status",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=2000, verbose_name="grounds")),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("order", "since_at", "days"),
            },
        ),
        migrations.CreateModel(
            name="Improvement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[("qc_topic", "QC topic"), ("course", "Training course")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("reason", models.TextField(max_length=2000, verbose_name="why")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("declined", "Declined"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("result", models.TextField(blank=True, max_length=5000, verbose_name="result")),
            ],
            options={
                "ordering": ("-requested_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Lesson",
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
                            ("offered", "Offered"),
                            ("accepted", "Taken up"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="offered",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                (
                    "adopted_on",
                    models.DateField(blank=True, null=True, verbose_name="in force since"),
                ),
                ("proof", models.TextField(blank=True, max_length=5000, verbose_name="proof")),
                (
                    "decline_reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="reason"),
                ),
                ("answered_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-offered_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="LessonFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("prevent", "Prevent"),
                            ("detect", "Detect"),
                            ("respond", "Respond"),
                        ],
                        max_length=10,
                        verbose_name="group",
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=5000, verbose_name="measure")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "promised_at",
                    models.DateTimeField(help_text="When it was first submitted.", null=True),
                ),
                ("proof", models.TextField(blank=True, max_length=5000, verbose_name="proof")),
                ("done_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "drop_reason",
                    models.TextField(blank=True, max_length=2000, verbose_name="reason"),
                ),
            ],
            options={
                "ordering": ("order", "number"),
            },
        ),
        migrations.CreateModel(
            name="MeasureFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.AddField(
            model_name="workorder",
            name="effect_reported_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="effect_reported_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    ("effect_reported_by__isnull", True),
                    models.Q(("confirmed_by", models.F("effect_reported_by")), _negated=True),
                    _connector="OR",
                ),
                name="work_order_effect_not_own_judge",
            ),
        ),
        migrations.AddField(
            model_name="effectivenesscheck",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="effectivenesscheck",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="checks",
                to="complaints.workorder",
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="branch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.branch",
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="ended_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="improvements",
                to="complaints.workorder",
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="improvements",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="improvement",
            name="requested_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="branch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lessons",
                to="organisation.branch",
            ),
        ),
        migrations.AddField(
            model_name="lessonfile",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="lessonfile",
            name="lesson",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="files",
                to="complaints.lesson",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="done_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="dropped_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="measures",
                to="complaints.workorder",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="owner",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="lesson",
            name="measure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lessons",
                to="complaints.measure",
            ),
        ),
        migrations.AddField(
            model_name="measurefile",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="measurefile",
            name="measure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="files",
                to="complaints.measure",
            ),
        ),
        migrations.AddIndex(
            model_name="effectivenesscheck",
            index=models.Index(
                condition=models.Q(("status", "pending")),
                fields=["due_on"],
                name="check_pending_by_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="effectivenesscheck",
            constraint=models.UniqueConstraint(
                fields=("order", "since_at", "days"), name="check_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="effectivenesscheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("status__in", ("pending", "void"))),
                    models.Q(
                        ("status__in", ("effective", "not_effective")),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        models.Q(("words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="check_decided_has_words",
            ),
        ),
        migrations.AddIndex(
            model_name="improvement",
            index=models.Index(fields=["branch", "-id"], name="improvement_by_branch"),
        ),
        migrations.AddIndex(
            model_name="improvement",
            index=models.Index(fields=["status", "-id"], name="improvement_by_status"),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("started_at__isnull", True), ("status", "requested")),
                    ("status", "declined"),
                    models.Q(
                        ("owner__isnull", False),
                        ("started_at__isnull", False),
                        ("status__in", ("running", "done")),
                    ),
                    _connector="OR",
                ),
                name="improvement_running_has_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="improvement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("status__in", ("requested", "running"))),
                    models.Q(
                        ("status__in", ("done", "declined")),
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        models.Q(("result", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="improvement_ended_has_words",
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["owner", "due_on"],
                name="measure_open_of_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(
                fields=("order", "number"), name="measure_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("promised_at__isnull", True),
                    models.Q(
                        ("due_on__isnull", False),
                        ("owner__isnull", False),
                        models.Q(("text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="measure_promised_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status", "done"),
                        ("done_at__isnull", False),
                        ("promised_at__isnull", False),
                    ),
                    models.Q(
                        models.Q(("status", "done"), _negated=True), ("done_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="measure_done_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dropped_at__isnull", False),
                        ("dropped_by__isnull", False),
                        ("status", "dropped"),
                        models.Q(("drop_reason", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "dropped"), _negated=True), ("dropped_at__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="measure_dropped_has_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="lesson",
            index=models.Index(fields=["branch", "-id"], name="lesson_by_branch"),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.UniqueConstraint(
                fields=("measure", "branch"), name="lesson_offered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at__isnull", True), ("status__in", ("offered", "withdrawn"))
                    ),
                    models.Q(
                        ("adopted_on__isnull", False),
                        ("status", "accepted"),
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("status", "declined"),
                        models.Q(("decline_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lesson_answered_whole",
            ),
        ),
    ]
