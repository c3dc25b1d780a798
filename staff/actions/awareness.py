"""Morning meetings, and whether the story arrived: who is drawn, what they know (T-04, T-05)."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from secrets import randbits

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused
from organisation.access import require
from organisation.actions import tokens
from organisation.models import Branch, Importance, Level, Person, Posting
from staff.actions import programme_news as news
from staff.models import (
    AWARE,
    FEWEST_PER_BRANCH,
    QUESTIONS,
    RIGHT_ENOUGH,
    AskedPerson,
    MicroReport,
    MorningMeeting,
    ReportStatus,
    SpotCheck,
)

ARRANGE, REVIEW = "micro_report.arrange", "micro_report.review"
# So long may be answered.
OPEN_FOR = timedelta(days=7)


@transaction.atomic
def record_meeting(
    *,
    report: MicroReport,
    branch: Branch,
    held_on: date,
    attendees: Iterable[Person],
    by: Person,
    now: datetime,
) -> MorningMeeting:
    """Who heard the report in the morning meeting of a branch, and when; again corrects it."""
    require(by, ARRANGE, branch)
    _check_published(report)
    people = list(attendees)
    wrong = {}
    if branch.level != Level.BRANCH or not branch.is_active:
        wrong["branch"] = _("Choose a branch that is open.")
    first, last = report.read_on
    if not first <= held_on <= last:
        wrong["held_on"] = _("Choose a day from its publication to the end of that week.")
    elif held_on > timezone.localdate(now):
        wrong["held_on"] = _("This day is still to come.")
    if not people or not _all_work_at(branch, people):
        wrong["attendees"] = _("Name who was there, of those who work at the branch.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    meeting, _is_new = MorningMeeting.objects.update_or_create(
        report=report,
        branch=branch,
        defaults={"held_on": held_on, "recorded_by": by, "recorded_at": now},
    )
    meeting.attendees.set(people)
    return meeting


def _all_work_at(branch: Branch, people: Sequence[Person]) -> bool:
    keys = {person.pk for person in people}
    rows = Posting.objects.filter(person__in=keys, branch=branch, person__is_active=True)
    return rows.values("person").distinct().count() == len(keys)


@transaction.atomic
def draw(
    *,
    report: MicroReport,
    by: Person,
    now: datetime,
    per_branch: int = FEWEST_PER_BRANCH,
    seed: int | None = None,
) -> SpotCheck:
    """Draw who is asked, of every branch at least five, or all where there are fewer; once.

    Whoever wrote or reviewed the story is not asked. The seed is stored: it draws the same again.
    """
    require(by, REVIEW, report)
    _check_published(report)
    if per_branch < FEWEST_PER_BRANCH:
        words = _("Draw at least %(fewest)d people per branch.") % {"fewest": FEWEST_PER_BRANCH}
        raise Refused.at("per_branch", words)
    MicroReport.objects.select_for_update().get(pk=report.pk)
    if SpotCheck.objects.filter(report=report).exists():
        raise NotOpen(_("The draw was made before: its people stay."))
    check = SpotCheck.objects.create(
        report=report,
        seed=randbits(53) if seed is None else seed,
        per_branch=per_branch,
        drawn_by=by,
        drawn_at=now,
        closes_at=now + OPEN_FOR,
    )
    knowing = {*report.writers, report.reviewed_by_id}
    rows = [
        AskedPerson(spot_check=check, person_id=person, branch_id=branch)
        for branch, person in drawn(candidates(knowing), check.seed, per_branch)
    ]
    linked = _link(rows, now)
    AskedPerson.objects.bulk_create(rows)
    news.asked(rows, report, by=by, now=now)
    news.linked(linked, check, now=now)
    return check


def _link(rows: Sequence[AskedPerson], now: datetime) -> list[AskedPerson]:
    """A link for each who takes such mail; those. It ends with the check."""
    takes = {"email_from__lte": Importance.REMINDER, "pk__in": [row.person_id for row in rows]}
    people = Person.objects.filter(**takes).exclude(email="").in_bulk()
    linked = [row for row in rows if row.person_id in people]
    links = tokens.issue_links(len(linked), purpose=AWARE, life=OPEN_FOR, now=now) if linked else []
    for row, link in zip(linked, links, strict=True):
        row.person, row.link = people[row.person_id], link
    return linked


def candidates(knowing: Iterable[int | None]) -> dict[int, list[int]]:
    """Ids of those who may be asked, by branch; whoever works at several, at the first of them."""
    rows = Posting.objects.filter(
        person__is_active=True, branch__is_active=True, branch__level=Level.BRANCH
    ).exclude(person__in=[pk for pk in knowing if pk])
    first = rows.order_by("person", "branch__path").distinct("person")
    found: dict[int, list[int]] = {}
    for branch, person in first.values_list("branch", "person"):
        found.setdefault(branch, []).append(person)
    return found


def drawn(people: dict[int, list[int]], seed: int, per_branch: int) -> list[tuple[int, int]]:
    """(branch, person) of all who are drawn; the same for the same people and seed."""
    found = []
    for branch in sorted(people):
        chance = random.Random(f"{seed}:{branch}")  # noqa: S311  to be drawn again, no secret
        group = sorted(people[branch])
        chosen = chance.sample(group, min(per_branch, len(group)))
        found += [(branch, person) for person in sorted(chosen)]
    return found


@transaction.atomic
def answer(*, asked: AskedPerson, chosen: Sequence[str], by: Person, now: datetime) -> bool:
    """The person's own three answers, as they chose them; gives whether they know the story."""
    if by.pk != asked.person_id:
        raise Forbidden(_("These questions are for somebody else."))
    require_open(asked, now)
    right = list(asked.spot_check.report.questions.values_list("right", flat=True))
    if len(chosen) != len(right) or not all(chosen):
        words = _("Answer all three questions.")
        raise Refused.at("questions", words)
    marks = [given == wanted for given, wanted in zip(chosen, right, strict=True)]
    return _mark(asked, marks, None, now)


@transaction.atomic
def type_in(*, asked: AskedPerson, marks: Sequence[bool], by: Person, now: datetime) -> bool:
    """What the person said on the phone; gives whether they know the story."""
    require(by, REVIEW, asked)
    if by.pk == asked.person_id:
        raise Forbidden(_("Nobody asks themselves."))
    require_open(asked, now)
    if len(marks) != QUESTIONS:
        words = _("Answer all three questions.")
        raise Refused.at("questions", words)
    return _mark(asked, marks, by, now)


def require_open(asked: AskedPerson, now: datetime) -> None:
    """Answers are still taken from this person."""
    if asked.answered_at is not None:
        raise NotOpen(_("This was answered before."))
    if asked.spot_check.report.is_withdrawn:
        raise NotOpen(_("The story was withdrawn: nobody is asked about it any more."))
    if now >= asked.spot_check.closes_at:
        raise NotOpen(_("This check has ended."))


def _mark(
    asked: AskedPerson, marks: Sequence[bool], typed_by: Person | None, now: datetime
) -> bool:
    is_aware = sum(marks) >= RIGHT_ENOUGH
    mine = AskedPerson.objects.filter(pk=asked.pk, answered_at__isnull=True)
    # The conditional UPDATE is the lock: of two answers the first one counts.
    if not mine.update(marks=list(marks), is_aware=is_aware, answered_at=now, typed_by=typed_by):
        raise NotOpen(_("This was answered before."))
    return is_aware


def _check_published(report: MicroReport) -> None:
    if report.status != ReportStatus.PUBLISHED:
        raise NotOpen(_("The report is not published yet."))
