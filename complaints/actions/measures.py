"""Long-term measures: written with their order, promised by its submission, done with proof (W-07).

While the order is written its open measures are replaced as a whole. Those that were promised
before stay, whatever the branch writes: only the issuing unit drops them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.actions import policies, replanning
from complaints.actions.deadlines import Deadline, start_deadlines
from complaints.actions.guard import EARLIEST, LATEST, implausible_year
from complaints.models import (
    UNFINISHED,
    Complaint,
    Measure,
    MeasureGroup,
    MeasureStatus,
    Timer,
    TimerKind,
    WorkOrder,
)
from csm.kit.errors import Refused
from organisation import outbox
from organisation.models import Branch, Importance, Person

GROUPS = tuple(MeasureGroup.values)
# Of one order; more is no plan.
MOST = 60


@dataclass(frozen=True)
class Given:
    """A measure as it is to be. Without an owner it is the order's owner's.

    `number` names the one that is meant; without it, the one of the same group and words, or a new
    one. An unknown number makes a new one of that number.
    """

    group: str
    text: str = ""
    owner: Person | None = None
    due_on: date | None = None
    number: int | None = None


Plan = Sequence[Given]


def field(number: int, name: str = "text") -> str:
    """The name under which a refusal speaks of a part of a measure."""
    return f"measure-{number}-{name}"


def blank_number(numbers: Iterable[int], group: str) -> int:
    """The number that the next measure of a group gets where each group has a line for one."""
    return max(numbers, default=0) + 1 + GROUPS.index(group)


def owners(branch: Branch) -> QuerySet[Person]:
    """Who may own a measure: who works at the branch, below it or above it."""
    near = Q(postings__branch__path__startswith=branch.path)
    near |= Q(postings__branch__in=branch.ancestor_ids)
    return Person.objects.with_logins().filter(near).distinct().order_by("name", "pk")


def write(order: WorkOrder, given: Sequence[Given], *, now: datetime) -> None:
    """Make the open measures of an order what is given; the caller holds the order."""
    rows = {row.number: row for row in order.measures.select_related("owner")}
    pairs = _paired(order, rows, given, now)
    faults = _faults(order, pairs)
    if faults:
        raise Refused(next(iter(faults.values())), fields=faults)
    kept = [row.number for row, _each in pairs]
    order.measures.filter(promised_at=None).exclude(number__in=kept).delete()
    changed = [row for row, each in pairs if _take(order, row, each)]
    Measure.objects.bulk_create([row for row in changed if row.number not in rows])
    known = [row for row in changed if row.number in rows]
    Measure.objects.bulk_update(known, ("group", "text", "owner", "due_on"))
    for row in known:
        if row.promised_at is not None:
            _replan(row)


def _paired(
    order: WorkOrder, rows: dict[int, Measure], given: Sequence[Given], now: datetime
) -> list[tuple[Measure, Given]]:
    """Each with its row, known or new."""
    free = dict(rows)
    pairs: list[tuple[Measure, Given]] = []
    top = max([*rows, *(each.number or 0 for each in given)], default=0)
    for each in given:
        row = _meant(free, each)
        if row is None:
            number = each.number or (top := top + 1)
            if number in rows or any(number == known.number for known, _other in pairs):
                _refuse_twice(number)
            row = Measure(order=order, number=number, created_at=now)
        else:
            del free[row.number]
        pairs.append((row, each))
    if len(pairs) > MOST:
        raise Refused(_("An order has at most %(count)d measures.") % {"count": MOST})
    return pairs


def _refuse_twice(number: int) -> None:
    words = _("Measure %(number)d is named twice.") % {"number": number}
    raise Refused(words, fields={field(number): words})


def _meant(free: dict[int, Measure], each: Given) -> Measure | None:
    if each.number is not None:
        return free.get(each.number)
    alike = (row for row in free.values() if (row.group, row.text) == (each.group, each.text))
    return next(alike, None)


def _faults(order: WorkOrder, pairs: Sequence[tuple[Measure, Given]]) -> dict[str, str]:
    near = set(owners(order.branch).values_list("pk", flat=True)) if pairs else set()
    begun_on = timezone.localdate(order.created_at)
    faults = {}
    for row, each in pairs:
        if row.status != MeasureStatus.OPEN:
            if _differs(order, row, each):
                faults[field(row.number)] = _("This measure has ended and cannot be changed.")
            continue
        owner = each.owner or order.owner
        if owner is not None and owner.pk not in near:
            faults[field(row.number, "owner")] = _(
                "%(person)s works neither at %(branch)s nor below or above it."
            ) % {"person": owner.name, "branch": order.branch.label}
        if each.due_on is not None:
            if not EARLIEST <= each.due_on.year < LATEST:
                faults[field(row.number, "due_on")] = implausible_year()
            elif each.due_on < begun_on:
                faults[field(row.number, "due_on")] = _(
                    "A measure cannot be due before its order: that was begun on %(date)s."
                ) % {"date": begun_on.isoformat()}
    return faults


def _differs(order: WorkOrder, row: Measure, each: Given) -> bool:
    stored = (row.group, row.text, row.owner_id, row.due_on)
    owner = each.owner or order.owner
    return stored != (each.group, each.text, owner and owner.pk, each.due_on)


def _take(order: WorkOrder, row: Measure, each: Given) -> bool:
    """Set what is given on the row; False when that changes nothing."""
    if not row._state.adding and not _differs(order, row, each):
        return False
    row.group, row.text, row.due_on = each.group, each.text, each.due_on
    row.owner = each.owner or order.owner
    return True


def missing(order: WorkOrder, given: Sequence[Given] | None = None) -> list[str]:
    """The groups for which the order has no measure yet, stored or given."""
    rows = order.measures.exclude(status=MeasureStatus.DROPPED)
    stands = rows.exclude(promised_at=None) if given is not None else rows
    found = {row.group for row in stands if row.text.strip()}
    found |= {each.group for each in given or () if each.text.strip()}
    return [group for group in GROUPS if group not in found]


def what_is_missing(group: str) -> str:
    """The same in words."""
    return _("Add a measure: %(group)s") % {"group": MeasureGroup(group).label}


def check_whole(order: WorkOrder, *, by: Person, now: datetime) -> None:
    """Before an order is submitted: each measure says what and until when.

    One that has no owner yet is that of the order's owner, or of who submits it.
    """
    _not_promised(order).filter(owner=None).update(owner=order.owner or by)
    today = timezone.localdate(now)
    faults: dict[str, str] = {}
    for row in _not_promised(order):
        faults |= _lacks(row, today)
    if faults:
        raise Refused(_("The work order is not complete."), fields=faults)


def _not_promised(order: WorkOrder) -> QuerySet[Measure]:
    return order.measures.filter(status=MeasureStatus.OPEN, promised_at=None)


def promise(order: WorkOrder, *, by: Person, now: datetime) -> None:
    """The order is submitted: each of its measures has a deadline, and its owner knows."""
    new = list(_not_promised(order).select_related("owner"))
    order.measures.filter(pk__in=[row.pk for row in new]).update(promised_at=now)
    _start(order, new, now=now)
    _tell_owners(order, new, by=by, now=now)


def _lacks(row: Measure, today: date) -> dict[str, str]:
    lacks = {}
    if not row.text.strip():
        lacks[field(row.number)] = _("Say what is to be done.")
    if row.due_on is None:
        lacks[field(row.number, "due_on")] = _("Enter until when.")
    elif row.due_on < today:
        lacks[field(row.number, "due_on")] = _(
            "A measure cannot be due before its order: that is submitted today."
        )
    return lacks


def _start(order: WorkOrder, rows: Sequence[Measure], *, now: datetime) -> None:
    """One deadline each; none where the category has no clocks."""
    link = order.links.select_related("complaint__customer", "complaint__category").first()
    complaint: Complaint | None = link.complaint if link else None
    if complaint is not None and complaint.category is not None and complaint.category.is_exempt:
        return
    deadlines = [
        Deadline(TimerKind.MEASURE, row.number, order.branch, row.owner, end_of(row.due_on))
        for row in rows
        if row.due_on is not None
    ]
    start_deadlines(deadlines, of=order, at=now, complaint=complaint)


def end_of(day: date) -> datetime:
    """The end of a date in the company's zone."""
    following = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(following, timezone.get_default_timezone())


