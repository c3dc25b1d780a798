"""The sections of a report that are figures: statistics, causes, effects, ranking (C-14)."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.models import Milestone
from organisation.models.branch import in_language
from reports.documents.cells import Cell, Column, Form, Line, Section
from reports.documents.loops import WINDOW_DAYS, Loop
from reports.lines import Line as Figures
from reports.lines import bars, company_line, named, of_row
from reports.measures import MEASURES, Measure
from reports.numbers import Number, Seen
from reports.rankings import Composed, Row, Share, differs
from reports.standings import Standing


def number(found: Number, *, has_lists: bool) -> Cell:
    """A count with the list behind it, for whom some of it opens."""
    url = found.url if has_lists and found.is_link else ""
    return Cell(found.value, "count", url, found.seen if url else None)


def statistics(standing: Standing, seen: Seen, *, has_lists: bool) -> Section:
    """The company's figures, each with its sample, its interval and the period before."""
    line, now, before = company_line(standing, seen), standing.company, standing.before
    counts = [
        ("complaints", _("Complaints received"), line.received),
        ("valid", _("Valid complaints"), line.valid),
        ("late", _("Complaints with an overdue clock"), line.late),
    ]
    shares = [
        ("pooled", _("On-time share of all clocks"), now["pooled"], before.get("pooled")),
        *(_of_clock(kind, now["shares"], before.get("shares")) for kind in Milestone.values),
        ("all_four", _("All four clocks on time"), now["all_four"], before.get("all_four")),
        ("satisfied", _("Satisfied when called back"), now["satisfied"], before.get("satisfied")),
    ]
    unanswered = (now["unanswered_calls"], before.get("unanswered_calls"))
    return Section(
        name="statistics",
        lead="figure",
        title=_("Statistics"),
        columns=[
            Column("figure", _("Figure"), 36),
            Column("value", _("Value")),
            Column("n", _("Cases"), 10),
            Column("low", _("Interval from")),
            Column("high", _("Interval to")),
            Column("before", _("Period before")),
            Column("change", pgettext("since the period before", "Change"), 22),
        ],
        lines=[
            *(
                _count(key, words, number(found, has_lists=has_lists), _before(before, key))
                for key, words, found in counts
            ),
            *(_share(key, words, found, was) for key, words, found, was in shares),
            _count("unanswered_calls", _("Calls without reply"), Cell(unanswered[0], "count"),
                   unanswered[1]),
        ],
        definitions=[
            _("On-time share = on time ÷ (on time + overdue), over all four clocks. What is "
              "running, void, waived or not reached is not counted."),
            _("A complaint belongs to the period in which it was received, a clock to that of its "
              "deadline, a call to that in which it was made."),
            _("Valid: neither invalid, nor proposed as such, nor merged. Intervals are those of "
              "95% (Wilson); a change is named only where it is more than chance."),
        ],
    )  # fmt: skip


def _of_clock(kind: str, now: Any, before: Any) -> tuple[str, str, Share, Share | None]:
    words = _("%(clock)s: on-time share") % {"clock": Milestone(kind).label}
    return kind, words, now[kind], before.get(kind) if before else None


def _before(before: Any, key: str) -> int | None:
    """The count of the period before."""
    if key == "late":
        found = before.get("complaints_by_verdict")
        return found["breached"] if found else None
    return before.get(key)  # type: ignore[no-any-return]


def _count(key: str, words: str, value: Cell, before: int | None) -> Line:
    empty = [Cell(None, "count"), Cell(None, "share"), Cell(None, "share")]
    return Line(key, [Cell(words), value, *empty, Cell(before, "count"), Cell(None)])


def _share(key: str, words: str, now: Share, before: Share | None) -> Line:
    is_comparable = before is not None and bool(before["n"] and now["n"])
    change = _change_words(differs(now, before)) if before and is_comparable else None
    cells = [
        Cell(words),
        Cell(now["share"], "share"),
        Cell(now["n"], "count"),
        Cell(now["low"], "share"),
        Cell(now["high"], "share"),
        Cell(before["share"] if before else None, "share"),
        Cell(change),
    ]
    return Line(key, cells)


def _change_words(difference: str) -> str:
    words = {
        "higher": pgettext("a share", "Higher"),
        "lower": pgettext("a share", "Lower"),
        "none": _("No difference shown"),
    }
    return words[difference]


def causes(standing: Standing, seen: Seen, *, has_lists: bool) -> Section:
    """The most frequent categories of valid complaints."""
    valid = standing.company["valid"]
    return Section(
        name="causes",
        lead="cause",
        title=_("Main causes"),
        columns=[
            Column("cause", _("Category"), 36),
            Column("complaints", _("Valid complaints")),
            Column("share", _("Share")),
        ],
        lines=[
            Line(
                str(place),
                [
                    Cell(bar.name),
                    number(bar.number, has_lists=has_lists),
                    Cell(bar.number.value / valid if valid else None, "share"),
                ],
            )
            for place, bar in enumerate(bars(standing, seen), start=1)
        ],
        definitions=[_("Share: of the valid complaints received in the period.")],
        empty=_("No valid complaint was received."),
    )


