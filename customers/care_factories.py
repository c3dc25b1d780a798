"""Visits, segments, care and notices for tests, made through the actions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from customers.actions import care, care_rules, notices, segments, visit_follow_ups, visits
from customers.models import (
    AddedService,
    CareAct,
    CareDate,
    CareRule,
    Customer,
    CustomerNotice,
    Festival,
    Segment,
    VisitTask,
)
from organisation.models import Person


@dataclass(frozen=True)
class CareOfCompany:
    """What the whole company shares."""

    festival: Festival
    rule: CareRule
    service: AddedService


@dataclass(frozen=True)
class CareOfCustomer:
    """One of each thing that belongs to a customer or a branch."""

    task: VisitTask
    segment: Segment
    act: CareAct
    day: CareDate
    notice: CustomerNotice


def care_of_company(by: Person, now: datetime) -> CareOfCompany:
    return CareOfCompany(
        festival=care_rules.add_festival(name="春节", on=date(2027, 2, 6), by=by, now=now),
        rule=care_rules.add_rule(occasion="festival", words="贺信", by=by, now=now),
        service=care_rules.add_service(name="驻点", lever="other", by=by, now=now),
    )


def care_of(
    customer: Customer, secret: str, *, by: Person, notifier: Person, now: datetime
) -> CareOfCustomer:
    day = now.date() + timedelta(days=3)
    planned = visits.plan(
        customer=customer,
        kind="visit",
        on=day,
        owner=by,
        purpose="regular",
        aim=f"{secret}aim",
        by=by,
        now=now,
    )
    branch = customer.home_branch
    segment = segments.save(name=f"{secret}segment", branch=branch, conditions={}, by=by, now=now)
    return CareOfCustomer(
        task=visit_follow_ups.follow_up(
            visit=planned, text=f"{secret}task", owner=by, due_on=day, by=by, now=now
        ),
        segment=segment,
        act=care.plan(customer=customer, on=day, words=f"{secret}act", by=by, now=now),
        day=care.add_date(customer=customer, kind="birthday", month=3, day=4, by=by, now=now),
        notice=notices.draft(
            cause="change",
            segment=segment,
            title=f"{secret}told",
            words=f"{secret}words",
            by=notifier,
            now=now,
        ),
    )
