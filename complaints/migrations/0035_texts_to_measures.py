"""The three texts of long-term measures become rows: one per group that says something."""

from django.db import migrations

# What was submitted is promised; what was confirmed is done, as the confirmation said.
FORWARD = """
INSERT INTO complaints_measure
    (order_id, number, "group", text, owner_id, due_on, status, created_at, promised_at, proof,
     done_at, done_by_id, drop_reason, version)
SELECT o.id, row_number() OVER (PARTITION BY o.id ORDER BY g.place), g.name, g.text,
       coalesce(o.owner_id, o.submitted_by_id, o.created_by_id),
       o.promised_on,
       CASE WHEN o.status = 'confirmed' AND w.is_whole THEN 'done' ELSE 'open' END,
       o.created_at,
       CASE WHEN o.number IS NOT NULL AND w.is_whole THEN o.submitted_at END,
       CASE WHEN o.status = 'confirmed' AND w.is_whole THEN o.effect_report ELSE '' END,
       CASE WHEN o.status = 'confirmed' AND w.is_whole THEN o.confirmed_at END,
       CASE WHEN o.status = 'confirmed' AND w.is_whole THEN o.submitted_by_id END,
       '', 1
FROM complaints_workorder o
CROSS JOIN LATERAL (VALUES
    (1, 'prevent', o.prevention), (2, 'detect', o.detection), (3, 'respond', o.response)
) AS g(place, name, text)
CROSS JOIN LATERAL (SELECT
    o.promised_on IS NOT NULL AND o.submitted_at IS NOT NULL
    AND coalesce(o.owner_id, o.submitted_by_id, o.created_by_id) IS NOT NULL AS is_whole
) w
WHERE btrim(g.text) <> ''
"""
REPORTED = """
UPDATE complaints_workorder
SET effect_reported_at = submitted_at, effect_reported_by_id = submitted_by_id
WHERE btrim(effect_report) <> '' AND submitted_at IS NOT NULL
"""
BACK = """
UPDATE complaints_workorder o
SET prevention = coalesce(m.prevent, ''), detection = coalesce(m.detect, ''),
    response = coalesce(m.respond, '')
FROM (
    SELECT order_id,
           string_agg(text, E'\\n' ORDER BY number) FILTER (WHERE "group" = 'prevent') AS prevent,
           string_agg(text, E'\\n' ORDER BY number) FILTER (WHERE "group" = 'detect') AS detect,
           string_agg(text, E'\\n' ORDER BY number) FILTER (WHERE "group" = 'respond') AS respond
    FROM complaints_measure WHERE status <> 'dropped' GROUP BY order_id
) m
WHERE m.order_id = o.id
"""
# Links first.
FORGET = [
    "DELETE FROM complaints_lessonfile",
    "DELETE FROM complaints_lesson",
    "DELETE FROM complaints_measurefile",
    "DELETE FROM complaints_measure",
]


class Migration(migrations.Migration):
    dependencies = [("complaints", "0034_measures")]
    operations = [
        migrations.RunSQL(FORWARD, FORGET),
        migrations.RunSQL(REPORTED, migrations.RunSQL.noop),
        migrations.RunSQL(migrations.RunSQL.noop, BACK),
    ]
