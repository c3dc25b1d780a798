"""Whom customers thanked, as pages and the API read it."""

from django.db.models import Q, QuerySet

from csm.kit import masking
from organisation.access import visible
from organisation.models import Person
from staff.models import Thanks

RELATED = ("person", "branch", "answer__response__customer", "callback__complaint__customer")


def of_company(reader: Person) -> QuerySet[Thanks]:
    """Everybody's, newest first; without those who left or prefer not to be named, but oneself."""
    hidden = Q(person__point_account__is_shown=False) & ~Q(person=reader)
    rows = Thanks.objects.filter(withdrawn_at=None, person__is_active=True).exclude(hidden)
    return rows.select_related(*RELATED)


def of_person(reader: Person, person: Person) -> QuerySet[Thanks]:
    """Those to one person that the reader may see."""
    rows = visible(Thanks, reader).filter(person=person, withdrawn_at=None)
    return rows.select_related(*RELATED)


def customer_of(row: Thanks) -> str:
    """Who gave the thanks, masked; empty where nobody is known."""
    if row.answer is not None:
        customer = row.answer.response.customer
    else:
        customer = row.callback.complaint.customer if row.callback else None
    return masking.mask_name(customer.name) if customer else ""
