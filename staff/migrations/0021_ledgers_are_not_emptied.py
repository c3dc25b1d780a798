"""Ledgers and votes are not emptied, and no balance is lost with its account (F-21, O-17, T-11)."""

from django.db import migrations

KEPT = (
    "staff_pointentry",
    "staff_pointaccount",
    "staff_fundentry",
    "staff_fundquarter",
    "staff_starballot",
    "staff_plantext",
    "staff_judgement",
    "staff_judgedpoint",
    "staff_tipsource",
)
STAYS = "".join(
    f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION csm_append_only();\n"
    for table in KEPT
)
MAY_BE_EMPTIED = "".join(f"DROP TRIGGER not_emptied ON {table};\n" for table in KEPT)
# An account that is made anew begins at nought: then the balance was not the sum any more.
ACCOUNT = """
CREATE TRIGGER balance_stays BEFORE DELETE ON staff_pointaccount
    FOR EACH ROW WHEN (OLD.balance <> 0) EXECUTE FUNCTION csm_append_only();
CREATE TRIGGER balance_of_its_person BEFORE UPDATE OF person_id ON staff_pointaccount
    FOR EACH ROW WHEN (NEW.person_id <> OLD.person_id) EXECUTE FUNCTION csm_append_only();
"""
NO_ACCOUNT = """
DROP TRIGGER balance_of_its_person ON staff_pointaccount;
DROP TRIGGER balance_stays ON staff_pointaccount;
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0020_prize_costs"), ("organisation", "0002_append_only")]
    operations = [
        migrations.RunSQL(STAYS, MAY_BE_EMPTIED),
        migrations.RunSQL(ACCOUNT, NO_ACCOUNT),
    ]
