"""The rectification work order 《XX分公司问题整改工作单》, with the sections of the paper form."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from complaints.models.numbering import NUMBER_IS_WHOLE, DocumentKind, Numbered
from complaints.models.order_search import ORDER_INDEX
from complaints.models.order_section import OrderSection
from complaints.models.order_source import SOURCE_CONSTRAINTS, SOURCE_INDEXES, Sourced
from csm.kit.queries import Among
from csm.kit.transitions import Moving
from customers.models import Grade, Tier
from organisation.models import Branch, Person, StoredFile
from organisation.scope import Scope

# A person's tier or a company's grade (K-01, K-02), as it was when the order was begun.
STANDINGS = (*Tier.choices, *Grade.choices)


class OrderStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", _("Confirmed")
    ANNULLED = "annulled", _("Annulled")


class WorkOrder(Moving, Numbered, Sourced):
    """One order. Its branch is its own column: an order may serve several complaints, or none.

    The number is given in the transaction of the first submission: drafts burn none (W-01, Q6).
    """

    KIND: ClassVar = DocumentKind.WORK_ORDER
    PAGE: ClassVar = "work-order"
    SCOPE: ClassVar = Scope(verb="work_order.see", branches=("branch",), people=("owner",))
    MOVES: ClassVar = {
        OrderStatus.DRAFT: (OrderStatus.SUBMITTED, OrderStatus.ANNULLED),
        OrderStatus.SUBMITTED: (OrderStatus.RETURNED, OrderStatus.CONFIRMED),
        OrderStatus.RETURNED: (OrderStatus.SUBMITTED, OrderStatus.ANNULLED),
        OrderStatus.CONFIRMED: (OrderStatus.RETURNED,),
    }

    status = models.CharField(
        _("status"), max_length=10, choices=OrderStatus, default=OrderStatus.DRAFT
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="work_orders")
    issuing_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("rectification owner"),
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    written_by = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        help_text="Ids of all who wrote in it: no judges of it (W-16).",
    )
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_reason = models.TextField(_("reason of the return"), max_length=2000, blank=True)
    returned_sections = ArrayField(
        models.CharField(max_length=10, choices=OrderSection), default=list, blank=True
    )
    annulled_at = models.DateTimeField(null=True)
    annulled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    annulment_reason = models.TextField(_("reason of the annulment"), max_length=2000, blank=True)

    # W-02
    title_subject = models.CharField(_("problem subject"), max_length=60, blank=True)
    title_nature = models.CharField(_("problem nature"), max_length=60, blank=True)
    title_content = models.CharField(_("abnormal content"), max_length=80, blank=True)
    # W-03; the course of events, the causes and the emergency measures are rows (`order_parts`)
    customer_name = models.CharField(_("customer"), max_length=120, blank=True)
    customer_standing = models.CharField(
        _("tier or grade"), max_length=10, choices=STANDINGS, blank=True
    )
    waybill = models.CharField(_("waybill"), max_length=60, blank=True)
    occurred_at = models.DateTimeField(_("when it happened"), null=True, blank=True)
    place = models.CharField(_("where it happened"), max_length=200, blank=True)
    involved = models.CharField(_("who was involved"), max_length=200, blank=True)
    remarks = models.TextField(_("further information"), max_length=5000, blank=True)
    # W-11
    promised_on = models.DateField(_("promised completion"), null=True, blank=True)
    # W-08
    effect_report = models.TextField(_("effect"), max_length=5000, blank=True)
    is_customer_satisfied = models.BooleanField(_("customer satisfied"), null=True, blank=True)
    effect_reported_at = models.DateTimeField(null=True)
    effect_reported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # W-09
    guidance = models.TextField(_("guidance"), max_length=5000, blank=True)

    class Meta:
        constraints = (
            *SOURCE_CONSTRAINTS,
            models.UniqueConstraint(fields=("year", "sequence"), name="work_order_number_once"),
            models.CheckConstraint(condition=NUMBER_IS_WHOLE, name="work_order_number_whole"),
            models.CheckConstraint(
                condition=~Q(status__in=("submitted", "confirmed"))
                | Q(
                    number__isnull=False,
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                ),
                name="work_order_submitted_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="work_order_confirmed_has_person",
            ),
            # W-16: the confirmer may not be the filler.
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("submitted_by")),
                name="work_order_not_own_judge",
            ),
            # Nor anybody else who wrote in it.
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(Among("confirmed_by", "written_by")),
                name="work_order_not_judged_by_its_writers",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(effect_reported_by__isnull=True)
                | ~Q(confirmed_by=models.F("effect_reported_by")),
                name="work_order_effect_not_own_judge",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(return_reason=""),
                name="work_order_returned_has_reason",
            ),
            # A number that does not count stays listed, and says why (Q6); a draft has none.
            models.CheckConstraint(
                condition=~Q(status="annulled")
                | Q(number__isnull=True)
                | (Q(annulled_at__isnull=False) & ~Q(annulment_reason="")),
                name="work_order_annulled_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(returned_sections__len__gte=1),
                name="work_order_returned_names_sections",
            ),
        )
        indexes = (
            *SOURCE_INDEXES,
            ORDER_INDEX,
            models.Index(fields=("branch", "-id"), name="work_order_by_branch"),
            models.Index(fields=("status", "-id"), name="work_order_by_status"),
            models.Index(
                fields=("confirmed_at",),
                condition=Q(status="confirmed"),
                name="work_order_confirmed",
            ),
        )

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def title(self) -> str:
        """问题主体 + 问题性质 + 异常内容, joined as it will read (W-02)."""
        return " ".join(filter(None, (self.title_subject, self.title_nature, self.title_content)))

    def is_written_by(self, person: Person) -> bool:
        """Whether the person is one of its fillers: submitted it, or wrote a part of it (W-16)."""
        return person.pk in (self.submitted_by_id, self.effect_reported_by_id, *self.written_by)

    @property
    def is_editable(self) -> bool:
        return self.status in (OrderStatus.DRAFT, OrderStatus.RETURNED)

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        if self.is_editable:
            return ["save", "submit", "annul"]
        is_submitted = self.status == OrderStatus.SUBMITTED
        return ["return", "confirm", "report-effect"] if is_submitted else []


class OrderComplaint(models.Model):
    """Which complaint an order answers, and in which of its cycles."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="links")
    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="order_links")
    cycle = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("order", "complaint"), name="order_complaint_once"),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.complaint_id}"


class OrderFile(models.Model):
    """A file of evidence."""

    order = models.ForeignKey(WorkOrder, models.CASCADE, related_name="files")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.order_id} {self.file_id}"
