"""Names out of a story before colleagues read it (T-01): customers, people, numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, TextField, Value
from django.db.models.functions import Length, StrIndex

from complaints.models import Complaint, WorkOrder
from csm.kit.masking import HAN, STARTS_WITH_HAN, mask_email, mask_name, mask_phone
from customers.models import Contact, Customer, Kind
from organisation.models import Person

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
# Mobiles, landlines, service numbers and those of other countries; no dates, sums or waybills.
PHONE = re.compile(
    r"(?<![\w-])(?:\+\d{1,3}(?:[ -]?\d){6,14}|1[3-9]\d(?:[ -]?\d{4}){2}"
    r"|0\d{2,3}[ -]?\d{7,8}|[48]00[ -]?\d{3}[ -]?\d{4})(?![\w-])",
    re.ASCII,
)
# Of a word in any other script.
LETTER = rf"[^\W{HAN}]"
# A name of one character would take words apart.
SHORTEST = 2
CUSTOMER, CUSTOMER_EN = "某客户", "a customer"


@dataclass
class Names:
    """What is masked: companies are replaced, people keep their surname."""

    companies: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)

    def mask(self, text: str) -> str:
        """The text without the names, telephone numbers and addresses of mail."""
        hidden = {name: mask_name(name) for name in self.people}
        hidden |= {name: _replaced(name) for name in self.companies}
        # The longest first: a name may begin another one.
        for name in sorted(filter(_is_name, hidden), key=len, reverse=True):
            text = _pattern(name).sub(hidden[name], text)
        text = EMAIL.sub(lambda found: mask_email(found.group()), text)
        return PHONE.sub(lambda found: mask_phone(found.group()), text)


def _is_name(text: str) -> bool:
    return len(text.strip()) >= SHORTEST


def _replaced(name: str) -> str:
    return CUSTOMER if STARTS_WITH_HAN.match(name) else CUSTOMER_EN


def _pattern(name: str) -> re.Pattern[str]:
    """Chinese has no spaces between words; in other scripts a name is a word."""
    whole = re.escape(name)
    if not STARTS_WITH_HAN.match(name):
        whole = rf"(?<!{LETTER}){whole}(?!{LETTER})"
    return re.compile(whole, re.IGNORECASE)


def names_in(
    text: str,
    *,
    about: Complaint | WorkOrder | None,
    hidden: Iterable[str],
    keeps_colleagues: bool,
) -> Names:
    """Of the customers whom it concerns or mentions, of their people, and of the staff."""
    found = Names(people={name.strip() for name in hidden})
    if isinstance(about, WorkOrder):
        found.companies.add(about.customer_name)
    elif about is not None:
        found.people.add(about.contact_name)
    concerned = _customers(text, about)
    for customer in concerned:
        names = found.people if customer.kind == Kind.PERSON else found.companies
        names.add(customer.name)
    contacts = Contact.objects.filter(customer__in=concerned)
    found.people.update(contacts.values_list("name", flat=True))
    if not keeps_colleagues:
        rows = Person.objects.annotate(place=_place_in(text)).filter(place__gt=0)
        found.people.update(rows.values_list("name", flat=True))
    return found


def _customers(text: str, about: Complaint | WorkOrder | None) -> list[Customer]:
    """Our own units are customers of each other; they are named."""
    rows = Customer.objects.exclude(kind=Kind.INTERNAL).annotate(place=_place_in(text))
    mentioned = Q(place__gt=0, size__gte=SHORTEST)
    concerned = Q(pk=about.customer_id) if about and about.customer_id else Q(pk__in=())
    return list(rows.annotate(size=Length("name")).filter(mentioned | concerned))


def _place_in(text: str) -> StrIndex:
    """Where the text has the name of a row."""
    return StrIndex(Value(text, output_field=TextField()), "name")
