"""A visit lives with its customer; what stays here is the touchpoint of the journey (ADR 12)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (
        ("customers", "0019_visits_and_care"),
        ("staff", "0031_only_blanking"),
        ("surveys", "0001_initial"),
    )
    operations = (
        migrations.CreateModel(
            name="VisitTouchpoint",
            fields=[
                (
                    "visit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="touched",
                        serialize=False,
                        to="customers.visit",
                    ),
                ),
                (
                    "touchpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="surveys.touchpoint",
                    ),
                ),
            ],
        ),
    )
