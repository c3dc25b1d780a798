"""Courses, their sessions, who came and what they scored (T-18, T-19, W-15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Improvement, ImprovementKind
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_act, move, touch
from organisation.access import can, require, visible
from organisation.models import Branch, Person, Posting
from staff.actions import training_news as news
from staff.models import (
    Attendance,
    Course,
    CourseStatus,
    SessionStatus,
    TrainingSession,
)
from staff.models.training import EDIT

YEAR = timedelta(days=366)
MOST_PEOPLE = 200


@dataclass(frozen=True)
class Result:
    """Whether a person came, and the score of the test in 0…100."""

    person: int
    attended: bool
    score: int | None = None


@transaction.atomic
def create(
    *,
    branch: Branch,
    by: Person,
    now: datetime,
    improvement: Improvement | None = None,
    **said: Any,
) -> Course:
    """A course, perhaps born from what a work order asked for; `said` are its words."""
    require(by, EDIT, branch)
    _check(said, now)
    if improvement is not None:
        _check_improvement(improvement, by)
    return Course.objects.create(
        branch=branch, improvement=improvement, created_at=now, created_by=by, **said
    )


@transaction.atomic
def edit(
    *, course: Course, by: Person, now: datetime, version: int | None = None, **said: Any
) -> None:
    require(by, EDIT, course)
    check_act(course, "edit", version)
    _check(said, now, was=course.hold_by)
    touch(course, **said)


@transaction.atomic
def close(*, course: Course, by: Person, now: datetime, version: int | None = None) -> None:
    """It is not held any more; what was held stays."""
    require(by, EDIT, course)
    check_act(course, "close", version)
    if course.sessions.filter(status=SessionStatus.PLANNED).exists():
        raise NotOpen(_("A session is planned: hold or cancel it first."))
    move(course, to=CourseStatus.CLOSED)


@transaction.atomic
def plan_session(
    *,
    course: Course,
    branch: Branch,
    place: str,
    starts_at: datetime,
    minutes: int,
    trainer: Person,
    people: Sequence[Person],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> TrainingSession:
    """Hold a course at a branch; those who are invited hear of it."""
    require(by, EDIT, branch)
    check_act(course, "plan_session", version)
    if not place.strip():
        raise Refused.at("place", _("Say where it is held."))
    if abs(starts_at - now) > YEAR:
        raise Refused.at("starts_at", _("Enter a day within a year of today."))
    if not 5 <= minutes <= 3000:
        raise Refused.at("minutes", _("Enter 5 to 3,000 minutes."))
    if not trainer.is_active:
        raise Refused.at("trainer", _("This person has left."))
    places = _places_of(people, branch, trainer)
    made = TrainingSession.objects.create(
        course=course,
        branch=branch,
        place=place.strip(),
        starts_at=starts_at,
        minutes=minutes,
        trainer=trainer,
        planned_by=by,
    )
    Attendance.objects.bulk_create(
        Attendance(session=made, person_id=person, branch_id=place_id)
        for person, place_id in sorted(places.items())
    )
    news.planned(made, list(people), by=by, now=now)
    return made


@transaction.atomic
def record(
    *,
    session: TrainingSession,
    results: Sequence[Result],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Who came, and their scores; by the trainer too, and again to put something right."""
    require_recorder(session, by=by)
    check_act(session, "record", version)
    if now < session.starts_at:
        raise NotOpen(_("It has not begun yet."))
    move(session, to=SessionStatus.HELD, recorded_at=now, recorded_by=by)
    invited = {row.person_id: row for row in session.attendance.all()}
    if {each.person for each in results} != set(invited):
        raise Refused.at("results", _("Say of everybody who was invited whether they came."))
    for each in results:
        _check_result(each)
        row = invited[each.person]
        row.attended, row.score = each.attended, each.score
    Attendance.objects.bulk_update(invited.values(), ("attended", "score"))


@transaction.atomic
def cancel(
    *,
    session: TrainingSession,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """It is not held; those who were invited hear why."""
    require(by, EDIT, session)
    check_act(session, "cancel", version)
    if not reason.strip():
        raise Refused.at("reason", _("Say why: those who were invited read it."))
    move(session, to=SessionStatus.CANCELLED, cancel_reason=reason.strip()[:500])
    people = Person.objects.filter(pk__in=session.attendance.values("person"))
    news.cancelled(session, list(people), by=by, now=now)


def require_recorder(session: TrainingSession, *, by: Person) -> None:
    """The trainer, or who trains at the branch; never who was trained."""
    if by.pk != session.trainer_id:
        require(by, EDIT, session)
        if not may_record(session, by):
            raise Forbidden(_("Nobody records their own result: the trainer or a colleague does."))


def may_record(session: TrainingSession, person: Person) -> bool:
    if person.pk == session.trainer_id:
        return True
    return can(person, EDIT, session) and not session.attendance.filter(person=person).exists()


def acts(session: TrainingSession, person: Person, *, now: datetime) -> list[str]:
    """What is open to this person now."""
    edits = can(person, EDIT, session)
    may = {
        "record": now >= session.starts_at and may_record(session, person),
        "cancel": edits,
    }
    return [name for name in session.open_actions if may[name]]


def _check(said: dict[str, Any], now: datetime, *, was: date | None = None) -> None:
    today = timezone.localdate(now)
    if "title" in said and not said["title"].strip():
        raise Refused.at("title", _("Enter a title."))
    day = said.get("hold_by")
    if day is not None and day != was and not today <= day <= today + YEAR:
        raise Refused.at("hold_by", _("Enter a day from today on, within a year."))


def _check_improvement(improvement: Improvement, by: Person) -> None:
    is_seen = visible(Improvement, by).filter(pk=improvement.pk).exists()
    if not is_seen or improvement.kind != ImprovementKind.COURSE:
        raise Refused.at("improvement", _("No course was requested with this."))


def _check_result(result: Result) -> None:
    if result.score is not None and not result.attended:
        raise Refused.at("results", _("Only who came has a score."))
    if result.score is not None and not 0 <= result.score <= 100:
        raise Refused.at("results", _("Enter a score from 0 to 100."))


def _places_of(people: Sequence[Person], branch: Branch, trainer: Person) -> dict[int, int]:
    """Where each works, at the branch or below it."""
    wanted = {person.pk for person in people if person.is_active}
    if not 1 <= len(wanted) <= MOST_PEOPLE:
        raise Refused.at("people", _("Choose who is to come."))
    if trainer.pk in wanted:
        raise Refused.at("people", _("The trainer is not among those who are trained."))
    rows = Posting.objects.filter(person__in=wanted, branch__path__startswith=branch.path)
    found = dict(rows.order_by("-branch__path").values_list("person", "branch"))
    if set(found) != wanted:
        raise Refused.at("people", _("Choose people who work at the branch or below it."))
    return found
