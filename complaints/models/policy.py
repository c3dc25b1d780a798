"""Which targets, clock and ladder a complaint gets. A revision never changes once it exists."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.category import Category
from complaints.models.severity import Severity
from customers.models import Grade, Tier
from organisation.models import Branch, Importance, Person, Role, WorkCalendar


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


class Effect(models.TextChoices):
    """What a step does beside telling people; written as an event of that kind."""

    NOTICE_DUE = "notice_due", _("Drafts a notice")


# Whom a ladder step may name: a role of the branch tree, or the one who owns the order.
AUDIENCES = (*Role.choices, ("rectification_owner", _("Rectification owner")))
CONDITIONS = ("tier", "grade", "severity", "category", "branch")


class Conditions(models.Model):
    """For which complaints a policy is meant. An empty condition holds for every complaint."""

    tier = models.CharField(_("tier"), max_length=10, choices=Tier, blank=True)
    grade = models.CharField(_("grade"), max_length=2, choices=Grade, blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def conditions(self) -> dict[str, str | int | None]:
        """Codes and ids by condition; empty values ask nothing."""
        return {
            "tier": self.tier,
            "grade": self.grade,
            "severity": self.severity,
            "category_id": self.category_id,
            "branch_id": self.branch_id,
        }

    @property
    def holds_always(self) -> bool:
        return not any(self.conditions.values())


class PolicyQuerySet(models.QuerySet["Policy"]):
    def last_resort(self) -> "PolicyQuerySet":
        """The active one that takes every complaint which no other one took."""
        return self.filter(HOLDS_ALWAYS, is_active=True)


HOLDS_ALWAYS = Q(tier="", grade="", severity="", category__isnull=True, branch__isnull=True)


class Policy(Conditions):
    """A named choice of clock; the first active one whose conditions all hold applies.

    The conditions are those of its latest revision.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_active = models.BooleanField(_("active"), default=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("is_active",),
                condition=HOLDS_ALWAYS & Q(is_active=True),
                name="policy_one_last_resort",
            ),
        )

    def __str__(self) -> str:
        return self.name


class PolicyRevision(Conditions):
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
    appeal_within = models.DurationField(_("time to appeal"), default=timedelta(days=7))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("policy", "number")
        constraints = (
            models.UniqueConstraint(fields=("policy", "number"), name="policy_revision_once"),
            models.CheckConstraint(
                condition=Q(appeal_within__gt=timedelta()), name="policy_revision_appeal_possible"
            ),
        )

    def __str__(self) -> str:
        return f"{self.policy} / {self.number}"


class Target(models.Model):
    """How long a timer of one kind may run."""

    revision = models.ForeignKey(PolicyRevision, models.PROTECT, related_name="targets")
    kind = models.CharField(max_length=16, choices=TimerKind)
    duration = models.DurationField(_("target"))

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("revision", "kind"), name="target_once"),
            models.CheckConstraint(
                condition=Q(duration__gt=timedelta()), name="target_longer_than_zero"
            ),
        )

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
            models.CheckConstraint(
                condition=Q(roles__len__gt=0, channels__len__gt=0),
                name="ladder_step_tells_somebody",
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True, after__gte=timedelta())
                | Q(percent__isnull=False, percent__gt=0),
                name="ladder_step_after_the_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"
