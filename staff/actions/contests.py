"""Opening a contest, and announcing who has won it (T-06, T-08, T-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import require_everywhere
from organisation.models import Importance, Person, Role
from staff import quarters
from staff.actions import fund, points
from staff.actions.contest_news import quarter_of
from staff.contests import RUN, Result, results
from staff.models import (
    AwardKind,
    AwardShare,
    Contest,
    ContestStatus,
    Criterion,
    FundSource,
    InnovationAward,
    PlanKind,
    SourceKind,
    TeamMember,
    Trigger,
    end_of,
)

MOST_CRITERIA = 10
YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Weighed:
    """A criterion with its weight in percent."""

    name: str
    name_en: str
    weight: int


@transaction.atomic
def open_contest(
    *,
    period: str,
    plans_due_on: date,
    feedback_due_on: date,
    review_due_on: date,
    criteria: Sequence[Weighed],
    team_prize: str,
    personal_prize: str,
    by: Person | None,
    now: datetime,
    team_prize_cost: Decimal = fund.NOTHING,
    personal_prize_cost: Decimal = fund.NOTHING,
    team_awards: int = 1,
    fewest_reviewers: int = 3,
) -> Contest:
    """One for the quarter `period` ("2026-Q4"); its criteria stay as they are from now on.

    What a prize costs, in yuan, is charged to the award fund for each award (O-17).
    """
    require_everywhere(by, RUN)
    days = (plans_due_on, feedback_due_on, review_due_on)
    wrong = _wrong_period(period, now) | _wrong_days(days, now) | _wrong_criteria(criteria)
    for name, number in (("team_awards", team_awards), ("fewest_reviewers", fewest_reviewers)):
        if not 1 <= number <= 20:
            wrong[name] = _("Enter a number from 1 to 20.")
    for name, words in (("team_prize", team_prize), ("personal_prize", personal_prize)):
        if not words.strip():
            wrong[name] = _("Say what the prize is.")
    costs = {"team_prize_cost": team_prize_cost, "personal_prize_cost": personal_prize_cost}
    wrong |= {name: words for name, cost in costs.items() if (words := fund.wrong_cost(cost))}
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    try:
        with transaction.atomic():
            contest = Contest.objects.create(
                period=period,
                plans_due_on=plans_due_on,
                feedback_due_on=feedback_due_on,
                review_due_on=review_due_on,
                team_awards=team_awards,
                fewest_reviewers=fewest_reviewers,
                team_prize=team_prize,
                personal_prize=personal_prize,
                **costs,
                opened_at=now,
                opened_by=by,
            )
    except IntegrityError as error:
        words = _("There is a contest for this quarter already.")
        raise Refused.at("period", words) from error
    Criterion.objects.bulk_create(
        Criterion(contest=contest, position=place, **vars(row))
        for place, row in enumerate(criteria, start=1)
    )
    managers = Person.objects.filter(is_active=True, postings__role=Role.BRANCH_MANAGER)
    outbox.put(
        key=f"contest:{contest.pk}:opened",
        to=managers.distinct(),
        text="contest_opened",
        context={**quarter_of(contest), "due_on": plans_due_on.isoformat()},
        path="/staff/contest/",
        now=now,
        apart_from=by,
    )
    return contest


@transaction.atomic
def announce(
    *,
    contest: Contest,
    personal: Sequence[TeamMember],
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> list[InnovationAward]:
    """The best marks win the team awards, equal ones alike; `personal` are named with a reason.

    Not before everybody's marks are in, or their day has passed. Each winner who still works here
    gets a share and its points; the prizes are charged to the award fund, or this is refused.
    """
    require_everywhere(by, RUN)
    held = Contest.objects.select_for_update(no_key=True).get(pk=contest.pk)
    if not held.is_open:
        raise NotOpen(_("The winners are announced already."))
    check_version(held, version)
    rows = results(held)
    if waits_for_marks(held, rows, now):
        raise NotOpen(_("Marks are still being given: wait for them, or for their last day."))
    fit = {row.plan.pk: row for row in rows if row.reviewers >= held.fewest_reviewers}
    _check_personal(personal, fit, reason, by)
    teams = _best(list(fit.values()), held.team_awards)
    if not teams and not personal:
        raise Refused(_("No plan has the marks of enough reviewers: nobody can win."))
    move(held, to=ContestStatus.ANNOUNCED, announced_at=now, announced_by=by)
    made = [_award(held, row, AwardKind.TEAM, "") for row in teams]
    for award, row in zip(made, teams, strict=True):
        _share(award, row, [member.person for member in row.plan.newest.members.all()], now)
    for member in personal:
        row = fit[member.text.plan_id]
        award = _award(held, row, AwardKind.PERSONAL, reason.strip())
        _share(award, row, [member.person], now)
        made.append(award)
    _charge(held, made, by, now)
    return made


def waits_for_marks(contest: Contest, rows: Sequence[Result], now: datetime) -> bool:
    """Some plan lacks marks that may still come."""
    lacks = any(row.reviewers < contest.fewest_reviewers for row in rows)
    return lacks and now < end_of(contest.review_due_on)


def _charge(contest: Contest, awards: Sequence[InnovationAward], by: Person, now: datetime) -> None:
    """The prizes out of the fund, all or none of them (O-17)."""
    cost = {
        AwardKind.TEAM.value: contest.team_prize_cost,
        AwardKind.PERSONAL.value: contest.personal_prize_cost,
    }
    fund.check(sum((cost[award.kind] for award in awards), fund.NOTHING), now=now)
    for award in awards:
        if cost[award.kind]:
            fund.charge(
                source_kind=FundSource.INNOVATION,
                source_id=award.pk,
                amount=cost[award.kind],
                words=fund.words_of(str(award.plan.newest), award.prize),
                by=by,
                now=now,
            )


def _best(rows: list[Result], number: int) -> list[Result]:
    """The activities with the best `number` marks; who is equal to the last of them wins, too."""
    found = [row for row in rows if row.plan.kind == PlanKind.ACTIVITY]
    marks = sorted((row.mean for row in found if row.mean is not None), reverse=True)[:number]
    return [row for row in found if row.mean is not None and row.mean >= marks[-1]]


def _check_personal(
    personal: Sequence[TeamMember], fit: dict[int, Result], reason: str, by: Person
) -> None:
    wrong = {}
    for member in personal:
        row = fit.get(member.text.plan_id)
        if row is None or member.text_id != row.plan.newest.pk:
            wrong["personal"] = _("Choose somebody whose plan has the marks of enough reviewers.")
        elif not member.person.is_active:
            wrong["personal"] = _("%(person)s has left.") % {"person": member.person.name}
        elif member.person_id == by.pk:
            wrong["personal"] = _("Nobody gives an award to themselves.")
    if len({member.person_id for member in personal}) < len(personal):
        wrong["personal"] = _("Choose each person once.")
    if personal and not reason.strip():
        wrong["reason"] = _("Say what the personal award is for.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _award(contest: Contest, row: Result, kind: AwardKind, reason: str) -> InnovationAward:
    is_team = kind == AwardKind.TEAM
    return InnovationAward.objects.create(
        contest=contest,
        plan=row.plan,
        kind=kind,
        mean=row.mean or 0,
        spread=row.spread,
        reviewers=row.reviewers,
        reason=reason,
        prize=contest.team_prize if is_team else contest.personal_prize,
    )


def _share(award: InnovationAward, row: Result, people: Sequence[Person], now: datetime) -> None:
    """A share for each who still works here, and what the rules of points give for it."""
    here = [person for person in people if person.is_active]
    for person in here:
        share = AwardShare.objects.create(award=award, person=person)
        points.award(
            person=person,
            branch=row.plan.branch,
            trigger=Trigger.INNOVATION,
            source_kind=SourceKind.INNOVATION,
            source_id=share.pk,
            earned_on=timezone.localdate(now),
            now=now,
        )
    outbox.put(
        key=f"contest-award:{award.pk}",
        to=here,
        text="contest_won",
        context={
            **quarter_of(award.contest),
            "is_team": award.kind == AwardKind.TEAM,
            "title": str(row.plan.newest),
            "prize": award.prize,
        },
        importance=Importance.INFORMATION,
        path=f"/staff/contest/awards/{award.pk}/",
        now=now,
    )


def _wrong_period(period: str, now: datetime) -> dict[str, str]:
    try:
        found = quarters.of_key(period)
    except ValueError:
        return {"period": _("Enter a quarter such as 2026-Q4.")}
    return {"period": _("This quarter has ended.")} if found.has_ended(now) else {}


def _wrong_days(days: tuple[date, date, date], now: datetime) -> dict[str, str]:
    plans, feedback, review = days
    wrong = {}
    if plans < timezone.localdate(now):
        wrong["plans_due_on"] = _("This day has passed.")
    if feedback <= plans:
        wrong["feedback_due_on"] = _("Plans are carried out after they are due: enter a later day.")
    if review <= feedback:
        wrong["review_due_on"] = _("Marks follow the feedback: enter a later day.")
    elif review - plans > YEAR:
        wrong["review_due_on"] = _("Enter a day within a year of the first one.")
    return wrong


def _wrong_criteria(criteria: Sequence[Weighed]) -> dict[str, str]:
    if not criteria or len(criteria) > MOST_CRITERIA:
        return {"criteria": _("Name 1 to 10 criteria.")}
    if any(not row.name.strip() for row in criteria):
        return {"criteria": _("Each criterion needs a name.")}
    if any(row.weight < 1 for row in criteria) or sum(row.weight for row in criteria) != 100:
        return {"criteria": _("The weights are whole percent and together 100.")}
    return {}
