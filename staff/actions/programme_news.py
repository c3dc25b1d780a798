"""What the programme tells people: everything through the outbox, each thing once."""

from collections.abc import Iterable
from datetime import datetime

from organisation import letters, outbox
from organisation.letters import Draft
from organisation.models import Branch, Channel, Importance, Level, Person, Role
from organisation.outbox import Notice
from organisation.roles import holders, holders_of
from organisation.texts import named
from staff.models import AskedPerson, MicroReport, SpotCheck, Swap, Turn

ROTATION = "/staff/micro-reports/rotation/"
# Who hears for a branch: its manager, and where there is none, the quality manager.
HEARERS = (Role.BRANCH_MANAGER, Role.QUALITY_MANAGER)


def hearers(branch: Branch) -> list[Person]:
    first, second = HEARERS
    found = holders_of(HEARERS)
    return found.nearest(branch, first) or found.nearest(branch, second)


def _week(turn: Turn) -> str:
    """As 2026-W47."""
    year, number, _day = turn.monday.isocalendar()
    return f"{year:04d}-W{number:02d}"


def swap_asked(swap: Swap, *, by: Person, now: datetime) -> None:
    outbox.put(
        key=f"swap:{swap.pk}:asked",
        to=hearers(swap.other_branch),
        text="swap_asked",
        context={
            "branch": named(swap.branch),
            "theirs": _week(swap.turn),
            "ours": _week(swap.other),
            "reason": swap.reason,
        },
        importance=Importance.REMINDER,
        path=ROTATION,
        now=now,
        apart_from=by,
    )


def swap_answered(swap: Swap, *, by: Person, now: datetime) -> None:
    outbox.put(
        key=f"swap:{swap.pk}:answered",
        to=[swap.asked_by],
        text="swap_answered",
        context={
            "branch": named(swap.other_branch),
            "is_agreed": swap.is_agreed,
            "week": _week(swap.turn),
        },
        path=ROTATION,
        now=now,
        apart_from=by,
    )


def swapped(turn: Turn, other: Turn, *, by: Person, now: datetime) -> None:
    """By the quality manager: both branches hear their new weeks."""
    for each in (turn, other):
        _week_given(each, by=by, now=now)


def handed_on(turn: Turn, was: Branch, *, by: Person, now: datetime) -> None:
    """The branch that writes now hears of it, and the one that does not any more."""
    _week_given(turn, by=by, now=now)
    outbox.put(
        key=f"turn:{turn.pk}:taken:{was.pk}:{now.isoformat()}",
        to=hearers(was),
        text="turn_taken",
        context={"branch": named(was), "week": _week(turn)},
        path=ROTATION,
        now=now,
        apart_from=by,
    )


def _week_given(turn: Turn, *, by: Person, now: datetime) -> None:
    outbox.put(
        key=f"turn:{turn.pk}:given:{turn.monday}:{turn.branch_id}",
        to=hearers(turn.branch),
        text="turn_given",
        context={"branch": named(turn.branch), "week": _week(turn)},
        importance=Importance.REMINDER,
        path=ROTATION,
        now=now,
        apart_from=by,
    )


def submitted(report: MicroReport, *, by: Person, now: datetime) -> None:
    to = holders(report.branch, Role.QUALITY_MANAGER)
    _of_report(report, "micro_report_submitted", to, by=by, now=now)


def returned(report: MicroReport, *, by: Person, now: datetime) -> None:
    to = [report.written_by, report.submitted_by]
    _of_report(report, "micro_report_returned", to, by=by, now=now, reason=report.return_reason)


def approved(report: MicroReport, *, by: Person, now: datetime) -> None:
    """To whoever wrote it, and a copy to development and HR (T-02)."""
    to = [report.written_by, report.submitted_by, *holders(report.branch, Role.HUMAN_RESOURCES)]
    _of_report(report, "micro_report_approved", to, by=by, now=now)


