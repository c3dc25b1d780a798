"""The catalogue of added services begins with the levers that the requirements name (K-27, K-29)."""

from typing import Any

from django.db import migrations

FIRST = (
    ("safety", "货物安全承诺", "Promise of safe goods"),
    ("information", "真实信息通报", "True information on every shipment"),
    ("linked", "关联产品组合", "Linked products"),
    ("training", "培训与试用", "Training and trial"),
    ("detail", "细节关怀", "Care in details"),
    ("special", "专属服务", "Special service"),
    ("reward", "累积回馈", "Reward that grows"),
    ("comparison", "服务前后对比", "Comparison of before and after"),
)


def add(apps: Any, schema_editor: Any) -> None:
    services = apps.get_model("customers", "AddedService").objects
    for lever, name, name_en in FIRST:
        services.get_or_create(name=name, defaults={"lever": lever, "name_en": name_en})


class Migration(migrations.Migration):
    dependencies = (("customers", "0019_visits_and_care"),)
    operations = (migrations.RunPython(add, migrations.RunPython.noop),)
