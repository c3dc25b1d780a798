"""Whether the four promises of a complaint's first cycle were all kept (F-04)."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery

from complaints.models import MILESTONES, Timer, Verdict

FIRST_CYCLE = 1


def decided(complaints: QuerySet[Any], *, now: datetime) -> QuerySet[Any]:
    """Those whose four first clocks are all met or breached; `is_broken` if one was breached."""
    mine = Timer.objects.milestones().filter(complaint=OuterRef("pk"), cycle=FIRST_CYCLE)
    clocks: QuerySet[Any] = mine.with_verdict(now)
    settled = clocks.filter(verdict__in=(Verdict.MET, Verdict.BREACHED)).values("complaint")
    count = Subquery(settled.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows: QuerySet[Any] = (
        complaints.alias(settled_clocks=count)
        .filter(settled_clocks=len(MILESTONES))
        .annotate(is_broken=Exists(clocks.filter(verdict=Verdict.BREACHED)))
    )
    return rows
