"""The figures of the requirements, formula by formula, and what holds for any figures."""

import math
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csm.kit.statistics import (
    Chart,
    Composite,
    Satisfaction,
    Shrunk,
    ces,
    composite,
    csat,
    delay_units,
    funnel_limits,
    importance_performance,
    margin_of,
    nps,
    nps_change,
    p_chart,
    rate_interval,
    response_rate,
    sample_size,
    servqual,
    shrink_proportions,
    shrink_rates,
    suppress_small,
    suppress_within,
    u_chart,
    wilson_interval,
    xmr_chart,
)

relaxed = settings(deadline=None)
Z998 = 3.090232


def percent(share: float | None) -> float:
    assert share is not None
    return round(100 * share, 2)


def figure(value: float | None) -> float:
    assert value is not None
    return value


# F-01


def test_f01_csat() -> None:
    result = csat({1: 3, 2: 5, 3: 12, 4: 48, 5: 52}, cut=4)
    assert (percent(result.share), percent(result.low), percent(result.high)) == (
        83.33,
        75.65,
        88.94,
    )
    assert result.mean == pytest.approx(4.1750)
    assert (figure(result.mean) - 1) / 4 * 100 == pytest.approx(79.38, abs=0.005)
    assert result.n == 120


@pytest.mark.parametrize(
    ("counts", "share", "low", "high"),
    [({5: 3}, 100, 43.85, 100), ({1: 5}, 0, 0, 43.45)],
)
def test_f01_csat_at_the_ends(
    counts: dict[int, int], share: float, low: float, high: float
) -> None:
    result = csat(counts, cut=4)
    assert (percent(result.share), percent(result.low), percent(result.high)) == (share, low, high)


@pytest.mark.parametrize("counts", [{}, {4: 0, 5: 0}])
def test_f01_csat_of_nobody_is_none_never_zero(counts: dict[int, int]) -> None:
    assert csat(counts, cut=4) == Satisfaction(None, None, None, None, 0)


# F-02


@pytest.mark.parametrize(
    ("answers", "score", "low", "high"),
    [
        ((60, 25, 15), 45.00, 29.34, 58.04),
        ((6, 4, 2), 33.33, -11.28, 64.61),
        ((5, 0, 0), 100.00, 17.49, 100.00),
        ((0, 0, 5), -100.00, -100.00, -17.49),
    ],
)
def test_f02_nps(answers: tuple[int, int, int], score: float, low: float, high: float) -> None:
    result = nps(*answers)
    assert (result.score, result.low, result.high) == pytest.approx((score, low, high), abs=0.005)


def test_f02_nps_of_nobody() -> None:
    result = nps(0, 0, 0)
    assert (result.score, result.low, result.high) == (None, None, None)


def test_f02_nps_change() -> None:
    result = nps_change((60, 25, 15), (66, 20, 14))
    assert result.difference == pytest.approx(7.00)
    assert result.z == pytest.approx(0.674, abs=0.0006)
    assert result.p == pytest.approx(0.500, abs=0.0005)


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        ((0, 0, 0), (6, 4, 2), None),
        ((6, 4, 2), (0, 0, 0), None),
        ((5, 0, 0), (0, 0, 5), -200),
        ((5, 0, 0), (9, 0, 0), 0),
    ],
)
def test_f02_nps_change_without_a_test(
    before: tuple[int, int, int], after: tuple[int, int, int], difference: float | None
) -> None:
    result = nps_change(before, after)
    assert (result.difference, result.z, result.p) == (difference, None, None)


# F-03


def test_f03_ces() -> None:
    counts = Counter(dict(enumerate([2, 3, 5, 10, 20, 35, 25], start=1)))
    result = ces(counts.elements())
    assert (percent(result.share), percent(result.low), percent(result.high)) == (
        80.00,
        71.12,
        86.66,
    )
    assert result.mean == pytest.approx(5.48)
    assert result.n == 100


def test_f03_ces_of_nobody() -> None:
    assert ces([]) == Satisfaction(None, None, None, None, 0)


# F-05


@pytest.mark.parametrize(
    ("count", "shipments", "rate", "low", "high"),
    [
        (18, 45_200, 3.982, 2.359, 6.294),
        (0, 1_500, 0, 0, 24.453),
        (3, 2_100, 14.286, 2.871, 41.740),
    ],
)
def test_f05_rate_interval(
    count: int, shipments: int, rate: float, low: float, high: float
) -> None:
    result = rate_interval(count, shipments)
    assert (result.rate, result.low, result.high) == pytest.approx((rate, low, high), abs=0.0005)


def test_f05_no_shipments_no_rate() -> None:
    result = rate_interval(0, 0)
    assert (result.rate, result.low, result.high) == (None, None, None)