def effects(found: Sequence[Loop]) -> Section:
    """How well work orders worked: the company, then each branch (F-19)."""
    return Section(
        name="effects",
        lead="branch",
        title=_("Verified effects of work orders"),
        columns=[
            Column("branch", pgettext("level", "Branch"), 24),
            Column("orders", _("Confirmed")),
            Column("first_time", _("Confirmed the first time")),
            Column("first_time_low", _("Interval from")),
            Column("first_time_high", _("Interval to")),
            Column("on_date", _("Closed on the promised date")),
            Column("promised", _("Of orders with a date")),
            Column("recurred", _("Recurred within 90 days")),
            Column("aged", _("Of orders 90 days old")),
            Column("recurred_so_far", _("Recurred so far")),
            Column("hours_open", _("Median hours open")),
        ],
        lines=[_loop(loop) for loop in found],
        definitions=[
            _("Orders count in the period of their confirmation, for the branch that wrote them. "
              "Confirmed the first time: never sent back before."),
            _("Closed on the promised date: confirmed on or before it, of the orders that promise "
              "one. Hours open: from the beginning of the order to its confirmation."),
            _("Recurred: a complaint of the same customer in the same category within %(n)d days "
              "of the confirmation, of the orders whose %(n)d days ended in the period; so far: of "
              "the orders of the period itself.") % {"n": WINDOW_DAYS},
            _("These figures are counted anew with each report: they are not part of what is "
              "frozen."),
        ],
        note="" if found[0].orders else _("No work order was confirmed in this period."),
    )  # fmt: skip


def _loop(loop: Loop) -> Line:
    name = in_language(loop.name, loop.name_en)
    first, on_date, recurred = loop.first_time, loop.on_date, loop.recurred
    values: list[tuple[Any, Form]] = [
        (loop.orders, "count"),
        (first["share"], "share"),
        (first["low"], "share"),
        (first["high"], "share"),
        (on_date["share"], "share"),
        (on_date["n"], "count"),
        (recurred["share"], "share"),
        (recurred["n"], "count"),
        (loop.recurred_so_far, "count"),
        (loop.hours_open, "hours"),
    ]
    words = name if loop.code else pgettext("all of it", "Company")
    return Line(loop.code, [Cell(words), *(Cell(value, form) for value, form in values)])


def ranking(standing: Standing, seen: Seen, *, has_lists: bool) -> Section:
    """The branches in their order."""
    return Section(
        name="ranking",
        lead="branch",
        title=_("Ranking of branches"),
        columns=[
            Column("rank", _("Rank"), 8),
            Column("previous_rank", _("Previous rank"), 8),
            Column("branch", pgettext("level", "Branch"), 24),
            Column("region", _("Region"), 20),
            Column("score", _("Score")),
            Column("low", _("Interval from")),
            Column("high", _("Interval to")),
            Column("on_time", _("On-time share")),
            Column("decided", _("Decided clocks")),
            Column("conclusion", _("Conclusion"), 20),
            Column("complaints", _("Complaints")),
            Column("valid", pgettext("complaints", "Valid")),
            Column("late", pgettext("complaints", "Late")),
        ],
        lines=[_ranked(row, of_row(standing, row, seen), has_lists) for row in standing.rows],
        definitions=[
            _("Formula %(formula)s. The interval is that of the score. Above or below "
              "average: the 95%% interval leaves the company's score out; else no "
              "difference is shown.") % {"formula": standing.formula},
            _("Equal scores share a rank; who has too few cases is listed and not ranked."),
        ],
        empty=_("There is no branch yet."),
    )  # fmt: skip


def _ranked(row: Row, line: Figures, has_lists: bool) -> Line:
    pooled = row["pooled"]
    cells = [
        Cell(row["rank"], "count"),
        Cell(row["previous_rank"], "count"),
        Cell(line.name),
        Cell(line.region),
        Cell(row["score"], "score"),
        Cell(row["low"], "score"),
        Cell(row["high"], "score"),
        Cell(pooled["share"], "share"),
        Cell(pooled["n"], "count"),
        Cell(_conclusion(row["conclusion"])),
        *(number(each, has_lists=has_lists) for each in _lists(line)),
    ]
    return Line(row["branch"]["code"], cells)


def _lists(line: Figures) -> Sequence[Number]:
    return line.received, line.valid, line.late


def _conclusion(conclusion: str | None) -> str:
    words = {
        "above": _("Above average"),
        "below": _("Below average"),
        "none": _("No difference shown"),
        None: _("Not ranked"),
    }
    return words[conclusion]


def parts(standing: Standing) -> Section:
    """What the score of each place is made of, as it was counted (F-12); the company first."""
    company = Line("", [Cell(pgettext("all of it", "Company")), *_parts(standing.company)])
    return Section(
        name="parts",
        lead="branch",
        title=_("What the score is made of"),
        columns=[
            Column("branch", pgettext("level", "Branch"), 24),
            *(column for each in MEASURES.values() for column in _part_columns(each)),
        ],
        lines=[
            company,
            *(
                Line(
                    row["branch"]["code"],
                    [Cell(named(row["branch"], "name", "name_en")), *_parts(row)],
                )
                for row in standing.rows
            ),
        ],
        definitions=[
            _("%(name)s: %(text)s") % {"name": each.label, "text": each.definition}
            for each in MEASURES.values()
        ],
    )


def _part_columns(measure: Measure) -> Sequence[Column]:
    cases = _("%(name)s: cases") % {"name": measure.label}
    return Column(measure.name, str(measure.label)), Column(f"{measure.name}_n", cases)


def _parts(composed: Composed) -> list[Cell]:
    """Each part's figure and its cases, or shipments."""
    found: list[Cell] = []
    for name, measure in MEASURES.items():
        part = composed["parts"].get(name)
        form: Form = "score" if measure.is_rate else "share"
        found.append(Cell(part["raw"] if part else None, form))
        found.append(Cell(part["n"] if part else None, "count"))
    return found
