"""Did the cause go away? Checks after confirmation, and what an order sets going (W-09, W-15)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.work_order import WorkOrder
from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.scope import Scope

# Days after confirmation.
CHECK_DAYS = (30, 60, 90)


class CheckStatus(models.TextChoices):
    PENDING = "pending", pgettext_lazy("of a check", "To decide")
    EFFECTIVE = "effective", _("Effective")
    NOT_EFFECTIVE = "not_effective", _("Not effective")
    VOID = "void", pgettext_lazy("of a check", "Not needed")


class EffectivenessCheck(Moving):
    """One look back at a confirmed order, over the `days` since its confirmation.

    An order that is returned and confirmed again is checked anew; what was pending is void.
    """

    SCOPE: ClassVar = Scope(
        verb="work_order.see", branches=("order__branch",), people=("order__owner",)
    )
    MOVES: ClassVar = {
        CheckStatus.PENDING: (CheckStatus.EFFECTIVE, CheckStatus.NOT_EFFECTIVE, CheckStatus.VOID)
    }

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="checks")
    days = models.PositiveSmallIntegerField()
    since_at = models.DateTimeField(help_text="When the order was confirmed.")
    due_on = models.DateField(_("due"))
    status = models.CharField(
        _("status"), max_length=14, choices=CheckStatus, default=CheckStatus.PENDING
    )
    words = models.TextField(_("grounds"), max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("order", "since_at", "days")
        constraints = (
            models.UniqueConstraint(fields=("order", "since_at", "days"), name="check_once"),
            models.CheckConstraint(
                condition=Q(status__in=("pending", "void"), decided_at__isnull=True)
                | (
                    Q(status__in=("effective", "not_effective"))
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(words="")
                ),
                name="check_decided_has_words",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_on",), condition=Q(status="pending"), name="check_pending_by_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.days}"

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return ["decide"] if self.status == CheckStatus.PENDING else []


class ImprovementKind(models.TextChoices):
    QC_TOPIC = "qc_topic", _("QC topic")
    COURSE = "course", _("Training course")
    STEP = "step", _("Process step to remove or join")


class ImprovementStatus(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("of an improvement", "Requested")
    RUNNING = "running", pgettext_lazy("of an improvement", "Running")
    DONE = "done", pgettext_lazy("of an improvement", "Done")
    DECLINED = "declined", pgettext_lazy("of an improvement", "Declined")


class Improvement(Moving):
    """What an order asks for: a QC topic, a training course, a step less (W-15, C-14, P-08)."""

    SCOPE: ClassVar = Scope(verb="work_order.see", branches=("branch",), people=("owner",))
    MOVES: ClassVar = {
        ImprovementStatus.REQUESTED: (ImprovementStatus.RUNNING, ImprovementStatus.DECLINED),
        ImprovementStatus.RUNNING: (ImprovementStatus.DONE, ImprovementStatus.DECLINED),
    }

    kind = models.CharField(_("kind"), max_length=10, choices=ImprovementKind)
    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="improvements")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    title = models.CharField(_("title"), max_length=120)
    reason = models.TextField(_("why"), max_length=2000)
    status = models.CharField(
        _("status"), max_length=10, choices=ImprovementStatus, default=ImprovementStatus.REQUESTED
    )
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="improvements", verbose_name=_("owner")
    )
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    result = models.TextField(_("result"), max_length=5000, blank=True)

    class Meta:
        ordering = ("-requested_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(status="requested", started_at__isnull=True)
                | Q(status="declined")
                | Q(
                    status__in=("running", "done"),
                    started_at__isnull=False,
                    owner__isnull=False,
                ),
                name="improvement_running_has_owner",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("requested", "running"), ended_at__isnull=True)
                | (
                    Q(status__in=("done", "declined"))
                    & Q(ended_at__isnull=False, ended_by__isnull=False)
                    & ~Q(result="")
                ),
                name="improvement_ended_has_words",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "-id"), name="improvement_by_branch"),
            models.Index(fields=("status", "-id"), name="improvement_by_status"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return {
            ImprovementStatus.REQUESTED.value: ["start", "decline"],
            ImprovementStatus.RUNNING.value: ["finish", "decline"],
        }.get(self.status, [])
