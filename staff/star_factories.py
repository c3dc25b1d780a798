"""Elections of the service star for tests."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from csm.kit import periods
from csm.kit.periods import Period
from csm.kit.transitions import move
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.actions import tokens
from organisation.factories import PersonFactory
from organisation.models import Branch, Person, Role
from staff import quarters, star_reading
from staff.actions import star_ballots, star_candidates, star_elections
from staff.models import (
    VOTE,
    StarBallot,
    StarCandidate,
    StarElection,
    StarStatus,
)


def election(
    branch: Branch,
    *,
    last_on: date,
    now: datetime,
    quarter: str = "2026-Q3",
    by: Person | None = None,
    prize_cost: Decimal = Decimal(0),
) -> StarElection:
    """One in preparation."""
    return star_elections.prepare(
        branch=branch,
        period=quarters.of_key(quarter),
        ends_at=star_reading.ends_after(last_on),
        prize="奖金 500 元",
        prize_cost=prize_cost,
        by=by,
        now=min(now, star_reading.ends_after(last_on) - timedelta(days=1)),
    )


def region_election(branch: Branch, *, now: datetime) -> StarElection:
    """Of the present quarter, of the region to which the branch belongs; made when missing."""
    zone = ZoneInfo(settings.TIME_ZONE)
    present = periods.at(now, kind="quarter", zone=zone)
    region = Branch.objects.get(pk=branch.ancestor_ids[1])
    found = StarElection.objects.filter(quarter=present.key, branch=region).first()
    last_on = present.last_on + timedelta(days=20)
    return found or election(region, quarter=present.key, last_on=last_on, now=now)


def last_quarter(now: datetime) -> Period:
    return periods.at(now, kind="quarter", zone=ZoneInfo(settings.TIME_ZONE)).previous


def served(branch: Branch, *, email: str, now: datetime, **customer: Any) -> Complaint:
    """A complaint of a new customer, closed there."""
    made = CustomerFactory.create(home_branch=branch, email=email, now=now, **customer)
    complaint = ComplaintFactory.create(branch=branch, customer=made, until="assigned", now=now)
    Complaint.objects.filter(pk=complaint.pk).update(
        status="closed", closed_at=now, answered_at=now
    )
    return complaint


def voting(
    branch: Branch, people: Sequence[tuple[Person, Branch]], *, now: datetime, **given: Any
) -> StarElection:
    """The vote of the last quarter runs: everybody `served` in it is asked, letters are queued."""
    period = last_quarter(now)
    last_on = min(timezone.localdate(now) + timedelta(days=7), period.following.last_on)
    made = election(branch, quarter=period.key, last_on=last_on, now=now)
    for person, place in people:
        candidate(made, person, place, now=now, **given)
    star_elections.open_(election=made, by=None, now=now)
    star_ballots.send(election=made, now=now)
    return made


def candidate(
    election: StarElection, person: Person, branch: Branch, *, now: datetime, **said: Any
) -> StarCandidate:
    """Somebody with a story, borne out by a complaint of the branch."""
    complaint = Complaint.objects.filter(branch=branch).first()
    story = {
        "story": "客户夜里来电，货物卡在中转站；他连夜找到货，第二天一早送到门口。",
        "complaint": complaint or ComplaintFactory.create(branch=branch, until="assigned", now=now),
    } | said
    return star_candidates.nominate(
        election=election, person=person, branch=branch, by=None, now=now, **story
    )


def opened(election: StarElection, *, by: Person | None, now: datetime) -> None:
    """As if customers had been found to ask: `votes` writes their ballots."""
    move(election, to=StarStatus.OPEN, opened_at=now, opened_by=by)


def votes(
    election: StarElection,
    offered: Sequence[StarCandidate],
    *,
    votes: int,
    answered: int,
    now: datetime,
    customers: Sequence[Customer] = (),
) -> None:
    """Ballots of so many customers who answered; so many of them chose the first who is offered."""
    home = offered[0].branch
    asked = customers or [
        CustomerFactory.create(name="投票客户", home_branch=home, now=now)
        for _each in range(answered)
    ]
    links = tokens.issue_links(answered, purpose=VOTE, life=timedelta(days=90), now=now)
    StarBallot.objects.bulk_create(
        StarBallot(
            election=election,
            quarter=election.quarter,
            customer=customer,
            candidates=[row.pk for row in offered],
            address=f"kh{customer.pk}@example.com",
            link=link,
            sent_at=now,
            voted_at=now,
            choice=offered[0] if number < votes else None,
        )
        for number, (customer, link) in enumerate(zip(asked, links, strict=True))
    )


def director() -> Person:
    """Somebody who may decide."""
    return PersonFactory.create(branch=Branch.objects.top(), role=Role.SERVICE_DIRECTOR)


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