def withdrawn(report: MicroReport, *, by: Person, now: datetime) -> None:
    """Why, to the branch; and to the managers, who may be about to read it in a meeting."""
    own = [report.written_by, report.submitted_by, *hearers(report.branch)]
    branches = Branch.objects.active().filter(level=Level.BRANCH)
    rows = holders_of([Role.BRANCH_MANAGER])
    to = [person for branch in branches for person in rows.nearest(branch, Role.BRANCH_MANAGER)]
    outbox.put(
        key=f"micro-report:{report.pk}:withdrawn",
        to=[*own, *to],
        text="micro_report_withdrawn",
        context=facts(report) | {"by": by.name, "reason": report.withdrawal_reason},
        importance=Importance.REMINDER,
        path="/staff/micro-reports/",
        now=now,
        apart_from=by,
    )


def published(report: MicroReport, *, now: datetime) -> None:
    """To the managers: it is read in the morning meetings of this week (T-04)."""
    rows = holders_of([Role.BRANCH_MANAGER])
    branches = Branch.objects.active().filter(level="branch")
    to = [person for branch in branches for person in rows.nearest(branch, Role.BRANCH_MANAGER)]
    _of_report(report, "micro_report_published", to, by=None, now=now)


def _of_report(
    report: MicroReport,
    text: str,
    to: Iterable[Person | None],
    *,
    by: Person | None,
    now: datetime,
    **context: object,
) -> None:
    outbox.put(
        key=f"micro-report:{report.pk}:{text}:{report.version}",
        to=to,
        text=text,
        context=facts(report) | context,
        importance=Importance.REMINDER,
        path=f"/staff/micro-reports/{report.pk}/",
        now=now,
        apart_from=by,
    )


def facts(report: MicroReport) -> dict[str, object]:
    return {
        "number": report.number or "",
        "title": report.title,
        "branch": named(report.branch),
        "week": _week(report.turn),
    }


def asked(people: Iterable[AskedPerson], report: MicroReport, *, by: Person, now: datetime) -> None:
    """Everybody who was drawn has a page of their own; the mail of it is the letter."""
    notices = [
        Notice(
            key=f"asked:{row.pk}",
            people=[row.person_id],
            text="awareness_asked",
            context=facts(report),
            importance=Importance.REMINDER,
            path=f"/staff/awareness/{row.pk}/",
            channels=(Channel.INBOX,),
        )
        for row in people
    ]
    outbox.put_all(notices, now=now, apart_from=by)


def linked(people: Iterable[AskedPerson], check: SpotCheck, *, now: datetime) -> None:
    """The same questions by a link, for who is not at a desk (T-05)."""
    context = facts(check.report) | {"due_at": check.closes_at.isoformat()}
    drafts = [
        Draft(
            key=f"asked:{row.pk}",
            address=row.person.email,
            text="awareness_asked",
            language=row.person.language,
            name=row.person.name,
            context=context,
            link=row.link,
        )
        for row in people
    ]
    letters.put_all(drafts, now=now, is_bulk=True)


def due(turn: Turn) -> Notice:
    """A branch is to write, a week ahead."""
    return Notice(
        key=f"turn:{turn.pk}:due:{turn.monday}",
        people=[person.pk for person in hearers(turn.branch)],
        text="micro_report_due",
        context={"branch": named(turn.branch), "week": _week(turn)},
        importance=Importance.REMINDER,
        path=f"{ROTATION}{turn.pk}/write/",
    )


def late(turn: Turn) -> Notice:
    """The week has begun without its report."""
    people = [*hearers(turn.branch), *holders(turn.branch, Role.QUALITY_MANAGER)]
    return Notice(
        key=f"turn:{turn.pk}:late:{turn.monday}",
        people=list(dict.fromkeys(person.pk for person in people)),
        text="micro_report_late",
        context={"branch": named(turn.branch), "week": _week(turn)},
        importance=Importance.OVERDUE,
        path=f"{ROTATION}{turn.pk}/write/",
    )


def meeting_missing(report: MicroReport, branch: Branch, people: list[int]) -> Notice:
    """Nobody has recorded the morning meeting of a branch."""
    return Notice(
        key=f"meeting:{report.pk}:{branch.pk}",
        people=people,
        text="meeting_missing",
        context={**facts(report), "place": named(branch)},
        importance=Importance.REMINDER,
        path=f"/staff/micro-reports/{report.pk}/meeting/?branch={branch.code}",
    )
