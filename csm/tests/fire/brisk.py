"""CSM's Celery application in a hurry: bells every second, small batches, and a job that is fatal.

The workers and beats of a test's own installation run it: `celery --app csm.tests.fire.brisk`.
"""

import os

from csm.celery import app
from csm.tests.fire.gate import BATCH

app.conf.beat_max_loop_interval = 1
for bell in app.conf.beat_schedule.values():
    bell["schedule"] = bell["options"]["expires"] = 1.0


@app.on_after_finalize.connect
def hurry(**_: object) -> None:
    """Models can be imported only when Celery has set Django up."""
    from complaints import tasks  # noqa: PLC0415
    from complaints.actions import escalation  # noqa: PLC0415
    from complaints.background import RUNNERS  # noqa: PLC0415

    escalation.BATCH = BATCH
    runners = {**RUNNERS, "fatal": lambda _work: os._exit(9)}
    tasks.RUNNERS = runners  # type: ignore[attr-defined]
