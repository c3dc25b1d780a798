"""A machine whose clock is days wrong does everything at the right time (A-17)."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection

from complaints.models import Event
from csm.tests import ladders
from csm.tests.worker import database_url
from organisation.models import Message

# All that Python asks for the time, moved before anything else is imported.
SKEWED = """
import datetime, json, sys, time
real, wall, skew = datetime.datetime, time.time, float(sys.argv[1])
class Kind(type(real)):
    def __instancecheck__(cls, moment):
        return isinstance(moment, real)
class Skewed(real, metaclass=Kind):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + datetime.timedelta(seconds=skew)
datetime.datetime, time.time = Skewed, lambda: wall() + skew
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "csm.settings"
django.setup()
from django.utils import timezone
from csm.kit import clock
from reports.actions import sweep
now = clock.now()
done = sweep.run(now=now)
print(json.dumps({"behind": (timezone.now() - now).total_seconds(), "fired": done.fired}))
"""
DAY = 24 * 3600


def swept(skew: int) -> dict[str, float]:
    """What a round on a machine with such a clock says."""
    done = subprocess.run(
        [sys.executable, "-c", SKEWED, str(skew)],
        env={**os.environ, "DATABASE_URL": database_url(connection.settings_dict)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    assert abs(said["behind"] - skew) < 60, "the clock of that process is really wrong"
    return said


@pytest.mark.django_db(transaction=True)
def test_a17_steps_are_told_by_the_databases_clock_whatever_the_workers_says() -> None:
    """50 minutes after the receipt one reminder is due: not with a clock three days ahead all of
    them, nor with one three days behind none."""
    ladders.untouched(3)
    ladders.let_pass(timedelta(minutes=50))
    assert swept(3 * DAY)["fired"] == 3
    steps = Event.objects.filter(step__isnull=False)
    assert set(steps.values_list("step__kind", "step__percent")) == {("apology", 75)}
    ladders.let_pass(timedelta(minutes=11))
    assert swept(-3 * DAY)["fired"] == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    for moments in (steps.values_list("at", flat=True), told()):
        assert all(now - timedelta(minutes=5) < moment <= now for moment in moments)


def told() -> list[object]:
    return list(Message.objects.filter(text="timer_step").values_list("created_at", flat=True))
