"""Targets and ladders of the deadlines beside the four promises; templates of numbers."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

BOTH = ["inbox", "email"]
REMINDER, OVERDUE, ESCALATED = 1, 2, 3
HOURS = {"measure": 168, "opinion": 48, "acknowledgement": 72, "challenge": 72, "appeal": 168}
# kind -> (percent of the target, or hours after the deadline as a float), who
LADDERS = {
    "measure": [
        (75, ["rectification_owner"], REMINDER),
        (0.0, ["rectification_owner", "branch_manager", "quality_manager"], OVERDUE),
        (72.0, ["service_director"], ESCALATED),
    ],
    "opinion": [(50, ["branch_manager"], REMINDER)],
    "acknowledgement": [
        (50, ["branch_manager"], REMINDER),
        (0.0, ["branch_manager", "quality_manager"], OVERDUE),
    ],
    "challenge": [
        (75, ["quality_manager"], REMINDER),
        (0.0, ["quality_manager", "service_director"], OVERDUE),
    ],
    "appeal": [
        (75, ["general_manager"], REMINDER),
        (0.0, ["general_manager", "service_director"], OVERDUE),
    ],
}
COPIED = (
    *("calendar", "pause_limit", "callback_attempts", "callback_spread"),
    *("tier", "grade", "severity", "category", "branch"),
)
STEP = ("kind", "position", "percent", "after", "roles", "channels", "importance", "effect")
NUMBERS = {"work_order": "问字【{yyyy}】{n:03d}号", "notice": "通字【{yyyy}】{n:03d}号"}


def add(apps, schema_editor):
    """The next revision of each policy; a kind that it has already stays as it is."""
    for policy in apps.get_model("complaints", "Policy").objects.all():
        latest = policy.revisions.order_by("-number").first()
        if latest is not None:
            _follow(policy, latest)
    numbering = apps.get_model("complaints", "Numbering")
    for kind, template in NUMBERS.items():
        numbering.objects.get_or_create(kind=kind, defaults={"template": template})


def _follow(policy, latest):
    following = policy.revisions.create(
        number=latest.number + 1,
        created_at=timezone.now(),
        **{name: getattr(latest, name) for name in COPIED},
    )
    known = {target.kind: target.duration for target in latest.targets.all()}
    for kind, duration in known.items():
        following.targets.create(kind=kind, duration=duration)
    for step in latest.steps.all():
        following.steps.create(**{name: getattr(step, name) for name in STEP})
    for kind, hours in HOURS.items():
        if kind not in known:
            following.targets.create(kind=kind, duration=timedelta(hours=hours))
            _climb(following, kind)


def _climb(revision, kind):
    for position, (when, roles, importance) in enumerate(LADDERS[kind]):
        is_percent = isinstance(when, int)
        revision.steps.create(
            kind=kind,
            position=position,
            percent=when if is_percent else None,
            after=None if is_percent else timedelta(hours=when),
            roles=roles,
            channels=BOTH,
            importance=importance,
        )


def remove(apps, schema_editor):
    """A revision stays for ever; timers may have been made from it."""
    apps.get_model("complaints", "Numbering").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("complaints", "0019_notices_and_assessments")]
    operations = [migrations.RunPython(add, remove)]
