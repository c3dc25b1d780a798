"""The formula `composite-1`: scores, ranks, ties, conclusions (F-04, F-12 … F-15, U-15)."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csm.kit.statistics import composite
from reports import parts as fair_parts
from reports.composites import composed, ranked
from reports.measures import PARTS
from reports.rankings import (
    Case,
    Company,
    Entry,
    Estimate,
    Part,
    Place,
    Row,
    Rule,
    Tally,
    Total,
    changed,
    company_as_kept,
    conclude,
    difference,
    differs,
    estimate,
    figures,
    row_as_kept,
    share,
)

ORDER = ("apology", "result", "work_order", "callback")
# Met and decided of each clock, as the requirements print them.
F04 = {"apology": (37, 40), "result": (33, 40), "work_order": (30, 36), "callback": (28, 35)}
# The cases behind the worked figures of F-12: 86, 91, 84.77, 6 per 10,000, 83.33, 85.
F12 = {
    "csat": Case(86, 100),
    "callback": Case(91, 100),
    "rate": Case(6, 10_000),
    "awareness": Case(17, 20),
}
FIRST = {
    "csat": (60, 95, 30, 10),
    "callback": (70, 98, 20, 10),
    "on_time": (60, 98, 20, 10),
    "rate": (12, 2, 15, 1000),
    "work_order": (50, 100, 10, 5),
    "awareness": (50, 95, 5, 5),
}
RULE: Rule = {
    "number": 1,
    "parts": {
        name: {"floor": floor, "target": target, "weight": weight, "least": least}
        for name, (floor, target, weight, least) in FIRST.items()
    },
}
# F-13: hits and n, and what the requirements print of raw, B-shrunken value and expected rank.
F13 = [
    ((12, 12), "100.00", "92.39", "3.10"),
    ((96, 100), "96.00", "94.22", "2.04"),
    ((188, 200), "94.00", "93.32", "2.43"),
    ((300, 330), "90.91", "90.85", "3.95"),
    ((45, 50), "90.00", "90.22", "4.19"),
    ((150, 180), "83.33", "84.81", "6.53"),
    ((5, 8), "62.50", "86.40", "5.75"),
]
# F-14 and F-15: complaints and shipments; value per 10,000, expected rank, band.
F14 = [
    ((0, 1500), "3.808", "3.13", "inside"),
    ((12, 48000), "2.825", "1.97", "better_warn"),
    ((9, 9000), "7.028", "6.02", "worse_warn"),
    ((3, 2100), "6.083", "5.20", "inside"),
    ((25, 60000), "4.197", "3.55", "inside"),
    ((14, 52000), "2.965", "2.11", "better_warn"),
    ((30, 40000), "6.871", "6.02", "worse_warn"),
]
# Any number of customers satisfied, of any number who answered.
pairs = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
companies = st.lists(pairs, min_size=1, max_size=12)


def place(code: str) -> Place:
    return {
        "code": code,
        "name": code,
        "name_en": code,
        "region": "",
        "region_en": "",
        "codes": [code],
        "is_whole": True,
    }


def tally(
    clocks: Mapping[str, tuple[int, int]] | None = None, cases: Mapping[str, Case] | None = None
) -> Tally:
    timers = {kind: {"met": 0, "breached": 0, "running": 3, "void": 2} for kind in ORDER}
    for kind, (met, n) in (clocks or {}).items():
        timers[kind] |= {"met": met, "breached": n - met}
    return counted(timers, cases)


def counted(
    timers: dict[str, dict[str, int]], cases: Mapping[str, Case] | None = None, **counts: int
) -> Tally:
    return Tally(
        timers=timers,
        complaints_by_verdict={},
        late_by_milestone={},
        cases=dict(cases or {}),
        **counts,
    )


def ranking(
    *tallies: Tally, rule: Rule = RULE, before: Sequence[Row] = ()
) -> tuple[list[Row], Company]:
    """Branches A, B, C …"""
    entries = [Entry(place(chr(ord("A") + at)), each) for at, each in enumerate(tallies)]
    total = Total(timers={}, complaints_by_verdict={}, late_by_milestone={})
    return ranked(entries, total, rule=rule, before=before)


def rows(*found: tuple[int, int], before: Sequence[Row] = ()) -> list[Row]:
    """Branches with so many customers satisfied, of so many asked in surveys and nothing else."""
    return ranking(*(tally(cases={"csat": Case(*each)}) for each in found), before=before)[0]


def by_part(name: str, *cases: tuple[int, float]) -> list[Part]:
    return fair_parts.fair(name, [Case(*case) for case in cases], RULE["parts"][name])


def ranks(found: Sequence[Row]) -> list[tuple[str, int | None]]:
    return [(row["branch"]["code"], row["rank"]) for row in found]


def kept(met: int, n: int) -> Estimate:
    return estimate(share(met, n))


def test_f12_worked_figures() -> None:
    """74.29, 75.00, 65.18, 60.00, 66.67, 77.78 make 69.88."""
    (row,), company = ranking(tally(F04, F12))
    parts = row["parts"]
    assert [f"{parts[name]['score']:.2f}" for name in PARTS] == [
        "74.29",
        "75.00",
        "65.18",
        "60.00",
        "66.67",
        "77.78",
    ]
    assert [f"{parts[name]['points']:.3f}" for name in PARTS] == [
        "22.286",
        "15.000",
        "13.036",
        "9.000",
        "6.667",
        "3.889",
    ]
    assert f"{row['score']:.2f}" == "69.88"
    assert row["is_complete"]
    assert (row["rank"], row["barrier"], row["conclusion"]) == (1, "", "none")
    assert company["score"] == row["score"]
    assert company["rule"] == RULE
    assert parts["csat"]["share"] == 30


def test_f12_a_missing_part_hands_its_weight_on_and_is_flagged() -> None:
    """Without shipments: 60.879 points of 85 make 71.62."""
    without = {name: case for name, case in F12.items() if name != "rate"}
    (row,), _company = ranking(tally(F04, without))
    assert f"{row['score']:.2f}" == "71.62"
    assert (row["is_complete"], row["rank"]) == (False, 1)
    assert row["parts"]["rate"]["score"] is None
    assert row["parts"]["csat"]["share"] == pytest.approx(30 / 0.85)


def test_f12_too_few_cases_are_a_missing_part() -> None:
    few = F12 | {"awareness": Case(4, 4), "rate": Case(1, 999.5)}
    (row,), _company = ranking(tally(F04, few))
    assert [name for name in PARTS if not row["parts"][name]["is_enough"]] == ["rate", "awareness"]
    assert row["parts"]["awareness"]["raw"] == 1.0
    assert row["parts"]["awareness"]["rank"] is None
    enough = F12 | {"awareness": Case(5, 5), "rate": Case(1, 1000)}
    assert ranking(tally(F04, enough))[0][0]["is_complete"]


def test_o16_customers_weigh_half_of_what_is_known_or_nobody_is_ranked() -> None:
    """Without surveys 20 of 70 is left; with surveys alone 30 of 80, and of 60 it is half."""
    no_survey = {name: case for name, case in F12.items() if name != "csat"}
    no_call = {name: case for name, case in F12.items() if name != "callback"}
    bare = {"csat": F12["csat"], "awareness": F12["awareness"]}
    (first, second, third, nothing), _company = ranking(
        tally(F04, bare), tally(F04, no_survey), tally(F04, no_call), tally()
    )
    assert (first["branch"]["code"], first["score"], first["barrier"]) == ("A", None, "customers")
    for row, why in ((second, "customers"), (third, "customers"), (nothing, "nothing")):
        assert (row["rank"], row["score"], row["low"], row["conclusion"]) == (None,) * 4
        assert (row["barrier"], row["is_complete"]) == (why, False)
        assert {part["points"] for part in row["parts"].values()} == {None}
    half = {"csat": F12["csat"], "rate": F12["rate"], "awareness": F12["awareness"]}
    (row,), _company = ranking(tally({"work_order": (30, 36)}, half))
    assert row["barrier"] == "customers"
    (row,), _company = ranking(tally({"work_order": (3, 4)}, half))
    assert (row["barrier"], row["rank"]) == ("", 1)


def test_f12_the_interval_adds_the_halves_of_the_parts_in_quadrature() -> None:
    (row,), _company = ranking(tally(cases={"csat": Case(86, 100), "callback": Case(91, 100)}))
    part, other = row["parts"]["csat"], row["parts"]["callback"]
    down = up = 0.0
    for name, each in (("csat", part), ("callback", other)):
        floor, target, weight, _least = FIRST[name]
        low, raw, high = (
            composite([(100 * (each[end] or 0), floor, target, 1)]).score or 0
            for end in ("low", "raw", "high")
        )
        down += (weight / 50 * (raw - low)) ** 2
        up += (weight / 50 * (high - raw)) ** 2
    assert row["low"] == pytest.approx((row["score"] or 0) - down**0.5)
    assert row["high"] == pytest.approx((row["score"] or 0) + up**0.5)


@pytest.mark.parametrize("at", range(len(F13)))
def test_f13_worked_figures(at: int) -> None:
    part = by_part("csat", *(case for case, *_rest in F13))[at]
    found = (part["raw"] or 0, part["value"] or 0)
    assert [f"{100 * value:.2f}" for value in found] == [F13[at][1], F13[at][2]]
    assert f"{part['expected_rank']:.2f}" == F13[at][3]


def test_f13_ranks_go_by_the_expected_rank_and_leave_the_few_out() -> None:
    """12 of 12 is third, 5 of 8 has no rank and still feeds the mean."""
    found = by_part("csat", *(case for case, *_rest in F13))
    assert [part["rank"] for part in found] == [3, 1, 2, 4, 5, 6, None]
    assert not fair_parts.are_alike(found)


def test_f13_where_chance_explains_all_nobody_differs() -> None:
    found = by_part("csat", (9, 10), (8, 10), (9, 10), (8, 10))
    assert {part["value"] for part in found} == {0.85}
    assert [part["expected_rank"] for part in found] == [2.5] * 4
    assert [(part["rank"], part["is_tied"], part["conclusion"]) for part in found] == [
        (1, True, "none")
    ] * 4
    assert fair_parts.are_alike(found)


@pytest.mark.parametrize("at", range(len(F14)))
def test_f14_f15_worked_figures(at: int) -> None:
    part = by_part("rate", *(case for case, *_rest in F14))[at]
    assert f"{part['value']:.3f}" == F14[at][1]
    assert f"{part['expected_rank']:.2f}" == F14[at][2]
    assert part["band"] == F14[at][3]


def test_f14_the_branch_without_complaints_is_third() -> None:
    found = by_part("rate", *(case for case, *_rest in F14))
    assert [part["rank"] for part in found][:2] == [3, 1]
    assert [part["conclusion"] for part in found] == [
        "none", "above", "below", "none", "none", "above", "below"
    ]  # fmt: skip


def test_f14_without_shipments_there_is_no_rate() -> None:
    found = by_part("rate", (0, 0), (12, 48_000), (60, 48_000))
    assert (found[0]["raw"], found[0]["rank"], found[0]["band"]) == (None, None, None)
    assert found[1]["band"] == "better_alarm"
    assert found[2]["band"] == "worse_alarm"


def test_f15_the_band_of_a_share_is_the_test_behind_its_interval() -> None:
    cases = ((86, 88), (113, 121), (21, 22), (73, 98), (60, 98))
    found = by_part("on_time", *cases)
    mean = sum(met for met, _n in cases) / sum(n for _met, n in cases)
    for part in found:
        outside = conclude(part, mean) != "none"
        assert outside == (part["band"] != "inside")
    assert [part["band"] for part in found][-1] == "worse_alarm"


def test_f04_period_fixture() -> None:
    timers = {kind: {"met": met, "breached": n - met} for kind, (met, n) in F04.items()}
    found = figures(counted(timers, four_met=24, four_decided=35))
    assert [f"{found['shares'][kind]['share']:.2%}" for kind in ORDER] == [
        "92.50%",
        "82.50%",
        "83.33%",
        "80.00%",
    ]
    assert (found["pooled"]["met"], found["pooled"]["n"]) == (128, 151)
    assert f"{found['pooled']['share']:.2%}" == "84.77%"
    assert f"{found['all_four']['share']:.2%}" == "68.57%"


def test_f04_what_is_not_decided_enters_no_share() -> None:
    (row,), _company = ranking(tally({"result": (30, 40)}))
    assert row["pooled"]["n"] == row["parts"]["on_time"]["n"] == 40
    assert row["timers"]["apology"] == {"met": 0, "breached": 0, "running": 3, "void": 2}


def test_u15_ties_share_a_rank_and_the_next_is_passed_over() -> None:
    found = rows((36, 40), (18, 20), (16, 20), (37, 40))
    assert ranks(found) == [("D", 1), ("A", 2), ("B", 2), ("C", 4)]
    assert [row["is_tied"] for row in found] == [False, True, True, False]


def test_u15_too_few_answers_have_no_rank_and_stand_last() -> None:
    found = rows((9, 9), (0, 0), (1, 10))
    assert ranks(found) == [("C", 1), ("A", None), ("B", None)]
    assert [row["conclusion"] for row in found] == ["none", None, None]
    assert [row["score"] for row in found] == [0.0, None, None]


def test_u15_fewer_than_thirty_answers_are_a_small_sample() -> None:
    found = rows((30, 30), (29, 29))
    assert [row["is_small_sample"] for row in found] == [False, True]


def test_conclusion_needs_the_interval_to_leave_the_company_out() -> None:
    found = rows((86, 88), (113, 121), (21, 22), (60, 98))
    assert {row["branch"]["code"]: row["conclusion"] for row in found} == {
        "A": "above",
        "B": "above",
        "C": "none",
        "D": "below",
    }


def test_a_figure_on_the_edge_of_the_interval_is_no_difference() -> None:
    mine = kept(30, 40)
    for edge in (mine["low"], mine["high"]):
        assert conclude(mine, edge) == "none"
    assert conclude(mine, None) == conclude(kept(0, 0), 0.5) == "none"


def test_change_against_the_previous_period_is_by_code_and_by_the_rule_of_now() -> None:
    before = rows((50, 80), (79, 80), (5, 9))
    found = rows((78, 80), (50, 80), (75, 80), (60, 80), before=before)
    by_code = {row["branch"]["code"]: row for row in found}
    assert {code: row["previous_rank"] for code, row in by_code.items()} == {
        "A": 2,
        "B": 1,
        "C": None,
        "D": None,
    }
    assert {code: row["is_change_shown"] for code, row in by_code.items()} == {
        "A": True,
        "B": True,
        "C": False,
        "D": False,
    }
    assert by_code["A"]["parts"]["csat"]["previous_rank"] == 2
    stricter: Rule = {"number": 2, "parts": {**RULE["parts"]}}
    stricter["parts"]["csat"] = {**RULE["parts"]["csat"], "floor": 90, "target": 100}
    same, _company = ranking(tally(cases={"csat": Case(50, 80)}), rule=stricter, before=before)
    assert (same[0]["previous_rank"], same[0]["is_change_shown"]) == (2, False)


def test_the_ranks_of_another_formula_are_no_ranks_of_before() -> None:
    was = row_as_kept({"branch": place("A"), "rank": 3, "pooled": share(30, 40)})
    (row,), _company = ranking(tally(F04, F12), before=[was])
    assert (row["previous_rank"], row["is_change_shown"]) == (None, False)


def test_a_row_of_pooled_1_reads_on() -> None:
    row = row_as_kept({"branch": place("A"), "rank": 1, "score": 75.0, "pooled": share(30, 40)})
    low, high = share(30, 40)["low"] or 0, share(30, 40)["high"] or 0
    assert (row["score"], row["low"], row["high"]) == (75.0, 100 * low, 100 * high)
    assert (row["parts"], row["barrier"]) == ({}, "")
    few = row_as_kept({"branch": place("A"), "rank": None, "score": 100.0, "pooled": share(9, 9)})
    assert few["barrier"] == "few"
    assert company_as_kept({"pooled": share(0, 0)})["rule"] is None


@pytest.mark.parametrize(
    ("now", "before", "difference"),
    [
        ((56, 70), (48, 80), "higher"),
        ((48, 80), (56, 70), "lower"),
        ((9, 10), (3, 10), "higher"),
        ((938, 1061), (947, 1061), "none"),
        ((5, 5), (0, 0), "none"),
        ((0, 0), (0, 0), "none"),
    ],
)
def test_difference_of_two_shares(
    now: tuple[int, int], before: tuple[int, int], difference: str
) -> None:
    assert differs(share(*now), share(*before)) == difference
    assert changed(kept(*now), kept(*before)) == difference


def test_the_interval_of_a_difference_is_newcombe_s() -> None:
    """56/70 against 48/80, as printed in Newcombe 1998, method 10."""
    low, high = difference(kept(56, 70), kept(48, 80)) or (0, 0)
    assert (f"{low:.4f}", f"{high:.4f}") == ("0.0524", "0.3339")
    assert difference(kept(5, 5), kept(0, 0)) is None


@given(pairs, pairs)
def test_a_difference_is_the_same_from_both_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    turned = {"higher": "lower", "lower": "higher", "none": "none"}
    assert differs(share(*one), share(*other)) == turned[differs(share(*other), share(*one))]
    assert differs(share(*one), share(*one)) == "none"


@given(companies)
def test_every_place_is_listed_once_and_the_unranked_last(found: list[tuple[int, int]]) -> None:
    listed = rows(*found)
    assert len({row["branch"]["code"] for row in listed}) == len(found)
    unranked = [row["rank"] is None for row in listed]
    assert unranked == sorted(unranked)
    assert unranked.count(True) == sum(n < 10 for _hits, n in found)


@given(companies)
def test_a_rank_is_one_more_than_the_number_of_better_ones(found: list[tuple[int, int]]) -> None:
    listed = [row for row in rows(*found) if row["rank"] is not None]
    for row in listed:
        better = [other for other in listed if (other["score"] or 0) > (row["score"] or 0)]
        same = [other for other in listed if other["score"] == row["score"]]
        assert row["rank"] == 1 + len(better)
        assert row["is_tied"] is (len(same) > 1)
        assert (row["low"] or 0) <= (row["score"] or 0) <= (row["high"] or 0) <= 100


@given(companies, st.randoms(use_true_random=False))
def test_the_order_of_the_counts_changes_nothing(
    found: list[tuple[int, int]], random: Random
) -> None:
    entries = [
        Entry(place(f"{at:02d}"), tally(cases={"csat": Case(*each)}))
        for at, each in enumerate(found)
    ]
    total = Total(timers={}, complaints_by_verdict={}, late_by_milestone={})
    mixed = random.sample(entries, len(entries))
    ours, theirs = (ranked(each, total, rule=RULE)[0] for each in (mixed, entries))
    assert ranks(ours) == ranks(theirs)
    assert [row["score"] for row in ours] == [row["score"] for row in theirs]


def test_what_is_composed_again_by_the_same_rule_is_the_same() -> None:
    (row,), _company = ranking(tally(F04, F12))
    again = composed(RULE, row["parts"])
    assert (again["score"], again["low"], again["parts"]) == (
        row["score"],
        row["low"],
        row["parts"],
    )
