"""Who was drawn may answer by a link without a login (T-05)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0011_fewer_indexes"), ("staff", "0018_reviews_stay")]

    operations = [
        migrations.AddField(
            model_name="askedperson",
            name="link",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="asked",
                to="organisation.publiclink",
            ),
        ),
    ]
