"""Who has answered stays, a round stays as it was set, cards stay as they were closed."""

from django.db import migrations

KEPT = (
    "staff_staffparticipation",
    "staff_cardscheme",
    "staff_cardschemeline",
    "staff_scorecard",
    "staff_scorecardline",
)
STAYS = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION csm_append_only();\n"
    for table in KEPT
)
MAY_CHANGE = "".join(f"DROP TRIGGER append_only ON {table};\n" for table in KEPT)
# Of a round only the day of its settling is written, once. An appeal is answered once.
ONCE = """
CREATE FUNCTION staff_round_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.settled_on IS NOT NULL
        OR ROW(NEW.quarter, NEW.edition, NEW.first_on, NEW.last_on)
            IS DISTINCT FROM ROW(OLD.quarter, OLD.edition, OLD.first_on, OLD.last_on) THEN
        RAISE EXCEPTION 'a round stays as it was set'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_round_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_stays BEFORE UPDATE OR DELETE ON staff_staffround
    FOR EACH ROW EXECUTE FUNCTION staff_round_stays();

CREATE FUNCTION staff_appeal_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open'
        OR ROW(NEW.card_id, NEW.text, NEW.by_id, NEW.closed_by_id, NEW.at)
            IS DISTINCT FROM ROW(OLD.card_id, OLD.text, OLD.by_id, OLD.closed_by_id, OLD.at) THEN
        RAISE EXCEPTION 'an appeal and its answer stay'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'card_appeal_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_stays BEFORE UPDATE OR DELETE ON staff_cardappeal
    FOR EACH ROW EXECUTE FUNCTION staff_appeal_stays();
"""
NOT_ONCE = """
DROP TRIGGER round_stays ON staff_staffround;
DROP FUNCTION staff_round_stays();
DROP TRIGGER appeal_stays ON staff_cardappeal;
DROP FUNCTION staff_appeal_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0008_answers_and_cards"),
        ("organisation", "0002_append_only"),
    ]
    operations = [
        migrations.RunSQL(STAYS, MAY_CHANGE),
        migrations.RunSQL(ONCE, NOT_ONCE),
    ]
