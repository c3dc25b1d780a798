"""Planning visits and receptions, writing them down, and what follows (K-14, K-15, T-24)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from customers import visits as reading
from customers.actions import facts, timeline
from customers.actions.customers import check_current
from customers.models import (
    Customer,
    Purpose,
    Stage,
    Visit,
    VisitKind,
    VisitStatus,
)
from organisation import outbox
from organisation.access import can, require
from organisation.models import Importance, Person

EDIT = "customer.edit"
BACK = AHEAD = timedelta(days=366)


@transaction.atomic
def plan(
    *,
    customer: Customer,
    kind: str,
    on: date,
    owner: Person,
    purpose: str,
    by: Person,
    now: datetime,
    aim: str = "",
    plan_: str = "",
    steps: str = "",
    place: str = "",
    starts_at: time | None = None,
    anyway: bool = False,
) -> Visit:
    """A visit or reception to come. Sooner than the cadence allows only `anyway` (K-15)."""
    require(by, EDIT, customer)
    _check_account(customer)
    _check_plan(customer, kind, on, owner, purpose, now)
    if not anyway:
        _check_cadence(customer, on)
    try:
        with transaction.atomic():
            made = Visit.objects.create(
                customer=customer,
                branch=customer.home_branch,
                kind=kind,
                on=on,
                starts_at=starts_at,
                place=place.strip(),
                owner=owner,
                purpose=purpose,
                aim=aim.strip(),
                plan=plan_.strip(),
                steps=steps.strip(),
                by=by,
                at=now,
            )
    except IntegrityError as error:
        raise Refused.at("on", _("The same is planned for that day already.")) from error
    _tell_owner(made, by, now)
    return made


@transaction.atomic
def change(
    *,
    visit: Visit,
    on: date,
    owner: Person,
    purpose: str,
    by: Person,
    now: datetime,
    version: int | None = None,
    anyway: bool = False,
    plan_: str = "",
    starts_at: time | None = None,
    **words: str,
) -> None:
    """Another day, owner or plan of a visit to come. `words`: aim, steps, place."""
    _hold(visit, by, version)
    customer = visit.customer
    _check_account(customer)
    _check_plan(customer, visit.kind, on, owner, purpose, now)
    if not anyway and on != visit.on:
        _check_cadence(customer, on, apart_from=visit.pk)
    was = visit.owner_id
    given: dict[str, Any] = {
        name: words.get(name, "").strip() for name in ("aim", "steps", "place")
    }
    try:
        with transaction.atomic():
            touch(
                visit,
                on=on,
                owner=owner,
                purpose=purpose,
                plan=plan_.strip(),
                starts_at=starts_at,
                **given,
            )
    except IntegrityError as error:
        raise Refused.at("on", _("The same is planned for that day already.")) from error
    if owner.pk != was:
        _tell_owner(visit, by, now)


@transaction.atomic
def write_down(
    *,
    visit: Visit,
    on: date,
    who: str,
    words: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """The planned visit was made."""
    _hold(visit, by, version)
    _check_words(on, who, words, now)
    move(visit, to=VisitStatus.DONE, on=on, who=who.strip(), words=words.strip(), closed_at=now)
    _record(visit, now)


@transaction.atomic
def note(
    *, customer: Customer, kind: str, on: date, who: str, words: str, by: Person, now: datetime
) -> Visit:
    """One that nobody planned; it stands among what happened with the customer, too (T-24)."""
    require(by, EDIT, customer)
    if kind not in VisitKind.values:
        raise Refused.at("kind", _("Choose what it was."))
    _check_words(on, who, words, now)
    check_current(customer)
    made = Visit.objects.create(
        customer=customer,
        branch=customer.home_branch,
        kind=kind,
        status=VisitStatus.DONE,
        on=on,
        owner=by,
        who=who.strip(),
        words=words.strip(),
        by=by,
        at=now,
        closed_at=now,
    )
    _record(made, now)
    return made


@transaction.atomic
def cancel(*, visit: Visit, by: Person, now: datetime, version: int | None = None) -> None:
    """It does not take place; it stays to be read."""
    _hold(visit, by, version)
    move(visit, to=VisitStatus.CANCELLED, closed_at=now)


def _hold(visit: Visit, by: Person, version: int | None) -> None:
    check_may(visit, by=by)
    check_version(visit, version)
    if not visit.is_planned:
        raise NotOpen(_("This visit was written down or cancelled already."))


def check_may(visit: Visit, *, by: Person) -> None:
    """Who makes the visit may, and who edits the customer."""
    if by.pk != visit.owner_id:
        require(by, EDIT, visit.customer)


def _check_account(customer: Customer) -> None:
    """Read anew: it may have been closed while the form was filled in."""
    customer = Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    check_current(customer)
    if customer.stage == Stage.LEFT:
        raise Refused(_("This customer has left: no visit can be planned."))


def _check_plan(
    customer: Customer, kind: str, on: date, owner: Person, purpose: str, now: datetime
) -> None:
    today = timezone.localdate(now)
    wrong = {}
    if kind not in VisitKind.values:
        wrong["kind"] = _("Choose what it is.")
    if not today <= on <= today + AHEAD:
        wrong["on"] = _("Choose a day from today on, within a year.")
    if purpose not in Purpose.values:
        wrong["purpose"] = _("Choose what it is for.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    check_owner(owner, customer)


def check_owner(owner: Person, customer: Customer) -> None:
    """Refused for somebody who has left or sees nothing of the customer."""
    if not owner.is_active or not can(owner, "customer.see", customer):
        raise Refused.at("owner", _("This person does not work for this customer's branch."))


def _check_cadence(customer: Customer, on: date, apart_from: int | None = None) -> None:
    if (first := reading.too_soon(customer, on, apart_from=apart_from)) is not None:
        words = _("That is sooner than this customer wishes to be visited: not before %(day)s.")
        raise Refused.at("anyway", words % {"day": first.isoformat()})


def _check_words(on: date, who: str, words: str, now: datetime) -> None:
    today = timezone.localdate(now)
    wrong = {}
    if not today - BACK <= on <= today:
        wrong["on"] = _("Enter the day, within the last year.")
    if not who.strip():
        wrong["who"] = _("Say who was there.")
    if not words.strip():
        wrong["words"] = _("Say what was said.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _record(visit: Visit, now: datetime) -> None:
    facts.visited(visit.customer, on=visit.on, now=now)
    timeline.record(
        customer=visit.customer,
        at=now,
        kind=f"customer_{visit.kind}",
        title=visit.words.splitlines()[0],
        branch=visit.branch,
        url_name="customer-visits",
        reference=f"{visit.customer_id}/{visit.pk}",
    )


def _tell_owner(visit: Visit, by: Person, now: datetime) -> None:
    outbox.put(
        key=f"visit:{visit.pk}:{visit.version}",
        to=[visit.owner],
        text="visit_planned",
        context={"customer": visit.customer.name, "kind": visit.kind, "on": visit.on.isoformat()},
        importance=Importance.REMINDER,
        path=f"/customers/visits/{visit.pk}/",
        now=now,
        apart_from=by,
    )
