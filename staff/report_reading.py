"""Micro-reports as pages and the API read them: the list, how punctual, how well known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from csm.kit.periods import Period
from csm.kit.statistics import shrink_proportions, wilson_interval
from organisation.access import branches, can, visible
from organisation.models import Branch, Level, Person, in_tree
from staff import quarters
from staff.models import TOLD, AskedPerson, MicroReport, ReportStatus, SpotCheck, Swap, Turn

SEE, ARRANGE = "incentive.see", "micro_report.arrange"
WRITE, REVIEW = "micro_report.write", "micro_report.review"


def readable(person: Person) -> QuerySet[MicroReport]:
    """Those of the branches that one sees, and whatever is published: that is for all staff.

    What was withdrawn is for those who review it.
    """
    rows = visible(MicroReport, person)
    if can(person, SEE):
        rows = rows | MicroReport.objects.filter(status=ReportStatus.PUBLISHED)
    is_withdrawn = Q(status=ReportStatus.WITHDRAWN)
    rows = rows.filter(~is_withdrawn | Q(branch__in=branches(person, REVIEW)))
    return rows.select_related("branch", "turn")


def withdrawn(person: Person) -> QuerySet[MicroReport]:
    """What was withdrawn, newest first, for those who review it."""
    return readable(person).filter(status=ReportStatus.WITHDRAWN).order_by("-withdrawn_at")


def published(person: Person, search: str = "") -> QuerySet[MicroReport]:
    """What everybody reads; `search` looks at number, title and story, names masked."""
    rows = readable(person).filter(status=ReportStatus.PUBLISHED)
    for word in search.split():
        rows = rows.filter(
            Q(title__icontains=word) | Q(story__icontains=word) | Q(number__icontains=word)
        )
    return rows


def reads_raw(person: Person, report: MicroReport) -> bool:
    """Whoever writes for the branch, or reviews, reads the words as they were written."""
    return can(person, WRITE, report) or can(person, REVIEW, report)


def rotation(since: datetime) -> QuerySet[Turn]:
    """The turns from a moment on; the whole company reads them."""
    return Turn.objects.filter(publish_at__gte=since).select_related("branch", "report")


def to_answer(person: Person) -> list[Swap]:
    """Requests of other branches that wait for this person."""
    if not can(person, ARRANGE):
        return []
    rows = visible(Swap, person).filter(is_agreed__isnull=True)
    found = rows.select_related("turn", "other", "branch", "other_branch", "asked_by")
    return [
        row
        for row in found
        if can(person, ARRANGE, row.other_branch) and row.asked_by_id != person.pk
    ]


@dataclass(frozen=True)
class Share:
    """k of n with Wilson's interval, all in 0…1; None where n is 0."""

    k: int
    n: int
    value: float | None
    low: float | None
    high: float | None


def share(k: int, n: int) -> Share:
    low, high = wilson_interval(k, n)
    return Share(k, n, k / n if n else None, low, high)


def punctuality(now: datetime, period: Period) -> Share:
    """Of the weeks that have begun, those whose report was ready at that moment (T-03)."""
    begun = Turn.objects.filter(
        publish_at__gte=period.start, publish_at__lt=period.end, publish_at__lte=now
    )
    in_time = Q(report__status__in=TOLD, report__is_late=False)
    counted = begun.aggregate(n=Count("pk"), k=Count("pk", filter=in_time))
    return share(counted["k"], counted["n"])


@dataclass(frozen=True)
class Known:
    """What a branch knows: drawn, answered and aware, the fair value and its place (F-13)."""

    branch: Branch
    drawn: int
    share: Share
    fair: float | None = None
    place: float | None = None


def awareness(rows: QuerySet[AskedPerson]) -> tuple[Share, list[Known]]:
    """The rate of all who answered, and of each branch, best first, by F-13 rather than raw."""
    counted = (
        rows.order_by()
        .values("branch")
        .annotate(
            drawn=Count("pk"),
            n=Count("pk", filter=Q(is_aware__isnull=False)),
            k=Count("pk", filter=Q(is_aware=True)),
        )
    )
    by_branch = {row["branch"]: row for row in counted}
    branches = in_tree(Branch.objects.filter(pk__in=by_branch))
    lines = [by_branch[branch.pk] for branch in branches]
    total = share(sum(line["k"] for line in lines), sum(line["n"] for line in lines))
    return total, _ranked(branches, lines)


def _ranked(branches: Sequence[Branch], lines: Sequence[Any]) -> list[Known]:
    shrunk = shrink_proportions([(line["k"], line["n"]) for line in lines])
    found = [
        Known(branch, line["drawn"], share(line["k"], line["n"]), fair.value, fair.expected_rank)
        for branch, line, fair in zip(branches, lines, shrunk, strict=True)
    ]
    return sorted(found, key=lambda row: (row.place is None, row.place or 0))


def asked_in(period: Period) -> QuerySet[AskedPerson]:
    """Everybody who was drawn for the reports of a period, but for those that were withdrawn."""
    return AskedPerson.objects.filter(
        spot_check__report__status=ReportStatus.PUBLISHED,
        spot_check__report__published_at__gte=period.start,
        spot_check__report__published_at__lt=period.end,
    )


def asked_about(report: MicroReport) -> QuerySet[AskedPerson]:
    return AskedPerson.objects.filter(spot_check__report=report)


def check_of(report: MicroReport) -> SpotCheck | None:
    return SpotCheck.objects.filter(report=report).select_related("drawn_by").first()


def branches_of(person: Person, verb: str) -> QuerySet[Branch]:
    """The branches proper over which one has the verb."""
    return visible(Branch, person).filter(level=Level.BRANCH, is_active=True)


def quarter(key: str, now: datetime) -> Period:
    """The quarter of a key, or the running one. Raises `ValueError` for what is no quarter."""
    return quarters.of_key(key) if key else quarters.running(now)