def test_f05_a_very_wide_interval_stays_above_zero() -> None:
    assert rate_interval(1, 100, z=4).low == 0


# F-06


def test_f06_delay_units() -> None:
    hours = [3, 20, 24, 30, 71.5, 72, 80]
    units = [delay_units(elapsed) for elapsed in hours]
    assert units == [1, 1, 1, 10, 10, 10, 100]
    assert sum(units) == 133
    assert sum(units) - len(units) == 126
    assert 50 * sum(units) == 6_650


@pytest.mark.parametrize(("hours", "units"), [(0, 1), (24.001, 10), (72.001, 100)])
def test_f06_borders_belong_to_the_cheaper_side(hours: float, units: int) -> None:
    assert delay_units(hours) == units


# F-07

PERCEPTIONS = (5.2, 5.0, 5.1, 5.7, 5.3)
EXPECTATIONS = (5.6, 6.4, 6.2, 6.1, 5.9)
WEIGHTS = (11, 32, 22, 19, 16)


def test_f07_servqual() -> None:
    result = servqual(PERCEPTIONS, EXPECTATIONS, WEIGHTS)
    assert result.gaps == pytest.approx((-0.40, -1.40, -1.10, -0.40, -0.60))
    assert (result.mean, result.weighted) == pytest.approx((-0.780, -0.906))


def test_f07_servperf_expects_nothing() -> None:
    result = servqual(PERCEPTIONS, (0,) * 5, WEIGHTS)
    assert (result.mean, result.weighted) == pytest.approx((5.260, 5.225))


def test_f07_servqual_without_weights_or_dimensions() -> None:
    assert servqual(PERCEPTIONS, EXPECTATIONS).weighted is None
    empty = servqual([], [], [])
    assert (empty.gaps, empty.mean, empty.weighted) == ((), None, None)


# F-08


def test_f08_importance_performance() -> None:
    items = {
        "on-time": (6.4, 5.1),
        "cargo safety": (6.6, 6.0),
        "anomaly response": (6.2, 4.6),
        "attitude": (5.4, 6.1),
        "price": (5.9, 4.9),
        "invoice": (4.6, 5.7),
    }
    assert importance_performance(items) == {
        "on-time": "concentrate",
        "cargo safety": "keep",
        "anomaly response": "concentrate",
        "attitude": "overkill",
        "price": "concentrate",
        "invoice": "overkill",
    }


def test_f08_ties_count_as_high() -> None:
    items = {"low": (4.1, 4.1), "on both axes": (4.2, 4.2), "high": (4.3, 4.3)}
    assert importance_performance(items) == {"low": "low", "on both axes": "keep", "high": "keep"}
    assert importance_performance({"alone": (0.0, 0.0)}) == {"alone": "keep"}


def test_f08_medians() -> None:
    items = {"a": (1.0, 1.0), "b": (2.0, 2.0), "c": (9.0, 9.0)}
    assert importance_performance(items)["b"] == "low"
    assert importance_performance(items, medians=True)["b"] == "keep"


def test_f08_no_items() -> None:
    assert importance_performance({}) == {}


# F-12

PARTS = [
    ((86, 60, 95, 0.30), 74.29, 22.286),
    ((91, 70, 98, 0.20), 75.00, 15.000),
    ((84.77, 60, 98, 0.20), 65.18, 13.037),
    ((6, 12, 2, 0.15), 60.00, 9.000),
    ((83.33, 50, 100, 0.10), 66.66, 6.666),
    ((85, 50, 95, 0.05), 77.78, 3.889),
]


@pytest.mark.parametrize(("part", "score", "points"), PARTS)
def test_f12_composite_of_one_part(
    part: tuple[float, float, float, float], score: float, points: float
) -> None:
    result = figure(composite([part]).score)
    assert result == pytest.approx(score, abs=0.005)
    assert result * part[3] == pytest.approx(points, abs=0.0006)


def test_f12_composite() -> None:
    result = composite([part for part, _, _ in PARTS])
    assert result.score == pytest.approx(69.88, abs=0.005)
    assert result.complete


def test_f12_missing_part_hands_its_weight_on() -> None:
    result = composite([(None, 0, 100, 50), (80, 0, 100, 30), (40, 0, 100, 10)])
    assert result.score == pytest.approx(70)
    assert not result.complete


@pytest.mark.parametrize("parts", [[], [(None, 0, 100, 1)]])
def test_f12_nothing_to_score(parts: list[tuple[float | None, float, float, float]]) -> None:
    assert composite(parts) == Composite(None, complete=False)


