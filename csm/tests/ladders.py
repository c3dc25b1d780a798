"""Complaints that nobody touches, and time that passes for them."""

from datetime import timedelta
from typing import TypeVar

from django.db import connection
from django.db.models import Count, Model

from complaints.factories import ComplaintFactory
from complaints.models import Complaint, Event, Timer
from csm.kit import clock
from organisation.factories import PersonFactory, tree
from organisation.models import Message, Role

M = TypeVar("M", bound=Model)
# Hours after the receipt at which the default ladders speak (`sla.md` §3).
MOMENTS = (0.75, 1, 2, 4, 12, 19.92, 24, 36, 44.16, 48, 59.76, 67.68, 72, 96)
# Of apology, result, work order and callback: the steps, and who hears of them in all when nobody
# handles the complaint (the branch manager stands in for the handler).
STEPS = 4 + 5 + 4 + 4
LISTENERS = 6 + 6 + 5 + 5
SHIFT = """
WITH back AS (SELECT %(seconds)s * interval '1 second' AS span)
UPDATE complaints_timer SET
    started_at = started_at - span, due_at = due_at - span, next_fire_at = next_fire_at - span,
    fire_at = ARRAY(SELECT moment - span
                    FROM unnest(fire_at) WITH ORDINALITY AS f(moment, place) ORDER BY place)
FROM back
"""


def untouched(count: int, until: str = "received") -> None:
    """So many complaints of Wuxi, just brought so far, and everybody who will hear of them."""
    found = tree()
    for role in (Role.FRONT_DESK, Role.BRANCH_MANAGER):
        PersonFactory.create(branch=found.branch, role=role)
    quality = PersonFactory.create(branch=found.headquarters, role=Role.QUALITY_MANAGER)
    for role in (Role.QUALITY_SPECIALIST, Role.SERVICE_DIRECTOR, Role.GENERAL_MANAGER):
        PersonFactory.create(branch=found.headquarters, role=role)
    first = ComplaintFactory.create(branch=found.branch, until=until, quality=quality)
    timers = list(first.timers.all())
    Message.objects.all().delete()
    others = [copy_of(first, number=f"COPY-{place}") for place in range(1, count)]
    Complaint.objects.bulk_create(others)
    Timer.objects.bulk_create(
        copy_of(timer, complaint=other) for other in others for timer in timers
    )


def copy_of(row: M, **different: object) -> M:
    """The row anew, unsaved, with another id and these fields."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields[row._meta.pk.attname]
    copy = type(row)(**fields)
    for name, value in different.items():
        setattr(copy, name, value)
    return copy


def let_pass(span: timedelta) -> None:
    """Have every clock believe that so much more time is over."""
    with connection.cursor() as cursor:
        cursor.execute(SHIFT, {"seconds": span.total_seconds()})


def due() -> int:
    """Clocks whose next step should have spoken by now."""
    return Timer.objects.filter(next_fire_at__lte=clock.now()).count()


def check_all_fired(count: int) -> None:
    """Each step of each ladder spoke once, to everybody named, over both channels."""
    steps = Event.objects.filter(step__isnull=False)
    per_step = steps.values("timer", "step").annotate(times=Count("pk"))
    assert list(per_step.exclude(times=1)) == []
    assert steps.filter(kind="step_fired").count() == steps.count() == count * STEPS
    assert Event.objects.filter(kind="notice_due").count() == count
    told = (
        Message.objects.filter(text="timer_step")
        .values("key", "recipient")
        .annotate(rows=Count("pk"))
    )
    assert list(told.exclude(rows=2)) == []
    assert told.count() == count * LISTENERS
    assert not Timer.objects.exclude(next_fire_at=None).exists()
    assert not Timer.objects.exclude(fire_failures=0).exists()
