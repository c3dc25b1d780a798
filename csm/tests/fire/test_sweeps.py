"""Who sweeps makes no difference (A-08), and it is done in time (A-02)."""

import os
import statistics
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta

from django.db import connection, transaction

from complaints.models import Event, Timer
from csm import embedded
from csm.celery import app
from csm.kit import clock
from csm.tests import ladders
from csm.tests.fire import gate
from csm.tests.fire.overdue import Control, wait_until_fired
from csm.tests.fire.site import Site
from csm.tests.waiting import wait_until

COMPLAINTS = 200
SPREAD = 10  # seconds, over which deadlines come
# Makes the last step of each clock the next one, at a moment of the coming seconds.
SOON = """
UPDATE complaints_timer t SET
    fire_at = ARRAY(SELECT moment + (soon.at - t.fire_at[cardinality(t.fire_at)])
                    FROM unnest(t.fire_at) WITH ORDINALITY AS f(moment, place) ORDER BY place),
    next_fire_at = soon.at
FROM (SELECT t.id, clock_timestamp() + %(spread)s * random() * interval '1 second' AS at
      FROM complaints_timer t JOIN complaints_complaint c ON c.id = t.complaint_id
      WHERE c.number LIKE %(name)s || '-%%') soon
WHERE soon.id = t.id
"""


def sweep_by_hand(site: Site) -> "subprocess.Popen[bytes]":
    """`manage.py sweep`, as a timer of the system would call it."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "sweep"],
        cwd=embedded.BASE_DIR,
        env={
            **os.environ,
            "CSM_DATA_DIR": str(site.data_dir),
            "DATABASE_URL": embedded.database_url(site.data_dir),
            "EMAIL_URL": "dummymail://",
        },
        stdout=subprocess.DEVNULL,
    )


def test_a08_a_sweep_by_hand_beside_two_workers_and_two_beats(site: Site, control: Control) -> None:
    gate.let_pass(gate.STATEMENTS_PER_BATCH)
    control.add("BESIDE", COMPLAINTS)
    gate.who_waits()
    by_hand = sweep_by_hand(site)
    wait_until(
        lambda: len(gate.waiting()) > 1 or by_hand.poll() == 0, "a second sweep", patience=60
    )
    gate.open_wide()
    assert by_hand.wait(60) == 0
    wait_until_fired()
    control.check("BESIDE", COMPLAINTS)


def test_a08_without_workers_and_beats_the_same_is_said(site: Site, control: Control) -> None:
    with ExitStack() as frozen:
        for process in [*site.named(" beat "), *site.named("--hostname")]:
            process.suspend()
            frozen.callback(process.resume)
        control.add("NONE", 20)
        assert sweep_by_hand(site).wait(60) == 0
        assert not ladders.due()
        control.check("NONE", 20)


def test_a02_nobody_hears_late(site: Site, control: Control) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        control.add("SOON", COMPLAINTS)
        cursor.execute(SOON, {"name": "SOON", "spread": SPREAD})
    timers = Timer.objects.filter(complaint__number__startswith="SOON-")
    moments = dict(timers.values_list("pk", "next_fire_at"))
    oldest = [timedelta()]

    def is_over() -> bool:
        """As others see it: what has not been written yet counts with its age."""
        now = clock.now()
        waiting = [at for at in timers.values_list("next_fire_at", flat=True) if at is not None]
        oldest.append(max((now - at for at in waiting), default=timedelta()))
        return not waiting

    wait_until(is_over, "the last deadline", patience=180)
    fired = Event.objects.filter(kind="step_fired", timer__in=timers).values_list("timer", "at")
    late = [(at - moment).total_seconds() for timer, at in fired if (moment := moments[timer])]
    assert len(late) == 4 * COMPLAINTS
    assert min(late) >= 0
    assert statistics.quantiles(late, n=100)[98] <= 60
    assert max(oldest) <= timedelta(seconds=120)
    assert app.conf.beat_schedule["complaints.tasks.fire_timers"]["schedule"] <= 15
    control.check("SOON", COMPLAINTS)
