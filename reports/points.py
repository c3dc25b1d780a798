"""The week in three sentences, made of the tests and not of the ranks."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext, pgettext

from complaints.models import Milestone
from reports.measures import MEASURES
from reports.rankings import Company, Row
from reports.tables import COMPOSITE, Table

# More names than these are a number.
MOST_NAMES = 4
# The tables that are about the four clocks.
CLOCKS = ("pooled", "on_time")


@dataclass(frozen=True)
class Points:
    """Names of the places below and above the company's figure, and how many show no difference.

    `weakest` is the clock that those below missed most often, or the part that cost them most.
    """

    below: str
    above: str
    weakest: str
    below_count: int
    alike_count: int
    unranked_count: int


def points(table: Table, company: Company) -> Points:
    """The best is named first among those above, the worst among those below."""
    rows = table.rows
    below = [row for row in rows if row.conclusion == "below"]
    return Points(
        below=_listed([row.line.name for row in below[::-1]]),
        above=_listed([row.line.name for row in rows if row.conclusion == "above"]),
        weakest=_weakest(table, [row.row for row in below], company),
        below_count=len(below),
        alike_count=sum(row.conclusion == "none" for row in rows),
        unranked_count=sum(row.rank is None for row in rows),
    )


def _listed(names: Sequence[str]) -> str:
    text = pgettext("between two names", ", ").join(names[:MOST_NAMES])
    more = len(names) - MOST_NAMES
    if more <= 0:
        return text
    return ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {
        "names": text,
        "n": more,
    }


def _weakest(table: Table, below: Sequence[Row], company: Company) -> str:
    if table.kind == COMPOSITE:
        return _costliest(below, company)
    return _most_overdue(below) if table.kind in CLOCKS else ""


def _costliest(rows: Sequence[Row], company: Company) -> str:
    """The part by which they lie furthest below the company, in points."""
    lost = defaultdict[str, float](float)
    for row in rows:
        for name, part in row["parts"].items():
            ours = company["parts"][name]["score"]
            if part["score"] is not None and ours is not None:
                lost[name] += part["share"] * (ours - part["score"])
    return str(MEASURES[max(lost, key=lost.__getitem__)].label) if lost else ""


def _most_overdue(rows: Sequence[Row]) -> str:
    overdue = Counter[str]()
    for row in rows:
        for milestone, counts in row["timers"].items():
            overdue[milestone] += counts["breached"]
    return str(Milestone(overdue.most_common(1)[0][0]).label) if overdue else ""
