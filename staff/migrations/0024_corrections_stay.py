"""What an appeal put right stays, as the card does (O-21)."""

from django.db import migrations

KEPT = ("staff_cardcorrection", "staff_correctedline")
STAYS = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION csm_append_only();\n"
    for table in KEPT
)
MAY_CHANGE = "".join(f"DROP TRIGGER append_only ON {table};\n" for table in KEPT)


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0023_card_corrections"),
        ("organisation", "0002_append_only"),
    ]
    operations = [migrations.RunSQL(STAYS, MAY_CHANGE)]
