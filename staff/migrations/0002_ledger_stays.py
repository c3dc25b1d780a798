"""The ledger refuses to be changed, and keeps the balances itself (F-21)."""

from django.db import migrations

STAYS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON staff_pointentry
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
CREATE TRIGGER append_only BEFORE UPDATE ON staff_pointrulerevision
    FOR EACH ROW EXECUTE FUNCTION csm_append_only();
"""
MAY_CHANGE = """
DROP TRIGGER append_only ON staff_pointentry;
DROP TRIGGER append_only ON staff_pointrulerevision;
"""
# A depth of 1 is a statement of somebody; the trigger of the ledger writes from a depth of 2.
BALANCE = """
CREATE FUNCTION staff_add_to_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO staff_pointaccount AS account (person_id, balance, is_shown)
    SELECT person_id, sum(points), true FROM added GROUP BY person_id ORDER BY person_id
    ON CONFLICT (person_id) DO UPDATE SET balance = account.balance + excluded.balance;
    RETURN NULL;
END $$;
CREATE TRIGGER add_to_balance AFTER INSERT ON staff_pointentry
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION staff_add_to_balance();

CREATE FUNCTION staff_balance_is_the_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() = 1 AND NEW.balance <> coalesce(OLD.balance, 0) THEN
        RAISE EXCEPTION 'the balance is the sum of the ledger'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_is_the_sum';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER balance_is_the_sum BEFORE INSERT OR UPDATE OF balance ON staff_pointaccount
    FOR EACH ROW EXECUTE FUNCTION staff_balance_is_the_sum();
"""
NO_BALANCE = """
DROP TRIGGER balance_is_the_sum ON staff_pointaccount;
DROP FUNCTION staff_balance_is_the_sum();
DROP TRIGGER add_to_balance ON staff_pointentry;
DROP FUNCTION staff_add_to_balance();
"""


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_points"), ("organisation", "0002_append_only")]
    operations = [
        migrations.RunSQL(STAYS, MAY_CHANGE),
        migrations.RunSQL(BALANCE, NO_BALANCE),
    ]
