"""F-09 and F-11: the figures of the requirements, and what holds for any figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csm.kit.statistics import Rfm, lifetime_value, quadrant, rfm, tier, value_index

figures = st.floats(0, 1e9)
days = st.none() | st.floats(0, 1e4)
cuts = st.lists(st.integers(1, 10**6), min_size=4, max_size=4, unique=True).map(sorted)


@pytest.mark.parametrize(
    ("given", "scores", "index", "named"),
    [
        ((12, 34, 186_000), Rfm(4, 4, 4), 4.00, "gold"),
        ((7, 4, 60_000), Rfm(5, 2, 3), 3.10, "silver"),
        ((None, 0, 0), Rfm(1, 1, 1), 1.00, "basic"),
        ((0, 60, 500_000), Rfm(5, 5, 5), 5.00, "diamond"),
    ],
)
def test_f09_scores_index_and_tier(
    given: tuple[float | None, float, float], scores: Rfm, index: float, named: str
) -> None:
    assert rfm(*given) == scores
    assert value_index(scores) == index
    assert tier(index) == named


def test_f09_indexes_of_the_requirements() -> None:
    assert (value_index(Rfm(2, 3, 5)), tier(3.8)) == (3.80, "gold")
    assert (value_index(Rfm(5, 2, 1)), tier(2.1)) == (2.10, "basic")
    assert [tier(index) for index in (4.5, 4.49, 3.5, 3.49, 2.5, 2.49)] == [
        *("diamond", "gold", "gold", "silver", "silver", "basic")
    ]


def test_f09_a_value_on_a_cut_has_the_better_score() -> None:
    assert [rfm(day, 0, 0).recency for day in (7, 8, 14, 15, 30, 31, 60, 61)] == [
        *(5, 4, 4, 3, 3, 2, 2, 1)
    ]
    assert [rfm(0, n, 0).frequency for n in (60, 59, 30, 29, 12, 11, 4, 3)] == [
        *(5, 4, 4, 3, 3, 2, 2, 1)
    ]
    thousands = (500, 499, 150, 149, 50, 49, 10, 9)
    assert [rfm(0, 0, 1000 * n).money for n in thousands] == [5, 4, 4, 3, 3, 2, 2, 1]


def test_f09_lifetime_value_in_both_named_forms() -> None:
    assert lifetime_value(120_000, 0.85, 0.10) == pytest.approx(408_000)
    assert lifetime_value(120_000, 0.85, 0.10, "margin_now") == pytest.approx(528_000)


def test_f09_what_cannot_be_is_refused() -> None:
    for act in (
        lambda: rfm(-1, 0, 0),
        lambda: rfm(0, -1, 0),
        lambda: rfm(0, 0, float("nan")),
        lambda: rfm(0, 0, 0, recency=(7, 7, 30, 60)),
        lambda: rfm(0, 0, 0, money=(1, 2, 3, 4)),
        lambda: rfm(0, 0, 0, frequency=(3, 2, 1)),
        lambda: value_index(Rfm(1, 1, 1), (20, 30, 49)),
        lambda: tier(3, (3.5, 4.5, 2.5)),
        lambda: lifetime_value(1, 1, 0),
        lambda: lifetime_value(1, 1.1, 0.2),
        lambda: lifetime_value(1, 0.5, -0.1),
    ):
        with pytest.raises(ValueError):
            act()


@given(days, figures, figures, cuts, figures)
def test_f09_more_is_never_worth_less(
    ago: float | None, orders: float, revenue: float, given_cuts: list[int], more: float
) -> None:
    scores = rfm(ago, orders, revenue, recency=given_cuts, money=given_cuts[::-1])
    better = rfm(ago, orders + more, revenue + more, recency=given_cuts, money=given_cuts[::-1])
    assert all(1 <= part <= 5 for part in (scores.recency, scores.frequency, scores.money))
    assert (scores.frequency, scores.money) <= (better.frequency, better.money)
    assert 1 <= value_index(scores) <= value_index(better) <= 5
    assert rfm(None, orders, revenue).recency <= rfm(ago, orders, revenue).recency


@given(st.floats(0, 1e7), st.floats(0, 1), st.floats(0.01, 1))
def test_f09_the_forms_differ_by_the_first_margin(margin: float, kept: float, rate: float) -> None:
    """m(1+d)/(1+d−r) − m·r/(1+d−r) = m: one margin now, the rest is the same."""
    now = lifetime_value(margin, kept, rate, "margin_now")
    assert now - lifetime_value(margin, kept, rate) == pytest.approx(margin, rel=1e-6, abs=1e-3)


def test_f11_quadrants() -> None:
    cases = ((75, False), (75, True), (40, False), (40, True))
    named = [quadrant(index, is_expressive=said) for index, said in cases]
    assert named == ["loyal", "praiser", "silent", "complainer"]
    assert quadrant(60, is_expressive=False) == "loyal"
    assert quadrant(59.9, is_expressive=False) == "silent"
    assert quadrant(None, is_expressive=True) is None
