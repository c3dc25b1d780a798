"""The rules that a company begins with; each can be edited or switched off (F-21)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

# Code, what it rewards, name, English, points, most in a period, the period.
RULES = (
    ("satisfied-callback", "callback", "回访满意", "Satisfied at the callback", 5, 100, "month"),
    ("best-score-thanks", "thanks", "五星好评点名表扬", "Thanked with the best score", 10, 100,
     "month"),
    ("order-first-time", "order", "整改工作单一次通过", "Work order confirmed the first time", 5, 60,
     "month"),
    ("innovation-award", "innovation", "服务创新奖", "Innovation award", 30, None, "quarter"),
    ("service-star", "star", "服务之星", "Service star", 50, None, "quarter"),
    ("assessment", "assessment", "考核扣分", "Assessed points", -1, None, "month"),
    ("manager", "by-hand", "管理人员即时奖励", "Given at once by a manager", 5, 50, "month"),
)  # fmt: skip


def write(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    rules, revisions = (
        apps.get_model("staff", name) for name in ("PointRule", "PointRuleRevision")
    )
    now = timezone.now()
    for code, trigger, name, name_en, points, cap, period in RULES:
        rule = rules.objects.create(code=code, trigger=trigger)
        revisions.objects.create(
            rule=rule,
            number=1,
            name=name,
            name_en=name_en,
            points=points,
            cap=cap,
            cap_period=period,
            created_at=now,
        )


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Those that nothing was earned by; the others stay with what they gave."""
    rules = apps.get_model("staff", "PointRule").objects
    unused = rules.filter(code__in=[row[0] for row in RULES], entries=None)
    apps.get_model("staff", "PointRuleRevision").objects.filter(rule__in=unused).delete()
    unused.delete()


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_ledger_stays")]
    operations = [migrations.RunPython(write, remove)]
