"""The assessment (考核): proposed, decided by another, perhaps appealed, answered by a third.

Nothing here changes anything about a person: "removal from the post" is only ever a proposal that
a manager decides about (Q8, C-21).
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from complaints.actions import assessment_news as news
from complaints.actions import policies
from complaints.actions.deadlines import Deadline, meet_deadline, start_deadlines
from complaints.models import (
    Assessment,
    AssessmentKind,
    AssessmentStatus,
    Complaint,
    Notice,
    TimerKind,
    WorkOrder,
)
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation.access import can, require
from organisation.models import Branch, Person, Posting

DECIDING = {AssessmentKind.REMOVAL: "assessment.decide_removal"}


@transaction.atomic
def propose(
    *,
    branch: Branch,
    kind: str,
    reason: str,
    by: Person,
    now: datetime,
    person: Person | None = None,
    rule: str = "",
    points: int | None = None,
    amount: Decimal | None = None,
    complaint: Complaint | None = None,
    work_order: WorkOrder | None = None,
    notice: Notice | None = None,
) -> Assessment:
    """For a branch, or for somebody who works there; somebody else decides."""
    require(by, "assessment.propose", branch)
    _need(reason, "reason", _("Say what for."))
    check_measure(kind, points, amount)
    _check_person(person, branch, kind)
    assessment = Assessment.objects.create(
        branch=branch,
        person=person,
        kind=kind,
        reason=reason.strip(),
        rule=rule.strip(),
        points=points,
        amount=amount,
        complaint=complaint,
        work_order=work_order,
        notice=notice,
        proposed_by=by,
        proposed_at=now,
    )
    news.log(assessment, "assessment_proposed", by=by, now=now)
    news.tell_proposed([assessment], by=by, now=now)
    return assessment


@transaction.atomic
def decide(
    *,
    assessment: Assessment,
    by: Person,
    now: datetime,
    words: str = "",
    points: int | None = None,
    amount: Decimal | None = None,
    version: int | None = None,
) -> None:
    """It counts from now on; those concerned may appeal for a time. A smaller measure may do."""
    check(assessment, "decide", by=by, now=now)
    check_version(assessment, version)
    measure = _measure(assessment, points, amount)
    before = assessment.measure
    move(
        assessment,
        to=AssessmentStatus.DECIDED,
        decided_at=now,
        decided_by=by,
        decision=words.strip(),
        appeal_until=policies.rule_for(assessment.complaint).appeal_until(now),
        **measure,
    )
    changed = {} if assessment.measure == before else {"before": str(before)}
    news.log(assessment, "assessment_decided", by=by, now=now, **changed)
    news.tell(assessment, "assessment_decided", to=news.concerned(assessment), by=by, now=now)


@transaction.atomic
def reject(
    *, assessment: Assessment, words: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Nothing comes of it; whoever proposed it hears why."""
    check(assessment, "reject", by=by, now=now)
    check_version(assessment, version)
    _need(words, "words", _("Say why not."))
    move(
        assessment,
        to=AssessmentStatus.REJECTED,
        decided_at=now,
        decided_by=by,
        decision=words.strip(),
    )
    news.log(assessment, "assessment_rejected", by=by, now=now)
    news.tell(assessment, "assessment_rejected", to=[assessment.proposed_by], by=by, now=now)


