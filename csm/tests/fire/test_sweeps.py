"""Who sweeps makes no difference (A-08), and it is done in time (A-02)."""

import os
import subprocess
import sys
from contextlib import ExitStack

from csm import embedded
from csm.celery import app
from csm.tests import ladders
from csm.tests.fire import gate, lateness
from csm.tests.fire.overdue import Control, wait_until_fired
from csm.tests.fire.site import Site
from csm.tests.waiting import wait_until

COMPLAINTS = 200


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
    late = lateness.measure(control, "SOON", complaints=COMPLAINTS)
    assert late.p99 <= 60
    assert late.longest <= 120
    assert app.conf.beat_schedule["complaints.tasks.fire_timers"]["schedule"] <= 15
