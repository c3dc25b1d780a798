"""An order concerns the customer of the first complaint that it answers."""

from django.db import migrations

FILL = """
UPDATE complaints_workorder o SET customer_id = c.customer_id
FROM (
    SELECT DISTINCT ON (order_id) order_id, complaint_id
    FROM complaints_ordercomplaint ORDER BY order_id, id
) l
JOIN complaints_complaint c ON c.id = l.complaint_id
WHERE o.id = l.order_id AND o.customer_id IS NULL AND c.customer_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0026_sources_of_orders")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
