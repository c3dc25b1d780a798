"""Care for customers: wishes, days, and what is to be done on them (K-21, K-25, S-18)."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move
from customers.actions import facts, notices
from customers.actions.customers import check_current
from customers.actions.touched import SWEEP
from customers.care_sql import PLAN
from customers.models import (
    AddedService,
    CareAct,
    CareDate,
    CareStatus,
    CareWish,
    Channel,
    Customer,
    DateKind,
    Stage,
)
from organisation import outbox
from organisation.access import require
from organisation.models import Importance, Person, SweepRun
from organisation.outbox import Notice

EDIT = "customer.edit"
AHEAD = 14
# Between two acts of care, and after a survey.
COOL_DOWN = 14
YEAR = timedelta(days=366)


def refresh(*, now: datetime) -> int:
    """Once a day, what the rules ask for in the next two weeks; each owner hears how much."""
    ran = SweepRun.objects.filter(name=SWEEP).values_list("ran_at", flat=True).first()
    if ran is not None and timezone.localdate(ran) == timezone.localdate(now):
        return 0
    return plan_by_rule(now=now)


@transaction.atomic
def plan_by_rule(*, now: datetime) -> int:
    """The number of new acts; a second time there is none."""
    today = timezone.localdate(now)
    given: dict[str, Any] = {
        "today": today,
        "ahead": AHEAD,
        "apart": COOL_DOWN,
        "since": now - timedelta(days=COOL_DOWN),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLAN, given)
        owners = [owner for (owner,) in cursor.fetchall()]
    counts = Counter(owner for owner in owners if owner)
    outbox.put_all(
        [
            Notice(
                key=f"care:{owner}:{today}",
                people=[owner],
                text="care_to_do",
                context={"count": number},
                importance=Importance.REMINDER,
                path="/customers/care/?view=mine",
            )
            for owner, number in sorted(counts.items())
        ],
        now=now,
    )
    return len(owners)


@transaction.atomic
def plan(
    *,
    customer: Customer,
    on: date,
    words: str,
    by: Person,
    now: datetime,
    channel: str = "",
    service: AddedService | None = None,
) -> CareAct:
    """By hand. Refused for who wishes no care, or is to be left in peace on that day."""
    require(by, EDIT, customer)
    _check_open(customer)
    today = timezone.localdate(now)
    if not today <= on <= today + YEAR:
        raise Refused.at("on", _("Choose a day from today on, within a year."))
    if not words.strip():
        raise Refused.at("words", _("Say what is done."))
    if channel not in Channel.values:
        raise Refused.at("channel", _("Choose one of the ways."))
    wish = CareWish.objects.filter(customer=customer).first()
    if wish and wish.no_care:
        raise Refused(_("This customer wishes no greetings or care."))
    if wish and wish.quiet_until and on <= wish.quiet_until:
        raise Refused.at("on", _("This customer wishes to be left in peace on that day."))
    try:
        with transaction.atomic():
            return CareAct.objects.create(
                customer=customer,
                branch=customer.home_branch,
                owner=customer.account_manager or by,
                on=on,
                occasion="",
                channel=channel or (wish.channel if wish else ""),
                words=words.strip(),
                service=service,
                at=now,
            )
    except IntegrityError as error:
        raise Refused.at("on", _("Something is planned for that day already.")) from error


@transaction.atomic
def close(
    *, act: CareAct, is_done: bool, by: Person, now: datetime, version: int | None = None
) -> None:
    """Done, and then nobody else asks or greets for a while; or not done."""
    check_may(act, by)
    check_version(act, version)
    if act.status != CareStatus.PLANNED:
        raise NotOpen(_("This was done or dropped already."))
    to = CareStatus.DONE if is_done else CareStatus.DROPPED
    move(act, to=to, closed_at=now, closed_by=by)
    if is_done:
        facts.cared(act.customer_id, now=now)


@transaction.atomic
def wish(
    *,
    customer: Customer,
    by: Person,
    now: datetime,
    channel: str = "",
    quiet_until: date | None = None,
    no_care: bool = False,
    no_notices: bool = False,
    words: str = "",
) -> CareWish:
    """How the customer wishes to be met; what is planned against it is dropped at once."""
    require(by, EDIT, customer)
    check_current(customer)
    if channel not in Channel.values:
        raise Refused.at("channel", _("Choose one of the ways."))
    kept, _is_new = CareWish.objects.update_or_create(
        customer=customer,
        defaults={
            "channel": channel,
            "quiet_until": quiet_until,
            "no_care": no_care,
            "no_notices": no_notices,
            "words": words.strip(),
            "by": by,
            "at": now,
        },
    )
    if no_notices:
        notices.decline(customer)
    planned = CareAct.objects.filter(customer=customer, status=CareStatus.PLANNED)
    if not no_care:
        planned = planned.filter(on__lte=quiet_until) if quiet_until else planned.none()
    for act in planned:
        move(act, to=CareStatus.DROPPED, closed_at=now, closed_by=by)
    return kept


@transaction.atomic
def add_date(
    *,
    customer: Customer,
    kind: str,
    month: int,
    day: int,
    by: Person,
    now: datetime,
    words: str = "",
) -> CareDate:
    """A day of every year; known twice is known once."""
    require(by, EDIT, customer)
    _check_open(customer)
    if kind not in DateKind.values:
        raise Refused.at("kind", _("Choose what day it is."))
    if (month, day) == (2, 29):
        day = 28
    try:
        # No leap year: who is born on the 29th is greeted on the 28th.
        date(2001, month, day)
    except ValueError as error:
        raise Refused.at("day", _("There is no such day.")) from error
    made, _is_new = CareDate.objects.get_or_create(
        customer=customer,
        kind=kind,
        month=month,
        day=day,
        defaults={"words": words.strip(), "by": by, "at": now},
    )
    return made


@transaction.atomic
def forget_date(*, found: CareDate, by: Person, now: datetime) -> None:
    require(by, EDIT, found.customer)
    found.delete()


def check_may(act: CareAct, by: Person) -> None:
    """Whose it is may, and who edits the customer."""
    if by.pk != act.owner_id:
        require(by, EDIT, act.customer)


def _check_open(customer: Customer) -> None:
    check_current(customer)
    if customer.stage == Stage.LEFT:
        raise Refused(_("This customer has left."))