@pytest.mark.parametrize(("value", "score"), [(59, 0), (60, 0), (95, 100), (99, 100)])
def test_f12_parts_are_clamped(value: float, score: float) -> None:
    assert composite([(value, 60, 95, 1)]).score == score


def test_f17_tier_weighted_csat() -> None:
    tiers = [((36, 40), 0.4), ((51, 60), 0.3), ((72, 90), 0.2), ((236, 310), 0.1)]
    weighted = composite([(hits / n, 0, 1, weight) for (hits, n), weight in tiers])
    assert weighted.score == pytest.approx(85.11, abs=0.005)
    pooled = csat({1: 500 - 395, 5: sum(hits for (hits, _), _ in tiers)}, cut=4)
    assert percent(pooled.share) == 79.00


# F-13

BRANCHES = [
    # hits, n, raw, Wilson low, B, θ, expected rank
    (12, 12, 100.00, 75.75, 0.2027, 92.39, 3.10),
    (96, 100, 96.00, 90.16, 0.6793, 94.22, 2.04),
    (188, 200, 94.00, 89.81, 0.8091, 93.32, 2.43),
    (300, 330, 90.91, 87.32, 0.8749, 90.85, 3.95),
    (45, 50, 90.00, 78.64, 0.5144, 90.22, 4.19),
    (150, 180, 83.33, 77.20, 0.7922, 84.81, 6.53),
    (5, 8, 62.50, 30.57, 0.1449, 86.40, 5.75),
]
NOTHING = Shrunk(None, None, None, None, None, None)


@pytest.mark.parametrize("index", range(len(BRANCHES)))
def test_f13_fair_ranking_of_proportions(index: int) -> None:
    hits, n, raw, wilson_low, trust, value, rank = BRANCHES[index]
    result = shrink_proportions([(row[0], row[1]) for row in BRANCHES])[index]
    mean = 796 / 880
    assert mean == pytest.approx(0.904545, abs=5e-7)
    assert percent(result.raw) == raw
    assert percent(wilson_interval(hits, n)[0]) == wilson_low
    assert percent(result.value) == value
    assert (figure(result.value) - mean) / (hits / n - mean) == pytest.approx(trust, abs=5e-5)
    assert result.variance == pytest.approx(trust * mean * (1 - mean) / n, rel=1e-3)
    assert result.expected_rank == pytest.approx(rank, abs=0.005)


def test_f13_interval_is_clipped_to_a_share() -> None:
    best, _, worst = shrink_proportions([(12, 12), (5, 10), (0, 12)])
    for result in (best, worst):
        half = 1.959964 * math.sqrt(figure(result.variance))
        assert result.low == max(0, figure(result.value) - half)
        assert result.high == min(1, figure(result.value) + half)
    assert (best.high, worst.low) == (1, 0)


def test_f13_no_difference_shown() -> None:
    results = shrink_proportions([(9, 10), (8, 10), (9, 10), (8, 10)])
    assert [percent(result.value) for result in results] == [85.00] * 4
    assert [result.variance for result in results] == [0] * 4
    assert [result.expected_rank for result in results] == [2.5] * 4


@pytest.mark.parametrize("pairs", [[(0, 5), (0, 9)], [(5, 5), (9, 9)], [(3, 4)]])
def test_f13_branches_all_alike_tie(pairs: list[tuple[int, int]]) -> None:
    results = shrink_proportions(pairs)
    assert {result.expected_rank for result in results} == {(len(pairs) + 1) / 2}


def test_f13_a_branch_without_cases_is_in_no_sum() -> None:
    some = [(row[0], row[1]) for row in BRANCHES]
    with_empty = shrink_proportions([(0, 0), *some, (0, 0)])
    assert with_empty == [NOTHING, *shrink_proportions(some), NOTHING]
    assert shrink_proportions([(0, 0)]) == [NOTHING]
    assert shrink_proportions([]) == []


# F-14, F-15

RATES = [
    # complaints, shipments, θ per 10k, expected rank, O/E, outside 95 %
    (0, 1_500, 3.808, 3.13, 0.0, False),
    (12, 48_000, 2.825, 1.97, 0.572, True),
    (9, 9_000, 7.028, 6.02, 2.286, True),
    (3, 2_100, 6.083, 5.20, 3.266, False),
    (25, 60_000, 4.197, 3.55, 0.953, False),
    (14, 52_000, 2.965, 2.11, 0.615, True),
    (30, 40_000, 6.871, 6.02, 1.715, True),
]
MEAN_RATE = 93 / 212_600


