"""Weekly micro-reports: writing, reviewing, morning meetings, questions on them (T-01 … T-05)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import months
from csm.kit import periods
from organisation.access import branches, units
from organisation.models import Branch, Level, Person
from staff.actions.awareness import ARRANGE
from staff.actions.micro_reports import REVIEW, WRITE
from staff.agenda.contest import leads
from staff.agenda.task import Task
from staff.models import NUMBERED, AskedPerson, MicroReport, MorningMeeting, ReportStatus, Turn

# A report is asked for so long before its week; one of an earlier week stays until it is written.
AHEAD, BEHIND = timedelta(days=21), timedelta(days=28)
HANDED_IN = (ReportStatus.SUBMITTED, *NUMBERED)


def tasks(person: Person, *, today: date) -> list[Task]:
    return [
        *_to_write(person, today),
        *_to_review(person),
        *_to_meet(person, today),
        *_to_answer(person, today),
    ]


def _to_write(person: Person, today: date) -> Iterator[Task]:
    """The stories of the branches where one works, before their weeks begin."""
    rows = Turn.objects.filter(
        branch__in=units(person, WRITE), monday__gte=today - BEHIND, monday__lte=today + AHEAD
    ).exclude(report__status__in=HANDED_IN)
    for turn in rows.select_related("branch"):
        words = _("Hand in the micro-report of the week of %(day)s") % {"day": turn.monday}
        path = reverse("micro-report-write", args=[turn.pk])
        due = timezone.localdate(turn.publish_at) - periods.DAY
        mine = turn.branch_id in leads(person)
        yield Task(due, words, path, is_mine=mine, whose=turn.branch.label)


def _to_review(person: Person) -> Iterator[Task]:
    rows = MicroReport.objects.filter(
        status=ReportStatus.SUBMITTED, branch__in=branches(person, REVIEW)
    )
    for row in rows.select_related("turn", "branch"):
        yield Task(
            timezone.localdate(row.turn.publish_at),
            _("Review the micro-report: %(title)s") % {"title": row.title},
            reverse("micro-report", args=[row.pk]),
            is_mine=row.submitted_by_id != person.pk,
            whose=row.branch.label,
        )


def _to_meet(person: Person, today: date) -> Iterator[Task]:
    """The report of the week is read in the morning meeting of each branch."""
    week = months.on(today, "week")
    own = Branch.objects.active().filter(level=Level.BRANCH, pk__in=units(person, ARRANGE))
    reports = MicroReport.objects.filter(
        status=ReportStatus.PUBLISHED, published_at__gte=week.start, published_at__lt=week.end
    )
    for report in reports.select_related("turn"):
        done = set(MorningMeeting.objects.filter(report=report).values_list("branch", flat=True))
        for branch in own:
            if branch.pk not in done:
                yield Task(
                    report.read_on[1],
                    _("Read the micro-report in the morning meeting, and record it"),
                    reverse("micro-report-meeting", args=[report.pk]),
                    is_mine=True,
                    whose=branch.label,
                )


def _to_answer(person: Person, today: date) -> Iterator[Task]:
    """Three questions on a report, for those who were drawn."""
    rows = AskedPerson.objects.filter(
        person=person,
        answered_at=None,
        spot_check__closes_at__date__gte=today,
        spot_check__report__status=ReportStatus.PUBLISHED,
    )
    for row in rows.select_related("spot_check"):
        yield Task(
            timezone.localdate(row.spot_check.closes_at),
            _("Answer three questions on the micro-report"),
            reverse("awareness-answer", args=[row.pk]),
            is_mine=True,
        )
