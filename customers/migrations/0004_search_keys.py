"""What customers are found by: keyed hashes of their numbers, and names as they may be typed."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_language")]
    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="key",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=22),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="last_four_key",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=22),
        ),
        migrations.AddField(
            model_name="customer",
            name="own_spelling",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="pinyin"
            ),
        ),
        migrations.CreateModel(
            name="SearchName",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_name",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("text", models.TextField()),
                (
                    "pieces",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), size=None
                    ),
                ),
                ("core", models.CharField(db_index=True, max_length=120)),
                ("sound", models.CharField(db_index=True, max_length=200)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex("pieces", name="search_name_by_pieces")
                ]
            },
        ),
    ]
