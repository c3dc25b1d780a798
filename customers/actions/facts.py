"""What rooms above write down about a customer without a statement of their own."""

from datetime import date, datetime

from django.db.models import Q

from customers.models import Customer, CustomerFacts


def visited(customer: Customer, *, on: date, now: datetime) -> None:
    """Somebody was there; a day before the last visit changes nothing."""
    CustomerFacts.objects.filter(
        Q(last_visited_on__isnull=True) | Q(last_visited_on__lt=on), customer=customer
    ).update(last_visited_on=on, refreshed_at=now)


def cared(customer: int, *, now: datetime) -> None:
    """Somebody greeted them: care and surveys leave them in peace for a while (S-18)."""
    CustomerFacts.objects.filter(customer=customer).update(last_cared_at=now)
