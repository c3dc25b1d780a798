"""The conditions of the register of work orders, as its address has them (W-10)."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Q, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from complaints import work
from complaints.filters import (
    Codes,
    Light,
    Many,
    OneOf,
    Search,
    Words,
)
from complaints.models import (
    HIGHEST,
    LOWEST,
    UNFINISHED,
    DissatisfiedItem,
    ItemStatus,
    Milestone,
    OrderComplaint,
    OrderSource,
    OrderStatus,
    Origin,
    TimerKind,
    WorkOrder,
)
from complaints.order_search import matching
from csm.kit.queries import Among
from customers.models import Customer, Grade, Kind, Tier
from organisation.access import branches, places, sees_few, visible
from organisation.models import Branch, Person

NEWEST, OLDEST = "-id", "id"
ORDERINGS = ((NEWEST, _("Newest first")), (OLDEST, _("Oldest first")))
STANDINGS = (*Tier.choices, *Grade.choices, (Kind.INTERNAL.value, Kind.INTERNAL.label))
FILING, PROMISE = "filing", "promise"
OVERDUE = (
    (FILING, _("Not submitted in time")),
    (PROMISE, _("Promised completion has passed")),
)
VERDICT, MENDING = "verdict", "mending"
WAITING = ((VERDICT, _("For me to confirm")), (MENDING, _("For us to mend")))
WRITABLE = (OrderStatus.DRAFT, OrderStatus.RETURNED)
ENDED = (OrderStatus.CONFIRMED, OrderStatus.ANNULLED)


class ScoreField(forms.DecimalField):
    def __init__(self, **kwargs: Any) -> None:
        limits: dict[str, Any] = {"min_value": LOWEST, "max_value": HIGHEST}
        super().__init__(**kwargs, **limits, max_digits=4, decimal_places=2)


class Score(Light):
    """A bound of the score; nought is one, too."""

    field_class = ScoreField


class Day(Light):
    field_class = forms.DateField


FORMS: dict[type, type[forms.Form]] = {}


class RegisterFilter(django_filters.FilterSet):
    """What orders and dissatisfied items are both looked for by.

    What is invalid is left out of `.qs` and named in `.errors`; `order` is the wanted order.
    """

    branch = Codes(
        method="of_branches", queryset=Branch.objects.none(), label=_("Region or branch")
    )
    # Ids of customers; whose the caller may see.
    customer = Words(method="of_customers", label=_("Customer"))
    tier = Many(method="of_standing", choices=STANDINGS, label=_("Tier or grade"))
    ordering = OneOf(choices=ORDERINGS, method="kept", label=_("Order"))

    def __init__(self, data: QueryDict | dict[str, Any], *, person: Person, now: datetime) -> None:
        super().__init__(data, queryset=self._seen(person))
        self.person, self.now = person, now
        field: Any = self.form.fields["branch"]
        field.queryset = branches(person, "branch.see")
        field.offered = partial(places, person, "branch.see")

    def _seen(self, person: Person) -> QuerySet[Any]:
        raise NotImplementedError

    def get_form_class(self) -> type[forms.Form]:
        """Made once: every set of a kind has the same boxes, and each form copies them."""
        kind = type(self)
        if kind not in FORMS:
            FORMS[kind] = super().get_form_class()
        return FORMS[kind]

    @property
    def order(self) -> str:
        """One of ORDERINGS."""
        self.is_valid()
        return str(self.form.cleaned_data.get("ordering") or NEWEST)

    def of_any_status(self) -> "RegisterFilter":
        """The same conditions but the status; their values are not read again."""
        twin = copy(self)
        twin.__dict__.pop("_qs", None)
        form = copy(self.form)
        form.cleaned_data = {**self.form.cleaned_data, "status": []}
        twin.__dict__["_form"] = form
        return twin

    def kept(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """A value that the set itself looks at."""
        return rows

    def of_branches(
        self, rows: QuerySet[Any], name: str, chosen: Iterable[Branch]
    ) -> QuerySet[Any]:
        """Of these and all below them: a region stands for its branches."""
        paths = tuple(branch.path for branch in chosen)
        if not paths:
            return rows.none()
        seen = places(self.person, "branch.see")
        return rows.filter(branch__in=[row.pk for row in seen if row.path.startswith(paths)])

    def of_customers(self, rows: QuerySet[Any], name: str, given: list[str]) -> QuerySet[Any]:
        ids = [int(one) for one in given if one.isascii() and one.isdigit()]
        return rows.filter(customer__in=ids)

    def of_standing(self, rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
        found = Q(customer__tier__in=values) | Q(customer__grade__in=values)
        if Kind.INTERNAL in values:
            found |= Q(customer__kind=Kind.INTERNAL)
        return rows.filter(found)


class WorkOrderFilter(RegisterFilter):
    """`WorkOrderFilter(request.GET, person=…, now=…)`: `.qs` are the rows the person sees."""

    status = Many("status", choices=OrderStatus.choices, label=_("Status"))
    source = Many("source", choices=OrderSource.choices, label=_("Source"))
    score_from = Score("item__score", "gte", label=_("Score from"))
    score_to = Score("item__score", "lte", label=_("Score to"))
    overdue = Many(method="of_overdue", choices=OVERDUE, label=_("Overdue"))
    promised_after = Day("promised_on", "gte", label=_("Promised from"))
    promised_before = Day("promised_on", "lte", label=_("Promised until"))
    complaint = Words(method="of_complaints", label=_("Complaint"))
    waiting = OneOf(method="waits", choices=WAITING, label=_("Waits for us"))
    search = Search(method="found", max_length=100, label=_("Search"))

    def _seen(self, person: Person) -> QuerySet[WorkOrder]:
        return visible(WorkOrder, person)

    def of_overdue(self, rows: QuerySet[Any], name: str, values: list[str]) -> QuerySet[Any]:
        """Still to be submitted, a clock of it run out; or promised for a day that has passed."""
        found = Q()
        if FILING in values:
            late = Value(self._late, output_field=ArrayField(BigIntegerField()))
            # The status is known already, but leads PostgreSQL to the index of the few.
            found |= Q(Among("pk", late), status__in=WRITABLE)
        if PROMISE in values:
            passed = Q(promised_on__lt=timezone.localdate(self.now))
            found |= passed & ~Q(status__in=ENDED)
        return rows.filter(found) if values else rows

    def waits(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """For what the person is to do: what "my work" counts."""
        mine = {VERDICT: work.orders_to_confirm, MENDING: work.orders_to_redo}[value]
        return rows.filter(pk__in=mine(self.person).order_by().values("pk"))

    @cached_property
    def _late(self) -> list[int]:
        """Asked once, by joins that begin with the few orders that are still to be submitted."""
        writable = WorkOrder.objects.filter(status__in=WRITABLE).order_by()
        ways = (("timers", TimerKind.REWORK), ("links__complaint__timers", Milestone.WORK_ORDER))
        own, served = (
            writable.filter(
                **{
                    f"{timers}__kind": kind,
                    f"{timers}__state__in": UNFINISHED,
                    f"{timers}__due_at__lt": self.now,
                }
            ).values_list("pk", flat=True)
            for timers, kind in ways
        )
        return list(own.union(served))

    def of_complaints(self, rows: QuerySet[Any], name: str, numbers: list[str]) -> QuerySet[Any]:
        links = OrderComplaint.objects.filter(complaint__number__in=numbers)
        return rows.filter(pk__in=links.values("order"))

    def found(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """A part of number, title, occasion, opinion or customer; the number of a complaint."""
        if not text:
            return rows
        return matching(rows, text, are_few=sees_few(self.person, "work_order.see"))


class ItemFilter(RegisterFilter):
    """The same for dissatisfied items."""

    status = Many("status", choices=ItemStatus.choices, label=_("Status"))
    score_from = Score("score", "gte", label=_("Score from"))
    score_to = Score("score", "lte", label=_("Score to"))
    origin = Many("origin", choices=Origin.choices, label=_("Origin"))
    search = Search(method="found", max_length=100, label=_("Search"))

    def _seen(self, person: Person) -> QuerySet[DissatisfiedItem]:
        return visible(DissatisfiedItem, person)

    def found(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """A part of the opinion, the plan or the customer's name."""
        if not text:
            return rows
        words = Q(opinion__icontains=text) | Q(plan__icontains=text)
        return rows.filter(words | Q(customer__name__icontains=text))


def customers_named(found: Iterable[str], person: Person) -> dict[str, str]:
    """The names of customers by their ids in an address, of those whom the person may see."""
    ids = [int(one) for one in found if one.isascii() and one.isdigit()]
    rows = visible(Customer, person).filter(pk__in=ids) if ids else ()
    return {str(row.pk): row.name for row in rows}
