"""Who hears of the first months of a new person, and the reminders (T-13)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from organisation import outbox
from organisation.models import Importance, Person, Role
from organisation.outbox import Notice
from organisation.roles import holders, holders_of
from staff.models import Induction, InductionAssessment, InductionStatus

# The mentor hears so many days before an assessment is due.
AHEAD = timedelta(days=3)


def proposed(induction: Induction, *, by: Person, now: datetime) -> None:
    to = holders(induction.branch, Role.HUMAN_RESOURCES)
    _tell(induction, "mentor_proposed", to, by=by, now=now)


def confirmed(induction: Induction, *, by: Person, now: datetime) -> None:
    to = [induction.person, induction.mentor, induction.proposed_by]
    _tell(induction, "mentor_confirmed", to, by=by, now=now)


def assessed(induction: Induction, days: int, *, by: Person, now: datetime) -> None:
    to = [induction.person, induction.proposed_by]
    _tell(induction, "induction_assessed", to, by=by, now=now, days=days)


def decided(induction: Induction, result: str, *, by: Person, now: datetime) -> None:
    to = [induction.person, induction.mentor, *holders(induction.branch, Role.HUMAN_RESOURCES)]
    words = induction.grounds
    _tell(induction, "induction_decided", to, by=by, now=now, result=result, words=words)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """The mentor before an assessment is due, and with the manager when it is late; each once."""
    today = timezone.localdate(now)
    rows = InductionAssessment.objects.filter(
        at__isnull=True,
        due_on__lte=today + AHEAD,
        induction__status=InductionStatus.RUNNING,
    ).select_related("induction__person", "induction__mentor", "induction__branch")
    managers = holders_of([Role.BRANCH_MANAGER])
    notices = []
    for row in rows:
        people = [row.induction.mentor_id]
        is_late = row.due_on < today
        if is_late:
            above = managers.nearest(row.induction.branch, Role.BRANCH_MANAGER)
            people += [each.pk for each in above if each.pk not in people]
        notices.append(_reminder(row, people, is_late=is_late))
    return outbox.put_all(notices, now=now)


def _reminder(row: InductionAssessment, people: list[int], *, is_late: bool) -> Notice:
    induction = row.induction
    return Notice(
        key=f"induction:{induction.pk}:{row.days}:{'late' if is_late else 'due'}",
        people=[pk for pk in people if pk != induction.person_id],
        text="induction_assessment_due",
        context={**_facts(induction), "days": row.days, "is_late": is_late},
        importance=Importance.OVERDUE if is_late else Importance.REMINDER,
        path=f"/staff/inductions/{induction.pk}/",
    )


def _facts(induction: Induction) -> dict[str, object]:
    return {"name": induction.person.name, "mentor": induction.mentor.name}


def _tell(
    induction: Induction,
    text: str,
    to: Iterable[Person | None],
    *,
    by: Person,
    now: datetime,
    **context: object,
) -> None:
    outbox.put(
        key=f"induction:{induction.pk}:{text}:{induction.version}:{context.get('days', '')}",
        to=to,
        text=text,
        context={**_facts(induction), "by": by.name, **context},
        importance=Importance.REMINDER,
        path=f"/staff/inductions/{induction.pk}/",
        now=now,
        apart_from=by,
    )
