from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("surveys", "0010_diagnosis_stays"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="invitation", name="invitation_message_due"),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                condition=models.Q(("next_message_at__isnull", False)),
                fields=["next_message_at", "id"],
                name="invitation_message_due",
            ),
        ),
    ]
