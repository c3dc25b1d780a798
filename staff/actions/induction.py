"""New people: a plan, a mentor who is confirmed, assessments, and the result (T-13)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_act, move, touch
from organisation.access import can, require
from organisation.models import Branch, Person, Role
from staff.actions import induction_news as news
from staff.models import Induction, InductionAssessment, InductionStatus, InductionStep
from staff.models.induction import ASSESSED_AFTER, ENDED, EXTENDED_BY, LONGEST_DAYS

PLAN, CONFIRM = "induction.plan", "induction.confirm"
# An assessment may be written so many days before it is due.
EARLY = timedelta(days=7)
YEAR = timedelta(days=366)
EXTENDED = "extended"
RESULTS = (*ENDED, EXTENDED)


@transaction.atomic
def plan(
    *,
    person: Person,
    branch: Branch,
    mentor: Person,
    started_on: date,
    by: Person,
    now: datetime,
    steps: Sequence[str] = (),
) -> Induction:
    """The plan of a new person, with a mentor who is to be confirmed by somebody else."""
    require(by, PLAN, branch)
    if person.pk == by.pk:
        raise Refused.at("person", _("Nobody plans their own first months."))
    if not person.is_active or not _works_at(person, branch):
        raise Refused.at("person", _("This person does not work there."))
    if abs(started_on - timezone.localdate(now)) > YEAR:
        raise Refused.at("started_on", _("Enter the first day of work, within a year of today."))
    _check_mentor(person, mentor)
    made = _insert(person, branch, mentor, started_on, by, now)
    days = [started_on + timedelta(days=each) for each in ASSESSED_AFTER]
    InductionAssessment.objects.bulk_create(
        InductionAssessment(induction=made, days=number, due_on=day)
        for number, day in zip(ASSESSED_AFTER, days, strict=True)
    )
    InductionStep.objects.bulk_create(
        InductionStep(induction=made, text=text.strip()[:200], due_on=days[0])
        for text in steps
        if text.strip()
    )
    news.proposed(made, by=by, now=now)
    return made


@transaction.atomic
def propose(
    *,
    induction: Induction,
    mentor: Person,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Another mentor, who is to be confirmed again."""
    require(by, PLAN, induction)
    check_act(induction, "propose", version)
    _check_mentor(induction.person, mentor)
    if by.pk == induction.person_id:
        raise Forbidden(_("Nobody plans their own first months."))
    move(
        induction,
        to=InductionStatus.PROPOSED,
        mentor=mentor,
        proposed_by=by,
        proposed_at=now,
        confirmed_by=None,
        confirmed_at=None,
    )
    news.proposed(induction, by=by, now=now)


@transaction.atomic
def confirm(*, induction: Induction, by: Person, now: datetime, version: int | None = None) -> None:
    """The mentor is confirmed, by none of those concerned."""
    require(by, CONFIRM, induction)
    check_act(induction, "confirm", version)
    if by.pk in (induction.proposed_by_id, induction.mentor_id, induction.person_id):
        raise Forbidden(_("Somebody else confirms the mentor."))
    move(induction, to=InductionStatus.RUNNING, confirmed_by=by, confirmed_at=now)
    news.confirmed(induction, by=by, now=now)


