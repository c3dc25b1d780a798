"""Creating and changing customers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from csm.kit.errors import Refused, Stale
from csm.kit.masking import mask_email, mask_name, mask_phone
from customers.actions import corrections, handovers, search_names
from customers.models import Contact, ContactPoint, Customer, CustomerFacts, Kind, Language
from customers.phones import digits_of
from organisation.access import require
from organisation.models import Branch, Person


@dataclass(frozen=True)
class Caller:
    """Who is on the line: the name as given, and how to reach them."""

    name: str = ""
    phone: str = ""
    email: str = ""
    title: str = ""
    best_time: str = ""


@transaction.atomic
def create(
    *,
    name: str,
    home_branch: Branch,
    by: Person | None,
    now: datetime,
    kind: str = Kind.COMPANY,
    tier: str = "",
    grade: str = "",
    contact: Caller | None = None,
    account_manager: Person | None = None,
    contract_ends_on: date | None = None,
    note: str = "",
    language: str = "",
    own_spelling: str = "",
    code: str = "",
) -> Customer:
    """A customer with at most one first contact, and an empty row of facts."""
    require(by, "customer.edit", home_branch)
    _check_standing(kind, tier, grade)
    _check_code(code)
    customer = Customer.objects.create(
        name=name,
        code=code,
        kind=kind,
        tier=tier,
        grade=grade,
        home_branch=home_branch,
        account_manager=account_manager,
        contract_ends_on=contract_ends_on,
        note=note,
        language=language,
        own_spelling=own_spelling,
        created_at=now,
    )
    CustomerFacts.objects.create(customer=customer, refreshed_at=now)
    if contact is not None and (contact.name or contact.phone or contact.email):
        _add_contact(customer, contact)
    search_names.write([customer.pk])
    return customer


@transaction.atomic
def change(
    *,
    customer: Customer,
    by: Person | None,
    now: datetime,
    version: int | None = None,
    **fields: object,
) -> None:
    """Change the card, and write down what was changed; `version` is the one looked at."""
    require(by, "customer.edit", customer)
    check_current(customer)
    if isinstance(branch := fields.get("home_branch"), Branch):
        require(by, "customer.edit", branch)
    _check_standing(
        str(fields.get("kind", customer.kind)),
        str(fields.get("tier", customer.tier)),
        str(fields.get("grade", customer.grade)),
    )
    _check_code(str(fields.get("code", "")), customer)
    seen = customer.version if version is None else version
    mine = Customer.objects.filter(pk=customer.pk, version=seen)
    corrections.note(customer=customer, changes=fields, by=by, now=now)
    was = customer.account_manager
    if not mine.update(version=F("version") + 1, **fields):
        raise Stale(_("Somebody changed this customer in the meantime. Look at it again."))
    customer.refresh_from_db()
    search_names.write([customer.pk])
    if customer.account_manager != was:
        handovers.record([customer], was=was, to=customer.account_manager, by=by, now=now)


@transaction.atomic
def add_contact(
    *,
    customer: Customer,
    caller: Caller,
    by: Person | None,
    now: datetime,
) -> Contact:
    """A person to speak to; the first one is the main contact."""
    require(by, "customer.edit", customer)
    check_current(customer)
    contact = _add_contact(customer, caller)
    search_names.write([customer.pk])
    corrections.write(
        customer=customer, field="contact", was="", became=masked(caller), by=by, now=now
    )
    return contact


def masked(caller: Caller) -> str:
    """As a log may say it."""
    parts = mask_name(caller.name), mask_phone(caller.phone), mask_email(caller.email)
    return " ".join(filter(None, parts))


def check_current(customer: Customer) -> None:
    """Nothing is added to one that was merged, or is nobody any more."""
    if customer.merged_into_id is not None:
        raise Refused(_("This customer has been merged into another one. Work on that one."))
    if customer.erased_at is not None:
        raise Refused(_("This customer was anonymised; nothing can be added any more."))


def _add_contact(customer: Customer, caller: Caller) -> Contact:
    contact = Contact.objects.create(
        customer=customer,
        name=caller.name or customer.name,
        title=caller.title,
        best_time=caller.best_time,
        is_primary=not customer.contacts.exists(),
    )
    ContactPoint.objects.bulk_create(points_of(contact, caller))
    return contact


def points_of(contact: Contact, caller: Caller) -> list[ContactPoint]:
    """How the caller can be reached, as rows to store."""
    given = ((ContactPoint.Kind.PHONE, caller.phone), (ContactPoint.Kind.EMAIL, caller.email))
    return [ContactPoint.made(contact, kind, value) for kind, value in given if value]


def find_or_create(
    *,
    caller: Caller,
    branch: Branch,
    by: Person | None,
    now: datetime,
    name: str = "",
    language: str = "",
) -> Customer | None:
    """The customer of this branch with the same phone, or the same name; else a new one.

    A `name` other than the caller's is whom the caller speaks for: a company. A new one is written
    to in the `language` that the form was filled in with.
    """
    speaks_for = bool(name and caller.name and name != caller.name)
    name = name or caller.name or caller.phone
    if not name:
        return None
    known = Customer.objects.filter(home_branch=branch, erased_at=None)
    known = known.select_related("merged_into")
    digits = digits_of(caller.phone)
    if digits:
        same_phone = ContactPoint.objects.calling(digits).values("contact__customer")
        found = known.filter(pk__in=same_phone).order_by("pk").first()
        if found is not None:
            return found.merged_into or found
    # Two people share a name more often than two companies.
    is_known_by_name = speaks_for or not digits
    found = known.filter(name=name).order_by("pk").first() if is_known_by_name else None
    if found is not None:
        return found.merged_into or found
    kind = Kind.COMPANY if speaks_for else Kind.PERSON
    return create(
        name=name, home_branch=branch, by=by, now=now, kind=kind, contact=caller, language=language
    )


def speak(*, customer: Customer, language: str) -> None:
    """The customer in person used this language: from now on we write in it."""
    if language in Language and language != customer.language:
        Customer.objects.filter(pk=customer.pk).update(language=language)
        customer.language = language


def main_caller(customer: Customer) -> Caller:
    """The main contact as a caller; nobody when the customer has none."""
    contact = customer.contacts.prefetch_related("points").first()
    if contact is None:
        return Caller()
    found = {point.kind: point.value for point in reversed(contact.points.all())}
    return Caller(
        name=contact.name,
        phone=found.get(ContactPoint.Kind.PHONE, ""),
        email=found.get(ContactPoint.Kind.EMAIL, ""),
    )


def _check_code(code: str, customer: Customer | None = None) -> None:
    """No two customers have one number."""
    others = Customer.objects.filter(code=code)
    if customer is not None:
        others = others.exclude(pk=customer.pk)
    if code and others.exists():
        raise Refused.at("code", _("Another customer has this number."))


def _check_standing(kind: str, tier: str, grade: str) -> None:
    if tier and kind != Kind.PERSON:
        raise Refused(
            _("A tier belongs to a person. Choose a grade for a company."),
            fields={"tier": _("Leave the tier empty, or choose the kind “person”.")},
        )
    if grade and kind != Kind.COMPANY:
        raise Refused(
            _("A grade belongs to a company. Choose a tier for a person."),
            fields={"grade": _("Leave the grade empty, or choose the kind “company”.")},
        )
