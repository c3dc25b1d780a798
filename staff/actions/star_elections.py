"""An election of the service star: prepared, opened, decided by another, prize noted (T-11)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.periods import Period
from csm.kit.transitions import check_version, locked, move, touch
from organisation.access import require
from organisation.models import Branch, Person
from staff.actions import fund, points, star_ballots
from staff.actions.star_news import DECIDE, tell_elected
from staff.models import (
    Barrier,
    FundSource,
    SourceKind,
    StarCandidate,
    StarElection,
    StarStatus,
    Trigger,
)
from staff.star_scores import barriers, leaders

EDIT = "star.edit"
# Elections of a quarter are prepared one after the other: then no two overlap.
PREPARING_LOCK = 5_002
# So long after the quarter votes may be taken at most, in days.
LONGEST = 92


@transaction.atomic
def prepare(
    *,
    branch: Branch,
    period: Period,
    ends_at: datetime,
    prize: str,
    by: Person | None,
    now: datetime,
    prize_cost: Decimal = fund.NOTHING,
) -> StarElection:
    """For one quarter, of a unit and all below it: no customer is asked by two elections.

    `prize_cost`, in yuan, is charged to the award fund when a star is elected.
    """
    require(by, EDIT, branch)
    _check(period, ends_at, prize, prize_cost, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PREPARING_LOCK])
    for other in StarElection.objects.filter(quarter=period.key).select_related("branch"):
        if other.branch.path.startswith(branch.path) or branch.path.startswith(other.branch.path):
            words = _("In this quarter %(unit)s elects already: one customer has one vote.")
            raise Refused.at("branch", words % {"unit": other.branch.label})
    return StarElection.objects.create(
        branch=branch,
        quarter=period.key,
        ends_at=ends_at,
        prize=prize.strip(),
        prize_cost=prize_cost,
        created_at=now,
        created_by=by,
    )


@transaction.atomic
def change(
    *,
    election: StarElection,
    ends_at: datetime,
    prize: str,
    prize_cost: Decimal,
    by: Person | None,
    now: datetime,
    version: int | None = None,
) -> None:
    """Before the voting begins."""
    require(by, EDIT, election)
    check_version(election, version)
    _check_draft(election)
    _check(election.period, ends_at, prize, prize_cost, now)
    touch(election, ends_at=ends_at, prize=prize.strip(), prize_cost=prize_cost)


@transaction.atomic
def delete(*, election: StarElection, by: Person | None, now: datetime) -> None:
    """One that nobody was asked in, with its stories."""
    require(by, EDIT, election)
    [held] = locked(StarElection.objects.filter(pk=election.pk))
    _check_draft(held)
    held.delete()


@transaction.atomic
def open_(
    *, election: StarElection, by: Person | None, now: datetime, version: int | None = None
) -> int:
    """Ask everybody who was served in the quarter, once it is over; how many are asked.

    From here on stories stay as they are.
    """
    require(by, EDIT, election)
    check_version(election, version)
    if not election.period.has_ended(now):
        raise NotOpen(_("Customers are asked once the quarter is over."))
    _check_end(election.period, election.ends_at, now)
    move(election, to=StarStatus.OPEN, opened_at=now, opened_by=by)
    _check_candidates(election)
    if not (asked := star_ballots.issue(election=election)):
        raise NotOpen(
            _("Nobody can be asked: no customer with an e-mail address was served there.")
        )
    return asked


@transaction.atomic
def decide(
    *,
    election: StarElection,
    star: StarCandidate | None,
    words: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Elect the candidate with the highest score, or nobody; by somebody who did not open it.

    Where the figures show no difference between several, one of them is chosen, with a reason.
    The prize is charged to the award fund; refused where the fund does not reach (O-17).
    """
    require(by, DECIDE, election)
    check_version(election, version)
    held = StarCandidate.objects.filter(election=election).select_for_update(of=("self",))
    rows = list(held.select_related("person", "branch").order_by("pk"))
    _check_decider(election, rows, by)
    words = words.strip()
    best = leaders(rows)
    if star is not None:
        _check_star(star, rows, best)
    if not words and (star is None or len(best) > 1):
        raise Refused.at("words", _("Say why: the reason is published with the result."))
    to = StarStatus.NOBODY if star is None else StarStatus.ELECTED
    move(election, to=to, decided_at=now, decided_by=by, decision=words)
    _freeze(rows, star)
    if star is not None:
        _reward(election, star, by, now)
        tell_elected(election, star, by=by, now=now)