@pytest.mark.parametrize("index", range(len(RATES)))
def test_f14_fair_ranking_of_rates(index: int) -> None:
    count, shipments, value, rank, _, _ = RATES[index]
    result = shrink_rates([(row[0], row[1]) for row in RATES])[index]
    rate_per_10k = 10_000 * MEAN_RATE
    assert rate_per_10k == pytest.approx(4.3744, abs=5e-5)
    assert result.raw == count / shipments
    assert 10_000 * figure(result.value) == pytest.approx(value, abs=0.0005)
    assert result.expected_rank == pytest.approx(rank, abs=0.005)
    assert figure(result.low) >= 0


def test_f14_variance_between_branches() -> None:
    result = shrink_rates([(row[0], row[1]) for row in RATES])[0]
    trust = (figure(result.value) - MEAN_RATE) / (0 - MEAN_RATE)
    between = trust * MEAN_RATE / 1_500 / (1 - trust)
    assert between == pytest.approx(4.3403e-8, rel=1e-4)


def test_f14_the_branch_without_complaints_is_third() -> None:
    ranks = [figure(r.expected_rank) for r in shrink_rates([(r[0], r[1]) for r in RATES])]
    assert sorted(ranks).index(ranks[0]) == 2


def test_f14_no_complaints_anywhere_tie_and_no_shipments_are_left_out() -> None:
    results = shrink_rates([(0, 100), (0, 0), (0, 900.5)])
    assert [result.expected_rank for result in results] == [1.5, None, 1.5]
    assert results[1] == NOTHING


@pytest.mark.parametrize(("count", "shipments", "_value", "_rank", "ratio", "outside"), RATES)
def test_f15_funnel(
    count: int, shipments: int, _value: float, _rank: float, ratio: float, outside: bool
) -> None:
    expected = shipments * MEAN_RATE
    assert count / expected == pytest.approx(ratio, abs=0.0005)
    low, high = funnel_limits(expected, 1.959964)
    assert (not figure(low) <= ratio <= figure(high)) is outside
    low, high = funnel_limits(expected, Z998)
    assert figure(low) <= ratio <= figure(high)


@pytest.mark.parametrize(
    ("shipments", "z", "low", "high"),
    [
        (48_000, 1.959964, 0.618, 1.473),
        (52_000, 1.959964, 0.631, 1.453),
        (40_000, 1.959964, 0.586, 1.523),
        (40_000, Z998, 0.398, 1.875),
        (9_000, 1.959964, 0.256, 2.232),
        (2_100, 1.959964, 0, 4.090),
    ],
)
def test_f15_funnel_limits(shipments: int, z: float, low: float, high: float) -> None:
    limits = funnel_limits(shipments * MEAN_RATE, z)
    assert limits == pytest.approx((low, high), abs=0.0005)


def test_f15_nothing_expected_no_limits() -> None:
    assert funnel_limits(0, 1.959964) == (None, None)


# F-16

WEEKS = list(
    zip(
        [9, 6, 11, 7, 8, 10, 5, 9, 22, 8, 7, 6],
        [9100, 8800, 9500, 9000, 9200, 9700, 8600, 9300, 9400, 9000, 8900, 9100],
        strict=True,
    )
)
MONTHS = [86, 84, 88, 85, 87, 83, 86, 88, 85, 84, 86, 79]


def signalled(chart: Chart, name: str) -> list[int]:
    return [index for index, point in enumerate(chart.points) if name in point.signals]


def test_f16_u_chart() -> None:
    chart = u_chart(WEEKS)
    ninth = chart.points[8]
    assert 10_000 * figure(chart.centre) == pytest.approx(9.854, abs=0.0005)
    assert 10_000 * figure(ninth.value) == pytest.approx(23.404, abs=0.0005)
    assert 10_000 * figure(ninth.high) == pytest.approx(19.567, abs=0.0005)
    sigma = (figure(ninth.high) - figure(chart.centre)) / 3
    assert (figure(ninth.value) - figure(chart.centre)) / sigma == pytest.approx(4.185, abs=0.0005)
    assert signalled(chart, "beyond_limit") == [8]
    assert chart.provisional


def test_f16_laney_chart() -> None:
    plain, chart = u_chart(WEEKS), u_chart(WEEKS, laney=True)
    assert 10_000 * figure(chart.points[8].high) == pytest.approx(22.524, abs=0.0005)
    factor = (figure(chart.points[8].high) - figure(chart.centre)) / (
        figure(plain.points[8].high) - figure(plain.centre)
    )
    assert factor == pytest.approx(1.3044, abs=5e-5)
    assert signalled(chart, "beyond_limit") == [8]


def test_f16_laney_needs_two_points() -> None:
    lone = u_chart([(3, 100)], laney=True).points[0]
    assert (lone.value, lone.low, lone.high) == (0.03, None, None)


