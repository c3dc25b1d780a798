"""Anonymising a customer, for good (PIPL art. 47, B-26, docs/adr/0011).

The rows stay, with their counts, verdicts and times; what names somebody goes. They are found as
`personal_data` finds them: by the foreign keys that hang on the customer, and those on these.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from customers.actions import erasing_files, erasing_messages
from customers.actions.erasing_rows import reach
from customers.models import Contact, Customer, CustomerFacts, Erasure, SearchName, ToldApart
from organisation.access import ROLE_VERBS, require_everywhere
from organisation.actions import access_records
from organisation.models import Job, JobState, LookReason, Person

VERB = "customer.erase"
# Allows the triggers of tables that are never changed to let words go, and nothing else.
ALLOW = "SELECT set_config('csm.erasing', %s, true)"


@transaction.atomic
def prepare(*, customer: Customer, reason: str, by: Person, now: datetime) -> Erasure:
    """The first step: say why. Prepared once more, the reason is replaced."""
    require_everywhere(by, VERB)
    held = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    _check(held)
    made, _is_new = Erasure.objects.update_or_create(
        customer=held, defaults={"reason": reason, "asked_by": by, "asked_at": now}
    )
    return made


@transaction.atomic
def drop(*, customer: Customer, by: Person) -> None:
    """Take back what was prepared and not done."""
    require_everywhere(by, VERB)
    Erasure.objects.filter(customer=customer, done_at=None).delete()


def count(customer: Customer) -> dict[str, int]:
    """How many rows hang on the customer, by the label of their model."""
    found = reach(_all(customer))
    return {model._meta.label: len(keys) for model, keys in found.items() if keys}


def seconds(person: Person) -> list[Person]:
    """Who else may do the second step."""
    roles = [role for role, verbs in ROLE_VERBS.items() if VERB in verbs]
    rows = Person.objects.filter(postings__role__in=roles, postings__branch__parent=None)
    return list(rows.filter(is_active=True).exclude(pk=person.pk).distinct().order_by("name"))


@transaction.atomic
def erase(*, customer: Customer, name: str, by: Person, now: datetime) -> Erasure:
    """The second step, by a second person; `name` is typed anew, so that nobody else is meant.

    There is no way back.
    """
    require_everywhere(by, VERB)
    rows = Customer.objects.select_for_update()
    held = rows.get(pk=customer.pk)
    _check(held)
    prepared = Erasure.objects.filter(customer=held, done_at=None).first()
    if prepared is None:
        raise NotOpen(_("Say first why this customer is to be anonymised."))
    if prepared.asked_by_id == by.pk:
        raise Refused(_("Somebody else than the person who said why has to do this."))
    if name.strip() != held.name:
        raise Refused.at("name", _("This is not the name of the customer."))
    everyone = list(rows.filter(pk__in=[each.pk for each in _all(held)]).order_by("pk"))
    counted = _empty(everyone, now)
    access_records.write(
        by=by,
        what="anonymised",
        reference=f"customer:{held.pk}",
        reason=LookReason.REQUEST,
        now=now,
    )
    Erasure.objects.filter(pk=prepared.pk).update(done_by=by, done_at=now, rows=counted)
    prepared.refresh_from_db()
    return prepared


def _empty(everyone: Collection[Customer], now: datetime) -> dict[str, int]:
    found = reach(everyone)
    words = found.words(everyone)
    _set(ALLOW, "on")
    erasing_messages.empty(words, found.links(), now)
    erasing_files.replace(found.files())
    expired = erasing_files.expire(found.names(everyone), now)
    counted = found.empty(words) | {"organisation.StoredFile": expired}
    Contact.objects.filter(customer__in=everyone).delete()
    SearchName.objects.filter(customer__in=everyone).delete()
    ToldApart.objects.filter(first__in=everyone).delete()
    ToldApart.objects.filter(second__in=everyone).delete()
    for each in everyone:
        Customer.objects.filter(pk=each.pk).update(
            name=_("Anonymised customer %(n)d") % {"n": each.pk},
            code="",
            note="",
            own_spelling="",
            language="",
            contract_ends_on=None,
            declines_surveys_at=each.declines_surveys_at or now,
            declines_labels_at=each.declines_labels_at or now,
            erased_at=now,
            version=F("version") + 1,
        )
    _set(ALLOW, "")
    return counted


def _check(customer: Customer) -> None:
    if customer.erased_at is not None:
        raise Refused(_("This customer was anonymised already."))
    if customer.merged_into_id is not None:
        raise Refused(_("This customer has been merged into another one. Work on that one."))
    facts = CustomerFacts.objects.filter(customer=customer).first()
    if facts is not None and facts.open_complaints:
        raise Refused(_("A complaint of this customer is open. Bring it to its end first."))
    if Job.objects.filter(state=JobState.RUNNING).exists():
        raise Refused(_("A list is just being written that may name this customer. Wait for it."))


def _all(customer: Customer) -> list[Customer]:
    """The customer and those that were merged into it."""
    return [customer, *Customer.objects.filter(merged_into=customer).order_by("pk")]


def _set(sql: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [value])
