from typing import Any

from django.db import migrations
from django.utils import timezone

# F-09, as the requirements have it.
FIRST = {
    "recency": [7, 14, 30, 60],
    "frequency": [60, 30, 12, 4],
    "money": [500_000, 150_000, 50_000, 10_000],
    "weights": [20, 30, 50],
    "tiers": ["4.50", "3.50", "2.50"],
}


def write(apps: Any, _editor: Any) -> None:
    apps.get_model("customers", "ValueRule").objects.create(
        number=1, created_at=timezone.now(), **FIRST
    )


def remove(apps: Any, _editor: Any) -> None:
    apps.get_model("customers", "ValueRule").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_value"),
    ]

    operations = [migrations.RunPython(write, remove)]
