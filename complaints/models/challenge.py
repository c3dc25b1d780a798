"""A challenge: somebody who speaks for the customer doubts a result or a verdict (C-22)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.timer import Timer
from organisation.models import Branch, Person


class ChallengeAbout(models.TextChoices):
    RESULT = "result", _("The result")
    VERDICT = "verdict", _("The verdict of a clock")


class ChallengeOutcome(models.TextChoices):
    UPHELD = "upheld", _("It stands")
    CHANGED = "changed", _("It is changed")
    EXPLAINED = "explained", _("It stands, and was explained")


class Challenge(models.Model):
    """One doubt. `sequence` numbers those of a complaint, and is the cycle of its deadline.

    `branch` has to answer: the unit that issues the complaint's order. `doubted` is whose work it
    is about, and who therefore does not answer.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="challenges")
    sequence = models.PositiveSmallIntegerField(_("number"))
    about = models.CharField(_("about"), max_length=10, choices=ChallengeAbout)
    timer = models.ForeignKey(Timer, models.PROTECT, null=True, related_name="challenges")
    words = models.TextField(_("what is doubted, and why"), max_length=5000)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    doubted = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=10, choices=ChallengeOutcome, blank=True)
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("sequence",)
        constraints = (
            models.UniqueConstraint(fields=("complaint", "sequence"), name="challenge_number_once"),
            # What is doubted already waits for its answer.
            models.UniqueConstraint(
                fields=("complaint", "about", "timer"),
                condition=Q(answered_at__isnull=True),
                nulls_distinct=False,
                name="challenge_open_once",
            ),
            models.CheckConstraint(
                condition=Q(about="result", timer__isnull=True)
                | Q(about="verdict", timer__isnull=False),
                name="challenge_names_its_clock",
            ),
            models.CheckConstraint(
                condition=Q(
                    answered_at__isnull=True, answered_by__isnull=True, outcome="", answer=""
                )
                | (
                    Q(answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(answer="")
                ),
                name="challenge_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | (
                    ~Q(answered_by=F("by"))
                    & (Q(doubted__isnull=True) | ~Q(answered_by=F("doubted")))
                ),
                name="challenge_answered_by_another",
            ),
        )
        indexes = (
            models.Index(
                fields=("branch", "at"),
                condition=Q(answered_at__isnull=True),
                name="challenge_to_answer",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.sequence}"