def test_f16_laney_of_nothing_but_zeros() -> None:
    chart = u_chart([(0, 100), (0, 200), (1, 100)], base=2, laney=True)
    assert [(point.low, point.high) for point in chart.points] == [(0, 0)] * 3
    assert signalled(chart, "beyond_limit") == [2]


def test_f16_p_chart() -> None:
    chart = p_chart([(46, 50), (44, 48), (51, 55), (40, 44), (47, 52), (38, 50)])
    last = chart.points[-1]
    assert figure(chart.centre) == pytest.approx(0.88963, abs=5e-6)
    assert (last.value, last.low) == pytest.approx((0.7600, 0.7567), abs=5e-5)
    assert "beyond_limit" not in last.signals
    assert last.high == 1


def test_f16_xmr_chart() -> None:
    chart = xmr_chart([*MONTHS, 78, 77], base=12)
    assert chart.centre == pytest.approx(85.0833, abs=5e-5)
    for point in chart.points:
        assert (point.low, point.high) == pytest.approx((77.1033, 93.0633), abs=5e-5)
    near_limit = figure(chart.centre) - 2 / 3 * (figure(chart.centre) - figure(point.low))
    assert near_limit == pytest.approx(79.7633, abs=5e-5)
    assert signalled(chart, "beyond_limit") == [13]
    assert signalled(chart, "two_of_three") == [12, 13]
    assert chart.provisional


def test_f16_limits_are_firm_from_thirteen_points_on() -> None:
    assert xmr_chart([*MONTHS, 80]).provisional is False
    assert xmr_chart([*MONTHS, 80], base=12).provisional is True
    assert xmr_chart(MONTHS, base=13).provisional is True


def test_f16_two_of_three_needs_one_side_and_the_last_point() -> None:
    base = [0, 3] * 7  # centre 1.5, near limits ±5.32 around it
    assert signalled(xmr_chart([*base, 7, 1, 7, 1], base=14), "two_of_three") == [16]
    assert signalled(xmr_chart([*base, 7, -4, 1, 7], base=14), "two_of_three") == []


@pytest.mark.parametrize("sign", [1, -1])
def test_f16_trend_of_seven_points(sign: int) -> None:
    values = [sign * value for value in [5, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9]]
    assert signalled(xmr_chart(values), "trend") == [7, 8]


@pytest.mark.parametrize("sign", [1, -1])
def test_f16_run_of_seven_points(sign: int) -> None:
    base = [sign * value for value in [0, 3] * 7]
    above = [sign * value for value in [2, 3, 2, 2, 3, 2, 3]]
    # The last point of the base is above the centre already; 1.5 is on the centre.
    assert signalled(xmr_chart(base + above, base=14), "run") == [19, 20]
    broken = [*above[:4], sign * 1.5, *above]
    assert signalled(xmr_chart(base + broken, base=14), "run") == [25]


def test_f16_gaps_are_in_no_sum_and_end_a_run() -> None:
    high = [(9, 10)] * 6
    base = [(5, 10)] * 13
    chart = p_chart([*base, *high, (0, 0), *high], base=13)
    gap = chart.points[19]
    assert (gap.value, gap.low, gap.high, gap.signals) == (None, None, None, frozenset())
    assert signalled(chart, "run") == []
    assert chart.provisional is False
    assert p_chart([(0, 0), *base], base=13).provisional is True


@pytest.mark.parametrize("chart", [u_chart([(0, 0)]), p_chart([(0, 0), (1, 2)], base=1)])
def test_f16_base_without_figures_has_no_centre(chart: Chart) -> None:
    assert chart.centre is None
    assert chart.points[0].value is None
    assert [(point.low, point.high) for point in chart.points] == [(None, None)] * len(chart.points)


def test_f16_few_points() -> None:
    assert xmr_chart([]) == Chart(None, (), provisional=True)
    assert u_chart([]) == Chart(None, (), provisional=True)
    lone = xmr_chart([0.1])
    assert (lone.centre, lone.points[0].low, lone.points[0].high) == (0.1, None, None)


@relaxed
@given(st.floats(-1e6, 1e6), st.integers(2, 20))
def test_f16_equal_values_signal_nothing(value: float, n: int) -> None:
    chart = xmr_chart([value] * n)
    assert chart.centre == value
    assert {point.signals for point in chart.points} == {frozenset()}


# F-17


@pytest.mark.parametrize(
    ("population", "margin", "answers"),
    [
        (400, 0.05, 197),
        (60, 0.10, 38),
        # 30 answers of 60 know a share to ± 12.76 points, not to less.
        (60, 0.1276, 30),
        (60, 0.1275, 31),
        (1, 0.05, 1),
        (0, 0.05, 0),
    ],
)
def test_f17_sample_size(population: int, margin: float, answers: int) -> None:
    assert sample_size(population, margin) == answers


