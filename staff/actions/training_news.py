"""Who hears of sessions, and the reminders (T-18)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from organisation import outbox
from organisation.models import Importance, Person
from organisation.outbox import Notice
from staff.models import Attendance, Course, CourseStatus, SessionStatus, TrainingSession

# Those who are invited hear again so long before it begins.
AHEAD = timedelta(hours=24)


def planned(session: TrainingSession, people: list[Person], *, by: Person, now: datetime) -> None:
    _tell(session, "training_planned", [*people, session.trainer], by=by, now=now)


def cancelled(session: TrainingSession, people: list[Person], *, by: Person, now: datetime) -> None:
    people = [*people, session.trainer]
    _tell(session, "training_cancelled", people, by=by, now=now, words=session.cancel_reason)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Those invited a day before; who keeps a course that was not held in time. Each once."""
    rows = TrainingSession.objects.filter(
        status=SessionStatus.PLANNED, starts_at__gt=now, starts_at__lte=now + AHEAD
    ).select_related("course", "trainer")
    invited: dict[int, list[int]] = {}
    for session, person in Attendance.objects.filter(session__in=rows).values_list(
        "session", "person"
    ):
        invited.setdefault(session, []).append(person)
    notices = [
        Notice(
            key=f"training:{row.pk}:soon:{row.starts_at.isoformat()}",
            people=[*invited.get(row.pk, []), row.trainer_id],
            text="training_soon",
            context=_facts(row),
            importance=Importance.REMINDER,
            path=f"/staff/training/sessions/{row.pk}/",
        )
        for row in rows
    ]
    return outbox.put_all([*notices, *_late(now)], now=now)


def _late(now: datetime) -> Iterable[Notice]:
    held = TrainingSession.objects.filter(course=OuterRef("pk"), status=SessionStatus.HELD)
    today = timezone.localdate(now)
    rows = Course.objects.filter(~Exists(held), status=CourseStatus.OPEN, hold_by__lt=today)
    for row in rows:
        yield Notice(
            key=f"course:{row.pk}:late:{row.hold_by}",
            people=[row.created_by_id],
            text="course_late",
            context={"title": row.title, "day": row.hold_by.isoformat()},
            importance=Importance.OVERDUE,
            path=f"/staff/training/{row.pk}/",
        )


def _facts(session: TrainingSession) -> dict[str, object]:
    return {
        "title": session.course.title,
        "room": session.place,
        "due_at": session.starts_at.isoformat(),
        "trainer": session.trainer.name,
    }


def _tell(
    session: TrainingSession,
    text: str,
    to: Iterable[Person | None],
    *,
    by: Person,
    now: datetime,
    words: str = "",
) -> None:
    outbox.put(
        key=f"training:{session.pk}:{text}",
        to=to,
        text=text,
        context={**_facts(session), "by": by.name, "words": words},
        importance=Importance.REMINDER,
        path=f"/staff/training/sessions/{session.pk}/",
        now=now,
        apart_from=by,
    )
