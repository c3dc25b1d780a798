"""Asking staff (S-20): begin a round, answer once, fold small groups after the end.

No action here writes who and what with anything in common. The API takes answers without an
idempotency key, whose kept hash could be tried out against every possible answer.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from organisation import outbox
from organisation.access import require, require_everywhere
from organisation.models import Branch, Person
from staff import floors, groups, quarters
from staff.models import (
    NUMBER_OF_QUESTIONS,
    Agreement,
    StaffParticipation,
    StaffRating,
    StaffRound,
    StaffWords,
)
from surveys.results.tables import FEWEST

EDIT, ANSWER = "satisfaction.edit", groups.ANSWER
SHORTEST, LONGEST = timedelta(days=4), timedelta(days=45)
AHEAD = timedelta(days=366)
REMINDS_BEFORE = timedelta(days=2)
PATH = "/staff/satisfaction/"
# All answers of the round leave and come back in a random order, with new keys: none is older than
# another, and each was written by the transaction of whoever answered last.
SHUFFLE_MARKS = """
WITH gone AS (
    DELETE FROM staff_staffrating WHERE round_id = %(round)s RETURNING branch_id, marks
)
INSERT INTO staff_staffrating (id, round_id, branch_id, marks)
SELECT gen_random_uuid(), %(round)s, branch_id, marks FROM (
    SELECT branch_id, marks FROM gone
    UNION ALL SELECT %(branch)s::bigint, %(marks)s::smallint[]
) mixed ORDER BY random()
"""
SHUFFLE_WORDS = """
WITH gone AS (DELETE FROM staff_staffwords WHERE round_id = %(round)s RETURNING text)
INSERT INTO staff_staffwords (id, round_id, text)
SELECT gen_random_uuid(), %(round)s, text FROM (
    SELECT text FROM gone UNION ALL SELECT %(words)s::text
) mixed WHERE text <> '' ORDER BY random()
"""


@transaction.atomic
def begin(*, first_on: date, last_on: date, by: Person | None, now: datetime) -> StaffRound:
    """Ask everybody, once in the quarter of the first day; all who sign in hear of it."""
    require_everywhere(by, EDIT)
    wrong = {}
    if not timedelta() <= first_on - timezone.localdate(now) <= AHEAD:
        wrong["first_on"] = _("Enter a day from today on, within a year.")
    if not SHORTEST <= last_on - first_on <= LONGEST:
        wrong["last_on"] = _("Give 5 to 46 days to answer.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    quarter = quarters.on(first_on).key
    try:
        with transaction.atomic():
            return StaffRound.objects.create(
                quarter=quarter, first_on=first_on, last_on=last_on, created_by=by
            )
    except IntegrityError as error:
        words = _("There is a round in this quarter already.")
        raise Refused.at("first_on", words) from error


@transaction.atomic
def answer(
    *,
    of: StaffRound,
    marks: Sequence[int | None],
    group: Branch | None,
    words: str,
    by: Person,
    now: datetime,
) -> None:
    """Once per person; `group` is one of those offered, or None for the company alone."""
    require(by, ANSWER)
    today = timezone.localdate(now)
    if not of.first_on <= today <= of.last_on:
        raise NotOpen(_("This round takes no answers now."))
    _check(of, marks, group, by)
    # One after the other: each writes all.
    StaffRound.objects.select_for_update(no_key=True).get(pk=of.pk)
    try:
        with transaction.atomic():
            StaffParticipation.objects.create(round=of, person=by, on=today)
    except IntegrityError as error:
        raise NotOpen(_("You have answered this round. Nobody can tell which answer is yours, "
                        "so it cannot be changed.")) from error  # fmt: skip
    said = {
        "round": of.pk,
        "branch": group.pk if group else None,
        "marks": list(marks),
        "words": words.strip(),
    }
    with connection.cursor() as cursor:
        cursor.execute(SHUFFLE_MARKS, said)
        cursor.execute(SHUFFLE_WORDS, said)


def _check(of: StaffRound, marks: Sequence[int | None], group: Branch | None, by: Person) -> None:
    wrong = {
        f"mark_{place}": _("Choose how far you agree.")
        for place in range(NUMBER_OF_QUESTIONS)
        if place >= len(marks) or marks[place] not in Agreement.values
    }
    if len(marks) > NUMBER_OF_QUESTIONS:
        wrong["marks"] = _("There are %(n)d questions.") % {"n": NUMBER_OF_QUESTIONS}
    if group is not None and group not in groups.offered(by):
        wrong["group"] = _("Choose a group that is offered.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def settle_due(*, now: datetime) -> int:
    """Rounds that are over: small groups are folded for good, so that nobody can look later."""
    today = timezone.localdate(now)
    due = StaffRound.objects.filter(last_on__lt=today, settled_on=None)
    return sum(_settle(pk, today) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _settle(pk: int, today: date) -> int:
    held = StaffRound.objects.select_for_update(no_key=True).get(pk=pk)
    if held.settled_on is not None:
        return 0
    rows = StaffRating.objects.filter(round=held)
    counts = dict(rows.values_list("branch").annotate(n=Count("pk")).order_by())
    for group, target in floors.folded(counts, _above(list(counts))).items():
        rows.filter(branch=group).update(branch=target)
    if sum(counts.values()) < FEWEST:
        rows.delete()
    words = StaffWords.objects.filter(round=held)
    if words.count() < FEWEST:
        # They could never be shown.
        words.delete()
    held.settled_on = today
    held.save(update_fields=("settled_on",))
    return 1


def _above(chosen: list[int | None]) -> dict[int, int | None]:
    """Each group and each above it, with its parent; the headquarters are no group."""
    ids = {pk for row in Branch.objects.filter(pk__in=[pk for pk in chosen if pk])
           for pk in row.ancestor_ids}  # fmt: skip
    rows = Branch.objects.filter(pk__in=ids, parent__isnull=False)
    return {row.pk: None if row.depth == 1 else row.parent_id for row in rows}


def announce_due(*, now: datetime) -> int:
    """On the first day everybody hears of it, near the end those who have not answered."""
    today = timezone.localdate(now)
    open_now = StaffRound.objects.filter(first_on__lte=today, last_on__gte=today)
    return sum(_announce(row, today, now) for row in open_now)


def _announce(row: StaffRound, today: date, now: datetime) -> int:
    is_last_call = today >= row.last_on - REMINDS_BEFORE
    people = groups.asked()
    if is_last_call:
        people = people.exclude(pk__in=row.participations.values("person"))
    notice = outbox.Notice(
        key=f"satisfaction:{row.quarter}:{'last' if is_last_call else 'first'}",
        people=list(people.values_list("pk", flat=True)),
        text="satisfaction_asked",
        context={"last_on": row.last_on.isoformat(), "is_last_call": is_last_call},
        path=f"{PATH}{row.quarter}/",
    )
    return outbox.put_all([notice], now=now)
