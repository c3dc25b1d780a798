"""Visits as a person sees them: a month, what is due, what is overdue (K-15)."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from customers.models import (
    Customer,
    CustomerFacts,
    Grade,
    Stage,
    Visit,
    VisitCadence,
    VisitStatus,
    VisitTask,
)
from organisation.access import visible
from organisation.models import Person

# Who is due within so many days is shown.
AHEAD = timedelta(days=14)


def due(person: Person, *, today: date, mine: bool = False) -> QuerySet[Customer]:
    """Customers to be visited soon or too late (`due_on`), nothing planned; the latest first."""
    # A grade says more than a tier.
    rules = sorted(VisitCadence.objects.all(), key=lambda rule: rule.standing not in Grade.values)
    if not rules:
        return Customer.objects.none()
    days = Case(
        *(
            When(Q(tier=each.standing) | Q(grade=each.standing), Value(each.most_days))
            for each in rules
        ),
        output_field=IntegerField(),
    )
    planned = Visit.objects.filter(
        customer=OuterRef("pk"), status=VisitStatus.PLANNED, on__gte=today
    )
    standings = [each.standing for each in rules]
    rows = visible(Customer, person).filter(
        Q(tier__in=standings) | Q(grade__in=standings), merged_into=None, erased_at=None
    )
    if mine:
        rows = rows.filter(account_manager=person)
    last = Coalesce("facts__last_visited_on", TruncDate("created_at"), output_field=DateField())
    rows = rows.exclude(stage=Stage.LEFT).annotate(
        last_on=F("facts__last_visited_on"),
        due_on=ExpressionWrapper(last + days, output_field=DateField()),
    )
    return rows.filter(~Exists(planned), due_on__lte=today + AHEAD).order_by("due_on", "pk")


def cadence_of(customer: Customer) -> VisitCadence | None:
    """The rule for the customer's grade, else for the tier."""
    standings = [each for each in (customer.grade, customer.tier) if each]
    rules = VisitCadence.objects.in_bulk(standings, field_name="standing")
    return next((rules[each] for each in standings if each in rules), None)


def too_soon(customer: Customer, on: date, *, apart_from: int | None = None) -> date | None:
    """The first day that is not too soon, when `on` is; counted from visits made and planned."""
    rule = cadence_of(customer)
    if rule is None:
        return None
    span = timedelta(days=rule.fewest_days)
    near = Visit.objects.filter(customer=customer, on__gt=on - span, on__lt=on + span)
    near = near.exclude(status=VisitStatus.CANCELLED)
    if apart_from is not None:
        near = near.exclude(pk=apart_from)
    days = list(near.values_list("on", flat=True))
    told = CustomerFacts.objects.filter(customer=customer).values_list("last_visited_on", flat=True)
    days += [day for day in told if day and on - span < day < on + span]
    return max(days) + span if days else None


@dataclass(frozen=True)
class Day:
    """A day of the calendar with its visits."""

    on: date
    is_outside: bool
    visits: list[Visit]


def month(person: Person, first: date, *, mine: bool) -> list[list[Day]]:
    """The weeks of a month, from Monday; cancelled visits are left out."""
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    rows = visible(Visit, person).filter(on__range=(weeks[0][0], weeks[-1][-1]))
    rows = rows.exclude(status=VisitStatus.CANCELLED).select_related("customer", "owner")
    if mine:
        rows = rows.filter(owner=person)
    by_day = _by_day(rows.order_by("on", "starts_at", "pk"))
    return [
        [Day(day, day.month != first.month, by_day.get(day, [])) for day in week] for week in weeks
    ]


def _by_day(rows: Iterable[Visit]) -> dict[date, list[Visit]]:
    found: dict[date, list[Visit]] = {}
    for row in rows:
        found.setdefault(row.on, []).append(row)
    return found


def late_plans(person: Person, *, today: date, mine: bool) -> QuerySet[Visit]:
    """Planned for a day that is over, and neither written down nor cancelled."""
    rows = visible(Visit, person).filter(status=VisitStatus.PLANNED, on__lt=today)
    rows = rows.filter(owner=person) if mine else rows
    return rows.select_related("customer", "owner").order_by("on", "pk")


def open_tasks(person: Person) -> QuerySet[VisitTask]:
    """What the person is to do after visits, the oldest first."""
    rows = VisitTask.objects.filter(owner=person, done_at=None)
    return rows.select_related("visit__customer").order_by("due_on", "pk")
