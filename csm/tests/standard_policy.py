"""A pytest plugin: the default policy and the templates of numbers are there in every test.

It is data of a migration, and the TRUNCATE after a transactional test takes it away. Django's
serialized rollback cannot bring it back: it writes rows twice, which append-only tables refuse.
"""

from importlib import import_module

import pytest
from django.apps import apps

MIGRATIONS = (
    *("0003_default_policy", "0006_rework_deadline", "0020_deadlines_and_numbers"),
    "0023_recovery_limits",
    "0025_late_order_rule",
)
USES_DATABASE = {"db", "transactional_db", "live_server"}


@pytest.fixture(autouse=True)
def standard_policy(request: pytest.FixtureRequest) -> None:
    """Put the policy back when the test before took it away."""
    wanted = USES_DATABASE & set(request.fixturenames)
    if request.node.get_closest_marker("django_db") or wanted:
        request.getfixturevalue(max(wanted) if wanted else "_django_db_helper")
        put_back()


def put_back() -> None:
    """What the migrations wrote, where it is missing."""
    if not apps.get_model("complaints", "Policy").objects.exists():
        for migration in MIGRATIONS:
            import_module(f"complaints.migrations.{migration}").add(apps, None)
