"""A-12: a timer that ends every process that takes it up is found, and holds nobody else up."""

from django.db import transaction

from complaints.actions import batches
from complaints.models import Event, Timer
from csm.celery import app
from csm.kit import clock
from csm.tests.fire.gate import BATCH, FATAL
from csm.tests.fire.overdue import PATIENCE, Control
from csm.tests.fire.site import Site
from csm.tests.waiting import wait_until

COMPLAINTS = 50
DEATH = "WorkerLostError('Worker exited prematurely"


def test_a12_a_timer_that_kills_its_worker_is_set_aside(site: Site, control: Control) -> None:
    said = site.output()
    with transaction.atomic():
        control.add("A12", COMPLAINTS)
        poisoned = Timer.objects.filter(complaint__number="A12-7").earliest("pk")
        Timer.objects.filter(pk=poisoned.pk).update(met_evidence=FATAL)
    others = Timer.objects.filter(complaint__number__startswith="A12-").exclude(pk=poisoned.pk)
    wait_until(
        lambda: not others.exclude(next_fire_at=None).exists(), "the others", patience=PATIENCE
    )
    assert Event.objects.filter(kind="step_fired", timer__in=others).count() == others.count()

    def failed(times: int) -> bool:
        # So much time passes.
        Timer.objects.filter(pk=poisoned.pk, next_fire_at__isnull=False).update(
            next_fire_at=clock.now()
        )
        poisoned.refresh_from_db()
        return poisoned.fire_failures >= times

    wait_until(lambda: failed(2), "its second failure alone", patience=PATIENCE)
    last = batches.FAILURES_ALLOWED
    Timer.objects.filter(pk=poisoned.pk).update(fire_failures=last - 2)
    wait_until(lambda: failed(last), "its last failure", patience=PATIENCE)
    assert (poisoned.next_fire_at, poisoned.fire_failures) == (None, last)
    assert poisoned.quarantined_at
    assert not Event.objects.filter(timer=poisoned).exists()
    # Two to find it (of fifty, of three), then one for each failure that was not skipped here.
    assert BATCH == 50
    assert site.output().removeprefix(said).count(DEATH) <= 2 + last


def test_a12_what_kills_its_worker_is_not_tried_five_times_a_minute() -> None:
    assert 60 / batches.GRACE.total_seconds() < 5
    assert (
        batches.GRACE.total_seconds()
        < app.conf.beat_schedule["complaints.tasks.fire_timers"]["schedule"]
    )