def test_f17_a_rounding_error_asks_nobody_more() -> None:
    assert sample_size(99, 0.1, z=2) == 50


def test_f17_precision_reached() -> None:
    assert percent(margin_of(30, 60)) == 12.76
    assert margin_of(0, 60) is None
    assert margin_of(60, 60) == margin_of(1, 1) == 0
    assert percent(margin_of(sample_size(400, 0.05), 400)) == 4.98


def test_f17_response_rate() -> None:
    assert percent(response_rate(120, 400, 12)) == 30.93
    assert percent(response_rate(145, 400, 12)) == 37.37
    assert response_rate(0, 12, 12) is None


# F-18, F-20


def test_f18_awareness() -> None:
    low, high = wilson_interval(17, 20)
    assert (percent(low), percent(high)) == (63.96, 94.76)


def test_f20_service_star() -> None:
    results = shrink_proportions([(18, 40), (5, 6), (55, 150), (9, 30)])
    assert [round(figure(r.raw), 4) for r in results] == [0.4500, 0.8333, 0.3667, 0.3000]
    assert [round(figure(r.value), 4) for r in results] == [0.4072, 0.4174, 0.3729, 0.3611]
    # p̄ of all, and A, how much candidates differ, as each one's variance tells it.
    mean = (18 + 5 + 55 + 9) / (40 + 6 + 150 + 30)
    noise = mean * (1 - mean)
    weights = [
        size * figure(r.variance) / noise for r, size in zip(results, (40, 6, 150, 30), strict=True)
    ]
    between = [
        b / (1 - b) * noise / size for b, size in zip(weights, (40, 6, 150, 30), strict=True)
    ]
    assert round(mean, 4) == 0.3850
    assert [round(each, 6) for each in between] == [0.003076] * 4


# F-22


@pytest.mark.parametrize(
    ("cells", "hidden"),
    [
        ([40, 12, 3], [False, True, True]),
        ([40, 12, 3, 4], [False, False, True, True]),
        ([40, 12, 0], [False, False, False]),
        ([3, 0, 7, 7], [True, False, True, False]),
        ([4, 5], [True, True]),
        ([3, 0, 0], [True, False, False]),
        ([3], [True]),
        ([0, 0], [False, False]),
        ([], []),
    ],
)
def test_f22_suppress_small(cells: list[int], hidden: list[bool]) -> None:
    assert suppress_small(cells) == hidden


def test_f22_floor() -> None:
    assert suppress_small([9, 20, 30], floor=10) == [True, True, False]
    assert suppress_small([1, 2, 3], floor=1) == [False, False, False]


@pytest.mark.parametrize(
    ("cells", "groups", "closed", "hidden"),
    [
        # One hidden under its region's number: the smallest beside it goes along.
        ([6, 3, 5, 10], "rrss", "", [True, True, False, False]),
        # The region is hidden as a whole: its branches may not add up to it.
        ([4, 10, 10, 9, 9, 9], "rsstuv", "rs", [True, True, False, False, False, False]),
        # One line alone is hidden, and the total is known.
        ([4, 6, 7], "rrs", "r", [True, True, False]),
        ([40, 12, 3], "rrr", "", [False, True, True]),
        ([7, 8], "rs", "", [False, False]),
    ],
)
def test_f22_suppress_within(
    cells: list[int], groups: str, closed: str, hidden: list[bool]
) -> None:
    assert suppress_within(cells, groups, closed) == hidden


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from("rstu")), min_size=2, max_size=12))
def test_f22_no_small_cell_can_be_had_from_the_lines_that_it_adds_up_to(
    rows: list[tuple[int, str]],
) -> None:
    cells, groups = [cell for cell, _group in rows], [group for _cell, group in rows]
    names = sorted(set(groups))
    sums = [sum(cell for cell, of in rows if of == name) for name in names]
    closed = {name for name, hides in zip(names, suppress_small(sums), strict=True) if hides}
    hidden = suppress_within(cells, groups, closed)
    for (cell, _group), hides in zip(rows, hidden, strict=True):
        assert hides or not 0 < cell < 5
    # What is known of hidden cells: a sum for each shown line, and one of all below hidden lines.
    known = [{name} for name in names if name not in closed] + [closed]
    for among in known:
        unknown = [
            cell
            for cell, of, hides in zip(cells, groups, hidden, strict=True)
            if hides and of in among
        ]
        others = [cell for cell, of in rows if of in among and cell]
        if any(0 < cell < 5 for cell in unknown):
            assert len(unknown) > 1 or len(others) == 1
    for name in closed:
        assert any(hides for of, hides in zip(groups, hidden, strict=True) if of == name)


