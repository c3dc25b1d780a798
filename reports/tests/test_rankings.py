"""The formula `pooled-1`: scores, ranks, ties, conclusions (F-04, U-15)."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rankings import (
    LEAST_DECIDED,
    Entry,
    Place,
    Row,
    Tally,
    conclude,
    difference,
    differs,
    figures,
    ranked,
    share,
)

ORDER = ("apology", "result", "work_order", "callback")
# Met and decided of each clock, as the requirements print them.
F04 = {"apology": (37, 40), "result": (33, 40), "work_order": (30, 36), "callback": (28, 35)}
# Any number of clocks met, of any number decided.
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


def tally(met: int, decided: int, **counts: int) -> Tally:
    timers = {kind: {"met": 0, "breached": 0, "running": 3, "void": 2} for kind in ORDER}
    timers["result"] |= {"met": met, "breached": decided - met}
    return counted(timers, **counts)


def counted(timers: dict[str, dict[str, int]], **counts: int) -> Tally:
    return Tally(timers=timers, complaints_by_verdict={}, late_by_milestone={}, **counts)


def rows(*pairs: tuple[int, int], before: Sequence[Row] = ()) -> list[Row]:
    """Branches A, B, C … with so many clocks met of so many decided."""
    entries = [
        Entry(place(chr(ord("A") + at)), tally(met, decided))
        for at, (met, decided) in enumerate(pairs)
    ]
    return ranked(entries, before=before)


def ranks(found: Sequence[Row]) -> list[tuple[str, int | None]]:
    return [(row["branch"]["code"], row["rank"]) for row in found]


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


def test_f04_the_score_is_the_pooled_share_in_percent() -> None:
    (row,) = rows((128, 151))
    assert row["score"] == 100 * 128 / 151
    assert row["rank"] == 1


def test_f04_what_is_not_decided_enters_no_share() -> None:
    (row,) = rows((30, 40))
    assert row["pooled"]["n"] == 40
    assert row["timers"]["apology"] == {"met": 0, "breached": 0, "running": 3, "void": 2}


def test_u15_ties_share_a_rank_and_the_next_is_passed_over() -> None:
    found = rows((18, 20), (9, 10), (8, 10), (20, 20))
    assert ranks(found) == [("D", 1), ("A", 2), ("B", 2), ("C", 4)]
    assert [row["is_tied"] for row in found] == [False, True, True, False]


def test_u15_fewer_than_ten_decided_clocks_have_no_rank_and_stand_last() -> None:
    found = rows((9, 9), (0, 0), (1, 10))
    assert ranks(found) == [("C", 1), ("A", None), ("B", None)]
    assert [row["conclusion"] for row in found] == ["below", None, None]
    assert [row["score"] for row in found] == [10.0, 100.0, None]


def test_u15_an_unranked_place_does_not_tie() -> None:
    assert [row["is_tied"] for row in rows((10, 10), (9, 9))] == [False, False]


def test_u15_below_thirty_decided_clocks_is_a_small_sample() -> None:
    found = rows((30, 30), (29, 29))
    assert [row["is_small_sample"] for row in found] == [False, True]


def test_conclusion_needs_the_interval_to_leave_the_company_out() -> None:
    found = rows((86, 88), (113, 121), (21, 22), (73, 98))
    assert [(row["branch"]["code"], row["conclusion"]) for row in found] == [
        ("A", "above"),
        ("C", "none"),
        ("B", "none"),
        ("D", "below"),
    ]


def test_a_share_on_the_edge_of_the_interval_is_no_difference() -> None:
    mine = share(30, 40)
    for edge in (mine["low"], mine["high"]):
        assert conclude(mine, edge) == "none"
    assert conclude(mine, None) == conclude(share(0, 0), 0.5) == "none"


def test_change_against_the_previous_period_is_by_code() -> None:
    before = rows((10, 20), (19, 20), (5, 9))
    found = rows((20, 20), (10, 20), (15, 20), (12, 20), before=before)
    changed = {row["branch"]["code"]: row["previous_rank"] for row in found}
    assert changed == {"A": 2, "B": 1, "C": None, "D": None}
    assert {row["branch"]["code"]: row["is_change_shown"] for row in found} == {
        "A": True,
        "B": True,
        "C": False,
        "D": False,
    }


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


def test_the_interval_of_a_difference_is_newcombe_s() -> None:
    """56/70 against 48/80, as printed in Newcombe 1998, method 10."""
    low, high = difference(share(56, 70), share(48, 80)) or (0, 0)
    assert (f"{low:.4f}", f"{high:.4f}") == ("0.0524", "0.3339")
    assert difference(share(5, 5), share(0, 0)) is None


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
    assert unranked.count(True) == sum(n < LEAST_DECIDED for _met, n in found)


@given(companies)
def test_a_rank_is_one_more_than_the_number_of_better_ones(found: list[tuple[int, int]]) -> None:
    listed = [row for row in rows(*found) if row["rank"] is not None]
    for row in listed:
        better = [other for other in listed if (other["score"] or 0) > (row["score"] or 0)]
        same = [other for other in listed if other["score"] == row["score"]]
        assert row["rank"] == 1 + len(better)
        assert row["is_tied"] is (len(same) > 1)


@given(companies)
def test_the_best_conclusion_is_never_worse_than_a_lower_place_s(
    found: list[tuple[int, int]],
) -> None:
    """Nobody below the company's share is called above it, nor the other way round."""
    listed = rows(*found)
    met = sum(row["pooled"]["met"] for row in listed)
    n = sum(row["pooled"]["n"] for row in listed)
    for row in listed:
        mine = row["pooled"]["share"]
        if mine is not None and row["conclusion"] == "above":
            assert mine * n > met
        if mine is not None and row["conclusion"] == "below":
            assert mine * n < met


@given(companies, st.randoms(use_true_random=False))
def test_the_order_of_the_counts_changes_nothing(
    found: list[tuple[int, int]], random: Random
) -> None:
    entries = [Entry(place(f"{at:02d}"), tally(*pair)) for at, pair in enumerate(found)]
    mixed = random.sample(entries, len(entries))
    assert ranked(mixed) == ranked(entries)
