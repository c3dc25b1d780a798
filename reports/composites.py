"""The formula `composite-1`: the parts weighed into one score, and ranked (F-12). Plain sums.

Each part scores by a fixed floor and target. What has too few cases is missing and hands its weight
on; where what customers say then weighs less than half there is no score (O-16). The interval of a
score: that of each part in points, their halves added in quadrature.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from csm.kit.statistics import composite
from reports import parts as fair_parts
from reports.measures import BY_CUSTOMERS, MEASURES, PARTS
from reports.rankings import (
    NO_CASE,
    SMALL_SAMPLE,
    Barrier,
    Case,
    Company,
    Composed,
    Entry,
    Estimate,
    Part,
    Row,
    Rule,
    RulePart,
    Tally,
    Total,
    changed,
    company_figures,
    conclude,
    figures,
)

# What customers say weighs at least this much of what is known, in percent (O-16).
CUSTOMERS_SHARE = 50


def ranked(
    entries: Iterable[Entry], total: Total, *, rule: Rule, before: Sequence[Row] = ()
) -> tuple[list[Row], Company]:
    """The rows in order, and the company: by rank, those of one rank by code, the others last.

    Equal scores share a rank and the next ones are passed over (1, 1, 3). `before` is the ranking
    of the previous period; a change is judged by what both would score by this rule.
    """
    found = list(entries)
    cases = {name: [_case(name, entry.tally) for entry in found] for name in PARTS}
    fair = {name: fair_parts.fair(name, cases[name], rule["parts"][name]) for name in PARTS}
    whole = {name: fair_parts.whole(name, cases[name], rule["parts"][name]) for name in PARTS}
    company = composed(rule, whole)
    known = {row["branch"]["code"]: row for row in before if row["parts"]}
    rows = [
        _row(entry, {name: fair[name][at] for name in PARTS}, rule, company["score"])
        for at, entry in enumerate(found)
    ]
    scores = sorted(-row["score"] for row in rows if row["score"] is not None)
    for row in rows:
        if row["score"] is not None:
            row["rank"], row["is_tied"] = fair_parts.place_among(scores, -row["score"])
        if row["branch"]["code"] in known:
            _compare(row, known[row["branch"]["code"]], rule)
    return sorted(rows, key=_order), company_figures(total, company, rule)


def composed(rule: Rule, parts: Mapping[str, Part]) -> Composed:
    """The score of a place; its parts gain what they score, weigh and add."""
    scored = {name: _scored(name, part, rule["parts"][name]) for name, part in parts.items()}
    weighed = {name: part for name, part in scored.items() if part["weight"]}
    there = {name: part for name, part in weighed.items() if part["score"] is not None}
    known = sum(part["weight"] for part in there.values())
    down = up = 0.0
    for name, part in there.items():
        part["share"] = 100 * part["weight"] / known
        part["points"] = part["share"] * (part["score"] or 0) / 100
        lower, higher = _reach(name, part, rule["parts"][name])
        down, up = down + (part["share"] * lower) ** 2, up + (part["share"] * higher) ** 2
    barrier = _barrier(there)
    score = _score_of(there, rule)
    if barrier or score is None:
        return _without_score(scored, barrier or "nothing")
    return {
        "score": score,
        "low": max(0.0, score - sqrt(down) / 100),
        "high": min(100.0, score + sqrt(up) / 100),
        "is_complete": len(there) == len(weighed),
        "barrier": "",
        "parts": scored,
    }


def _case(name: str, tally: Tally) -> Case:
    """Clocks are counted by verdict, everything else by part."""
    if name not in ("on_time", "work_order"):
        return tally.cases.get(name, NO_CASE)
    milestones = list(tally.timers) if name == "on_time" else [name]
    met = sum(tally.timers[milestone]["met"] for milestone in milestones)
    breached = sum(tally.timers[milestone]["breached"] for milestone in milestones)
    return Case(met, met + breached)


def _scored(name: str, part: Part, rule: RulePart) -> Part:
    score = _points(name, part["raw"], rule) if part["is_enough"] else None
    return {**part, "score": score, "weight": rule["weight"], "share": 0.0, "points": None}


def _points(name: str, value: float | None, rule: RulePart) -> float | None:
    """0 at the floor, 100 at the target."""
    written = None if value is None else value * MEASURES[name].scale
    return composite([(written, rule["floor"], rule["target"], 1)]).score


def _reach(name: str, part: Part, rule: RulePart) -> tuple[float, float]:
    """How far the interval of a part reaches below and above its score."""
    ends = [_points(name, part[end], rule) or 0 for end in ("low", "high")]
    score = part["score"] or 0
    return score - min(ends), max(ends) - score


def _score_of(parts: Mapping[str, Part], rule: Rule) -> float | None:
    written = [
        (
            (part["raw"] or 0) * MEASURES[name].scale,
            rule["parts"][name]["floor"],
            rule["parts"][name]["target"],
            part["weight"],
        )
        for name, part in parts.items()
    ]
    return composite(written).score


def _barrier(parts: Mapping[str, Part]) -> Barrier:
    if not parts:
        return "nothing"
    by_customers = sum(parts[name]["share"] for name in BY_CUSTOMERS if name in parts)
    return "customers" if round(by_customers, 6) < CUSTOMERS_SHARE else ""


def _without_score(parts: dict[str, Part], barrier: Barrier) -> Composed:
    """What little is known is no score."""
    bare: dict[str, Part] = {
        name: {**part, "share": 0.0, "points": None} for name, part in parts.items()
    }
    return {
        "score": None,
        "low": None,
        "high": None,
        "is_complete": False,
        "barrier": barrier,
        "parts": bare,
    }


def _row(entry: Entry, parts: Mapping[str, Part], rule: Rule, company: float | None) -> Row:
    mine = composed(rule, parts)
    answers = sum(part["n"] for name, part in parts.items() if name in BY_CUSTOMERS)
    return {
        **figures(entry.tally),
        **mine,
        "branch": entry.place,
        "rank": None,
        "is_tied": False,
        "previous_rank": None,
        "is_change_shown": False,
        "conclusion": conclude(score_of(mine), company) if not mine["barrier"] else None,
        "is_small_sample": answers < SMALL_SAMPLE,
    }


def _compare(row: Row, before: Row, rule: Rule) -> None:
    """Against the period before: the ranks as they were, the change by the same rule."""
    row["previous_rank"] = before["rank"]
    was = composed(rule, before["parts"])
    row["is_change_shown"] = changed(score_of(row), score_of(was)) != "none"
    for name, part in row["parts"].items():
        earlier = before["parts"][name]
        part["previous_rank"] = earlier["rank"]
        part["is_change_shown"] = changed(part, earlier) != "none"


def score_of(found: Composed | Row | Company) -> Estimate:
    """A score by the names of an estimate."""
    return {"raw": found["score"], "low": found["low"], "high": found["high"]}


def _order(row: Row) -> tuple[bool, int, str]:
    return row["rank"] is None, row["rank"] or 0, row["branch"]["code"]
