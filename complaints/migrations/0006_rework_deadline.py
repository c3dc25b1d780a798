"""A returned work order gets a deadline of its own: 24 h, with a ladder (`sla.md` rule 4)."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

BOTH = ["inbox", "email"]
REMINDER, OVERDUE, ESCALATED = 1, 2, 3
TARGET = timedelta(hours=24)
LADDER = [
    (75, None, ["rectification_owner", "branch_manager"], REMINDER),
    (None, timedelta(), ["branch_manager", "quality_manager"], OVERDUE),
    (None, timedelta(hours=24), ["service_director"], ESCALATED),
]
COPIED = ("calendar", "pause_limit", "callback_attempts", "callback_spread")
STEP = ("kind", "position", "percent", "after", "roles", "channels", "importance", "effect")


def add(apps, schema_editor):
    """The next revision of each policy that has no rework deadline yet."""
    for policy in apps.get_model("complaints", "Policy").objects.all():
        latest = policy.revisions.order_by("-number").first()
        if latest is None or latest.targets.filter(kind="rework").exists():
            continue
        following = policy.revisions.create(
            number=latest.number + 1,
            created_at=timezone.now(),
            **{name: getattr(latest, name) for name in COPIED},
        )
        for target in latest.targets.all():
            following.targets.create(kind=target.kind, duration=target.duration)
        for step in latest.steps.all():
            following.steps.create(**{name: getattr(step, name) for name in STEP})
        following.targets.create(kind="rework", duration=TARGET)
        for position, (percent, after, roles, importance) in enumerate(LADDER):
            following.steps.create(
                kind="rework",
                position=position,
                percent=percent,
                after=after,
                roles=roles,
                channels=BOTH,
                importance=importance,
            )


def keep(apps, schema_editor):
    """A revision stays for ever; timers may have been made from it."""


class Migration(migrations.Migration):
    dependencies = [("complaints", "0005_clock_rules")]
    operations = [migrations.RunPython(add, keep)]
