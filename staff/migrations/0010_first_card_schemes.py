"""What scorecards of each post begin with; each can be revised (O-16, O-21)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

POSTS = (
    "branch_manager",
    "account_manager",
    "handler",
    "front_desk",
    "customer_representative",
    "branch",
    "department",
)
WEIGHTS = {"customer": 60, "process": 20, "financial": 10, "learning": 10}
# Figure, 0 points at, 100 points at, weight within its perspective. Audits are those of branches.
AUDITED = ("branch_manager", "branch")
LINES = (
    ("callback", 60, 95, 3),
    ("survey", 60, 90, 1),
    ("on_time", 70, 98, 2),
    ("first_time", 50, 90, 1),
    ("delay", 20, 1, 2),
    ("recovery", 60, 0, 1),
    ("peers", 60, 95, 1),
    ("audits", 60, 95, 1),
    ("awareness", 60, 95, 1),
    ("courses", 60, 100, 1),
    ("tests", 50, 90, 1),
    ("points", 0, 60, 1),
)


def write(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    schemes, lines = (apps.get_model("staff", name) for name in ("CardScheme", "CardSchemeLine"))
    now = timezone.now()
    for post in POSTS:
        scheme = schemes.objects.create(post=post, number=1, created_at=now, **WEIGHTS)
        for measure, floor, target, weight in LINES:
            if measure != "audits" or post in AUDITED:
                lines.objects.create(
                    scheme=scheme, measure=measure, floor=floor, target=target, weight=weight
                )


class Migration(migrations.Migration):
    """Backwards the tables themselves go."""

    dependencies = [("staff", "0009_answers_and_cards_stay")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
