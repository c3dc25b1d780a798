"""Who may be about to leave, and what is done about it (K-10 … K-12, F-10)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from customers.models.customer import Customer
from organisation.models import Person
from organisation.scope import Scope


class Level(models.TextChoices):
    RED = "red", pgettext_lazy("risk of a customer", "Red")
    ORANGE = "orange", pgettext_lazy("risk of a customer", "Orange")
    YELLOW = "yellow", pgettext_lazy("risk of a customer", "Yellow")


class Sign(models.TextChoices):
    """The rules of F-10; what is met is written down with its figure."""

    V = "V", _("Volume fell more than that of the branch")
    G = "G", _("Silent for longer than twice its usual gap")
    D = "D", _("Low score in a survey")
    C = "C", _("A complaint open for more than 72 h, or three in 90 days")
    B = "B", _("Not satisfied when called back")
    M = "M", _("The account manager left or changed")
    X = "X", _("The contract ends soon")
    T = "T", _("A visit is overdue")
    Q = "Q", _("No answer to invitations, and less volume: a silent protester")
    P = "P", _("A competitor was seen")


class ChurnRisk(models.Model):
    """The present warning of a customer, refreshed by a sweep; no row: no sign.

    `hits` is a list of `{"sign", "points", "figure"}`; `figure` is a share in per cent (V, Q), days
    (G, M, X, T), a count (C) or nothing.
    """

    SCOPE: ClassVar = Scope(
        verb="customer.see",
        branches=("customer__home_branch",),
        people=("customer__account_manager",),
    )

    customer = models.OneToOneField(Customer, models.CASCADE, primary_key=True, related_name="risk")
    points = models.PositiveSmallIntegerField()
    level = models.CharField(_("warning"), max_length=6, choices=Level, blank=True)
    hits = models.JSONField(default=list)
    since = models.DateTimeField()
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ("-points", "customer")
        constraints = (
            models.CheckConstraint(condition=Q(points__range=(0, 100)), name="churn_points_fit"),
            models.CheckConstraint(
                condition=Q(level="red", points__gte=60)
                | Q(level="orange", points__range=(40, 59))
                | Q(level="yellow", points__range=(20, 39))
                | Q(level="", points__lt=20),
                name="churn_level_by_points",
            ),
        )
        indexes = (
            models.Index(
                fields=("-points", "customer"), condition=~Q(level=""), name="churn_warned"
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.points}"

    @property
    def signs(self) -> list[dict[str, Any]]:
        """The hits with their words."""
        return [{**hit, "words": Sign(hit["sign"]).label} for hit in self.hits]


class ChurnChange(models.Model):
    """Each change of the level, with the rule hits of that moment; append-only."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="risk_changes")
    at = models.DateTimeField()
    was = models.CharField(max_length=6, choices=Level, blank=True)
    level = models.CharField(max_length=6, choices=Level, blank=True)
    points = models.PositiveSmallIntegerField()
    hits = models.JSONField(default=list)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("customer", "-at"), name="churn_changes_of_customer"),)

    def __str__(self) -> str:
        return f"{self.customer_id} {self.was}>{self.level}"


class Outcome(models.TextChoices):
    STAYS = "stays", _("The customer stays")
    LEFT = "left", _("The customer left")
    FALSE_ALARM = "false_alarm", _("It was a false alarm")


class Reason(models.TextChoices):
    """Why customers leave (K-12), in the order of the source."""

    CEASED = "ceased", _("Ceased to exist")
    MOVED = "moved", _("Moved away")
    TASTE = "taste", _("Other needs by now")
    FRIEND = "friend", _("Went to somebody they know")
    PRICE = "price", _("A better price elsewhere")
    PRODUCT = "product", _("Our product or service")
    INDIFFERENCE = "indifference", _("Nobody cared")


class CaseStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a retention case", "Open")
    CLOSED = "closed", pgettext_lazy("of a retention case", "Closed")


class RetentionCase(Moving):
    """What is done for a customer with a warning: an owner, actions, an outcome; one open at most.

    One that ends with “left” carries the exit interview: a reason, and the customer's words.
    """

    SCOPE: ClassVar = Scope(
        verb="customer.see", branches=("customer__home_branch",), people=("owner",)
    )
    MOVES: ClassVar = {CaseStatus.OPEN: (CaseStatus.CLOSED,)}

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="retention_cases")
    level = models.CharField(_("warning"), max_length=6, choices=Level)
    opened_at = models.DateTimeField()
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("owner")
    )
    status = models.CharField(
        _("status"), max_length=6, choices=CaseStatus, default=CaseStatus.OPEN
    )
    outcome = models.CharField(_("outcome"), max_length=11, choices=Outcome, blank=True)
    reason = models.CharField(_("why it left"), max_length=12, choices=Reason, blank=True)
    words = models.TextField(_("what the customer said"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(status="open"), name="retention_one_open"
            ),
            models.CheckConstraint(
                condition=Q(status="open", outcome="", closed_at__isnull=True)
                | Q(~Q(outcome=""), status="closed", closed_at__isnull=False),
                name="retention_closed_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(~Q(reason=""), outcome="left") | Q(~Q(outcome="left"), reason=""),
                name="retention_left_has_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.level}"

    @property
    def is_open(self) -> bool:
        return self.status == CaseStatus.OPEN


class RetentionStep(models.Model):
    """What was done or is to be done, on which day."""

    case = models.ForeignKey(RetentionCase, models.CASCADE, related_name="steps")
    text = models.CharField(_("action"), max_length=500)
    due_on = models.DateField(_("to be done by"), null=True, blank=True)
    done_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text
