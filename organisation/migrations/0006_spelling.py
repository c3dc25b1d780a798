"""Names in Latin letters, to sort by and to find by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0005_being_woken"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="person",
            options={"ordering": ("spelling", "name", "pk")},
        ),
        migrations.AddField(
            model_name="branch",
            name="own_spelling",
            field=models.CharField(blank=True, max_length=200, verbose_name="pinyin"),
        ),
        migrations.AddField(
            model_name="branch",
            name="spelling",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="branch",
            name="spellings",
            field=models.TextField(
                blank=True,
                editable=False,
                help_text="Every way to type the name; kept by the actions.",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="spelling",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="person",
            name="spellings",
            field=models.TextField(
                blank=True,
                editable=False,
                help_text="Every way to type the name; kept by the actions.",
            ),
        ),
    ]
