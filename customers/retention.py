"""Warnings and cases as a person sees them."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from customers.models import CaseStatus, ChurnRisk, Customer, Level, RetentionCase
from organisation.access import branch_ids, visible
from organisation.models import Person

EDIT, HAND_OVER = "customer.edit", "customer.hand_over"


def warned(person: Person) -> QuerySet[ChurnRisk]:
    """Customers with a warning, the worst first."""
    rows = (
        visible(ChurnRisk, person)
        .filter(customer__merged_into__isnull=True, customer__erased_at__isnull=True)
        .exclude(level="")
    )
    return rows.select_related("customer__home_branch", "customer__account_manager")


def counts(person: Person, rows: QuerySet[ChurnRisk]) -> dict[str, int]:
    """Of each level, and of those the person looks after ("mine")."""
    found = rows.aggregate(
        **{level: Count("pk", filter=Q(level=level)) for level in Level.values},
        mine=Count("pk", filter=Q(customer__account_manager=person)),
    )
    return {name: int(number) for name, number in found.items()}


def open_cases(customers: list[int]) -> dict[int, RetentionCase]:
    """The open case of each of these customers."""
    rows = RetentionCase.objects.filter(customer__in=customers, status=CaseStatus.OPEN)
    return {row.customer_id: row for row in rows.select_related("owner")}


def colleagues(customer: Customer) -> QuerySet[Person]:
    """Who may look after a case of this customer: posted at its branch or above it."""
    return people_at(customer.home_branch.ancestor_ids)


def people_at(branches: Iterable[int]) -> QuerySet[Person]:
    """Who works there and signs in, by name."""
    rows = Person.objects.filter(is_active=True, postings__branch__in=branches)
    return rows.exclude(username=None).distinct().order_by("name", "pk")


def passed_on(person: Person, was: Person) -> QuerySet[Customer]:
    """The customers of `was` that the person may pass on."""
    rows = Customer.objects.filter(
        account_manager=was, home_branch__in=branch_ids(person, HAND_OVER)
    )
    return rows.select_related("home_branch").order_by("name", "pk")
