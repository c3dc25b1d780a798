"""A ranking as it stands: the frozen one of a closed period, else computed this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from complaints import months
from csm.kit import periods
from csm.kit.periods import Kind, Period
from reports import cases, figures, places
from reports.composites import ranked
from reports.models import FrozenRanking, RankingRule
from reports.rankings import FORMULA, Company, Row, company_as_kept, row_as_kept

# Later than every key.
LAST = "9"
# Every level of a period is frozen with the others.
FIRST_LEVEL = places.LEVELS[0]


@dataclass(frozen=True)
class Standing:
    """The rows of a level in order, the company, and the company in the period before.

    `frozen_at` is None as long as the period is not closed: the figures may still change. Late
    corrections count `revision` up; `rule` and `weights` are those of the formula, if it has any.
    """

    period: Period
    level: str
    formula: str
    frozen_at: datetime | None
    rows: Sequence[Row]
    company: Company
    before: Company
    revision: int = 0
    rule: int | None = None
    weights: Mapping[str, int] = field(default_factory=dict)


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


def frozen(period: Period, *, level: str, revision: int | None = None) -> Standing | None:
    """The ranking as it was closed, by its latest or a given revision; None while it is not."""
    rows = FrozenRanking.objects.filter(period=period.key, level=level)
    if revision is not None:
        rows = rows.filter(revision=revision)
    row = rows.order_by("-revision").first()
    if row is None:
        return None
    return Standing(
        period=period,
        level=level,
        formula=row.formula,
        frozen_at=row.frozen_at,
        rows=[row_as_kept(each) for each in row.rows],
        company=company_as_kept(row.company),
        before=company_as_kept(row.before),
        revision=row.revision,
        rule=row.rule,
        weights=row.weights,
    )


def computed(
    period: Period, *, level: str, now: datetime, as_closed: Sequence[Row] = ()
) -> Standing:
    """The ranking by what the tables say now, against that of the period before.

    `as_closed` are the rows of a closed one: the tree is cut as it was then.
    """
    before = frozen(period.previous, level=level) or _counted(period.previous, level, now)
    standing = _counted(period, level, now, before=before.rows, as_closed=as_closed)
    return replace(standing, before=before.company)


def _counted(
    period: Period,
    level: str,
    now: datetime,
    *,
    before: Sequence[Row] = (),
    as_closed: Sequence[Row] = (),
) -> Standing:
    cut = places.as_known(level, [row["branch"] for row in as_closed])
    lines, total = figures.counted(period, cut, now=now, cases=cases.counted(period, now=now))
    rule = RankingRule.objects.at(period.start).as_rule()
    rows, company = ranked(lines, total, rule=rule, before=before)
    weights = {name: part["weight"] for name, part in rule["parts"].items()}
    return Standing(
        period,
        level,
        FORMULA,
        None,
        rows,
        company,
        before=company,
        rule=rule["number"],
        weights=weights,
    )
