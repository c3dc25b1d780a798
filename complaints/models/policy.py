"""Which targets, clock and ladder a complaint gets. A revision never changes once it exists."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.category import Category
from complaints.models.complaint import Severity
from customers.models import Grade, Tier
from organisation.models import Branch, Importance, Person, WorkCalendar


class Milestone(models.TextChoices):
    """The four promises, in the order in which they are always shown."""

    APOLOGY = "apology", _("Apology")
    RESULT = "result", _("Result")
    WORK_ORDER = "work_order", _("Work order")
    CALLBACK = "callback", _("Callback")


class TimerKind(models.TextChoices):
    """All that a timer may count; only the milestones enter the statistics."""

    APOLOGY = "apology", _("Apology")
    RESULT = "result", _("Result")
    WORK_ORDER = "work_order", _("Work order")
    CALLBACK = "callback", _("Callback")
    REWORK = "rework", _("Rework")
    MEASURE = "measure", _("Measure")
    OPINION = "opinion", _("Opinion")
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    CHALLENGE = "challenge", _("Challenge")
    APPEAL = "appeal", _("Appeal")


class Policy(models.Model):
    """A named choice of clock; the first active one whose conditions all hold applies.

    An empty condition holds for every complaint.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    grade = models.CharField(_("grade"), max_length=2, choices=Grade, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class PolicyRevision(models.Model):
    """One state of a policy. Its rows refuse UPDATE and DELETE: an edit makes the next revision."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    calendar = models.ForeignKey(
        WorkCalendar,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: every hour counts.",
    )
    pause_limit = models.DurationField(_("longest pause in all"))
    callback_attempts = models.PositiveSmallIntegerField(_("callback attempts"))
    callback_spread = models.DurationField(_("spread over at least"))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("policy", "number")
        constraints = (
            models.UniqueConstraint(fields=("policy", "number"), name="policy_revision_once"),
        )

    def __str__(self) -> str:
        return f"{self.policy} / {self.number}"


class Target(models.Model):
    """How long a timer of one kind may run."""

    revision = models.ForeignKey(PolicyRevision, models.PROTECT, related_name="targets")
    kind = models.CharField(max_length=16, choices=TimerKind)
    duration = models.DurationField(_("target"))

    class Meta:
        constraints = (models.UniqueConstraint(fields=("revision", "kind"), name="target_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.duration}"


class LadderStep(models.Model):
    """When, who, how, what else. Either `percent` (of the target) or `after` (the deadline)."""

    revision = models.ForeignKey(PolicyRevision, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=TimerKind)
    position = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(null=True)
    after = models.DurationField(null=True)
    roles = ArrayField(models.CharField(max_length=24))
    channels = ArrayField(models.CharField(max_length=10))
    importance = models.PositiveSmallIntegerField(choices=Importance)
    effect = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("revision", "kind", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("revision", "kind", "position"), name="ladder_step_once"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True, after__isnull=False)
                | Q(percent__isnull=False, after__isnull=True, percent__lt=100),
                name="ladder_step_percent_or_after",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"
