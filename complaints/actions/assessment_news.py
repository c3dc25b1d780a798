"""Writing down and telling what happened to an assessment."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from complaints.models import Assessment, AssessmentKind, Event
from csm.kit.inserting import insert
from organisation import outbox
from organisation.models import Importance, Person, Role
from organisation.roles import Holders, holders, holders_of
from organisation.texts import named

# Who decides about a removal, and who answers an appeal: whichever of them did not decide.
MANAGERS = (Role.GENERAL_MANAGER, Role.HUMAN_RESOURCES)


def log(
    assessment: Assessment, kind: str, *, by: Person | None, now: datetime, **data: object
) -> None:
    log_all([assessment], kind, by=by, now=now, **data)


def log_all(
    assessments: Iterable[Assessment],
    kind: str,
    *,
    by: Person | None,
    now: datetime,
    **data: object,
) -> None:
    """One fact of each. What concerns a branch also stands in the complaint's time line.

    What concerns a person does not: more people read that than may know of it.
    """
    insert([_event(row, kind, by, now, data) for row in assessments])


def _event(
    row: Assessment, kind: str, by: Person | None, now: datetime, data: dict[str, object]
) -> Event:
    return Event(
        assessment=row,
        complaint_id=None if row.person_id else row.complaint_id,
        kind=kind,
        at=now,
        by=by,
        data={"assessment": row.pk, **data},
    )


def concerned(assessment: Assessment) -> list[Person | None]:
    """Who may appeal: the person, and the manager of the branch; and whoever proposed it."""
    managers = holders(assessment.branch, Role.BRANCH_MANAGER)
    return [assessment.person, *managers, assessment.proposed_by]


def judges(assessment: Assessment) -> list[Person]:
    """Who may answer an appeal."""
    found = holders(assessment.branch, *MANAGERS)
    own = (assessment.decided_by_id, assessment.appealed_by_id, assessment.person_id)
    return [person for person in found if person.pk not in own]


def tell(
    assessment: Assessment,
    text: str,
    *,
    to: Iterable[Person | None],
    by: Person | None,
    now: datetime,
    **context: object,
) -> None:
    """Tell people of the assessment as it now is, with a link to it."""
    people = [person.pk for person in to if person is not None]
    notice = _notice(assessment, text, people, by, context)
    outbox.put_all([notice], now=now, apart_from=by)


def tell_proposed(assessments: Sequence[Assessment], *, by: Person | None, now: datetime) -> None:
    """Tell those who decide, for any number of proposals in one statement."""
    known = holders_of([Role.SERVICE_DIRECTOR, *MANAGERS])
    notices = [
        _notice(row, "assessment_proposed", _deciding(row, known), by, {}) for row in assessments
    ]
    outbox.put_all(notices, now=now, apart_from=by)


def _deciding(assessment: Assessment, known: Holders) -> list[int]:
    is_removal = assessment.kind == AssessmentKind.REMOVAL
    roles = MANAGERS if is_removal else (Role.SERVICE_DIRECTOR,)
    found = [person for role in roles for person in known.nearest(assessment.branch, role)]
    return list({person.pk for person in found} - {assessment.person_id})


def _notice(
    assessment: Assessment,
    text: str,
    people: list[int],
    by: Person | None,
    context: dict[str, object],
) -> outbox.Notice:
    branch = assessment.branch
    return outbox.Notice(
        key=f"assessment:{assessment.pk}:{text}",
        people=people,
        text=text,
        context={
            "branch": named(branch),
            "person": assessment.person.name if assessment.person else "",
            "kind": assessment.kind,
            "measure": str(assessment.measure or ""),
            "words": _words(assessment),
            "by": by.name if by else "",
            "due_at": assessment.appeal_until.isoformat() if assessment.appeal_until else "",
            **context,
        },
        importance=Importance.REMINDER,
        path=f"/assessments/{assessment.pk}/",
    )


def _words(assessment: Assessment) -> str:
    """The latest words on it."""
    found = (assessment.final_words, assessment.appeal, assessment.decision, assessment.reason)
    return next(filter(None, found), "")
