"""The week in three sentences, made of the tests and not of the ranks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext, pgettext

from complaints.models import Milestone
from reports.lines import Ranked
from reports.rankings import Row

# More names than these are a number.
MOST_NAMES = 4


@dataclass(frozen=True)
class Points:
    """Names of the places below and above the company's share, and how many show no difference.

    `most_overdue` is the clock that those below missed most often.
    """

    below: str
    above: str
    most_overdue: str
    below_count: int
    alike_count: int
    unranked_count: int


def points(lines: Sequence[Ranked]) -> Points:
    """The best is named first among those above, the worst among those below."""
    rows = [line.row for line in lines]
    below = [row for row in rows if row["conclusion"] == "below"]
    return Points(
        below=_listed(
            [line.line.name for line in lines[::-1] if line.row["conclusion"] == "below"]
        ),
        above=_listed([line.line.name for line in lines if line.row["conclusion"] == "above"]),
        most_overdue=_most_overdue(below),
        below_count=len(below),
        alike_count=sum(row["conclusion"] == "none" for row in rows),
        unranked_count=sum(row["rank"] is None for row in rows),
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


def _most_overdue(rows: Sequence[Row]) -> str:
    overdue = Counter[str]()
    for row in rows:
        for milestone, counts in row["timers"].items():
            overdue[milestone] += counts["breached"]
    return str(Milestone(overdue.most_common(1)[0][0]).label) if overdue else ""
