"""The template of the numbers of micro-reports (T-02)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KIND, TEMPLATE = "micro_report", "微报【{yyyy}】{n:03d}号"


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("complaints", "Numbering").objects
    rows.get_or_create(kind=KIND, defaults={"template": TEMPLATE})


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("complaints", "Numbering").objects.filter(kind=KIND).delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0050_number_micro_reports")]
    operations = [migrations.RunPython(add, remove)]
