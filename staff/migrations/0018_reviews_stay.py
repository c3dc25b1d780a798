"""A decision on an account manager is final: the database refuses to change it (T-20)."""

from django.db import migrations

STAYS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_accountreview
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
"""
MAY_CHANGE = "DROP TRIGGER append_only ON staff_accountreview;"


class Migration(migrations.Migration):
    dependencies = [("staff", "0017_learning")]

    operations = [migrations.RunSQL(STAYS, MAY_CHANGE)]
