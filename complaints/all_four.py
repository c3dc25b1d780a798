"""Whether the four promises of a complaint's first cycle were all kept (F-04)."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery

from complaints.models import MILESTONES, Timer, Verdict

FIRST_CYCLE = 1
SETTLED = (Verdict.MET, Verdict.BREACHED)


def decided(complaints: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    """Those whose four first clocks are all met or breached; `is_broken` if one was breached."""
    mine = Timer.objects.milestones().filter(complaint=OuterRef("pk"), cycle=FIRST_CYCLE)
    clocks: QuerySet[Any] = mine.with_verdict(now)
    settled = clocks.filter(verdict__in=SETTLED).values("complaint")
    count = Subquery(settled.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows: QuerySet[Any] = (
        complaints.alias(settled_clocks=count)
        .filter(settled_clocks=len(MILESTONES))
        .annotate(is_broken=Exists(clocks.filter(verdict=Verdict.BREACHED)))
    )
    return rows


def outcomes(complaints: QuerySet[Any], *, now: datetime) -> QuerySet[Any, tuple[int, int]]:
    """The same for many at once: of each decided one its branch, and how many clocks were breached.

    It reads the clocks once, where `decided` asks for each complaint.
    """
    mine = Timer.objects.milestones().filter(complaint__in=complaints, cycle=FIRST_CYCLE)
    grouped: QuerySet[Any] = mine.with_verdict(now).values("complaint")
    decided: QuerySet[Any, tuple[int, int]] = (
        grouped.annotate(
            branch=F("complaint__branch"),
            settled=Count("pk", filter=Q(verdict__in=SETTLED)),
            breached=Count("pk", filter=Q(verdict=Verdict.BREACHED)),
        )
        .filter(settled=len(MILESTONES))
        .values_list("branch", "breached")
    )
    return decided
