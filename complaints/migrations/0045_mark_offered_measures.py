"""Until now every done measure of a confirmed order was offered (T-10)."""

from django.db import migrations

FORWARD = """
UPDATE complaints_measure m SET is_offered = true
WHERE EXISTS (
    SELECT FROM complaints_lesson l WHERE l.measure_id = m.id AND l.status <> 'withdrawn'
)
"""


class Migration(migrations.Migration):
    dependencies = (("complaints", "0044_offered_measures"),)

    operations = (migrations.RunSQL(FORWARD, migrations.RunSQL.noop),)