def _replan(row: Measure) -> None:
    """A promised measure got another date or owner while its order was returned."""
    if row.due_on is None:
        raise Refused(
            _("Enter until when."), fields={field(row.number, "due_on"): _("Enter until when.")}
        )
    mine = row.order.timers.filter(
        kind=TimerKind.MEASURE, cycle=row.number, state__in=UNFINISHED
    ).select_related("revision")
    for timer in replanning.loaded(mine):
        if timer.revision is None:
            continue
        rule = policies.load(timer.revision)
        plan = rule.plan_until(timer.kind, timer.started_at, end_of(row.due_on))
        timer.due_at, timer.fire_at, timer.owner = plan.due_at, plan.fire_at, row.owner
        timer.next_fire_at = replanning.next_fire(timer)
        Timer.objects.bulk_update([timer], ("due_at", "fire_at", "next_fire_at", "owner"))


def _tell_owners(order: WorkOrder, rows: Sequence[Measure], *, by: Person, now: datetime) -> None:
    """Each owner hears once how many are theirs, and until when the first is due."""
    mine: dict[int, list[Measure]] = {}
    for row in rows:
        mine.setdefault(row.owner_id or 0, []).append(row)
    outbox.put_all(
        [
            outbox.Notice(
                key=f"work-order:{order.pk}:measures_given:{order.version}",
                people=[person],
                text="measures_given",
                context={
                    "number": order.number or "",
                    "title": order.title,
                    "count": len(theirs),
                    "first_on": min(row.due_on for row in theirs if row.due_on).isoformat(),
                },
                importance=Importance.REMINDER,
                path="/measures/?view=mine",
            )
            for person, theirs in mine.items()
        ],
        now=now,
        apart_from=by,
    )


def unfinished(order: WorkOrder) -> QuerySet[Measure]:
    """What stands between the order and its confirmation."""
    return order.measures.filter(status=MeasureStatus.OPEN)


def check_finished(order: WorkOrder) -> None:
    """An order is confirmed when every measure is done with proof, or dropped."""
    count = unfinished(order).count()
    if count:
        words = ngettext(
            "%(count)d measure is not finished. It has to be proved as done, or dropped.",
            "%(count)d measures are not finished. They have to be proved as done, or dropped.",
            count,
        )
        raise Refused(words % {"count": count})


def follow(order: WorkOrder, *, now: datetime) -> None:
    """The order has a new home: what is still open goes along to its owner there, if it has one."""
    if order.owner is not None:
        unfinished(order).update(owner=order.owner, version=F("version") + 1)
    mine = order.timers.filter(kind=TimerKind.MEASURE, state__in=UNFINISHED)
    mine.update(owner_branch=order.branch, owner=order.owner)
    mine.filter(due_at__gt=now).update(verdict_branch=order.branch)
