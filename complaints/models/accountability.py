"""Who answers for what happened (追责): people, managers, external suppliers (C-28, W-06)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.complaint import Complaint
from complaints.models.work_order import WorkOrder
from organisation.models import Person


class Supplier(models.Model):
    """A company that works for us: a carrier, a warehouse, a packer. Shared by all branches."""

    name = models.CharField(pgettext_lazy("of a supplier", "name"), max_length=120)
    contact = models.CharField(
        _("contact"), max_length=200, blank=True, help_text=_("Who to speak to, and how")
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(Lower("name"), name="supplier_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="supplier_has_name"),
        )

    def __str__(self) -> str:
        return self.name


class Party(models.TextChoices):
    """Who answers: `person` or `supplier` of the line names them (W-06: ours, and external)."""

    PERSON = "person", _("Own person")
    MANAGER = "manager", _("Manager")
    SUPPLIER = "supplier", _("External supplier")


_PERSON = Q(party__in=("person", "manager"), person__isnull=False, supplier__isnull=True)
_SUPPLIER = Q(party="supplier", supplier__isnull=False, person__isnull=True)
_FORMER = Q(
    is_former_text=True,
    party__in=("manager", "supplier"),
    person__isnull=True,
    supplier__isnull=True,
)


class Accountability(models.Model):
    """One line: who, for what, with which proposed consequence.

    It belongs to a complaint, or to an order and so to every complaint that the order serves.
    """

    complaint = models.ForeignKey(
        Complaint, models.CASCADE, null=True, related_name="accountabilities"
    )
    work_order = models.ForeignKey(
        WorkOrder, models.CASCADE, null=True, related_name="accountabilities"
    )
    party = models.CharField(_("who answers"), max_length=10, choices=Party)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accountabilities",
        verbose_name=_("person"),
    )
    supplier = models.ForeignKey(
        Supplier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accountabilities",
        verbose_name=_("supplier"),
    )
    what = models.TextField(_("what happened"), max_length=2000)
    consequence = models.TextField(_("proposed consequence"), max_length=2000, blank=True)
    # An order once had two free texts here: they name nobody by key.
    is_former_text = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(complaint__isnull=False, work_order__isnull=True)
                | Q(complaint__isnull=True, work_order__isnull=False),
                name="accountability_of_one",
            ),
            models.CheckConstraint(
                condition=_PERSON | _SUPPLIER | _FORMER, name="accountability_names_one"
            ),
            models.CheckConstraint(condition=~Q(what=""), name="accountability_says_what"),
        )

    def __str__(self) -> str:
        return f"{self.party} {self.person_id or self.supplier_id or ''}"

    @property
    def who(self) -> str:
        """The name; empty where a former text names nobody."""
        return str(self.person or self.supplier or "")
