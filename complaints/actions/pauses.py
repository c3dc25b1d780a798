"""Waiting for the customer, the only thing that pauses a clock (`sla.md` rule 6)."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions import policies, replanning, timers
from complaints.actions.events import log
from complaints.actions.guard import check_open
from complaints.models import Complaint, Milestone, Pause, Timer, TimerState
from csm.kit import worktime
from csm.kit.errors import Refused
from csm.kit.transitions import check_version, stale, touch
from organisation.access import require
from organisation.models import Person

logger = logging.getLogger(__name__)


@transaction.atomic
def pause(
    *,
    complaint: Complaint,
    reason: str,
    by: Person,
    now: datetime,
    until: datetime | None = None,
    version: int | None = None,
) -> None:
    """Stop the clocks that are not overdue, never the apology's; until `until` or the limit."""
    require(by, "complaint.pause", complaint)
    check_open(complaint, "pause")
    check_version(complaint, version)
    if not reason.strip():
        raise Refused(
            _("Say what we wait for."), fields={"reason": _("Enter what the customer has to do.")}
        )
    touch(complaint, paused_at=now)
    waiting = pausable(complaint, now=now)
    rows = replanning.loaded(waiting)
    if not rows:
        raise Refused(_("No clock can wait: the apology never does, and an overdue clock goes on."))
    until_at = _end(rows, until, now)
    stopped = Timer.objects.filter(pk__in=[row.pk for row in rows])
    row = Pause.objects.create(
        complaint=complaint, reason=reason, started_at=now, until_at=until_at, by=by
    )
    row.timers.set(rows)
    stopped.update(state=TimerState.PAUSED, paused_at=now, paused_until=until_at, next_fire_at=None)
    clocks = replanning.replan(stopped)
    timers.refresh_next_due(complaint)
    log(complaint, "paused", by=by, at=now, pause=row.pk, clocks=clocks)


def pausable(complaint: Complaint, *, now: datetime) -> QuerySet[Timer]:
    """The clocks that may wait: running, made from a rule, not the apology's, not overdue."""
    running = Timer.objects.milestones().filter(
        complaint=complaint, state=TimerState.RUNNING, due_at__gt=now
    )
    return running.exclude(kind=Milestone.APOLOGY).exclude(revision=None)


def _end(rows: Iterable[Timer], until: datetime | None, now: datetime) -> datetime:
    latest = min(latest_end(row, now) for row in rows)
    if latest <= now:
        raise Refused(_("The time for waiting is used up; the clocks cannot pause any more."))
    if until is None:
        return latest
    if not now < until <= latest:
        raise Refused(
            _("This is not a time until which the clocks can wait."),
            fields={
                "until": _("Enter a time from now until %(latest)s.")
                % {"latest": f"{timezone.localtime(latest):%Y-%m-%d %H:%M}"}
            },
        )
    return until


def latest_end(timer: Timer, now: datetime) -> datetime:
    """Until when the clock may wait at the most: all its pauses together have a limit."""
    rule = policies.load(timer.revision)  # type: ignore[arg-type]
    spans = replanning.pause_spans(timer)
    used = sum((worktime.between(*span, rule.calendar) for span in spans), timedelta())
    left = rule.revision.pause_limit - used
    return worktime.add(now, left, rule.calendar) if left > timedelta() else now


@transaction.atomic
def resume(*, complaint: Complaint, by: Person, now: datetime, version: int | None = None) -> None:
    """The customer has answered: the clocks go on."""
    require(by, "complaint.pause", complaint)
    check_open(complaint, "resume")
    check_version(complaint, version)
    touch(complaint, paused_at=None)
    if not _finish(complaint, at=now, by=by, now=now):
        raise stale()


def end(complaint: Complaint, *, at: datetime, by: Person | None, now: datetime) -> None:
    """Another act shows that nobody waits any more. The complaint's row is the caller's by now."""
    if complaint.paused_at is not None:
        _release(complaint)
        _finish(complaint, at=at, by=by, now=now)


def _release(complaint: Complaint) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(paused_at=None)
    complaint.paused_at = None


def _finish(complaint: Complaint, *, at: datetime, by: Person | None, now: datetime) -> bool:
    """End the open pause at `at`, within its bounds, and let its clocks go on.

    False when a sweep has just ended it. A clock that was met or waived while it waited gets the
    deadline that it had by then.
    """
    row = Pause.objects.filter(complaint=complaint, ended_at=None).first()
    if row is None:
        return False
    row.ended_at = min(max(at, row.started_at), row.until_at)
    row.ended_by = by
    Pause.objects.filter(pk=row.pk).update(ended_at=row.ended_at, ended_by=by)
    waited = Timer.objects.filter(pauses=row)
    waited.filter(state=TimerState.PAUSED).update(
        state=TimerState.RUNNING, paused_at=None, paused_until=None
    )
    clocks = replanning.replan(waited)
    timers.refresh_next_due(complaint)
    log(complaint, "resumed", by=by, at=now, pause=row.pk, clocks=clocks)
    return True


def end_due(*, now: datetime) -> int:
    """Resume what waited until its end. Safe to run twice at once; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, {"now": now})
        due = [complaint for (complaint,) in cursor.fetchall()]
    return sum(_resume_by_itself(complaint, now) for complaint in due)


# Asked by every sweep: no query to be built.
DUE = """
SELECT complaint_id FROM complaints_pause
WHERE ended_at IS NULL AND until_at <= %(now)s ORDER BY until_at
"""


def _resume_by_itself(complaint_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            rows = Complaint.objects.select_for_update(skip_locked=True, no_key=True)
            complaint = rows.filter(pk=complaint_id, paused_at__isnull=False).first()
            if complaint is None:
                return False
            _release(complaint)
            return _finish(complaint, at=now, by=None, now=now)
    except OperationalError:
        raise
    except DatabaseError:
        logger.exception("the pause of complaint %s cannot end", complaint_id)
        return False
