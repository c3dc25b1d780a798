"""Who wrote in the orders that there are, as far as it was written down (W-16)."""

from django.db import migrations

# Who confirmed one already stays out: what was judged was judged.
FILL = """
UPDATE complaints_workorder o SET written_by = ARRAY(
    SELECT DISTINCT wrote.id FROM (
        SELECT v.by_id FROM complaints_orderversion v WHERE v.order_id = o.id
        UNION ALL
        SELECT m.done_by_id FROM complaints_measure m WHERE m.order_id = o.id
        UNION ALL
        SELECT o.submitted_by_id
        UNION ALL
        SELECT o.effect_reported_by_id
    ) wrote (id)
    WHERE wrote.id IS NOT NULL AND wrote.id IS DISTINCT FROM o.confirmed_by_id
    ORDER BY wrote.id
)
WHERE o.submitted_by_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0041_order_writers"),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
