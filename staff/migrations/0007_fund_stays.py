"""The award fund refuses to be changed, and keeps what is left of it itself (O-17)."""

from django.db import migrations

STAYS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_fundentry
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
"""
MAY_CHANGE = "DROP TRIGGER append_only ON staff_fundentry;"
# A depth of 1 is a statement of somebody, and the trigger of the entries writes from a depth of 2.
REMAINING = """
CREATE FUNCTION staff_add_to_fund() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE staff_fundquarter SET remaining = remaining + NEW.amount WHERE period = NEW.quarter_id;
    RETURN NULL;
END $$;
CREATE TRIGGER add_to_fund AFTER INSERT ON staff_fundentry
    FOR EACH ROW EXECUTE FUNCTION staff_add_to_fund();

CREATE FUNCTION staff_fund_is_the_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND NEW.remaining <> coalesce(OLD.remaining, 0) THEN
        RAISE EXCEPTION 'what is left is the sum of the entries'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fund_is_the_sum';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_is_the_sum BEFORE INSERT OR UPDATE OF remaining ON staff_fundquarter
    FOR EACH ROW EXECUTE FUNCTION staff_fund_is_the_sum();
"""
NOT_KEPT = """
DROP TRIGGER fund_is_the_sum ON staff_fundquarter;
DROP FUNCTION staff_fund_is_the_sum();
DROP TRIGGER add_to_fund ON staff_fundentry;
DROP FUNCTION staff_add_to_fund();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_rewards")]
    operations = [
        migrations.RunSQL(STAYS, MAY_CHANGE),
        migrations.RunSQL(REMAINING, NOT_KEPT),
    ]
