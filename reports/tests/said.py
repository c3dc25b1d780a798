"""What customers said and shipped, and what staff knew, as rows for counting."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count

from complaints.models import CallbackAttempt, Complaint
from customers.factories import CustomerFactory
from customers.models import Customer, CustomerVolume, Kind
from organisation.factories import PersonFactory
from organisation.models import Branch, Role
from reports.tests.histories import DUE, MONDAY, history
from staff import factories as staff_factories
from staff.models import AskedPerson, SpotCheck
from surveys import factories as survey_factories
from surveys.models import Survey

FIRST_ON = date(2026, 11, 9)
DAYS = 7
MINUTE = timedelta(minutes=1)
seeds = count(1)


def asked(branch: Branch, satisfied: int, n: int, *, at: datetime = DUE) -> None:
    """`satisfied` of `n` answers to the one survey of the company, completed at `at`."""
    running = Survey.objects.first() or survey_factories.survey(Branch.objects.top(), now=at)
    sheets = [{"total": 9 if number < satisfied else 6} for number in range(n)]
    survey_factories.responses(running, branch, at, sheets)


def called(
    branch: Branch,
    satisfied: int,
    n: int,
    *,
    at: datetime = DUE,
    complaint: Complaint | None = None,
) -> Complaint:
    """`n` customers reached by a callback at `at`, `satisfied` of them content.

    All on one complaint, received long before unless one is given.
    """
    called_about = complaint or history(branch, at=MONDAY - timedelta(days=200))
    CallbackAttempt.objects.bulk_create(
        CallbackAttempt(
            complaint=called_about,
            at=at + number * timedelta(seconds=1),
            is_reached=True,
            is_satisfied=number < satisfied,
        )
        for number in range(n)
    )
    return called_about


def shipped(
    branch: Branch,
    shipments: int,
    *,
    starts_on: date = FIRST_ON,
    days: int = DAYS,
    customer: Customer | None = None,
) -> CustomerVolume:
    by = customer or CustomerFactory.create(home_branch=branch, kind=Kind.COMPANY)
    return CustomerVolume.objects.create(
        customer=by,
        branch=branch,
        starts_on=starts_on,
        days=days,
        shipments=shipments,
        revenue=Decimal(shipments),
        last_on=starts_on if shipments else None,
        source=CustomerVolume.Source.API,
        written_at=DUE,
    )


def complained(branch: Branch, number: int) -> None:
    """So many valid complaints received in the week, without clocks."""
    for _each in range(number):
        history(branch)


def published(branch: Branch) -> SpotCheck:
    """A spot check about a report that is out."""
    writer = PersonFactory.create(branch=branch, role=Role.HANDLER)
    quality = PersonFactory.create(branch=Branch.objects.top(), role=Role.QUALITY_MANAGER)
    report = staff_factories.report(
        branch, by=writer, reviewer=quality, now=MONDAY, until="published"
    )
    return SpotCheck.objects.create(
        report=report, seed=next(seeds), drawn_by=writer, drawn_at=MONDAY, closes_at=DUE
    )


def knew(branch: Branch, aware: int, n: int, *, check: SpotCheck, at: datetime = DUE) -> None:
    """`aware` of `n` people of the branch knew the story when asked."""
    person = partial(PersonFactory.create, branch=branch, email="")
    AskedPerson.objects.bulk_create(
        AskedPerson(
            spot_check=check,
            person=person(),
            branch=branch,
            marks=[number < aware] * 3,
            is_aware=number < aware,
            answered_at=at,
        )
        for number in range(n)
    )
