"""The rotation: which branch writes the micro-report of which week (T-01)."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Branch, Person
from organisation.scope import Scope


class Turn(models.Model):
    """One week of one branch, which no week lacks that has a day of work.

    `monday` begins the week. `publish_at` is its first day of work, 08:00 of the company's time: a
    Monday, unless that is a holiday. Changing weeks moves the turn, and its report with it.
    """

    # Everybody reads the rotation; a right over a turn is one over its branch.
    SCOPE: ClassVar = Scope(verb="incentive.see", branches=("branch",))

    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="turns", verbose_name=_("branch")
    )
    monday = models.DateField(_("week of"))
    publish_at = models.DateTimeField(_("published"))

    class Meta:
        ordering = ("monday",)
        constraints = (
            # Deferred: two turns change their weeks, or many move on, in one transaction.
            models.UniqueConstraint(
                fields=("monday",), name="turn_one_per_week", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(monday__iso_week_day=1), name="turn_begins_on_monday"
            ),
        )

    def __str__(self) -> str:
        return f"{self.monday} {self.branch_id}"

    def has_begun(self, now: datetime) -> bool:
        """Its moment has come: nobody changes weeks any more."""
        return self.publish_at <= now


class Swap(models.Model):
    """One branch asks another to change weeks. `is_agreed` is empty until the other answers."""

    SCOPE: ClassVar = Scope(verb="incentive.see", branches=("branch", "other_branch"))

    turn = models.ForeignKey(Turn, models.PROTECT, related_name="swaps_asked")
    other = models.ForeignKey(Turn, models.PROTECT, related_name="swaps_offered")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    other_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_agreed = models.BooleanField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(turn=F("other")), name="swap_of_two_turns"),
            models.CheckConstraint(
                condition=Q(is_agreed__isnull=True, answered_at__isnull=True)
                | Q(is_agreed__isnull=False, answered_at__isnull=False),
                name="swap_answered_whole",
            ),
            models.UniqueConstraint(
                fields=("turn",), condition=Q(is_agreed__isnull=True), name="swap_asked_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.turn_id} {self.other_id}"
