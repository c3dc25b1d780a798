"""Taking back what was done to many complaints at once, where nobody has touched them since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions import hand_overs, owners, timers
from complaints.actions.bulk import kept
from complaints.actions.events import changed, log_all
from complaints.actions.hand_overs import Owner
from complaints.actions.offers import COMPLAINT_VERBS
from complaints.models import (
    BulkAct,
    BulkKind,
    BulkResult,
    Category,
    Complaint,
    HandOver,
    Outcome,
    Status,
)
from csm.kit.errors import Forbidden, NotOpen
from csm.kit.transitions import locked, move_all, stale, touch_all
from organisation import outbox
from organisation.access import can, require
from organisation.models import Branch, Person, Role
from organisation.roles import holders

WITHIN = timedelta(minutes=10)
# A note was read, an urge was heard: those stay.
UNDOABLE = (BulkKind.TRIAGE, BulkKind.ASSIGN, BulkKind.TRANSFER)


@dataclass(frozen=True)
class Undoing:
    """Rows to give back: what the act found (`before`), and whose they are by now (`was`)."""

    rows: Sequence[Complaint]
    before: Mapping[int, BulkResult]
    was: dict[int, Owner]
    by: Person
    now: datetime


def may_undo(act: BulkAct, person: Person, now: datetime) -> bool:
    """One's own, for ten minutes, once."""
    is_young = act.at <= now <= act.at + WITHIN
    is_undone = BulkAct.objects.filter(undoes=act).exists()
    is_first = act.kind in UNDOABLE and act.undoes_id is None and not is_undone
    return act.by_id == person.pk and is_first and is_young


@transaction.atomic
def undo(*, act: BulkAct, by: Person, now: datetime) -> BulkAct:
    """Give every row back that is still as the act left it; the trail keeps both.

    No deadline moves, and what became due in between stays with who had it then (rule 3).
    """
    require(by, COMPLAINT_VERBS[act.kind])
    if act.by_id != by.pk:
        raise Forbidden(_("Only who did it can take it back."))
    BulkAct.objects.select_for_update(no_key=True).get(pk=act.pk)
    if not may_undo(act, by, now):
        raise NotOpen(_("This can be taken back once, within 10 minutes."))
    done = act.results.filter(outcome=Outcome.DONE).select_related(
        "category", "hand_over__from_branch", "hand_over__from_person", "hand_over__to_person"
    )
    before = {row.complaint_id: row for row in done if row.complaint_id is not None}
    related = ("branch", "intake_branch", "handler", "category")
    rows = locked(Complaint.objects.filter(pk__in=before).select_related(*related))
    results = [_checked(row, before[row.pk], act, by) for row in rows]
    good = [row for row, result in zip(rows, results, strict=True) if result.complaint]
    undoing = Undoing(
        rows=good,
        before={row.pk: before[row.pk] for row in good},
        was={row.pk: hand_overs.owner_of(row) for row in good},
        by=by,
        now=now,
    )
    _tell(undoing)
    given = GIVE_BACK[BulkKind(act.kind)](undoing)
    return kept(results, given, kind=act.kind, by=by, now=now, undoes=act)


def _checked(row: Complaint, before: BulkResult, act: BulkAct, by: Person) -> BulkResult:
    result = BulkResult(number=row.number, status=row.status, outcome=Outcome.DONE)
    left = (before.version, act.at, act.by_id)
    if not _is_theirs(row, before, act, by):
        result.outcome, result.reason = Outcome.FORBIDDEN, _("not yours to do")
    elif (row.version, row.changed_at, row.changed_by_id) != left:
        result.outcome, result.reason = Outcome.STALE, stale().message
    else:
        result.complaint = row
    return result


def _is_theirs(row: Complaint, before: BulkResult, act: BulkAct, by: Person) -> bool:
    """Whether they still have the right, over whom it goes back to or as it is now."""
    verb, handed = COMPLAINT_VERBS[act.kind], before.hand_over
    return can(by, verb, row) or bool(handed and can(by, verb, handed.from_branch))


def _transferred(it: Undoing) -> list[HandOver]:
    for (branch, handler), group in _by_owner(it).items():
        move_all(
            group, to=Status.ASSIGNED, branch=branch, handler=handler, **changed(it.by, it.now)
        )
    return hand_overs.transferred(it.rows, it.was, by=it.by, now=it.now, reason=_("Undone"))


def _assigned(it: Undoing) -> list[HandOver]:
    for (_branch, handler), group in _by_owner(it).items():
        touch_all(group, handler=handler, **changed(it.by, it.now))
    return hand_overs.handler_named(it.rows, it.was, by=it.by, now=it.now, reason=_("Undone"))


def _judged(it: Undoing) -> list[HandOver]:
    """Received and unjudged again, with the clocks that a category without clocks had ended."""
    groups: dict[tuple[Branch, Category | None, str], list[Complaint]] = defaultdict(list)
    for row in it.rows:
        result = it.before[row.pk]
        if result.hand_over is not None:
            branch = result.hand_over.from_branch
            groups[branch, result.category, result.severity].append(row)
    ended = [row for row in it.rows if row.category is not None and row.category.is_exempt]
    for (branch, category, severity), group in groups.items():
        move_all(
            group,
            to=Status.RECEIVED,
            branch=branch,
            handler=None,
            category=category,
            severity=severity,
            triaged_by=None,
            triaged_at=None,
            issuing_branch=None,
            **changed(it.by, it.now),
        )
    handed = [result.hand_over for result in it.before.values() if result.hand_over is not None]
    HandOver.objects.filter(pk__in=[row.pk for row in handed]).update(
        declined_at=it.now, declined_by=it.by
    )
    log_all(it.rows, "triage_undone", by=it.by, at=it.now, data=lambda row: {})
    for row in ended:
        timers.restore(row)
    owners.hand_over_orders(it.rows, now=it.now)
    owners.hand_over(it.rows, now=it.now)
    return []


GIVE_BACK = {
    BulkKind.TRANSFER: _transferred,
    BulkKind.ASSIGN: _assigned,
    BulkKind.TRIAGE: _judged,
}


def _by_owner(it: Undoing) -> dict[Owner, list[Complaint]]:
    """Whose they were; nobody's where the handler cannot answer for the branch any more."""
    groups: dict[Owner, list[Complaint]] = defaultdict(list)
    able = cache(lambda person, branch: can(person, "complaint.answer", branch))
    for row in it.rows:
        handed = it.before[row.pk].hand_over
        if handed is None:
            continue
        branch, person = handed.from_branch, handed.from_person
        is_able = person is not None and able(person, branch)
        groups[Owner(branch, person if is_able else None)].append(row)
    return groups


def _tell(it: Undoing) -> None:
    """Who had been told that it is theirs hears that it is not."""
    managers = cache(lambda branch: holders(branch, Role.BRANCH_MANAGER))
    notices = []
    for row in it.rows:
        owner = it.was[row.pk]
        people = [person for person in (owner.person, *managers(owner.branch)) if person]
        notices.append(
            outbox.Notice(
                key=f"complaint:{row.pk}:undone:{row.version}",
                people=list(dict.fromkeys(person.pk for person in people)),
                text="hand_over_undone",
                context={"number": row.number, "subject": row.subject, "by": it.by.name},
            )
        )
    outbox.put_all(notices, now=it.now, apart_from=it.by)
