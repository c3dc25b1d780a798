"""What a missed deadline draws after it (C-10): the sweep that reads the events `notice_due`.

The events are history and work queue at once: what has no consequence yet is looked for anew, so
nothing is lost, and the timer of each consequence is unique, so nothing comes twice.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints.actions import late_orders
from complaints.actions.notice_news import facts
from complaints.models import Complaint, Effect, Event, Notice, Status, Timer, TimerKind, TimerState
from csm.kit.inserting import insert
from organisation import outbox
from organisation.actions import sweeps
from organisation.models import Branch, Importance, Role
from organisation.roles import Holders, holders_of

logger = logging.getLogger(__name__)
# Nobody is served by a consequence that comes later: an old installation starts without a flood.
DRAWN_FOR = timedelta(days=30)
SIZE = 100
NOT_COUNTED = (Status.INVALID_PROPOSED, Status.INVALID, Status.MERGED)
Write = Callable[[Sequence[Timer], datetime], int]


def draw(*, now: datetime) -> int:
    """All of them; gives how many there were. Safe to run twice at once and on many machines."""
    drawn = draft_due_notices(now=now) + propose_due_assessments(now=now)
    sweeps.mark("consequences", now=now)
    return drawn


def draft_due_notices(*, now: datetime) -> int:
    """A notice for each missed deadline that has none yet; gives how many were drafted."""
    return draw_missing("notice_drafted", _draft, now=now)


def propose_due_assessments(*, now: datetime) -> int:
    """An assessment for each missed deadline of a valid complaint that has none yet; how many."""
    return draw_missing("assessment_proposed", late_orders.propose, now=now)


def draw_missing(name: str, write: Write, *, now: datetime) -> int:
    """`write` what the timers lack whose event `notice_due` is there; in batches.

    `name` leads from a timer to what it lacks. Gives how many consequences were drawn.
    """
    drawn, last = 0, 0
    while batch := _due(name, last, now):
        drawn, last = drawn + _drawn(name, batch, write, now), batch[-1]
    return drawn


def _due(name: str, last: int, now: datetime) -> list[int]:
    """Timers behind the last one; of complaints that are none, nothing follows."""
    rows = Event.objects.filter(
        Q(timer__complaint__isnull=False) | Q(timer__work_order__isnull=False),
        kind=Effect.NOTICE_DUE,
        at__gt=now - DRAWN_FOR,
        timer__gt=last,
        **{f"timer__{name}__isnull": True},
    )
    rows = rows.exclude(timer__state__in=(TimerState.VOID, TimerState.WAIVED))
    rows = rows.exclude(timer__complaint__status__in=NOT_COUNTED)
    return list(rows.order_by("timer").values_list("timer", flat=True)[:SIZE])


def _drawn(name: str, batch: Sequence[int], write: Write, now: datetime) -> int:
    """Write a batch; a poisoned row is found by halving, and the rest is written."""
    try:
        with transaction.atomic():
            timers = _held(name, batch)
            return write(timers, now) if timers else 0
    except OperationalError:
        raise
    except DatabaseError:
        if len(batch) == 1:
            logger.exception("timer %s draws nothing after it", batch[0])
            return 0
    middle = len(batch) // 2
    return sum(_drawn(name, half, write, now) for half in (batch[:middle], batch[middle:]))


def _held(name: str, batch: Sequence[int]) -> list[Timer]:
    """Those that no other sweep has in hand; looked at once they are held: it may be done since."""
    rows = Timer.objects.filter(pk__in=batch).order_by("pk")
    held = rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    missing = rows.filter(pk__in=list(held), **{f"{name}__isnull": True})
    return list(missing.select_related("complaint", "work_order", "verdict_branch"))


def _draft(timers: Sequence[Timer], now: datetime) -> int:
    found = holders_of([Role.QUALITY_MANAGER])
    units = _units(timers, found)
    with translation.override(settings.LANGUAGE_CODE):
        notices = insert([_notice(timer, units[timer.pk], now) for timer in timers])
    named = Notice.addressees.through
    insert(
        [
            named(notice=notice, branch=timer.verdict_branch)
            for notice, timer in zip(notices, timers, strict=True)
        ]
    )
    insert([Event(notice=notice, kind="notice_drafted", at=now) for notice in notices])
    outbox.put_all([_news(notice, found) for notice in notices], now=now)
    return len(notices)


def _units(timers: Sequence[Timer], found: Holders) -> dict[int, Branch]:
    """Who issues, by timer: the unit that assigned the complaint, else the one that would have."""
    root = Branch.objects.top().pk
    units = {timer.pk: _unit(timer, found) or root for timer in timers}
    branches = Branch.objects.in_bulk(units.values())
    return {timer: branches[unit] for timer, unit in units.items()}


def _unit(timer: Timer, found: Holders) -> int | None:
    known = timer.work_order or timer.complaint
    given = known.issuing_branch_id if known else None
    return given or found.seat(timer.verdict_branch, Role.QUALITY_MANAGER)


def _notice(timer: Timer, unit: Branch, now: datetime) -> Notice:
    complaint, order = timer.complaint, timer.work_order
    what = _words_of(timer, complaint)
    title = _("%(branch)s: “%(promise)s” not in time (%(number)s)") % what
    return Notice(
        title=title[:120],
        text=_(
            "“%(subject)s” (%(number)s): the deadline of “%(promise)s” passed at %(due)s, and "
            "%(branch)s has not kept it.\n\n"
            "%(branch)s is to do what is missing at once, to say why it was late, and what will "
            "prevent it from now on."
        )
        % what,
        issuing_branch=unit,
        complaint=complaint,
        work_order=order,
        timer=timer,
        created_at=now,
    )


def _words_of(timer: Timer, complaint: Complaint | None) -> dict[str, str]:
    order = timer.work_order
    return {
        "branch": timer.verdict_branch.label,
        "promise": str(TimerKind(timer.kind).label),
        "number": complaint.number if complaint else str(order),
        "subject": complaint.subject if complaint else order.title if order else "",
        "due": f"{timezone.localtime(timer.due_at):%Y-%m-%d %H:%M}",
    }


def _news(notice: Notice, found: Holders) -> outbox.Notice:
    """For the quality managers of the issuing unit."""
    unit = notice.issuing_branch
    return outbox.Notice(
        key=f"notice:{notice.pk}:drafted",
        people=[person.pk for person in found.nearest(unit, Role.QUALITY_MANAGER)],
        text="notice_drafted",
        context=facts(notice),
        importance=Importance.REMINDER,
        path=f"/notices/{notice.pk}/",
    )
