from django.db import migrations

# The usual extension for equality in such an index (btree_gist) does not come with every server:
# a range of one key equals only itself.
APART = """
ALTER TABLE customers_customervolume ADD CONSTRAINT volume_no_overlap EXCLUDE USING gist (
    int8range(customer_id, customer_id, '[]') WITH &&,
    int8range(branch_id, branch_id, '[]') WITH &&,
    daterange(starts_on, starts_on + days) WITH &&
)
"""
TOGETHER = "ALTER TABLE customers_customervolume DROP CONSTRAINT volume_no_overlap"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0007_volumes"),
    ]

    operations = [migrations.RunSQL(APART, TOGETHER)]