# What is refused


@pytest.mark.parametrize(
    "call",
    [
        lambda: wilson_interval(-1, 5),
        lambda: wilson_interval(6, 5),
        lambda: wilson_interval(0, -1),
        lambda: wilson_interval(1, 5, z=0),
        lambda: csat({5: -1}, cut=4),
        lambda: nps(1, -1, 1),
        lambda: nps_change((1, 1, 1), (1, 1, -1)),
        lambda: ces([0]),
        lambda: ces([8]),
        lambda: rate_interval(-1, 5),
        lambda: rate_interval(1, -5),
        lambda: rate_interval(1, math.nan),
        lambda: rate_interval(1, 5, per=0),
        lambda: delay_units(-0.1),
        lambda: delay_units(math.nan),
        lambda: servqual([1, 2], [1]),
        lambda: servqual([1], [1], [1, 2]),
        lambda: servqual([1, 2], [1, 2], [-1, 2]),
        lambda: servqual([1, 2], [1, 2], [0, 0]),
        lambda: composite([(1, 5, 5, 1)]),
        lambda: composite([(1, 0, 5, 0)]),
        lambda: composite([(None, 0, 5, -1)]),
        lambda: shrink_proportions([(1, 2), (3, 2)]),
        lambda: shrink_rates([(1, 2), (-1, 2)]),
        lambda: funnel_limits(-1, 2),
        lambda: funnel_limits(1, 0),
        lambda: u_chart([(-1, 2)]),
        lambda: u_chart([(1, 2)], base=0),
        lambda: p_chart([(3, 2)]),
        lambda: p_chart([(1, 2)], base=0),
        lambda: xmr_chart([1], base=0),
        lambda: sample_size(-1, 0.05),
        lambda: sample_size(400, 5),
        lambda: sample_size(400, 0),
        lambda: margin_of(61, 60),
        lambda: response_rate(10, 12, 3),
        lambda: response_rate(-1, 12),
        lambda: suppress_small([1, -1]),
    ],
)
def test_figures_that_cannot_be_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError):
        call()


# Whatever the figures

counts = st.integers(0, 10_000)
exposures = st.one_of(st.integers(0, 10**7), st.floats(0.01, 1e7))
shares = st.tuples(counts, counts).map(lambda pair: (min(pair), max(pair)))
widths = st.floats(0.1, 6)


@relaxed
@given(shares, widths)
def test_wilson_interval_contains_the_share(share: tuple[int, int], z: float) -> None:
    hits, n = share
    low, high = wilson_interval(hits, n, z)
    if n == 0:
        assert (low, high) == (None, None)
    else:
        assert 0 <= figure(low) <= hits / n <= figure(high) <= 1
        assert figure(low) < figure(high)


@relaxed
@given(shares)
def test_wilson_interval_is_the_same_from_the_other_side(share: tuple[int, int]) -> None:
    hits, n = share
    low, high = wilson_interval(hits, n)
    other_low, other_high = wilson_interval(n - hits, n)
    if n:
        assert figure(low) == pytest.approx(1 - figure(other_high), abs=1e-12)
        assert figure(high) == pytest.approx(1 - figure(other_low), abs=1e-12)


@relaxed
@given(st.dictionaries(st.integers(0, 10), counts), st.integers(0, 10))
def test_f01_csat_lies_inside_its_interval(answers: dict[int, int], cut: int) -> None:
    result = csat(answers, cut)
    assert result.n == sum(answers.values())
    if result.n:
        assert 0 <= figure(result.low) <= figure(result.share) <= figure(result.high) <= 1
        assert 0 <= figure(result.mean) <= 10


@relaxed
@given(counts, counts, counts)
def test_f02_nps_and_its_mirror(promoters: int, passives: int, detractors: int) -> None:
    result = nps(promoters, passives, detractors)
    mirror = nps(detractors, passives, promoters)
    if promoters + passives + detractors:
        assert -100 <= figure(result.low) < figure(result.high) <= 100
        assert -100 <= figure(result.score) <= 100
        assert result.score == -figure(mirror.score)
        assert figure(result.low) == pytest.approx(-figure(mirror.high))


@relaxed
@given(counts, st.floats(0.01, 1e7), widths)
def test_f05_rate_lies_inside_its_interval(count: int, exposure: float, z: float) -> None:
    result = rate_interval(count, exposure, z=z)
    assert 0 <= figure(result.low) <= figure(result.rate) <= figure(result.high)


