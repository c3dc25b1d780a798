from typing import Any

from django.db import migrations
from django.utils import timezone

# F-12, as the requirements have it: surveys, callbacks, clocks, complaints per 10,000 shipments,
# work orders, awareness.
FIRST = {
    "weights": [30, 20, 20, 15, 10, 5],
    "floors": [60, 70, 60, 12, 50, 50],
    "targets": [95, 98, 98, 2, 100, 95],
    "leasts": [10, 10, 10, 1000, 5, 5],
}


def write(apps: Any, _editor: Any) -> None:
    apps.get_model("reports", "RankingRule").objects.create(
        number=1, created_at=timezone.now(), **FIRST
    )


def remove(apps: Any, editor: Any) -> None:
    """Emptied whole: each row of it refuses to be deleted, and the table goes next."""
    editor.execute("TRUNCATE reports_rankingrule")


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_ranking_rule_stays")]
    operations = [migrations.RunPython(write, remove)]
