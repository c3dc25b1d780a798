"""A frozen ranking keeps the company's own figures, and those of the period before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_append_only")]
    operations = [
        migrations.AddField("frozenranking", "company", models.JSONField(default=dict)),
        migrations.AddField("frozenranking", "before", models.JSONField(default=dict)),
    ]
