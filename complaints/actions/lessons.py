"""Confirmed measures go to the branches with the same kind of complaints (T-10, S-22)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.guard import EARLIEST
from complaints.models import Lesson, LessonFile, LessonStatus, MeasureStatus, WorkOrder
from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import require
from organisation.actions import files
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders_of
from organisation.texts import named

# Each measure that is worth it to every other branch that had a complaint of the category within
# twelve months. Written in one order, so that two at once do not wait for each other.
OFFER = """
WITH offered AS (
    INSERT INTO complaints_lesson
        (measure_id, branch_id, status, offered_at, proof, decline_reason, version)
    SELECT m.id, b.id, 'offered', %(now)s, '', '', 1
    FROM complaints_measure m
    JOIN complaints_workorder o ON o.id = m.order_id
    JOIN organisation_branch b ON b.is_active AND b.id <> o.branch_id
    WHERE o.id = %(order)s AND m.is_offered AND EXISTS (
        SELECT FROM complaints_complaint c
        WHERE c.branch_id = b.id AND c.category_id IN (
            SELECT mine.category_id
            FROM complaints_ordercomplaint l
            JOIN complaints_complaint mine ON mine.id = l.complaint_id
            WHERE l.order_id = o.id
        )
        AND c.received_at > %(now)s::timestamptz - interval '12 months'
        AND c.received_at <= %(now)s
        AND c.status NOT IN ('invalid', 'merged')
        AND (c.triaged_at IS NOT NULL OR c.is_history)
    )
    ORDER BY m.id, b.id
    ON CONFLICT (measure_id, branch_id) DO UPDATE
    SET status = 'offered', offered_at = EXCLUDED.offered_at,
        version = complaints_lesson.version + 1
    WHERE complaints_lesson.status = 'withdrawn'
    RETURNING branch_id, id
)
SELECT branch_id, count(*), min(id) FROM offered GROUP BY branch_id ORDER BY branch_id
"""


@dataclass(frozen=True)
class Answer:
    """What a branch says to one lesson; `given` is what `accept` or `decline` asks for."""

    lesson: Lesson
    is_adopted: bool
    given: dict[str, Any]
    version: int | None = None


def choose(order: WorkOrder, numbers: Sequence[int] | None) -> None:
    """Which of its done measures others are offered, by their numbers; None: all of them."""
    done = order.measures.filter(status=MeasureStatus.DONE)
    if numbers is None:
        done.update(is_offered=True)
        return
    known = set(order.measures.values_list("number", flat=True))
    if unknown := sorted(set(numbers) - known):
        words = _("The order has no measure %(number)d.") % {"number": unknown[0]}
        raise Refused(words, fields={"offered": words})
    done.update(is_offered=Case(When(number__in=numbers, then=True), default=False))


def offer(order: WorkOrder, *, by: Person | None, now: datetime) -> int:
    """Offer the chosen measures of a confirmed order; once per branch. Gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(OFFER, {"order": order.pk, "now": now})
        offered = {branch: (count, first) for branch, count, first in cursor.fetchall()}
    if offered:
        _tell_branches(order, offered, by=by, now=now)
    return sum(count for count, _first in offered.values())


def _tell_branches(
    order: WorkOrder, offered: dict[int, tuple[int, int]], *, by: Person | None, now: datetime
) -> None:
    """One message per branch to its manager, all in one statement."""
    managers = holders_of([Role.BRANCH_MANAGER])
    notices = [
        outbox.Notice(
            key=f"lessons:{order.pk}:{order.version}:{branch.pk}",
            people=[person.pk for person in managers.nearest(branch, Role.BRANCH_MANAGER)],
            text="lessons_offered",
            context={
                "number": order.number or "",
                "title": order.title,
                "origin": named(order.branch),
                "count": offered[branch.pk][0],
            },
            importance=Importance.INFORMATION,
            path=f"/lessons/{offered[branch.pk][1]}/",
        )
        for branch in Branch.objects.filter(pk__in=offered)
    ]
    outbox.put_all(notices, now=now, apart_from=by)


def withdraw(order: WorkOrder) -> None:
    """The order is open again: nobody is to take up what may not work."""
    mine = Lesson.objects.filter(measure__order=order, status=LessonStatus.OFFERED)
    mine.update(status=LessonStatus.WITHDRAWN, version=F("version") + 1)


@transaction.atomic
def answer(*, lesson: Lesson, answers: Sequence[Answer], by: Person, now: datetime) -> None:
    """Answer several of an order's measures, all of them or none; `lesson` is any of these.

    What is wrong with one is named by the input and the lesson: "proof-12".
    """
    require(by, "lesson.answer", lesson)
    if not answers:
        raise Refused(_("Nothing is answered yet: choose an answer to at least one measure."))
    faults: dict[str, str] = {}
    for each in answers:
        act = accept if each.is_adopted else decline
        try:
            act(lesson=each.lesson, by=by, now=now, version=each.version, **each.given)
        except (Forbidden, NotOpen, Stale):
            raise
        except Refused as refusal:
            named = refusal.fields or {"answer": refusal.message}
            faults |= {f"{name}-{each.lesson.pk}": words for name, words in named.items()}
    if faults:
        raise Refused(_("Not every answer is complete."), fields=faults)


@transaction.atomic
def accept(
    *,
    lesson: Lesson,
    adopted_on: date | None,
    by: Person,
    now: datetime,
    proof: str = "",
    uploads: "Sequence[UploadedFile[Any]]" = (),
    version: int | None = None,
) -> None:
    """The branch has taken the measure up since that day, and proves it by words or a file."""
    _check(lesson, "accept", by, version)
    today = timezone.localdate(now)
    if adopted_on is None or adopted_on.year < EARLIEST or adopted_on > today:
        words = _("Enter the day from which it is in force here, not a later day than today.")
        raise Refused(words, fields={"adopted_on": words})
    if not proof.strip() and not uploads:
        words = _("Say what proves it, or add a file.")
        raise Refused(words, fields={"proof": words})
    stored = files.store(uploads, by=by, now=now)
    LessonFile.objects.bulk_create(LessonFile(lesson=lesson, file=file) for file in stored)
    move(
        lesson,
        to=LessonStatus.ACCEPTED,
        adopted_on=adopted_on,
        proof=proof,
        answered_at=now,
        answered_by=by,
    )


@transaction.atomic
def decline(
    *, lesson: Lesson, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """The measure does not fit here, for a reason that headquarters reads."""
    _check(lesson, "decline", by, version)
    if not reason.strip():
        words = _("Say why it does not fit here.")
        raise Refused(words, fields={"reason": words})
    move(
        lesson,
        to=LessonStatus.DECLINED,
        decline_reason=reason,
        answered_at=now,
        answered_by=by,
    )


def _check(lesson: Lesson, act: str, by: Person, version: int | None) -> None:
    require(by, "lesson.answer", lesson)
    if act not in lesson.open_actions:
        raise NotOpen(
            _("This was answered or withdrawn already: “%(status)s”.")
            % {"status": lesson.get_status_display()},
            allowed=lesson.open_actions,
        )
    check_version(lesson, version)
