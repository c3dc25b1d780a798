"""The rule by which the clock proposes an assessment: the work order is late (C-10)."""

from django.db import migrations
from django.utils import timezone

RULE = {"text": "整改工作单未按时提交", "kind": "points", "points": 5}


def add(apps, schema_editor):
    """In an installation that has run before, it does not reach back in time."""
    events = apps.get_model("complaints", "Event").objects.filter(kind="notice_due")
    since = timezone.now() if events.exists() else None
    apps.get_model("complaints", "AssessmentRule").objects.get_or_create(
        code="late-order", defaults={**RULE, "active_since": since}
    )


def remove(apps, schema_editor):
    apps.get_model("complaints", "AssessmentRule").objects.filter(code="late-order").delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0024_suppliers_and_assessment_rules")]
    operations = [migrations.RunPython(add, remove)]
