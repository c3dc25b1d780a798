"""Where a search finds its place: pairs of letters, and the last four digits of a phone."""

import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import complaints.models.search


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0009_fill_search_text"),
        ("customers", "0001_initial"),
        ("organisation", "0003_shortcuts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(
                django.db.models.functions.text.Right("contact_digits", 4),
                condition=models.Q(("contact_digits", ""), _negated=True),
                name="complaint_by_last_four",
            ),
        ),
        migrations.AddIndex(
            model_name="searchtext",
            index=django.contrib.postgres.indexes.GinIndex(
                complaints.models.search.Pieces("text"), name="search_text_by_pieces"
            ),
        ),
    ]
