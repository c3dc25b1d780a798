"""Periods after which customers are to be anonymised, and who is due; nobody is by itself."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateField, DateTimeField, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce, Greatest

from customers.models import Customer, CustomerVolume, KeepingPeriod, TimelineEntry
from organisation.access import require_everywhere
from organisation.models import Person

VERB = "customer.erase"
# As months of a period are counted: 365.25 days are twelve.
MONTH = timedelta(days=365.25) / 12


@transaction.atomic
def keep(*, months: dict[str, int | None], by: Person) -> None:
    """For how many months each class is kept; None is without end."""
    require_everywhere(by, VERB)
    for kind, given in months.items():
        if given is None:
            KeepingPeriod.objects.filter(kind=kind).delete()
        else:
            KeepingPeriod.objects.update_or_create(kind=kind, defaults={"months": given})


def due(rows: QuerySet[Customer], now: datetime) -> QuerySet[Customer]:
    """Those of whom nothing was heard for longer than their class is kept, with `last_at`."""
    entries = TimelineEntry.objects.filter(customer=OuterRef("pk")).order_by("-at")
    volumes = CustomerVolume.objects.filter(customer=OuterRef("pk"), shipments__gt=0)
    shipped = volumes.values("customer").annotate(last=Max("last_on")).values("last")
    last = Greatest(
        F("created_at"),
        Coalesce(Subquery(entries.values("at")[:1]), F("created_at")),
        Coalesce(
            Cast(Subquery(shipped, output_field=DateField()), DateTimeField()), F("created_at")
        ),
    )
    wanted = Q(pk__in=[])
    for period in KeepingPeriod.objects.all():
        wanted |= Q(kind=period.kind, last_at__lt=now - period.months * MONTH)
    known = rows.filter(merged_into=None, erased_at=None).annotate(last_at=last)
    return known.filter(wanted).exclude(facts__open_complaints__gt=0)
