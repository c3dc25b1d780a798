"""Visits that were written down move to their customers, under the ids they had.

Back: those that were made return; plans, findings and follow-ups have no place there.
"""

from django.db import migrations

DOWN = """
INSERT INTO customers_visit
    (id, version, customer_id, branch_id, kind, status, "on", place, owner_id, purpose, aim, plan,
     steps, who, words, by_id, at, closed_at)
SELECT id, 1, customer_id, branch_id, kind, 'done', "on", '', by_id, 'regular', '', '', '', who,
       words, by_id, at, at
FROM staff_customervisit;
INSERT INTO staff_visittouchpoint (visit_id, touchpoint_id)
SELECT id, touchpoint_id FROM staff_customervisit WHERE touchpoint_id IS NOT NULL;
SELECT setval(pg_get_serial_sequence('customers_visit', 'id'),
              greatest((SELECT max(id) FROM customers_visit), 1),
              EXISTS (SELECT FROM customers_visit));
DELETE FROM staff_customervisit;
"""
UP = """
INSERT INTO staff_customervisit
    (id, customer_id, branch_id, kind, touchpoint_id, "on", who, words, by_id, at)
SELECT v.id, v.customer_id, v.branch_id, v.kind, t.touchpoint_id, v."on", v.who, v.words, v.by_id,
       v.at
FROM customers_visit v LEFT JOIN staff_visittouchpoint t ON t.visit_id = v.id
WHERE v.status = 'done';
SELECT setval(pg_get_serial_sequence('staff_customervisit', 'id'),
              greatest((SELECT max(id) FROM staff_customervisit), 1),
              EXISTS (SELECT FROM staff_customervisit));
DELETE FROM staff_visittouchpoint;
DELETE FROM customers_visit;
"""


class Migration(migrations.Migration):
    dependencies = (("staff", "0032_touchpoints_of_visits"),)
    operations = (migrations.RunSQL(DOWN, UP),)
