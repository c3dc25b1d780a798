"""A branch and its categories together; the index of the branch alone began two others, too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0017_batches"),
        ("customers", "0001_initial"),
        ("organisation", "0008_sign_in_tries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="complaint",
            name="branch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to="organisation.branch",
                verbose_name="responsible branch",
            ),
        ),
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["branch", "category"], name="complaint_by_branch_category"),
        ),
    ]
