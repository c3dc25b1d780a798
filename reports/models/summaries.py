"""Counts of a day, added up beforehand. Rebuildable from the facts; nothing else rests on them.

Their branches and categories are read from rows whose keys the database checks, and none of those
is ever deleted: a check of each summary row would only cost time.
"""

from django.db import models

from complaints.models import Category
from organisation.models import Branch


class BranchDay(models.Model):
    """What a branch counts on one day of the company's calendar.

    `received` and `valid` by receipt, for the branch responsible; calls by the moment of the call,
    answers by that of the response, asked people by that of their answer (F-18).
    """

    pk = models.CompositePrimaryKey("day", "branch_id")
    day = models.DateField()
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    received = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()
    calls = models.PositiveIntegerField(help_text="Callbacks in which the customer judged.")
    calls_satisfied = models.PositiveIntegerField()
    answers = models.PositiveIntegerField(help_text="Responses to surveys with a satisfaction.")
    answers_satisfied = models.PositiveIntegerField()
    asked = models.PositiveIntegerField(help_text="People asked about the micro-report.")
    aware = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.branch_id}"


class ClockDay(models.Model):
    """The clocks of one milestone that fall due on a day, by verdict, for their owner then."""

    pk = models.CompositePrimaryKey("day", "branch_id", "kind")
    day = models.DateField()
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=16)
    met = models.PositiveIntegerField()
    breached = models.PositiveIntegerField()
    running = models.PositiveIntegerField()
    void = models.PositiveIntegerField()
    waived = models.PositiveIntegerField()
    unreached = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.day} {self.branch_id} {self.kind}"


class IntakeDay(models.Model):
    """Complaints received on a day, by branch, category (none before triage) and channel."""

    day = models.DateField()
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    channel = models.CharField(max_length=20)
    received = models.PositiveIntegerField()
    valid = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("day", "branch", "category", "channel"),
                nulls_distinct=False,
                name="intake_day_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.branch_id} {self.category_id} {self.channel}"


class ShipmentDay(models.Model):
    """Shipments of a day: each period of a customer's volume in equal parts for its days."""

    pk = models.CompositePrimaryKey("day", "branch_id")
    day = models.DateField()
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    shipments = models.DecimalField(max_digits=16, decimal_places=4)

    def __str__(self) -> str:
        return f"{self.day} {self.branch_id}"
