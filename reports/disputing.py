"""What somebody may dispute, and the disputes that they see (R-01)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import MILESTONES, Complaint, Timer, Verdict, verdict_at
from csm.kit.periods import Period
from organisation.access import Place, branch_ids, can, places, sees_everything, visible
from organisation.models import Branch, Person
from reports import closing
from reports.actions import disputes
from reports.closing import Life
from reports.models import Dispute, DisputeStatus
from reports.standings import Standing

DISPUTE = disputes.DISPUTE
MOST_PLACES = 20


@dataclass(frozen=True)
class Offer:
    """One thing about a complaint that could be disputed, with the period that counts it."""

    value: str
    label: str
    life: Life
    timer: Timer | None = None


def offers(complaint: Complaint, person: Person, *, now: datetime) -> list[Offer]:
    """Who is responsible, and each overdue clock, as far as it is counted against the person's own
    branches; also what takes no disputes now.
    """
    timers = disputes.overdue(complaint, now=now)
    each: list[Timer | None] = [None, *timers]
    found = [(timer, disputes.contested(complaint, timer)) for timer in each]
    return [
        Offer(
            value=str(timer.pk) if timer else "responsibility",
            label=_clock(timer) if timer else _("Who is responsible"),
            life=disputes.life_of(of, now=now),
            timer=timer,
        )
        for timer, of in found
        if can(person, DISPUTE, of.branch)
    ]


def _clock(timer: Timer) -> str:
    words = _("Clock %(clock)s, cycle %(cycle)d, due %(moment)s")
    return words % {
        "clock": timer.get_kind_display(),
        "cycle": timer.cycle,
        "moment": f"{timezone.localtime(timer.due_at):%Y-%m-%d %H:%M}",
    }


def of_complaint(person: Person, number: str) -> Complaint | None:
    """A complaint that the person sees, or a clock of which is counted against their branch."""
    rows = Complaint.objects.select_related("branch", "intake_branch").filter(number=number)
    seen = visible(Complaint, person).filter(number=number).exists()
    mine = branch_ids(person, DISPUTE)
    borne = Timer.objects.filter(
        complaint__number=number, kind__in=MILESTONES, verdict_branch__in=mine
    )
    return rows.first() if seen or borne.exists() else None


def late_in(period: Period, branch: Branch, *, now: datetime) -> QuerySet[Timer]:
    """The clocks that a period counts as overdue against a branch."""
    rows = Timer.objects.milestones().filter(
        verdict_branch=branch, due_at__gte=period.start, due_at__lt=period.end
    )
    late = rows.annotate(verdict=verdict_at(now)).filter(verdict=Verdict.BREACHED)
    return late.select_related("complaint")


def own_places(person: Person) -> list[Place]:
    """For which branches the person may dispute, a few of them.

    Who has the right over the whole company speaks for no branch.
    """
    if sees_everything(person, DISPUTE) or not can(person, DISPUTE):
        return []
    return places(person, DISPUTE)[:MOST_PLACES]


def contestable(standing: Standing, person: Person, *, now: datetime) -> list[Place]:
    """The branches for which the person may dispute what a ranking counts."""
    period = standing.period
    is_open = not standing.frozen_at and period.end <= now < closing.dispute_until(period)
    return own_places(person) if is_open else []


def seen(person: Person) -> QuerySet[Dispute]:
    return shown(visible(Dispute, person))


def shown(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    """With all that a page shows of a dispute."""
    return rows.select_related(
        *("complaint", "branch", "to_branch", "timer", "by", "decided_by", "waiver"),
        *("hand_over__to_branch",),
    )


def disputed(timers: Iterable[Timer]) -> Sequence[int]:
    """Those of the clocks that are disputed now."""
    ids = [timer.pk for timer in timers]
    rows = Timer.objects.filter(pk__in=ids, disputes__status=DisputeStatus.OPEN)
    return list(rows.values_list("pk", flat=True))
