"""Reminders of the programme, each told once: a report to be written, a meeting to be recorded."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from complaints import months
from csm.kit import periods
from organisation import outbox
from organisation.actions import calendars
from organisation.models import Branch, Level, Role
from organisation.roles import holders_of
from staff.actions import programme_news as news
from staff.models import NUMBERED, MicroReport, MorningMeeting, ReportStatus, Turn

AHEAD = timedelta(days=7)
REMINDED_AT = time(9)
WEEK = timedelta(days=7)


@transaction.atomic
def reports_due(*, now: datetime) -> int:
    """A branch whose week begins within seven days, and whose report is not handed in (T-01)."""
    turns = Turn.objects.filter(publish_at__gt=now, publish_at__lte=now + AHEAD)
    handed_in = (ReportStatus.SUBMITTED, ReportStatus.APPROVED)
    late = turns.exclude(report__status__in=handed_in).select_related("branch")
    return outbox.put_all([news.due(turn) for turn in late], now=now)


@transaction.atomic
def reports_late(*, now: datetime) -> int:
    """A week that began without an approved report: its branch and the quality manager hear."""
    turns = Turn.objects.filter(publish_at__lte=now, publish_at__gt=now - WEEK)
    late = turns.exclude(report__status__in=NUMBERED).select_related("branch")
    return outbox.put_all([news.late(turn) for turn in late], now=now)


@transaction.atomic
def meetings_missing(*, now: datetime) -> int:
    """On the last day of work of the week, a Friday as a rule, from nine o'clock on (T-04)."""
    zone = timezone.get_default_timezone()
    week = months.running(now, "week")
    days = calendars.work_days(week.first_on, week.last_on)
    if not days or now < periods.moment(days[-1], REMINDED_AT, zone):
        return 0
    reports = MicroReport.objects.filter(
        status=ReportStatus.PUBLISHED, published_at__gte=week.start, published_at__lt=week.end
    )
    managers = holders_of([Role.BRANCH_MANAGER])
    notices = [
        news.meeting_missing(
            report, branch, [each.pk for each in managers.nearest(branch, Role.BRANCH_MANAGER)]
        )
        for report in reports.select_related("turn", "branch")
        for branch in without_meeting(report)
    ]
    return outbox.put_all(notices, now=now)


def without_meeting(report: MicroReport) -> QuerySet[Branch]:
    """The branches that have recorded none."""
    done = MorningMeeting.objects.filter(report=report).values("branch")
    return Branch.objects.active().filter(level=Level.BRANCH).exclude(pk__in=done)
