from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("staff", "0033_move_visits_down"),)
    operations = (migrations.DeleteModel(name="CustomerVisit"),)
