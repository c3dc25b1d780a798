"""Copies of published notices in the hands of branches; why an order was annulled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0027_customers_of_orders"),
        ("organisation", "0008_sign_in_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("branch__path",),
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(
            model_name="addressee",
            name="acknowledged_by",
        ),
        migrations.RemoveField(
            model_name="addressee",
            name="branch",
        ),
        migrations.RemoveField(
            model_name="addressee",
            name="notice",
        ),
        migrations.AddField(
            model_name="notice",
            name="addressees",
            field=models.ManyToManyField(
                related_name="+", to="organisation.branch", verbose_name="addressees"
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="annulled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="workorder",
            name="annulled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="workorder",
            name="annulment_reason",
            field=models.TextField(
                blank=True, max_length=2000, verbose_name="reason of the annulment"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="issuing_branch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.branch",
                verbose_name="issuing unit",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind", "notice_due")), fields=["at"], name="event_notice_due"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        models.Q(("title", ""), _negated=True),
                        models.Q(("text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="notice_published_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("draft", "consulting"))),
                fields=("corrects",),
                name="notice_one_correction_at_work",
            ),
        ),
        migrations.AddConstraint(
            model_name="workorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "annulled"), _negated=True),
                    ("number__isnull", True),
                    models.Q(
                        ("annulled_at__isnull", False),
                        models.Q(("annulment_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="work_order_annulled_has_reason",
            ),
        ),
        migrations.AddField(
            model_name="noticecopy",
            name="acknowledged_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="noticecopy",
            name="branch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisation.branch",
            ),
        ),
        migrations.AddField(
            model_name="noticecopy",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="copies",
                to="complaints.notice",
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reading",
            name="copy",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reading",
                to="complaints.noticecopy",
            ),
        ),
        migrations.DeleteModel(
            name="Addressee",
        ),
        migrations.AddIndex(
            model_name="noticecopy",
            index=models.Index(
                condition=models.Q(("acknowledged_at__isnull", True)),
                fields=["branch"],
                name="notice_copy_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticecopy",
            constraint=models.UniqueConstraint(
                fields=("notice", "branch"), name="notice_copy_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticecopy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acknowledged_at__isnull", True), ("acknowledged_by__isnull", True)),
                    models.Q(
                        ("acknowledged_at__isnull", False), ("acknowledged_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="notice_copy_acknowledged",
            ),
        ),
    ]
