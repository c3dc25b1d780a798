"""The quarterly contest 我的服务我做主 (T-06): its days, and what its plans are judged by."""

from datetime import date, datetime, time, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints import months
from csm.kit import periods
from csm.kit.transitions import Moving
from organisation.models import Person
from organisation.models.branch import in_language

# The best mark of a criterion; the worst is 1.
MOST_POINTS = 10


class ContestStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a contest", "Running")
    ANNOUNCED = "announced", pgettext_lazy("of a contest", "Announced")


class Contest(Moving):
    """One for each quarter, for all branches. Its days count to their end."""

    MOVES: ClassVar = {ContestStatus.OPEN: (ContestStatus.ANNOUNCED,)}

    period = models.CharField(_("quarter"), max_length=7, unique=True)
    plans_due_on = models.DateField(_("plans are due"))
    feedback_due_on = models.DateField(_("feedback is due"))
    review_due_on = models.DateField(_("marks are due"))
    team_awards = models.PositiveSmallIntegerField(_("team awards"), default=1)
    fewest_reviewers = models.PositiveSmallIntegerField(
        _("fewest reviewers of a winner"), default=3
    )
    team_prize = models.CharField(_("prize of a team"), max_length=200)
    personal_prize = models.CharField(_("prize of a person"), max_length=200)
    # In yuan, of one award: taken from the award fund at the announcement (O-17).
    team_prize_cost = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    personal_prize_cost = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    status = models.CharField(
        _("status"), max_length=9, choices=ContestStatus, default=ContestStatus.OPEN
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField(null=True)
    announced_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-period",)
        constraints = (
            models.CheckConstraint(
                condition=Q(plans_due_on__lt=F("feedback_due_on"))
                & Q(feedback_due_on__lt=F("review_due_on")),
                name="contest_days_follow",
            ),
            models.CheckConstraint(
                condition=Q(team_awards__range=(1, 20), fewest_reviewers__range=(1, 20)),
                name="contest_numbers_fit",
            ),
            models.CheckConstraint(
                condition=Q(team_prize_cost__gte=0, personal_prize_cost__gte=0),
                name="contest_costs_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(status="open", announced_at__isnull=True)
                | Q(status="announced", announced_at__isnull=False),
                name="contest_announced_has_moment",
            ),
        )

    def __str__(self) -> str:
        return self.period

    @property
    def is_open(self) -> bool:
        return self.status == ContestStatus.OPEN

    @property
    def label(self) -> str:
        """The quarter in words."""
        return periods.label(months.of_key(self.period, "quarter"))


def end_of(day: date) -> datetime:
    """The first moment after a day of the company."""
    return periods.moment(day + timedelta(days=1), time(0), timezone.get_default_timezone())


class Criterion(models.Model):
    """What a plan is judged by, in percent of the mark; the database keeps it as it was opened."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("criterion"), max_length=80)
    name_en = models.CharField(_("in English"), max_length=80, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight in percent"))

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("contest", "position"), name="criterion_place_once"),
            models.CheckConstraint(
                condition=Q(weight__range=(1, 100)), name="criterion_weighs_something"
            ),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)
