"""What the score of each place is made of, part by part, and the rule behind it."""

from dataclasses import dataclass

from reports.lines import named
from reports.measures import MEASURES, Measure
from reports.rankings import Part, Rule, RulePart
from reports.standings import Standing
from reports.tables import cases_of, points, why_missing, writer


@dataclass(frozen=True)
class Cell:
    """One part of one place; `reason` where it is missing."""

    measure: Measure
    value: str
    cases: str
    points: str
    reason: str


@dataclass(frozen=True)
class PartLine:
    """A place, or the company (without a name)."""

    name: str
    score: str
    cells: list[Cell]


@dataclass(frozen=True)
class RuleLine:
    """What a part scores by, in percent or per 10,000 shipments."""

    measure: Measure
    rule: RulePart


def by_part(standing: Standing) -> list[PartLine]:
    """Every place in its order, the company last; parts without a weight stand there, too."""
    rule = standing.company["rule"]
    if rule is None:
        return []
    lines = [
        PartLine(
            named(row["branch"], "name", "name_en"),
            points(row["score"]),
            _cells(row["parts"], rule),
        )
        for row in standing.rows
    ]
    company = standing.company
    return [*lines, PartLine("", points(company["score"]), _cells(company["parts"], rule))]


def rule_lines(rule: Rule | None) -> list[RuleLine]:
    if rule is None:
        return []
    return [RuleLine(MEASURES[name], part) for name, part in rule["parts"].items()]


def _cells(parts: dict[str, Part], rule: Rule) -> list[Cell]:
    return [
        _cell(measure, parts[name], rule["parts"][name]["least"])
        for name, measure in MEASURES.items()
    ]


def _cell(measure: Measure, part: Part, least: int) -> Cell:
    return Cell(
        measure=measure,
        value=writer(measure)(part["raw"]),
        cases=cases_of(part) if part["n"] else "",
        points="" if part["points"] is None else points(part["points"]),
        reason="" if part["is_enough"] else why_missing(part, least, measure),
    )
