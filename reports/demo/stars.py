"""Three elections of the service star: one decided, one in which customers vote, one prepared."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from complaints.models import Complaint
from csm.kit import periods
from csm.kit.periods import Period
from csm.kit.transitions import move
from customers.models import ContactPoint, Kind
from organisation.actions import tokens
from organisation.models import Branch, Delivery, Letter, Person, Role
from reports.demo.company import Company
from reports.demo.customers import Client
from reports.demo.data import table
from reports.demo.incentives_points import budget
from staff import star_reading
from staff.actions import (
    star_ballots,
    star_candidates,
    star_counting,
    star_elections,
)
from staff.models import VOTE, StarBallot, StarCandidate, StarElection, StarStatus

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def elect(company: Company, clients: list[Client], end: datetime) -> None:
    """Of the last two quarters and of this one; a star was elected, and another is voted for."""
    present = periods.at(end, kind="quarter", zone=ZoneInfo(settings.TIME_ZONE))
    _decided(company, clients, present.previous.previous)
    _voting(company, clients, present.previous, end)
    _put_up(company, _prepared(company, present, end), end)


def _prepared(
    company: Company, period: Period, now: datetime, *, runs_at: datetime | None = None
) -> StarElection:
    """Votes are taken for three weeks after the quarter and still at `runs_at`, in all branches."""
    last_on = period.last_on + 21 * DAY
    while star_reading.ends_after(last_on) <= (runs_at or now):
        last_on += 7 * DAY
    last_on = min(last_on, period.following.last_on)
    return star_elections.prepare(
        branch=company.root,
        period=period,
        ends_at=star_reading.ends_after(last_on),
        prize="奖金 500 元、荣誉证书",
        prize_cost=Decimal(500),
        by=company.who(company.root.code, Role.HUMAN_RESOURCES)[0],
        now=now,
    )


def _put_up(company: Company, election: StarElection, now: datetime) -> list[StarCandidate]:
    """Somebody of each region, with a story from one of its complaints."""
    told = Complaint.objects.values_list("branch__parent", flat=True)
    regions = Branch.objects.filter(level="region", pk__in=told).order_by("path")
    stories = table("stars")["stories"]
    return [
        star_candidates.nominate(
            election=election,
            person=_handler(company, region, place),
            branch=region,
            story=story["zh"],
            story_en=story["en"],
            complaint=_complaint(region, place),
            by=None,
            now=now,
        )
        for place, (region, story) in enumerate(zip(regions, stories, strict=False))
    ]


def _handler(company: Company, region: Branch, place: int) -> Person:
    sites = [site for site in company.sites.values() if site.region == region]
    return company.who(sites[place % len(sites)].branch.code, Role.HANDLER)[0]


def _complaint(region: Branch, place: int) -> Complaint:
    rows = Complaint.objects.filter(branch__path__startswith=region.path).select_related("branch")
    *_others, found = rows.order_by("pk")[: place + 1]
    return found


def _decided(company: Company, clients: list[Client], period: Period) -> None:
    """Most of the customers voted; the director elected who leads, and the prize was given."""
    opened_at = period.end + 34 * HOUR
    election = _prepared(company, period, opened_at)
    rows = _put_up(company, election, opened_at)
    _open(company, election, opened_at)
    _ask(election, rows, clients)
    ballots = StarBallot.objects.filter(election=election).order_by("pk")
    links = tokens.issue_links(ballots.count(), purpose=VOTE, life=92 * DAY, now=opened_at)
    for place, (ballot, link) in enumerate(zip(ballots, links, strict=True)):
        choice = None if place % 3 == 1 + ballot.candidates[0] % 2 else ballot.candidates[0]
        said = {"voted_at": opened_at + place * HOUR / 4, "choice": choice} if place % 7 else {}
        StarBallot.objects.filter(pk=ballot.pk).update(link=link, sent_at=opened_at, **said)
    over = election.ends_at + HOUR
    star_counting.count(election=election, now=over)
    [director] = company.who(company.root.code, Role.SERVICE_DIRECTOR)[:1]
    budget(over + DAY)
    leaders = star_reading.sight_of(election, director).leaders
    star_elections.decide(
        election=election,
        star=leaders[0] if leaders else None,
        words="事迹属实，客户认可。",
        by=director,
        now=over + DAY,
    )
    if leaders:
        [resources] = company.who(company.root.code, Role.HUMAN_RESOURCES)[:1]
        given_on = timezone.localdate(over + 3 * DAY)
        star_elections.note_prize(
            election=election, given_on=given_on, by=resources, now=over + 4 * DAY
        )


def _voting(company: Company, clients: list[Client], period: Period, end: datetime) -> None:
    """Letters have left; a third of those who were asked has voted."""
    begun = _forenoon(max(period.end, end - 5 * DAY))
    if begun > end:
        return
    election = _prepared(company, period, begun, runs_at=end)
    rows = _put_up(company, election, begun)
    _open(company, election, begun)
    with_address = dict(
        ContactPoint.objects.filter(kind=ContactPoint.Kind.EMAIL).values_list(
            "contact__customer", "value"
        )
    )
    asked = [client for client in clients if client.customer.pk in with_address]
    _ask(election, rows, asked, with_address)
    star_ballots.send(election=election, now=begun)
    Letter.objects.filter(text="star_ballot").update(
        state=Delivery.SENT, next_attempt_at=None, attempts=1, sent_at=F("created_at")
    )
    for place, ballot in enumerate(StarBallot.objects.filter(election=election).order_by("pk")):
        if place % 3 == 0:
            choice = ballot.candidates[0] if place % 2 else None
            star_ballots.vote(ballot=ballot, choice=choice, now=end)


def _forenoon(moment: datetime) -> datetime:
    """Ten o'clock of that day: nothing leaves in quiet hours."""
    local = timezone.localtime(moment)
    return local.replace(hour=10, minute=0, second=0, microsecond=0)


def _open(company: Company, election: StarElection, now: datetime) -> None:
    """The show has no customers of so long ago: they are named by hand."""
    [resources] = company.who(company.root.code, Role.HUMAN_RESOURCES)[:1]
    move(election, to=StarStatus.OPEN, opened_at=now, opened_by=resources)


def _ask(
    election: StarElection,
    rows: list[StarCandidate],
    clients: list[Client],
    addresses: dict[int, str] | None = None,
) -> None:
    """One of each address: where several customers have the same, it votes once."""
    by_region = {row.branch_id: row.pk for row in rows}
    known = addresses or {}
    asked = {
        known.get(client.customer.pk, f"kh{client.customer.pk}@example.com").lower(): client
        for client in clients
        if client.customer.kind != Kind.INTERNAL and client.site.region.pk in by_region
    }
    StarBallot.objects.bulk_create(
        StarBallot(
            election=election,
            quarter=election.quarter,
            customer=client.customer,
            candidates=[by_region[client.site.region.pk]],
            address=address,
        )
        for address, client in asked.items()
    )
