"""Whether the story arrives: morning meetings, and spot-checks of awareness (T-04, T-05, F-18)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Branch, Person, PublicLink
from organisation.scope import Scope
from staff.models.micro_reports import QUESTIONS, MicroReport

# Of every branch; all of them where there are fewer.
FEWEST_PER_BRANCH = 5
# Whoever gives so many right answers of three knows the story.
RIGHT_ENOUGH = 2
# Also the name of the address that the link opens.
AWARE = "aware"


class MorningMeeting(models.Model):
    """A branch read the report together, on a day of its week."""

    SCOPE: ClassVar = Scope(verb="incentive.see", branches=("branch",))

    report = models.ForeignKey(MicroReport, models.PROTECT, related_name="meetings")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    held_on = models.DateField(_("day of the meeting"))
    attendees = models.ManyToManyField(Person, related_name="+")
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("branch__path",)
        constraints = (models.UniqueConstraint(fields=("report", "branch"), name="meeting_once"),)

    def __str__(self) -> str:
        return f"{self.report_id} {self.branch_id}"


class SpotCheck(models.Model):
    """Who is asked about a report, drawn at random: the same seed draws the same people again."""

    report = models.OneToOneField(MicroReport, models.PROTECT, related_name="spot_check")
    seed = models.BigIntegerField()
    per_branch = models.PositiveSmallIntegerField(default=FEWEST_PER_BRANCH)
    drawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(per_branch__gte=FEWEST_PER_BRANCH), name="spot_check_asks_enough"
            ),
        )

    def __str__(self) -> str:
        return f"{self.report_id} {self.seed}"


class AskedPerson(models.Model):
    """Somebody who was drawn. `marks`: whether each of the three answers was right; once.

    `typed_by` is empty where the person answered for themselves, else who asked by phone. `link`:
    of those who have e-mail, what opens their questions without a login until the check ends.
    """

    SCOPE: ClassVar = Scope(verb="micro_report.review", branches=("branch",), people=("person",))

    spot_check = models.ForeignKey(SpotCheck, models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    link = models.OneToOneField(PublicLink, models.PROTECT, null=True, related_name="asked")
    marks = ArrayField(models.BooleanField(), null=True)
    is_aware = models.BooleanField(_("knows the story"), null=True)
    answered_at = models.DateTimeField(null=True)
    typed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("branch__path", "person__spelling", "pk")
        constraints = (
            models.UniqueConstraint(fields=("spot_check", "person"), name="asked_once"),
            models.CheckConstraint(
                condition=Q(marks__isnull=True, is_aware__isnull=True, answered_at__isnull=True)
                | Q(marks__len=QUESTIONS, is_aware__isnull=False, answered_at__isnull=False),
                name="asked_answers_whole",
            ),
            models.CheckConstraint(
                condition=Q(typed_by__isnull=True) | ~Q(typed_by=models.F("person")),
                name="asked_not_by_oneself",
            ),
        )

    def __str__(self) -> str:
        return f"{self.spot_check_id} {self.person_id}"
