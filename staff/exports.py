"""The leaderboard and statements as files."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import periods
from csm.kit.tables import Cell, Column
from organisation.actions.exports import BATCH, SMALL, Asked, local
from staff import reading
from staff.models import PointEntry


class BoardExport:
    """One row per place, in the order of the page; whoever is not named there is not here."""

    name = "points-board"
    verb = reading.SEE_BOARD

    def title(self) -> str:
        return _("Leaderboard")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Period"), 18),
            Column(pgettext("rank", "Place"), 8),
            Column(pgettext("staff", "Person"), 18),
            Column(pgettext("level", "Branch"), 24),
            Column(pgettext("earned", "Points"), 10),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """However many places, they are one record, and written at once."""
        reading.asked(asked.person, asked.query, asked.now)
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        found = reading.asked(asked.person, asked.query, asked.now)
        label = periods.label(found.period)
        yield [
            [label, line.place, line.name, line.branch_label, line.points]
            for line in found.lines(most=None)
        ]


class StatementExport:
    """One's own entries, newest first."""

    name = "points-statement"
    verb = reading.SEE_BOARD

    def title(self) -> str:
        return _("My points")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Day"), 12),
            Column(_("For what"), 32),
            Column(pgettext("earned", "Points"), 10),
            Column(pgettext("level", "Branch"), 20),
            Column(_("Evidence"), 20, is_text=True),
            Column(_("Reason"), 40),
            Column(_("By whom"), 16),
            Column(_("Written down"), 17),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        """One person's own: written at once, however many."""
        return SMALL

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows = reading.statement(asked.person, of=asked.person).order_by("-pk")
        found: list[Sequence[Cell]] = []
        for row in rows.iterator(chunk_size=BATCH):
            found.append(_entry(row))
            if len(found) == BATCH:
                yield found
                found = []
        yield found


BOARD, STATEMENT = BoardExport(), StatementExport()


def _entry(row: PointEntry) -> Sequence[Cell]:
    return [
        row.earned_on,
        row.label,
        row.points,
        row.branch.label,
        row.evidence,
        row.reason,
        row.by.name if row.by else None,
        local(row.at),
    ]