@transaction.atomic
def note_prize(
    *,
    election: StarElection,
    given_on: date,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """The prize has been handed over; noted by somebody else than the star, once."""
    require(by, EDIT, election)
    check_version(election, version)
    if election.status != StarStatus.ELECTED or election.prize_given_on is not None:
        raise NotOpen(_("There is no prize to hand over."))
    if election.candidates.filter(is_elected=True, person=by).exists():
        raise Forbidden(_("Somebody else notes your prize."))
    today = timezone.localdate(now)
    if not timezone.localdate(election.decided_at) <= given_on <= today:
        raise Refused.at("given_on", _("Enter a day from the election up to today."))
    touch(election, prize_given_on=given_on, prize_noted_by=by)


def _check(
    period: Period, ends_at: datetime, prize: str, prize_cost: Decimal, now: datetime
) -> None:
    if not prize.strip():
        raise Refused.at("prize", _("Say what the star gets."))
    if words := fund.wrong_cost(prize_cost):
        raise Refused.at("prize_cost", words)
    _check_end(period, ends_at, now)


def _check_end(period: Period, ends_at: datetime, now: datetime) -> None:
    if ends_at <= max(period.end, now):
        raise Refused.at("last_on", _("Votes are taken after the quarter: enter a later day."))
    if (ends_at - period.end).days > LONGEST:
        raise Refused.at("last_on", _("Enter a day within the quarter that follows."))


def _check_draft(election: StarElection) -> None:
    if election.status != StarStatus.DRAFT:
        raise NotOpen(_("Customers were asked already: it stays as it is."))


def _check_candidates(election: StarElection) -> None:
    rows = election.candidates.select_related("person")
    gone = [row.person.name for row in rows if not row.person.is_active]
    if gone:
        words = _("%(names)s left: take the story out first.")
        raise NotOpen(words % {"names": ", ".join(gone)})
    if len(rows) < 2:
        raise NotOpen(_("An election needs two candidates at least."))


def _check_decider(election: StarElection, rows: list[StarCandidate], by: Person) -> None:
    if election.status != StarStatus.COUNTED:
        raise NotOpen(_("There is nothing to decide here now."))
    if by.pk == election.opened_by_id:
        raise Forbidden(_("Somebody else decides: you opened this election."))
    if by.pk in {row.person_id for row in rows}:
        raise Forbidden(_("Somebody else decides: you are a candidate."))


def _check_star(star: StarCandidate, rows: list[StarCandidate], best: list[StarCandidate]) -> None:
    """Only who leads; of the others the refusal says what stands in the way."""
    if star in best:
        return
    if star.pk not in {row.pk for row in rows}:
        raise Refused.at("star", not_a_candidate())
    barrier = barriers(rows).get(star.pk)
    words = _("This candidate cannot be elected: %(why)s.")
    raise Refused.at("star", words % {"why": Barrier(barrier).label if barrier else "—"})


def not_a_candidate() -> str:
    return _("Nobody of this election has this id.")


def _freeze(rows: list[StarCandidate], star: StarCandidate | None) -> None:
    """What stood in the way of each, as published: who leaves later does not change it."""
    for pk, barrier in barriers(rows, star).items():
        StarCandidate.objects.filter(pk=pk).update(barrier=barrier)
    if star is not None:
        StarCandidate.objects.filter(pk=star.pk).update(is_elected=True)


def _reward(election: StarElection, star: StarCandidate, by: Person, now: datetime) -> None:
    """Points by their rule, then the prize out of the fund."""
    points.award(
        person=star.person,
        branch=star.branch,
        trigger=Trigger.STAR,
        source_kind=SourceKind.STAR,
        source_id=star.pk,
        earned_on=timezone.localdate(now),
        now=now,
    )
    if election.prize_cost:
        fund.charge(
            source_kind=FundSource.STAR,
            source_id=star.pk,
            amount=election.prize_cost,
            words=fund.words_of(star.person.name, election.prize),
            by=by,
            now=now,
        )
