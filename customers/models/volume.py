"""What customers ship: the base of value, churn and rates of complaints."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from customers.models.customer import Customer
from organisation.models import Branch


class CustomerVolume(models.Model):
    """Shipments and revenue (yuan) of a customer at a branch from `starts_on`, `days` long.

    Two periods of one customer and branch never share a day: the database refuses it by the
    exclusion constraint `volume_no_overlap`, which stands in the migration alone (Django would
    want the whole of `django.contrib.postgres` for it).
    """

    class Source(models.TextChoices):
        FILE = "file", _("A file")
        API = "api", _("The API")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="volumes")
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    shipments = models.PositiveIntegerField()
    revenue = models.DecimalField(max_digits=14, decimal_places=2)
    # The day of the last shipment in it; none without shipments.
    last_on = models.DateField(null=True)
    source = models.CharField(max_length=4, choices=Source)
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("-starts_on", "branch")
        constraints = (
            models.UniqueConstraint(
                fields=("customer", "branch", "starts_on"), name="volume_period_once"
            ),
            models.CheckConstraint(
                condition=Q(days__gte=1, days__lte=31, revenue__gte=0), name="volume_figures"
            ),
            models.CheckConstraint(
                condition=Q(shipments=0, last_on=None, revenue=0)
                | Q(
                    shipments__gt=0,
                    last_on__isnull=False,
                    last_on__gte=F("starts_on"),
                    last_on__lt=F("starts_on") + F("days"),
                ),
                name="volume_last_shipment_within",
            ),
        )

    def __str__(self) -> str:
        return f"{self.customer_id} {self.starts_on}"

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return self.starts_on + timedelta(days=self.days - 1)
