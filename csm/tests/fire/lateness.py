"""How long after its moment a step is told (A-02)."""

import statistics
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from complaints.models import Event, Timer
from csm.kit import clock
from csm.tests.fire.overdue import PATIENCE, Control
from csm.tests.waiting import wait_until

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


@dataclass(frozen=True)
class Lateness:
    """In seconds: of the events, and of the oldest step that others have seen untold."""

    p99: float
    longest: float


def measure(control: Control, name: str, *, complaints: int) -> Lateness:
    """Let the deadlines of so many complaints come one after another, and look on."""
    with transaction.atomic(), connection.cursor() as cursor:
        control.add(name, complaints)
        cursor.execute(SOON, {"name": name, "spread": SPREAD})
    timers = Timer.objects.filter(complaint__number__startswith=f"{name}-")
    moments = dict(timers.values_list("pk", "next_fire_at"))
    oldest = [timedelta()]

    def is_over() -> bool:
        now = clock.now()
        untold = [at for at in timers.values_list("next_fire_at", flat=True) if at is not None]
        oldest.append(max((now - at for at in untold), default=timedelta()))
        return not untold

    wait_until(is_over, "the last deadline", patience=SPREAD + PATIENCE)
    fired = Event.objects.filter(kind="step_fired", timer__in=timers).values_list("timer", "at")
    late = [(at - moment).total_seconds() for timer, at in fired if (moment := moments[timer])]
    assert len(late) == 4 * complaints
    assert min(late) >= 0
    control.check(name, complaints)
    return Lateness(statistics.quantiles(late, n=100)[98], max(oldest).total_seconds())