@relaxed
@given(
    st.lists(
        st.tuples(
            st.none() | st.floats(-1e3, 1e3),
            st.floats(0, 10),
            st.floats(11, 100),
            st.floats(0.01, 100),
        )
    )
)
def test_f12_composite_stays_on_its_scale(
    parts: list[tuple[float | None, float, float, float]],
) -> None:
    result = composite(parts)
    present = [part for part in parts if part[0] is not None]
    assert (result.score is None) is (not present)
    assert result.score is None or 0 <= result.score <= 100
    assert result.complete is (bool(parts) and len(present) == len(parts))


def check_ranks(results: list[Shrunk]) -> None:
    counted = [result for result in results if result.raw is not None]
    n = len(counted)
    assert math.fsum(figure(r.expected_rank) for r in counted) == pytest.approx(n * (n + 1) / 2)
    for result in counted:
        assert 1 <= figure(result.expected_rank) <= n + 1e-9
        assert figure(result.low) <= figure(result.value) <= figure(result.high)
        assert figure(result.variance) >= 0


@relaxed
@given(st.lists(shares, max_size=12))
def test_f13_ranks_share_out_all_places(pairs: list[tuple[int, int]]) -> None:
    results = shrink_proportions(pairs)
    mean = sum(hits for hits, _ in pairs) / max(1, sum(n for _, n in pairs))
    check_ranks(results)
    for (_, n), result in zip(pairs, results, strict=True):
        assert (result == NOTHING) is (n == 0)
        if n:
            raw, value = figure(result.raw), figure(result.value)
            assert min(raw, mean) - 1e-12 <= value <= max(raw, mean) + 1e-12
            assert 0 <= figure(result.low) <= figure(result.high) <= 1


@relaxed
@given(st.lists(st.tuples(counts, exposures), max_size=12))
def test_f14_ranks_share_out_all_places(pairs: list[tuple[int, float]]) -> None:
    results = shrink_rates(pairs)
    check_ranks(results)
    for (_, exposure), result in zip(pairs, results, strict=True):
        assert (result == NOTHING) is (exposure == 0)
        assert result.low is None or result.low >= 0


@relaxed
@given(st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_f13_f14_among_equals_in_size_the_raw_order_stands(hits: list[int]) -> None:
    by_share = [figure(r.expected_rank) for r in shrink_proportions([(x, 50) for x in hits])]
    by_rate = [figure(r.expected_rank) for r in shrink_rates([(x, 50.0) for x in hits])]
    for i, one in enumerate(hits):
        for j, other in enumerate(hits):
            if one > other:
                assert by_share[i] <= by_share[j] + 1e-9
                assert by_rate[i] >= by_rate[j] - 1e-9


@relaxed
@given(st.floats(0.001, 1e6), widths)
def test_f15_funnel_holds_what_is_expected(expected: float, z: float) -> None:
    low, high = funnel_limits(expected, z)
    assert 0 <= figure(low) <= 1 <= figure(high)


@relaxed
@given(st.lists(shares, max_size=30), st.none() | st.integers(1, 30))
def test_f16_p_chart_signals_match_its_limits(
    pairs: list[tuple[int, int]], base: int | None
) -> None:
    chart = p_chart(pairs, base)
    assert len(chart.points) == len(pairs)
    for point in chart.points:
        if point.value is None or point.low is None or point.high is None:
            assert not point.signals & {"beyond_limit", "two_of_three"}
        else:
            assert 0 <= point.low <= figure(chart.centre) <= point.high <= 1
            outside = not point.low <= point.value <= point.high
            assert ("beyond_limit" in point.signals) is outside


@relaxed
@given(st.lists(st.tuples(counts, exposures), max_size=30), st.integers(1, 30))
def test_f16_later_points_change_no_earlier_signal(
    pairs: list[tuple[int, float]], base: int
) -> None:
    whole = u_chart(pairs, base).points
    assert u_chart(pairs[:base], base).points == whole[:base]


@relaxed
@given(st.integers(0, 10**6), st.floats(0.005, 0.5), widths)
def test_f17_sample_never_exceeds_the_population(population: int, margin: float, z: float) -> None:
    needed = sample_size(population, margin, z)
    assert 0 <= needed <= population
    assert needed <= sample_size(population + 1, margin, z)


@relaxed
@given(st.lists(st.integers(0, 12)), st.integers(0, 12))
def test_f22_never_one_hidden_alone(cells: list[int], floor: int) -> None:
    hidden = suppress_small(cells, floor)
    assert len(hidden) == len(cells)
    for cell, is_hidden in zip(cells, hidden, strict=True):
        assert is_hidden or not 0 < cell < floor
        assert not is_hidden or cell > 0
    if sum(hidden) == 1:
        assert sum(cell > 0 for cell in cells) == 1
