"""Elections of the service star as pages and the API read them (T-11, F-20).

Company-public, but for two things: stories before the voting, which are for those who may write
them, and figures before the decision, which are for those who decide and who prepared it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Prefetch, QuerySet
from django.utils import timezone

from complaints.actions.guard import check_year_of_day
from complaints.models import Complaint
from csm.kit import periods
from csm.kit.periods import Period
from organisation.access import Place, can, places, visible
from organisation.models import Person
from staff import quarters as calendar
from staff.actions.star_candidates import NOMINATE
from staff.actions.star_elections import EDIT
from staff.actions.star_news import DECIDE
from staff.models import (
    DECIDED,
    Barrier,
    StarBallot,
    StarCandidate,
    StarElection,
    StarStatus,
    Thanks,
)
from staff.star_scores import barriers, leaders

SEE = "incentive.see"
DAY = timedelta(days=1)
NOBODY_ASKED = 0, 0, 0


def ends_after(day: date) -> datetime:
    """The first moment after the last day of a vote, in the company's zone."""
    check_year_of_day(day, field="last_on")
    return periods.moment(day + DAY, time(0), timezone.get_default_timezone())


def quarters(now: datetime) -> list[Period]:
    """Those that an election may be prepared for: this one, the last, and the next."""
    present = calendar.running(now)
    return [present.previous, present, present.following]


@dataclass(frozen=True)
class Turnout:
    """Customers of one election: asked, their letter written, voted."""

    asked: int
    sent: int
    voted: int

    @property
    def rate(self) -> float | None:
        return self.voted / self.sent if self.sent else None


def listed() -> QuerySet[StarElection]:
    """Every election, with who was elected."""
    stars = StarCandidate.objects.filter(is_elected=True).select_related("person", "branch")
    return StarElection.objects.select_related("branch").prefetch_related(
        Prefetch("candidates", stars, to_attr="elected")
    )


def turnouts(elections: Iterable[StarElection]) -> dict[int, Turnout]:
    """By key; in one statement."""
    rows = StarBallot.objects.filter(election__in=[each.pk for each in elections])
    counts = rows.values_list("election").annotate(
        asked=Count("pk"), sent=Count("sent_at"), voted=Count("voted_at")
    )
    found = {pk: Turnout(*given) for pk, *given in counts}
    return {each.pk: found.get(each.pk, Turnout(*NOBODY_ASKED)) for each in elections}


@dataclass(frozen=True)
class Standing:
    """A candidate as the reader may see it; without `has_figures` only the story."""

    row: StarCandidate
    has_figures: bool
    leads: bool
    barrier: str
    sees_complaint: bool
    is_mine: bool

    @property
    def figures(self) -> StarCandidate | None:
        """The row with its figures, as far as they may be seen."""
        return self.row if self.has_figures else None

    @property
    def barrier_words(self) -> str:
        return str(Barrier(self.barrier).label) if self.barrier else ""


@dataclass(frozen=True)
class Sight:
    """One election, with what the reader may see of it and do."""

    election: StarElection
    standings: list[Standing]
    turnout: Turnout
    shows_stories: bool
    shows_figures: bool
    may_edit: bool
    may_nominate: bool
    may_decide: bool

    @property
    def star(self) -> StarCandidate | None:
        return next((each.row for each in self.standings if each.row.is_elected), None)

    @property
    def leaders(self) -> list[StarCandidate]:
        return [each.row for each in self.standings if each.leads]


def sight_of(election: StarElection, person: Person) -> Sight:
    """What the person sees of an election. The best score comes first."""
    is_draft = election.status == StarStatus.DRAFT
    may_edit, may_decide = can(person, EDIT, election), can(person, DECIDE, election)
    shows_figures = election.status in DECIDED or (election.is_counted and (may_edit or may_decide))
    rows = visible(StarCandidate, person) if is_draft else StarCandidate.objects.all()
    found = list(
        rows.filter(election=election)
        .select_related("person", "branch", "complaint", "thanks")
        .order_by("branch__path", "pk")
    )
    if shows_figures:
        found.sort(key=lambda row: -(row.score or 0.0))
    return Sight(
        election=election,
        standings=_standings(election, found, person, shows_figures=shows_figures),
        turnout=turnouts([election])[election.pk],
        shows_stories=not is_draft or can(person, NOMINATE),
        shows_figures=shows_figures,
        may_edit=may_edit,
        may_nominate=is_draft and bool(branches_for(election, person)),
        may_decide=may_decide and _may_decide(election, found, person),
    )


def _standings(
    election: StarElection, rows: Sequence[StarCandidate], person: Person, *, shows_figures: bool
) -> list[Standing]:
    named = [row.complaint_id for row in rows if row.complaint_id]
    seen = set(visible(Complaint, person).filter(pk__in=named).values_list("pk", flat=True))
    is_decided = election.status in DECIDED
    best = leaders(rows) if shows_figures and not is_decided else []
    living = barriers(rows) if shows_figures else {}
    is_candidate = person.pk in {row.person_id for row in rows}
    return [
        Standing(
            row=row,
            has_figures=shows_figures,
            leads=row in best,
            barrier=row.barrier if is_decided else living.get(row.pk, ""),
            sees_complaint=row.complaint_id in seen,
            is_mine=can(person, NOMINATE, row) and (not is_candidate or row.person_id == person.pk),
        )
        for row in rows
    ]


def branches_for(election: StarElection, person: Person) -> list[Place]:
    """Where the person may put somebody up in this election."""
    return [
        place for place in places(person, NOMINATE) if place.path.startswith(election.branch.path)
    ]


def thanks_for(election: StarElection, person: Person) -> QuerySet[Thanks]:
    """Those of the quarter, in branches where the person may put somebody up."""
    period = election.period
    rows = visible(Thanks, person).filter(
        at__gte=period.start, at__lt=period.end, withdrawn_at__isnull=True
    )
    where = [place.pk for place in branches_for(election, person)]
    return rows.filter(branch__in=where).select_related("person")


def _may_decide(election: StarElection, rows: Sequence[StarCandidate], person: Person) -> bool:
    return (
        election.status == StarStatus.COUNTED
        and person.pk != election.opened_by_id
        and person.pk not in {row.person_id for row in rows}
    )
