"""Confirmed measures go to the branches with the same kind of complaints (T-10, S-22)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.actions.guard import EARLIEST
from complaints.models import Lesson, LessonFile, LessonStatus, WorkOrder
from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import require
from organisation.actions import files
from organisation.models import Branch, Importance, Person, Role
from organisation.roles import holders_of

# Each done measure to every other branch that had a complaint of the category within twelve
# months. Written in one order, so that two at once do not wait for each other.
OFFER = """
WITH offered AS (
    INSERT INTO complaints_lesson
        (measure_id, branch_id, status, offered_at, proof, decline_reason, version)
    SELECT m.id, b.id, 'offered', %(now)s, '', '', 1
    FROM complaints_measure m
    JOIN complaints_workorder o ON o.id = m.order_id
    JOIN organisation_branch b ON b.is_active AND b.id <> o.branch_id
    WHERE o.id = %(order)s AND m.status = 'done' AND EXISTS (
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
    RETURNING branch_id
)
SELECT branch_id, count(*) FROM offered GROUP BY branch_id ORDER BY branch_id
"""


def offer(order: WorkOrder, *, by: Person | None, now: datetime) -> int:
    """Offer what a confirmed order did; once per measure and branch. Gives how many."""
    with connection.cursor() as cursor:
        cursor.execute(OFFER, {"order": order.pk, "now": now})
        counts: dict[int, int] = dict(cursor.fetchall())
    if counts:
        _tell_branches(order, counts, by=by, now=now)
    return sum(counts.values())


def _tell_branches(
    order: WorkOrder, counts: dict[int, int], *, by: Person | None, now: datetime
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
                "origin": {"name": order.branch.name, "name_en": order.branch.name_en},
                "count": counts[branch.pk],
            },
            importance=Importance.INFORMATION,
            path="/lessons/",
        )
        for branch in Branch.objects.filter(pk__in=counts)
    ]
    outbox.put_all(notices, now=now, apart_from=by)


def withdraw(order: WorkOrder) -> None:
    """The order is open again: nobody is to take up what may not work."""
    mine = Lesson.objects.filter(measure__order=order, status=LessonStatus.OFFERED)
    mine.update(status=LessonStatus.WITHDRAWN, version=F("version") + 1)


@transaction.atomic
def accept(
    *,
    lesson: Lesson,
    adopted_on: date,
    by: Person,
    now: datetime,
    proof: str = "",
    uploads: "Sequence[UploadedFile[Any]]" = (),
    version: int | None = None,
) -> None:
    """The branch has taken the measure up since that day, and proves it by words or a file."""
    _check(lesson, "accept", by, version)
    today = timezone.localdate(now)
    if adopted_on.year < EARLIEST or adopted_on > today:
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