@transaction.atomic
def add_step(
    *,
    induction: Induction,
    text: str,
    due_on: date,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> InductionStep:
    """Something more to learn or to do; also by the mentor."""
    require_guide(induction, by=by)
    check_act(induction, "add_step", version)
    if not text.strip():
        raise Refused.at("text", _("Say what is to be learned or done."))
    if abs(due_on - induction.started_on) > YEAR:
        raise Refused.at("due_on", _("Enter a day within a year of the first one."))
    touch(induction)
    return InductionStep.objects.create(induction=induction, text=text.strip(), due_on=due_on)


@transaction.atomic
def finish_step(
    *, induction: Induction, step: int, by: Person, now: datetime, version: int | None = None
) -> None:
    """Tick one off; `step` is its key. Also by the new person."""
    require_part(induction, by=by)
    check_act(induction, "finish_step", version)
    open_ones = induction.steps.filter(pk=step, done_at__isnull=True)
    if not open_ones.update(done_at=now, done_by=by):
        raise NotOpen(_("This step is done already, or not one of this plan."))


@transaction.atomic
def assess(
    *,
    induction: Induction,
    days: int,
    score: int,
    words: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """How it goes after so many days, by the mentor or the manager; once."""
    require_guide(induction, by=by)
    check_act(induction, "assess", version)
    row = induction.assessments.select_for_update().filter(days=days).first()
    if row is None:
        raise Refused.at("days", _("The plan has no assessment after so many days."))
    if row.at is not None:
        raise NotOpen(_("This was assessed already."))
    if timezone.localdate(now) < row.due_on - EARLY:
        raise NotOpen(_("It is too early: assess it when it is due."))
    if not 1 <= score <= 5:
        raise Refused.at("score", _("Give 1 to 5."))
    if not words.strip():
        raise Refused.at("words", _("Say what you have seen: the new person reads it."))
    induction.assessments.filter(pk=row.pk).update(score=score, words=words, at=now, by=by)
    news.assessed(induction, days, by=by, now=now)


@transaction.atomic
def decide(
    *,
    induction: Induction,
    result: str,
    grounds: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Passed, extended, not passed or withdrawn, with grounds; never by the mentor."""
    require(by, PLAN, induction)
    check_act(induction, "decide", version)
    if by.pk in (induction.person_id, induction.mentor_id):
        raise Forbidden(_("Somebody else decides: neither the new person nor the mentor."))
    _check_result(induction, result, grounds)
    if result == EXTENDED:
        _extend(induction)
        move(induction, to=InductionStatus.RUNNING, grounds=grounds, decided_by=by, decided_at=now)
    else:
        move(induction, to=result, grounds=grounds, decided_by=by, decided_at=now)
    news.decided(induction, result, by=by, now=now)


def mentors() -> QuerySet[Person]:
    """Who may be proposed, wherever they work."""
    held = Person.objects.filter(is_active=True, postings__role=Role.MENTOR)
    return held.distinct()


def require_guide(induction: Induction, *, by: Person) -> None:
    """The mentor, once confirmed, or who plans for the branch; never the new person."""
    is_mentor = by.pk == induction.mentor_id and induction.confirmed_at is not None
    if by.pk == induction.person_id:
        raise Forbidden(_("Nobody assesses themselves."))
    if not is_mentor:
        require(by, PLAN, induction)


def require_part(induction: Induction, *, by: Person) -> None:
    """Those, and the new person."""
    if by.pk != induction.person_id:
        require_guide(induction, by=by)


def acts(induction: Induction, person: Person) -> list[str]:
    """What is open to this person now."""
    is_own, is_mentor = person.pk == induction.person_id, person.pk == induction.mentor_id
    plans = can(person, PLAN, induction) and not is_own
    guides = plans or (is_mentor and induction.confirmed_at is not None)
    confirms = can(person, CONFIRM, induction) and not is_own and not is_mentor
    may = {
        "propose": plans,
        "confirm": confirms and person.pk != induction.proposed_by_id,
        "add_step": guides,
        "finish_step": guides or is_own,
        "assess": guides,
        "decide": plans and not is_mentor,
    }
    return [name for name in induction.open_actions if may[name]]


def _insert(
    person: Person, branch: Branch, mentor: Person, started_on: date, by: Person, now: datetime
) -> Induction:
    try:
        with transaction.atomic():
            return Induction.objects.create(
                person=person,
                branch=branch,
                mentor=mentor,
                started_on=started_on,
                proposed_by=by,
                proposed_at=now,
            )
    except IntegrityError as error:
        raise Refused.at("person", _("This person has a plan already.")) from error


def _check_mentor(person: Person, mentor: Person) -> None:
    if mentor.pk == person.pk:
        raise Refused.at("mentor", _("Nobody mentors themselves."))
    if not mentors().filter(pk=mentor.pk).exists():
        raise Refused.at("mentor", _("Only who holds the role of a mentor can be proposed."))


def _check_result(induction: Induction, result: str, grounds: str) -> None:
    if result not in RESULTS:
        raise Refused.at("result", _("Choose the result."))
    if not grounds.strip():
        raise Refused.at("grounds", _("Say on what grounds: the new person reads them."))
    if result == InductionStatus.WITHDRAWN:
        return
    if induction.status != InductionStatus.RUNNING:
        raise NotOpen(_("The mentor is to be confirmed first."))
    done = [row.at is not None for row in induction.assessments.all()]
    if result == InductionStatus.PASSED and not all(done):
        raise Refused.at("result", _("Every assessment comes before “passed”."))
    if not any(done):
        raise Refused.at("result", _("An assessment comes before the result."))


def _extend(induction: Induction) -> None:
    last = induction.assessments.latest("days")
    days = last.days + EXTENDED_BY
    if days > LONGEST_DAYS:
        raise Refused.at("result", _("It cannot be extended any more: decide."))
    due_on = induction.started_on + timedelta(days=days)
    InductionAssessment.objects.create(induction=induction, days=days, due_on=due_on)


def _works_at(person: Person, branch: Branch) -> bool:
    return person.postings.filter(branch__path__startswith=branch.path).exists()
