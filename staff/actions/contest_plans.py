"""Writing a plan, submitting it for good, and what the company says to it (T-07, T-21)."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation.access import require, require_everywhere
from organisation.models import Branch, Person
from staff.actions.contest_news import tell_branch, tell_runners
from staff.contests import RUN, WRITE, has_written
from staff.models import Contest, Plan, PlanReturn, PlanStatus, PlanText, TeamMember

NEEDED = ("title", "problem", "benchmark", "measures", "budget", "effect")


@transaction.atomic
def begin(
    *, contest: Contest, branch: Branch, kind: str, title: str, by: Person, now: datetime
) -> Plan:
    """A draft: the activity of a branch once for each contest, innovations as many as come."""
    require(by, WRITE, branch)
    require_open(contest)
    if not title.strip():
        words = _("Give the plan a title.")
        raise Refused.at("title", words)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                contest=contest,
                branch=branch,
                kind=kind,
                due_on=contest.plans_due_on,
                created_at=now,
                created_by=by,
            )
    except IntegrityError as error:
        words = _("This branch has its activity for this contest already. Go on with that one.")
        raise Refused.at("branch", words) from error
    PlanText.objects.create(plan=plan, number=1, title=title, written_at=now, written_by=by)
    return plan


@transaction.atomic
def save(
    *,
    plan: Plan,
    title: str,
    problem: str,
    benchmark: str,
    measures: str,
    budget: Decimal | None,
    effect: str,
    team: Iterable[Person],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> PlanText:
    """What the plan says, as long as it is not submitted; after a return, in a new version."""
    _check_writable(plan, by, version)
    people = list(team)
    _check_team(plan, people)
    touch(plan)
    said = {
        "title": title,
        "problem": problem,
        "benchmark": benchmark,
        "measures": measures,
        "budget": budget,
        "effect": effect,
        "written_at": now,
        "written_by": by,
    }
    text = plan.texts.filter(submitted_at=None).first()
    if text is None:
        number = plan.texts.latest("number").number + 1
        text = PlanText.objects.create(plan=plan, number=number, **said)
    else:
        PlanText.objects.filter(pk=text.pk).update(**said)
        text.members.all().delete()
    TeamMember.objects.bulk_create(TeamMember(text=text, person=person) for person in people)
    return text


@transaction.atomic
def discard(*, plan: Plan, by: Person, version: int | None = None) -> None:
    """Throw a draft away; what was ever submitted stays, in the database too."""
    _check_writable(plan, by, version)
    if plan.texts.filter(submitted_at__isnull=False).exists():
        raise NotOpen(_("The plan was submitted before: write a new version instead."))
    # Somebody who saves it meanwhile finds it gone, or this finds it changed.
    touch(plan)
    plan.texts.all().delete()
    plan.delete()


@transaction.atomic
def submit(*, plan: Plan, by: Person, now: datetime, version: int | None = None) -> None:
    """Final: from now on nothing can change the text, here or in the database."""
    _check_writable(plan, by, version)
    text = plan.texts.filter(submitted_at=None).first()
    if text is None:
        raise Refused(_("The plan was returned: write a new version first."))
    team = [member.person for member in text.members.select_related("person")]
    lacking = [name for name in NEEDED if getattr(text, name) in ("", None)]
    wrong = {name: _("The plan lacks: %(what)s.") % {"what": _label(name)} for name in lacking}
    if not team:
        wrong["team"] = _("Name who carries the plan out.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    _check_team(plan, team)
    move(plan, to=PlanStatus.SUBMITTED)
    PlanText.objects.filter(pk=text.pk).update(submitted_at=now, submitted_by=by)
    tell_runners(plan, text.title, by, now)


@transaction.atomic
def give_back(
    *,
    plan: Plan,
    reason: str,
    again_by: date,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """It does not qualify, for a reason; a new version is in time until the day `again_by`."""
    _check_decider(plan, by, version)
    wrong = {}
    if not reason.strip():
        wrong["reason"] = _("Say what the plan lacks.")
    if again_by <= timezone.localdate(now):
        wrong["again_by"] = _("Leave the branch at least until tomorrow.")
    if again_by >= plan.contest.feedback_due_on:
        wrong["again_by"] = _("Choose a day before the feedback is due.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    move(plan, to=PlanStatus.RETURNED, due_on=max(plan.due_on, again_by))
    text = plan.texts.latest("number")
    PlanReturn.objects.create(text=text, reason=reason.strip(), again_by=again_by, at=now, by=by)
    tell_branch(plan, "returned", text.title, reason.strip(), by, now)


@transaction.atomic
def accept(*, plan: Plan, by: Person, now: datetime, version: int | None = None) -> None:
    """It qualifies: the branch carries it out."""
    _check_decider(plan, by, version)
    move(plan, to=PlanStatus.RUNNING, accepted_at=now, accepted_by=by)
    tell_branch(plan, "accepted", plan.texts.latest("number").title, "", by, now)


def require_decider(plan: Plan, *, by: Person) -> None:
    """Who runs the contest, unless they have a part in this plan."""
    require_everywhere(by, RUN)
    if has_written(plan, by):
        raise Forbidden(_("Nobody decides about a plan of their own."))


def workers(branch: Branch) -> QuerySet[Person]:
    """Who may be on the team: those who work at the branch or below it."""
    here = Person.objects.filter(is_active=True, postings__branch__path__startswith=branch.path)
    return here.distinct()


def require_open(contest: Contest) -> None:
    """Nothing changes after the announcement; the contest is held until the transaction ends."""
    if not Contest.objects.select_for_update(no_key=True).get(pk=contest.pk).is_open:
        raise NotOpen(_("The winners of this contest are announced: it is over."))


def _check_writable(plan: Plan, by: Person, version: int | None) -> None:
    require(by, WRITE, plan)
    require_open(plan.contest)
    now_is = Plan.objects.get(pk=plan.pk)
    if not now_is.is_writable:
        raise NotOpen(_("The plan is submitted: nothing can change it any more."))
    check_version(now_is, plan.version if version is None else version)


def _check_decider(plan: Plan, by: Person, version: int | None) -> None:
    require_decider(plan, by=by)
    require_open(plan.contest)
    if plan.status != PlanStatus.SUBMITTED:
        raise NotOpen(
            _("This is “%(status)s” already.") % {"status": plan.get_status_display()},
        )
    check_version(plan, version)


def _check_team(plan: Plan, team: list[Person]) -> None:
    known = set(workers(plan.branch).filter(pk__in=[person.pk for person in team]))
    strangers = [person.name for person in team if person not in known]
    if strangers:
        words = _("%(person)s does not work there.") % {"person": strangers[0]}
        raise Refused.at("team", words)


def _label(name: str) -> str:
    return str(PlanText._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
