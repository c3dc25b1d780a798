from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisation", "0010_tally"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="key",
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name="publiclink",
            name="token_hash",
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(fields=("key",), name="letter_once"),
        ),
        migrations.AddConstraint(
            model_name="publiclink",
            constraint=models.UniqueConstraint(
                fields=("token_hash",), name="public_link_token_once"
            ),
        ),
    ]
