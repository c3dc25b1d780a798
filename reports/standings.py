"""A ranking as it stands: the frozen one of a closed period, else computed this moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from django.db.models import Q

from complaints import months
from csm.kit import periods
from csm.kit.periods import Kind, Period
from reports import figures, places
from reports.models import FrozenRanking
from reports.rankings import FORMULA, Company, Row, company_figures, ranked

# Later than every key.
LAST = "9"


@dataclass(frozen=True)
class Standing:
    """The rows of a level in order, the company, and the company in the period before.

    `frozen_at` is None as long as the period is not closed: the figures may still change.
    """

    period: Period
    level: str
    formula: str
    frozen_at: datetime | None
    rows: Sequence[Row]
    company: Company
    before: Company


def period_of(key: str) -> Period:
    """The period of a key in the company's zone. Raises `ValueError`."""
    return months.of_key(key, *periods.WEEK_OR_MONTH)


def current(now: datetime, kind: Kind) -> Period:
    """The company's week or month of this moment."""
    return months.running(now, kind)


def latest(kind: Kind, *, before: str = LAST) -> Period | None:
    """The latest closed period of a kind, if any; with `before`, of those earlier than that key."""
    weeks = Q(period__contains="-W")
    closed = FrozenRanking.objects.filter(weeks if kind == "week" else ~weeks, period__lt=before)
    key = closed.order_by("-period").values_list("period", flat=True).first()
    return period_of(key) if key else None


def standing(period: Period, *, level: str, now: datetime) -> Standing:
    """The ranking of a period: one query if it is frozen, a fixed number if it is not."""
    return frozen(period, level=level) or computed(period, level=level, now=now)


def frozen(period: Period, *, level: str) -> Standing | None:
    """The ranking as it was closed; None while it is not."""
    row = FrozenRanking.objects.filter(period=period.key, level=level).first()
    if row is None:
        return None
    return Standing(
        period=period,
        level=level,
        formula=row.formula,
        frozen_at=row.frozen_at,
        rows=cast(list[Row], row.rows),
        company=cast(Company, row.company),
        before=cast(Company, row.before),
    )


def computed(period: Period, *, level: str, now: datetime) -> Standing:
    """The ranking by what the tables say now, against that of the period before."""
    before = frozen(period.previous, level=level) or _counted(period.previous, level, now)
    standing = _counted(period, level, now, before=before.rows)
    return replace(standing, before=before.company)


def _counted(period: Period, level: str, now: datetime, *, before: Sequence[Row] = ()) -> Standing:
    lines, total = figures.counted(period, places.cut(level), now=now)
    company = company_figures(total)
    rows = ranked(lines, before=before)
    return Standing(period, level, FORMULA, None, rows, company, before=company)
