"""Pairs of letters of orders and opinions, so that the register is searched by an index."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import complaints.models.search


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0036_one_home_for_measures"),
        ("customers", "0001_initial"),
        ("organisation", "0008_sign_in_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="dissatisfieditem",
            index=django.contrib.postgres.indexes.GinIndex(
                complaints.models.search.Pieces(complaints.models.search.Folded("opinion")),
                name="dissatisfied_item_by_pieces",
            ),
        ),
        migrations.AddIndex(
            model_name="workorder",
            index=django.contrib.postgres.indexes.GinIndex(
                complaints.models.search.Pieces(
                    complaints.models.search.Folded(
                        django.db.models.functions.text.Concat(
                            "number",
                            models.Value(" "),
                            "title_subject",
                            models.Value(" "),
                            "title_nature",
                            models.Value(" "),
                            "title_content",
                            models.Value(" "),
                            "occasion",
                            models.Value(" "),
                            "customer_name",
                            output_field=models.TextField(),
                        )
                    )
                ),
                name="work_order_by_pieces",
            ),
        ),
    ]
