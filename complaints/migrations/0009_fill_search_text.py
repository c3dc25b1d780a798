"""The texts of the complaints that are there already, some thousands at a time."""

from typing import Any

from django.db import migrations

BATCH = 10_000
FILL = """
INSERT INTO complaints_searchtext (complaint_id, text)
SELECT complaint.id, complaints_search_text(
    complaint.number, complaint.subject, complaint.waybill, complaint.contact_name, customer.name, complaint.description)
FROM complaints_complaint complaint LEFT JOIN customers_customer customer ON customer.id = complaint.customer_id
WHERE complaint.id > %(after)s AND complaint.id <= %(upto)s
ON CONFLICT (complaint_id) DO NOTHING
"""


def fill(apps: Any, schema_editor: Any) -> None:
    """Each batch is a transaction of its own; what stops in between goes on where it was."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM complaints_complaint")
        last = cursor.fetchone()[0]
        for after in range(0, last, BATCH):
            cursor.execute(FILL, {"after": after, "upto": after + BATCH})


def empty(apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM complaints_searchtext")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0008_search_text")]
    operations = [migrations.RunPython(fill, empty)]
