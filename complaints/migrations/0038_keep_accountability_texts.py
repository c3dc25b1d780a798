"""The two free texts of an order on who answers become lines that name nobody by key (W-06)."""

from django.db import migrations

FORWARD = """
INSERT INTO complaints_accountability
    (work_order_id, party, what, consequence, is_former_text, created_at, created_by_id)
SELECT o.id, said.party, said.words, '', true, o.saved_at, o.created_by_id
FROM complaints_workorder o
CROSS JOIN LATERAL (
    VALUES ('manager', o.accountability_internal), ('supplier', o.accountability_supplier)
) AS said(party, words)
WHERE trim(said.words) <> ''
ORDER BY o.id, said.party
"""
# All lines of the order as words again, by whom they name; a text holds 2,000 characters.
BACKWARD = """
UPDATE complaints_workorder o
SET accountability_internal = left(coalesce(said.ours, ''), 2000),
    accountability_supplier = left(coalesce(said.theirs, ''), 2000)
FROM (
    SELECT a.work_order_id,
           string_agg(a.words, E'\\n' ORDER BY a.id) FILTER (WHERE a.party <> 'supplier') AS ours,
           string_agg(a.words, E'\\n' ORDER BY a.id) FILTER (WHERE a.party = 'supplier') AS theirs
    FROM (
        SELECT l.id, l.work_order_id, l.party, concat_ws(
            '；', nullif(concat_ws('：', coalesce(p.name, s.name), l.what), ''),
            nullif(l.consequence, '')
        ) AS words
        FROM complaints_accountability l
        LEFT JOIN organisation_person p ON p.id = l.person_id
        LEFT JOIN complaints_supplier s ON s.id = l.supplier_id
        WHERE l.work_order_id IS NOT NULL
    ) a
    GROUP BY a.work_order_id
) said
WHERE said.work_order_id = o.id
"""
GONE = "DELETE FROM complaints_accountability WHERE work_order_id IS NOT NULL AND is_former_text"


class Migration(migrations.Migration):
    dependencies = [("complaints", "0037_register_search")]
    operations = [migrations.RunSQL(FORWARD, [BACKWARD, GONE])]
