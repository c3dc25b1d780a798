"""Long-term measures of an order (W-07), and how far they spread (T-10)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.work_order import WorkOrder
from csm.kit.transitions import Moving
from organisation.models import Branch, Person, StoredFile
from organisation.scope import Scope


class MeasureGroup(models.TextChoices):
    """What a measure is for; an order needs at least one of each."""

    PREVENT = "prevent", _("Prevent")
    DETECT = "detect", _("Detect")
    RESPOND = "respond", _("Respond")


class MeasureStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("of a measure", "Open")
    DONE = "done", pgettext_lazy("of a measure", "Done")
    DROPPED = "dropped", pgettext_lazy("of a measure", "Dropped")


class Measure(Moving):
    """One long-term measure. `number` counts within the order: its deadline's cycle.

    While the order is written it may be incomplete. With the submission it is promised: from then
    on only the issuing unit may drop it.
    """

    SCOPE: ClassVar = Scope(
        verb="work_order.see", branches=("order__branch",), people=("owner", "order__owner")
    )
    MOVES: ClassVar = {MeasureStatus.OPEN: (MeasureStatus.DONE, MeasureStatus.DROPPED)}

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="measures")
    number = models.PositiveSmallIntegerField()
    group = models.CharField(_("group"), max_length=10, choices=MeasureGroup)
    text = models.TextField(_("measure"), max_length=5000, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="measures", verbose_name=_("owner")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=MeasureStatus, default=MeasureStatus.OPEN
    )
    created_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True, help_text="When it was first submitted.")
    proof = models.TextField(_("proof"), max_length=5000, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    dropped_at = models.DateTimeField(null=True)
    dropped_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    drop_reason = models.TextField(_("reason"), max_length=2000, blank=True)
    is_offered = models.BooleanField(
        default=False,
        help_text="Whether other branches are to learn from it.",
    )

    class Meta:
        ordering = ("order", "number")
        constraints = (
            models.UniqueConstraint(fields=("order", "number"), name="measure_number_once"),
            models.CheckConstraint(
                condition=Q(promised_at__isnull=True)
                | (Q(owner__isnull=False, due_on__isnull=False) & ~Q(text="")),
                name="measure_promised_is_whole",
            ),
            models.CheckConstraint(
                condition=(Q(status="done") & Q(done_at__isnull=False, promised_at__isnull=False))
                | (~Q(status="done") & Q(done_at__isnull=True)),
                name="measure_done_has_time",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status="dropped", dropped_at__isnull=False, dropped_by__isnull=False)
                    & ~Q(drop_reason="")
                )
                | (~Q(status="dropped") & Q(dropped_at__isnull=True)),
                name="measure_dropped_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_offered=False) | Q(status="done"), name="measure_offered_is_done"
            ),
        )
        indexes = (
            models.Index(
                fields=("owner", "due_on"),
                condition=Q(status="open"),
                name="measure_open_of_owner",
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.number}"

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return ["finish", "drop"] if self.is_awaited else []

    @property
    def is_awaited(self) -> bool:
        """Promised, and neither done nor dropped."""
        return self.status == MeasureStatus.OPEN and self.promised_at is not None


class MeasureFile(models.Model):
    """A file that proves that a measure was taken."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.measure_id} {self.file_id}"


class LessonStatus(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("of a lesson", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("of a lesson", "Taken up")
    DECLINED = "declined", pgettext_lazy("of a lesson", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a lesson", "Withdrawn")


class Lesson(Moving):
    """A confirmed measure, offered to another branch with complaints of the same category.

    Withdrawn while its order is open again. A branch reads and answers those of an order together.
    """

    SCOPE: ClassVar = Scope(verb="work_order.see", branches=("branch",))
    MOVES: ClassVar = {
        LessonStatus.OFFERED: (LessonStatus.ACCEPTED, LessonStatus.DECLINED),
        LessonStatus.DECLINED: (LessonStatus.ACCEPTED,),
    }

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="lessons")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="lessons", db_index=False)
    status = models.CharField(
        _("status"), max_length=10, choices=LessonStatus, default=LessonStatus.OFFERED
    )
    offered_at = models.DateTimeField()
    adopted_on = models.DateField(_("in force since"), null=True, blank=True)
    proof = models.TextField(_("proof"), max_length=5000, blank=True)
    decline_reason = models.TextField(_("reason"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-offered_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("measure", "branch"), name="lesson_offered_once"),
            models.CheckConstraint(
                condition=Q(status__in=("offered", "withdrawn"), answered_at__isnull=True)
                | (
                    Q(status="accepted", adopted_on__isnull=False)
                    & Q(answered_at__isnull=False, answered_by__isnull=False)
                )
                | (
                    Q(status="declined", answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(decline_reason="")
                ),
                name="lesson_answered_whole",
            ),
        )
        indexes = (models.Index(fields=("branch", "-id"), name="lesson_by_branch"),)

    def __str__(self) -> str:
        return f"{self.measure_id} {self.branch_id}"

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        if self.status == LessonStatus.OFFERED:
            return ["accept", "decline"]
        return ["accept"] if self.status == LessonStatus.DECLINED else []

    def together(self) -> "models.QuerySet[Lesson]":
        """All that its order offers to its branch, this one among them; answered at once."""
        rows = Lesson.objects.filter(branch=self.branch_id, measure__order=self.measure.order_id)
        rows = rows.select_related("branch", "measure", "answered_by")
        return rows.order_by("measure__number")


class LessonFile(models.Model):
    """A file that proves that a branch took a measure up."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.lesson_id} {self.file_id}"
