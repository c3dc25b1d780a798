"""The rotation of the micro-report: planning the weeks, changing them (T-01)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit import periods
from csm.kit.errors import NotOpen, Refused
from organisation.access import require
from organisation.actions import calendars
from organisation.models import Branch, Level, Person, in_tree
from staff import quarters
from staff.actions import programme_news as news
from staff.models import StepKind, Swap, Turn, TurnStep

ARRANGE, REVIEW = "micro_report.arrange", "micro_report.review"
PUBLISHED_AT = time(8)
WEEK = timedelta(days=7)
# Turns that holidays push behind the last planned week have their place there.
SPARE = 8 * WEEK
# One plans or changes weeks at a time.
ROTATION_LOCK = 5_002


def lock_rotation() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ROTATION_LOCK])


@transaction.atomic
def plan(*, now: datetime) -> int:
    """Plan every week up to the end of the next quarter; gives how many are new.

    By the system. Weeks without a day of work have no turn; when the calendar changes, the turns
    to come keep their order and move along. Each branch waits for its turn equally long: next is
    the one whose last turn lies longest ago, one without any before all.
    """
    lock_rotation()
    zone = timezone.get_default_timezone()
    quarter = quarters.running(now)
    first = _monday(timezone.localdate(now, zone)) + WEEK
    last = quarter.following.last_on
    weeks = _working_weeks(first, last + SPARE)
    coming = list(Turn.objects.filter(monday__gte=first).select_related("branch"))
    _move_along(coming, weeks, now)
    free = [week for week in list(weeks)[len(coming) :] if week <= last]
    order = _fair_order()
    _replace_closed(coming, order)
    turns = [
        Turn(branch=branch, monday=week, publish_at=weeks[week])
        for week, branch in zip(free, order, strict=False)
    ]
    Turn.objects.bulk_create(turns)
    return len(turns)


def _working_weeks(first: date, last: date) -> dict[date, datetime]:
    """The weeks that have a day of work, with the moment of publication."""
    zone = timezone.get_default_timezone()
    found: dict[date, datetime] = {}
    for day in calendars.work_days(first, last):
        found.setdefault(_monday(day), periods.moment(day, PUBLISHED_AT, zone))
    return found


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _move_along(turns: list[Turn], weeks: dict[date, datetime], now: datetime) -> None:
    """Keep the turns in order on the weeks that are worked."""
    moved = [
        (turn, week)
        for turn, week in zip(turns, weeks, strict=False)
        if (turn.monday, turn.publish_at) != (week, weeks[week])
    ]
    for turn, week in moved:
        if turn.monday != week:
            _log(turn, StepKind.MOVED, None, now, f"{turn.monday} → {week}")
        turn.monday, turn.publish_at = week, weeks[week]
    Turn.objects.bulk_update([turn for turn, _week in moved], ("monday", "publish_at"))


def _fair_order() -> Iterator[Branch]:
    """Branches without end: always the one that has waited longest, by the tree among equals."""
    branches = in_tree(Branch.objects.active().filter(level=Level.BRANCH))
    latest = dict(Turn.objects.values_list("branch").annotate(Max("monday")))
    waiting = sorted(branches, key=lambda each: latest.get(each.pk, date.min))
    while waiting:
        waiting.append(waiting.pop(0))
        yield waiting[-1]


def _replace_closed(turns: list[Turn], order: Iterator[Branch]) -> None:
    """A branch that was closed writes no more."""
    for turn in turns:
        if not turn.branch.is_active and not hasattr(turn, "report"):
            branch = next(order, None)
            if branch is not None:
                turn.branch = branch
                turn.save(update_fields=("branch",))


@transaction.atomic
def ask_swap(*, turn: Turn, week: date, reason: str, by: Person, now: datetime) -> Swap:
    """A branch asks the one of another week to change; nothing changes until that agrees."""
    require(by, ARRANGE, turn)
    lock_rotation()
    turn, other = _pair(turn, week, now)
    if not reason.strip():
        raise Refused.at("reason", _("Say why: the other branch reads it."))
    if Swap.objects.filter(turn=turn, is_agreed__isnull=True).exists():
        raise NotOpen(_("Another branch is asked already. Wait for its answer."))
    swap = Swap.objects.create(
        turn=turn,
        other=other,
        branch=turn.branch,
        other_branch=other.branch,
        reason=reason.strip(),
        asked_by=by,
        asked_at=now,
    )
    news.swap_asked(swap, by=by, now=now)
    return swap


@transaction.atomic
def answer_swap(*, swap: Swap, is_agreed: bool, by: Person, now: datetime) -> None:
    """The other branch agrees, and the weeks change; or it does not."""
    require(by, ARRANGE, swap.other_branch)
    lock_rotation()
    swap = Swap.objects.select_related("turn__branch", "other__branch").get(pk=swap.pk)
    if swap.is_agreed is not None:
        raise NotOpen(_("This was answered before."))
    if swap.asked_by_id == by.pk:
        raise Refused(_("Somebody else has to agree."))
    turns = (swap.turn, swap.other)
    if [turn.branch_id for turn in turns] != [swap.branch_id, swap.other_branch_id]:
        raise NotOpen(_("The rotation has changed since. Ask anew."))
    if is_agreed:
        _check_open(turns, now)
        _exchange(*turns, by=by, now=now)
    swap.is_agreed, swap.answered_by, swap.answered_at = is_agreed, by, now
    swap.save(update_fields=("is_agreed", "answered_by", "answered_at"))
    news.swap_answered(swap, by=by, now=now)


@transaction.atomic
def swap(*, turn: Turn, week: date, by: Person, now: datetime) -> None:
    """The quality manager of both branches changes their weeks at once."""
    require(by, REVIEW, turn)
    lock_rotation()
    turn, other = _pair(turn, week, now)
    require(by, REVIEW, other)
    _exchange(turn, other, by=by, now=now)
    news.swapped(turn, other, by=by, now=now)


@transaction.atomic
def hand_on(*, turn: Turn, branch: Branch | None, by: Person, now: datetime) -> None:
    """Take the week from its branch: only by giving it to another one."""
    require(by, REVIEW, turn)
    lock_rotation()
    turn = Turn.objects.select_related("branch").get(pk=turn.pk)
    _check_open([turn], now)
    if branch is None:
        raise Refused.at("branch", _("The week would have no report. Choose who writes instead."))
    require(by, REVIEW, branch)
    if branch.level != Level.BRANCH or not branch.is_active or branch.pk == turn.branch_id:
        raise Refused.at("branch", _("Choose another branch that is open."))
    if hasattr(turn, "report"):
        raise NotOpen(_("Its branch writes already. Change the week instead."))
    was = turn.branch
    turn.branch = branch
    turn.save(update_fields=("branch",))
    _log(turn, StepKind.HANDED_ON, by, now, f"{was.name} → {branch.name}")
    news.handed_on(turn, was, by=by, now=now)


def _pair(turn: Turn, week: date, now: datetime) -> tuple[Turn, Turn]:
    """Both turns as they are; refused where a week would be left without a report."""
    rows = Turn.objects.select_related("branch")
    turn, other = rows.get(pk=turn.pk), rows.filter(monday=_monday(week)).first()
    if other is None:
        words = _("That week has no turn to give back: this week would have no report.")
        raise Refused.at("week", words)
    if other.branch_id == turn.branch_id:
        raise Refused.at("week", _("Choose the week of another branch."))
    _check_open((turn, other), now)
    return turn, other


def _check_open(turns: Iterable[Turn], now: datetime) -> None:
    if any(turn.has_begun(now) for turn in turns):
        raise NotOpen(_("That week has begun: it is not changed any more."))


def _exchange(turn: Turn, other: Turn, *, by: Person, now: datetime) -> None:
    """The weeks change, so that what is written goes with its branch."""
    words = f"{turn.monday} ↔ {other.monday}"
    turn.monday, other.monday = other.monday, turn.monday
    turn.publish_at, other.publish_at = other.publish_at, turn.publish_at
    Turn.objects.bulk_update([turn, other], ("monday", "publish_at"))
    for each in (turn, other):
        _log(each, StepKind.SWAPPED, by, now, words)


def _log(turn: Turn, kind: str, by: Person | None, at: datetime, words: str = "") -> None:
    TurnStep.objects.create(turn=turn, kind=kind, by=by, at=at, words=words)
