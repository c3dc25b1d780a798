"""The company's rule: 1 h, 24 h, 48 h, 72 h, every hour counts, with the default ladders."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

BOTH = ["inbox", "email"]
REMINDER, OVERDUE, ESCALATED = 1, 2, 3
HOURS = {"apology": 1, "result": 24, "work_order": 48, "callback": 72}
# kind -> (percent of the target, or hours after the deadline as a float), who, what else
LADDERS = {
    "apology": [
        (75, ["handler", "front_desk"], REMINDER, ""),
        (0.0, ["branch_manager", "quality_specialist"], OVERDUE, ""),
        (1.0, ["service_director"], ESCALATED, ""),
        (3.0, ["general_manager"], ESCALATED, ""),
    ],
    "result": [
        (50, ["handler"], REMINDER, ""),
        (83, ["handler"], REMINDER, ""),
        (0.0, ["branch_manager", "quality_specialist"], OVERDUE, ""),
        (12.0, ["service_director"], ESCALATED, ""),
        (24.0, ["general_manager"], ESCALATED, ""),
    ],
    "work_order": [
        (75, ["rectification_owner", "branch_manager"], REMINDER, ""),
        (92, ["rectification_owner", "branch_manager"], REMINDER, ""),
        (0.0, ["quality_manager", "service_director"], OVERDUE, "notice_due"),
        (24.0, ["general_manager"], ESCALATED, ""),
    ],
    "callback": [
        (83, ["quality_manager"], REMINDER, ""),
        (94, ["quality_manager"], REMINDER, ""),
        (0.0, ["quality_specialist", "service_director"], OVERDUE, ""),
        (24.0, ["general_manager"], ESCALATED, ""),
    ],
}


def add(apps, schema_editor):
    policy = apps.get_model("complaints", "Policy").objects.create(name="标准时限", position=100)
    revision = apps.get_model("complaints", "PolicyRevision").objects.create(
        policy=policy,
        number=1,
        pause_limit=timedelta(hours=72),
        callback_attempts=3,
        callback_spread=timedelta(hours=24),
        created_at=timezone.now(),
    )
    target = apps.get_model("complaints", "Target")
    step = apps.get_model("complaints", "LadderStep")
    for kind, hours in HOURS.items():
        target.objects.create(revision=revision, kind=kind, duration=timedelta(hours=hours))
        for position, (when, roles, importance, effect) in enumerate(LADDERS[kind]):
            step.objects.create(
                revision=revision,
                kind=kind,
                position=position,
                percent=when if isinstance(when, int) else None,
                after=None if isinstance(when, int) else timedelta(hours=when),
                roles=roles,
                channels=BOTH,
                importance=importance,
                effect=effect,
            )


def remove(apps, schema_editor):
    # The revision refuses DELETE; its trigger goes first when migrations are undone.
    tables = ("complaints_ladderstep", "complaints_target", "complaints_policyrevision")
    for table in tables:
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
        schema_editor.execute(f"DELETE FROM {table}")  # noqa: S608
        schema_editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER append_only")
    schema_editor.execute("DELETE FROM complaints_policy")


class Migration(migrations.Migration):
    dependencies = [("complaints", "0002_append_only")]
    operations = [migrations.RunPython(add, remove)]
