"""CSM's Celery application in a hurry: bells every second, small batches, fatal jobs and timers.

The workers and beats of a test's own installation run it: `celery --app csm.tests.fire.brisk`.
"""

import os
from datetime import datetime, timedelta

from csm.celery import app
from csm.tests.fire.gate import BATCH, FATAL

app.conf.beat_max_loop_interval = 1
for bell in app.conf.beat_schedule.values():
    bell["schedule"] = bell["options"]["expires"] = 1.0


@app.on_after_finalize.connect
def hurry(**_: object) -> None:
    """Models can be imported only when Celery has set Django up."""
    from complaints.actions import batches  # noqa: PLC0415
    from complaints.models import Batch, Timer  # noqa: PLC0415
    from reports import tasks  # noqa: PLC0415
    from reports.background import RUNNERS  # noqa: PLC0415

    hold = batches.hold

    def hold_or_die(batch: Batch, now: datetime) -> list[int]:
        timers = hold(batch, now)
        if Timer.objects.filter(pk__in=timers, met_evidence=FATAL).exists():
            os._exit(9)
        return timers

    batches.hold = hold_or_die
    batches.LARGEST, batches.GRACE = BATCH, timedelta(seconds=2)
    runners = {**RUNNERS, FATAL: lambda _work: os._exit(9)}
    tasks.RUNNERS = runners  # type: ignore[attr-defined]
