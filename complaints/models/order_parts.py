"""The rows of a work order: course of events, causes with their evidence, emergency measures.

A draft may be incomplete: a row may lack a part of itself, but none is wholly empty. What a
submission needs is in `actions.order_sections`; the database refuses a submitted order whose
causes have no evidence, and any change to the rows of an order that is not being written.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.work_order import OrderFile, WorkOrder

LONGEST_CHAIN = 5


class OrderRow(models.Model):
    """A row of an order; `position` counts from 0 in the order of the form."""

    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


class CourseEntry(OrderRow):
    """What happened when and where (W-03)."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="course", db_index=False)
    at = models.DateTimeField(_("when"), null=True)
    place = models.CharField(_("where"), max_length=120, blank=True)
    text = models.TextField(_("what happened"), max_length=10_000, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("order", "position"), name="course_entry_once"),
            models.CheckConstraint(
                condition=Q(at__isnull=False) | ~Q(place="") | ~Q(text=""),
                name="course_entry_not_empty",
            ),
        )

    def __str__(self) -> str:
        return self.text


class EmergencyMeasure(OrderRow):
    """What the customer got, and when (W-05)."""

    order = models.ForeignKey(
        WorkOrder, models.CASCADE, related_name="emergency_measures", db_index=False
    )
    at = models.DateTimeField(_("when"), null=True)
    text = models.TextField(_("what the customer got"), max_length=10_000, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("order", "position"), name="emergency_measure_once"),
            models.CheckConstraint(
                condition=Q(at__isnull=False) | ~Q(text=""), name="emergency_measure_not_empty"
            ),
        )

    def __str__(self) -> str:
        return self.text


class CauseCategory(models.TextChoices):
    PERSON = "person", _("Person")
    METHOD = "method", _("Method")
    PROCESS = "process", _("Process")
    EQUIPMENT = "equipment", _("Equipment or material")
    ENVIRONMENT = "environment", _("Environment")
    INFORMATION = "information", _("Information")
    SUPPLIER = "supplier", _("Supplier")
    CUSTOMER = "customer", _("Customer")


class Cause(OrderRow):
    """One cause, with the chain of whys that led to it (W-04)."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="causes", db_index=False)
    category = models.CharField(_("category"), max_length=12, choices=CauseCategory, blank=True)
    text = models.TextField(_("cause"), max_length=10_000, blank=True)
    whys = ArrayField(
        models.CharField(max_length=300), verbose_name=_("why"), default=list, blank=True
    )

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("order", "position"), name="cause_once"),
            models.CheckConstraint(
                condition=Q(category__in=("", *CauseCategory.values)), name="cause_category_known"
            ),
            models.CheckConstraint(
                condition=Q(whys__len__lte=LONGEST_CHAIN), name="cause_five_whys"
            ),
        )

    def __str__(self) -> str:
        return self.text


class EvidenceKind(models.TextChoices):
    FILE = "file", _("File")
    RECORD = "record", _("Record")
    WITNESS = "witness", _("Witness")


class Evidence(OrderRow):
    """What proves a cause: a file of the order, a record that is kept, or who saw it (W-04)."""

    cause = models.ForeignKey(Cause, models.CASCADE, related_name="evidence", db_index=False)
    kind = models.CharField(_("kind of evidence"), max_length=8, choices=EvidenceKind)
    text = models.TextField(_("which, or who"), max_length=5000, blank=True)
    file = models.ForeignKey(OrderFile, models.PROTECT, null=True, related_name="proves")

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("cause", "position"), name="evidence_once"),
            models.UniqueConstraint(fields=("cause", "file"), name="evidence_file_once"),
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False)
                | (Q(kind__in=("record", "witness"), file__isnull=True) & ~Q(text="")),
                name="evidence_is_something",
            ),
        )

    def __str__(self) -> str:
        return self.text
