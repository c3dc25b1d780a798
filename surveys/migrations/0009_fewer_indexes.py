import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_life_cycle"),
        ("organisation", "0010_tally"),
        ("surveys", "0008_diagnosis_periods"),
    ]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="branch",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="organisation.branch",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="customers.customer",
            ),
        ),
        migrations.AlterField(
            model_name="invitation",
            name="survey",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitations",
                to="surveys.survey",
            ),
        ),
    ]
