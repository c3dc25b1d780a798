"""A deadline is a row. A breach is a fact of its times, never of a worker having run."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from complaints.models.assessment import Assessment
from complaints.models.complaint import Complaint
from complaints.models.notice import Notice
from complaints.models.policy import Milestone, PolicyRevision, TimerKind
from complaints.models.work_order import WorkOrder
from organisation.models import Branch, Person
from organisation.scope import Scope

MILESTONES = tuple(Milestone.values)


class TimerState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    MET = "met", _("Met")
    VOID = "void", _("Void")
    WAIVED = "waived", _("Waived")
    UNREACHED = "unreached", _("Not reached")


class Verdict(models.TextChoices):
    """In this order; on-time share = met / (met + breached), the others have their own columns."""

    VOID = "void", _("Void")
    WAIVED = "waived", _("Waived")
    UNREACHED = "unreached", _("Not reached")
    MET = "met", _("On time")
    BREACHED = "breached", _("Overdue")
    RUNNING = "running", _("Running")


UNFINISHED = (TimerState.RUNNING, TimerState.PAUSED)


def verdict_at(now: datetime, *, of: str = "") -> Case:
    """The verdict as an SQL expression (`sla.md` §1). Equal to the deadline is met.

    `of`: the relation that leads to the timer, where the rows are others. A pause needs no case of
    its own: its end is known, and the deadline lies behind it already.
    """
    to = f"{of}__" if of else ""
    due_at = F(f"{to}due_at")

    def when(then: Verdict, **is_so: object) -> When:
        return When(**{f"{to}{name}": value for name, value in is_so.items()}, then=Value(then))

    return Case(
        when(Verdict.VOID, state=TimerState.VOID),
        when(Verdict.WAIVED, state=TimerState.WAIVED),
        when(Verdict.UNREACHED, state=TimerState.UNREACHED, unreached_at__lte=due_at),
        when(Verdict.MET, met_at__lte=due_at),
        when(Verdict.BREACHED, due_at__lt=Coalesce(F(f"{to}met_at"), Value(now))),
        default=Value(Verdict.RUNNING),
        output_field=models.CharField(),
    )


SUBJECTS = ("complaint", "work_order", "notice", "assessment")
_ONE_SUBJECT = reduce(
    or_, (Q(**{f"{name}__isnull": name != one for name in SUBJECTS}) for one in SUBJECTS)
)


class TimerQuerySet(models.QuerySet["Timer"]):
    def milestones(self) -> "TimerQuerySet":
        return self.filter(kind__in=MILESTONES)

    def unfinished(self) -> "TimerQuerySet":
        return self.filter(state__in=UNFINISHED)

    def with_verdict(self, now: datetime) -> "TimerQuerySet":
        return self.annotate(verdict=verdict_at(now))


class Timer(models.Model):
    """One promise being counted.

    `fire_at` holds the moments of the ladder's steps in order, and `next_fire_at` the next of them:
    the only column that a sweep looks at. History has neither: it never wakes anybody.
    While paused, `due_at` and `fire_at` are what they will be if the pause lasts to its end; a
    resume before it moves them back. So a breach stays a fact of times even if no worker runs.
    `verdict_branch` is the owner at least(coalesce(met_at, due_at), due_at); a hand-over moves it
    only while the deadline lies ahead (`sla.md` rule 3).
    """

    SCOPE: ClassVar = Scope(verb="complaint.see", branches=("owner_branch",))

    complaint = models.ForeignKey(Complaint, models.CASCADE, null=True, related_name="timers")
    work_order = models.ForeignKey(WorkOrder, models.CASCADE, null=True, related_name="timers")
    # Few have these: the partial indexes of the constraints below find them.
    notice = models.ForeignKey(
        Notice, models.CASCADE, null=True, related_name="timers", db_index=False
    )
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, null=True, related_name="timers", db_index=False
    )
    kind = models.CharField(max_length=16, choices=TimerKind)
    cycle = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=TimerState, default=TimerState.RUNNING)
    revision = models.ForeignKey(PolicyRevision, models.PROTECT, null=True, related_name="timers")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    fire_at = ArrayField(models.DateTimeField(), default=list)
    next_fire_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    unreached_at = models.DateTimeField(null=True, help_text="The last of the failed calls.")
    met_evidence = models.CharField(max_length=40, blank=True)
    owner_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verdict_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True, help_text="When the pause ends by itself.")
    paused_seconds = models.PositiveIntegerField(default=0)
    waived_at = models.DateTimeField(null=True)
    waived_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    waiver_code = models.CharField(max_length=40, blank=True)
    fire_failures = models.PositiveSmallIntegerField(default=0)
    quarantined_at = models.DateTimeField(null=True)

    objects = TimerQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("complaint", "kind", "cycle"),
                condition=Q(complaint__isnull=False),
                name="timer_once_per_complaint",
            ),
            models.UniqueConstraint(
                fields=("work_order", "kind", "cycle"),
                condition=Q(work_order__isnull=False),
                name="timer_once_per_work_order",
            ),
            models.UniqueConstraint(
                fields=("notice", "kind", "cycle"),
                condition=Q(notice__isnull=False),
                name="timer_once_per_notice",
            ),
            models.UniqueConstraint(
                fields=("assessment", "kind", "cycle"),
                condition=Q(assessment__isnull=False),
                name="timer_once_per_assessment",
            ),
            models.CheckConstraint(condition=_ONE_SUBJECT, name="timer_one_subject"),
            models.CheckConstraint(
                condition=Q(state="met", met_at__isnull=False)
                | Q(state="unreached", met_at__isnull=True, unreached_at__isnull=False)
                | Q(state__in=("running", "paused"), met_at__isnull=True)
                | Q(state__in=("void", "waived")),
                name="timer_finished_has_time",
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(met_at__gte=F("started_at")),
                name="timer_met_after_start",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="paused",
                    paused_at__isnull=False,
                    paused_until__isnull=False,
                    paused_until__gt=F("paused_at"),
                )
                | (~Q(state="paused") & Q(paused_at__isnull=True, paused_until__isnull=True)),
                name="timer_paused_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | Q(waived_at__isnull=False, waived_by__isnull=False),
                name="timer_waived_has_person",
            ),
            models.CheckConstraint(
                condition=Q(next_fire_at__isnull=True) | Q(state="running"),
                name="timer_only_running_fires",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_fire_at",),
                condition=Q(next_fire_at__isnull=False),
                name="timer_to_fire",
            ),
            models.Index(fields=("verdict_branch", "due_at"), name="timer_by_verdict"),
            models.Index(fields=("due_at",), name="timer_by_due"),
            models.Index(
                fields=("owner", "due_at"),
                condition=Q(state__in=("running", "paused")),
                name="timer_of_owner",
            ),
            models.Index(
                fields=("quarantined_at",),
                condition=Q(quarantined_at__isnull=False),
                name="timer_quarantined",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.cycle}"