@transaction.atomic
def appeal(
    *, assessment: Assessment, words: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Once, within the time; until it is answered nothing counts."""
    check(assessment, "appeal", by=by, now=now)
    check_version(assessment, version)
    _need(words, "words", _("Say what speaks against it."))
    move(
        assessment,
        to=AssessmentStatus.APPEALED,
        appeal=words.strip(),
        appealed_at=now,
        appealed_by=by,
    )
    start_deadlines(
        [Deadline(TimerKind.APPEAL, 1, assessment.branch)],
        of=assessment,
        at=now,
        complaint=assessment.complaint,
    )
    news.log(assessment, "assessment_appealed", by=by, now=now)
    news.tell(assessment, "assessment_appealed", to=news.judges(assessment), by=by, now=now)


@transaction.atomic
def finish(
    *,
    assessment: Assessment,
    is_upheld: bool,
    words: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """The last word on the appeal: upheld, it counts; granted, nothing does."""
    check(assessment, "finish", by=by, now=now)
    check_version(assessment, version)
    _need(words, "words", _("Answer the appeal."))
    move(
        assessment,
        to=AssessmentStatus.FINAL,
        is_upheld=is_upheld,
        final_words=words.strip(),
        final_at=now,
        final_by=by,
    )
    meet_deadline(assessment, TimerKind.APPEAL, at=now, evidence="assessment_finished")
    news.log(assessment, "assessment_finished", by=by, now=now, is_upheld=is_upheld)
    to = [assessment.appealed_by, assessment.decided_by, *news.concerned(assessment)]
    news.tell(assessment, "assessment_finished", to=to, by=by, now=now, is_upheld=is_upheld)


def open_to(assessment: Assessment, person: Person, now: datetime) -> list[str]:
    """The acts that its state allows and that are this person's to do."""
    return [
        act
        for act in open_actions(assessment, now)
        if _may(person, act, assessment) and not _own_problem(assessment, act, person)
    ]


def open_actions(assessment: Assessment, now: datetime) -> list[str]:
    """The acts that its state allows, whoever asks."""
    if assessment.status == AssessmentStatus.PROPOSED:
        return ["decide", "reject"]
    if assessment.status == AssessmentStatus.APPEALED:
        return ["finish"]
    return ["appeal"] if assessment.may_be_appealed(now) else []


def check(assessment: Assessment, act: str, *, by: Person, now: datetime) -> None:
    """Refuse an act that is not this person's or not open, before its details are looked at."""
    if not _may(by, act, assessment):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    if act not in (allowed := open_actions(assessment, now)):
        raise NotOpen(_why_not_open(assessment, act), allowed=allowed)
    if problem := _own_problem(assessment, act, by):
        raise Forbidden(problem)


def _may(person: Person, act: str, assessment: Assessment) -> bool:
    if act == "appeal" and person.pk == assessment.person_id:
        return person.is_active
    return can(person, verb_of(act, assessment.kind), assessment)


def verb_of(act: str, kind: str) -> str:
    """What a person needs for the act; about a removal only a manager of people decides (Q8)."""
    if act in ("decide", "reject"):
        return DECIDING.get(AssessmentKind(kind), "assessment.decide")
    return f"assessment.{act}"


def _why_not_open(assessment: Assessment, act: str) -> str:
    if act == "appeal" and assessment.appealed_at:
        return _("An appeal is possible once, and it has been made.")
    if act == "appeal" and assessment.status == AssessmentStatus.DECIDED:
        return _("The time for an appeal has run out.")
    return _("This is not open any more in its present state. Look at it again.")


def _own_problem(assessment: Assessment, act: str, by: Person) -> str:
    """Why somebody else has to do it; empty if nobody else has to."""
    if act in ("decide", "reject"):
        if by.pk == assessment.proposed_by_id:
            return _("You proposed it yourself. Somebody else decides.")
        return _("It is about you. Somebody else decides.") if _is_about(assessment, by) else ""
    if act == "appeal":
        if by.pk == assessment.proposed_by_id:
            return _("You proposed it yourself.")
        return ""
    involved = (assessment.proposed_by_id, assessment.decided_by_id, assessment.appealed_by_id)
    if by.pk in involved or _is_about(assessment, by):
        return _("Somebody who neither proposed, decided nor appealed answers.")
    return ""


def _is_about(assessment: Assessment, person: Person) -> bool:
    return person.pk == assessment.person_id


def _need(words: str, field: str, problem: str) -> None:
    if not words.strip():
        raise Refused(problem, fields={field: problem})


def check_measure(kind: str, points: int | None, amount: Decimal | None) -> None:
    """Points or an amount, above nothing, as the kind says; a removal has neither."""
    given: dict[str, Any] = {"points": points, "amount": amount}
    wanted = given.pop(kind, None)
    for name, value in given.items():
        if value is not None:
            problem = _("Leave this empty for this kind.")
            raise Refused(problem, fields={name: problem})
    if kind != AssessmentKind.REMOVAL and (wanted is None or wanted <= 0):
        problem = _("Enter a number above 0.")
        raise Refused(problem, fields={kind: problem})


def _measure(
    assessment: Assessment, points: int | None, amount: Decimal | None
) -> dict[str, int | Decimal]:
    """What was decided in place of what was proposed, if anything."""
    if points is None and amount is None:
        return {}
    check_measure(assessment.kind, points, amount)
    return {"points": points} if points is not None else {"amount": amount or Decimal()}


def _check_person(person: Person | None, branch: Branch, kind: str) -> None:
    if person is None:
        if kind == AssessmentKind.REMOVAL:
            problem = _("Choose the person.")
            raise Refused(problem, fields={"person": problem})
        return
    if not postings_of(branch).filter(person=person).exists():
        problem = _("Choose somebody who works at this branch.")
        raise Refused(problem, fields={"person": problem})


def postings_of(branch: Branch) -> QuerySet[Posting]:
    """Those who work at the branch."""
    rows = Posting.objects.filter(branch=branch, person__is_active=True)
    return rows.select_related("person", "branch").order_by("person__spelling", "person")
