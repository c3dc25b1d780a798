"""Everything was down for two hours: what became due meanwhile is told at once, in one mail."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from complaints.models import Event, Timer
from csm.tests import ladders
from csm.tests.mailbox import Mailbox
from csm.tests.waiting import DELIVER, FIRE, ring, wait_until
from csm.tests.worker import Worker
from organisation.models import Message, Person

COUNT = 1000
LEVELS = 3  # of the apology: 75 %, the deadline, an hour after it
LONGEST = 120  # seconds
HEAR = ("front_desk", "branch_manager", "quality_specialist", "service_director")


def test_a03_after_two_hours_of_silence_each_level_once_and_one_digest_each(
    smtp: Mailbox, worker: Callable[..., Worker]
) -> None:
    ladders.untouched(COUNT)
    ladders.let_pass(timedelta(hours=2, minutes=1))
    assert ladders.due() == COUNT
    worker()

    start = time.monotonic()

    def is_over() -> bool:
        ring(*FIRE)
        ring(*DELIVER)
        return not ladders.due() and not Message.objects.exclude(state="sent").exists()

    wait_until(is_over, "the catching up", patience=LONGEST)
    assert time.monotonic() - start < LONGEST

    steps = Event.objects.filter(step__isnull=False)
    assert steps.count() == COUNT * LEVELS
    assert not steps.values("timer", "step").annotate(times=Count("pk")).exclude(times=1).exists()
    # Of each clock the highest speaks, and stands last in the time line.
    place = Window(RowNumber(), partition_by=F("timer"), order_by=F("pk").asc())
    written = steps.annotate(place=place).values_list("place", "step__position", "kind")
    assert Counter(written) == {
        (1, 0, "step_superseded"): COUNT,
        (2, 1, "step_superseded"): COUNT,
        (3, 2, "step_fired"): COUNT,
    }
    assert Counter(mail["To"] for mail in smtp.messages) == dict.fromkeys(addresses(), 1)
    assert all(mail["Subject"].endswith(f"(and {COUNT - 1} more)") for mail in smtp.messages)
    assert not Timer.objects.exclude(fire_failures=0).exists()


def addresses() -> list[str]:
    """Of everybody whom one of the three levels names."""
    return list(Person.objects.filter(postings__role__in=HEAR).values_list("email", flat=True))
