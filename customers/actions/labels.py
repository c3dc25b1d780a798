"""What people say of customers against the rules: other labels, and no labels at all."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers.actions import value
from customers.models import Customer, Kind, Label, LabelKind, Quadrant, Stage, Tier
from organisation.access import require
from organisation.models import Person

JUDGE, EDIT = "customer.judge", "customer.edit"
VALUES = {
    LabelKind.TIER: Tier.values,
    LabelKind.STAGE: Stage.values,
    LabelKind.QUADRANT: Quadrant.values,
}
LONGEST = timedelta(days=366)


@transaction.atomic
def override(
    *,
    customer: Customer,
    kind: str,
    value_: str,
    reason: str,
    expires_on: date,
    by: Person,
    now: datetime,
) -> Label:
    """A person's word stands before that of the rule until `expires_on`."""
    require(by, JUDGE, customer)
    on = timezone.localdate(now)
    _check(customer, kind, value_, reason, expires_on, on)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    mine = Label.objects.filter(customer=customer, kind=kind)
    before = mine.in_force().first()
    mine.filter(by_hand=True, ended_on=None).update(ended_on=on)
    made = Label.objects.create(
        customer=customer,
        kind=kind,
        value=value_,
        previous=before.value if before else "",
        by_hand=True,
        reason=reason.strip(),
        by=by,
        since=on,
        expires_on=expires_on,
    )
    value.apply([customer.pk])
    return made


@transaction.atomic
def decline(*, customer: Customer, by: Person, now: datetime) -> None:
    """The customer refuses to be judged by rules (PIPL, article 24): all of theirs end."""
    require(by, EDIT, customer)
    asked = Customer.objects.filter(pk=customer.pk, declines_labels_at=None)
    asked.update(declines_labels_at=now)
    rules = Label.objects.filter(customer=customer, by_hand=False, ended_on=None)
    rules.update(ended_on=timezone.localdate(now))
    value.apply([customer.pk])


@transaction.atomic
def allow(*, customer: Customer, by: Person, now: datetime) -> None:
    """Taken back: the rules speak again from the next night on."""
    require(by, EDIT, customer)
    Customer.objects.filter(pk=customer.pk).update(declines_labels_at=None)


def _check(
    customer: Customer, kind: str, value_: str, reason: str, expires_on: date, on: date
) -> None:
    wrong = {}
    if kind not in VALUES or value_ not in VALUES[LabelKind(kind)]:
        wrong["value"] = _("Choose a value.")
    elif kind == LabelKind.TIER and customer.kind != Kind.PERSON:
        wrong["value"] = _("A tier belongs to a person. Choose a grade for a company.")
    if not reason.strip():
        wrong["reason"] = _("Say why.")
    if not on < expires_on <= on + LONGEST:
        wrong["expires_on"] = _("Enter a day after today, within a year.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
