"""A ranking as a file: its figures are open to everybody who may see rankings."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import Milestone
from csm.kit import periods
from csm.kit.periods import Period
from csm.kit.tables import Cell, Column
from organisation.actions.exports import SMALL, Asked
from reports import asking, tables
from reports.lines import named
from reports.measures import MEASURES
from reports.rankings import Conclusion, Part, Row
from reports.standings import Standing, standing


class RankingExport:
    """One row per branch or region, in the order of the ranking; shares are 0…1."""

    name = "rankings"
    verb = "ranking.see"

    def title(self) -> str:
        return _("Rankings")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Period"), 20),
            Column(_("Rank"), 8),
            Column(_("Previous rank"), 8),
            Column(_("Code"), 14, is_text=True),
            Column(pgettext("level", "Branch"), 24),
            Column(_("Region"), 20),
            Column(_("Complaints"), 10),
            Column(pgettext("complaints", "Valid"), 10),
            Column(_("Score"), 10),
            Column(_("Interval from"), 12),
            Column(_("Interval to"), 12),
            Column(_("Conclusion"), 18),
            Column(_("Missing parts"), 30),
            Column(_("On-time share"), 12),
            Column(_("Decided clocks"), 10),
            *(column for kind in Milestone for column in _of_clock(str(kind.label))),
            *(column for each in MEASURES.values() for column in _of_part(str(each.label))),
            Column(_("Formula"), 14),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """However many places there are, they are one record, and written at once."""
        _read(asked)
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        period, level = _read(asked)
        found = standing(period, level=level, now=asked.now)
        yield [_row(row, found) for row in found.rows]


RANKINGS = RankingExport()


def _read(asked: Asked) -> tuple[Period, str]:
    """Period and level. Raises `Http404` for those that there are not."""
    return asking.period(asked.query, asked.now), asking.level(asked.query)


def _of_clock(name: str) -> list[Column]:
    return [
        Column(_("%(clock)s: on-time share") % {"clock": name}, 12),
        Column(_("%(clock)s: decided") % {"clock": name}, 10),
    ]


def _of_part(name: str) -> list[Column]:
    words = (
        _("%(part)s: figure"),
        _("%(part)s: hits"),
        _("%(part)s: cases"),
        _("%(part)s: interval from"),
        _("%(part)s: interval to"),
        _("%(part)s: fair value"),
        _("%(part)s: expected rank"),
        _("%(part)s: points"),
    )
    return [Column(each % {"part": name}, 12) for each in words]


def _row(row: Row, found: Standing) -> Sequence[Cell]:
    place, pooled = row["branch"], row["pooled"]
    shares = [row["shares"][kind] for kind in Milestone.values]
    return [
        periods.label(found.period),
        row["rank"],
        row["previous_rank"],
        place["code"],
        named(place, "name", "name_en"),
        named(place, "region", "region_en"),
        row["complaints"],
        row["valid"],
        row["score"],
        row["low"],
        row["high"],
        _words(row["conclusion"]),
        tables.lacking(row, found.company["rule"]),
        pooled["share"],
        pooled["n"],
        *(cell for share in shares for cell in (share["share"], share["n"])),
        *(cell for name in MEASURES for cell in _part(row["parts"].get(name))),
        found.formula,
    ]


def _part(part: Part | None) -> Sequence[Cell]:
    """Of `pooled-1` there are none."""
    names = ("raw", "hits", "n", "low", "high", "value", "expected_rank", "points")
    return [None if part is None else part[name] for name in names]  # type: ignore[literal-required]


def _words(conclusion: Conclusion | None) -> str:
    if conclusion is None:
        return _("Not ranked")
    words = {
        "above": _("Above average"),
        "below": _("Below average"),
        "none": _("No difference shown"),
    }
    return words[conclusion]
