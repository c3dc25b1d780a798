"""Comparing branches: a composite score, and rankings that are fair to small branches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import erfc, inf, sqrt

from csm.kit.statistics.checks import check_rate, check_share
from csm.kit.statistics.intervals import Z95


@dataclass(frozen=True, slots=True)
class Composite:
    """Score in 0…100 and whether every part had a value."""

    score: float | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Shrunk:
    """One branch's figure, drawn towards the common mean the more, the smaller the branch.

    `raw` is the plain share or rate, `value` the shrunken one, `variance` that of
    `value`; `low` and `high` are its 95 % interval, clipped to what can be;
    `expected_rank` runs from 1 (best). All `None` for a branch that counted nothing.
    """

    raw: float | None
    value: float | None
    variance: float | None
    low: float | None
    high: float | None
    expected_rank: float | None


UNCOUNTED = Shrunk(None, None, None, None, None, None)


@dataclass(frozen=True, slots=True)
class _Prior:
    """What all branches together say: mean, variance between branches, noise of one unit."""

    mean: float
    between: float
    noise: float


@dataclass(frozen=True, slots=True)
class _Estimate:
    raw: float
    value: float
    variance: float


def composite(parts: Sequence[tuple[float | None, float, float, float]]) -> Composite:
    """F-12: weighted score of parts `(value, floor, target, weight)`, in 0…100.

    A part scores 0 at its floor and 100 at its target, clamped; the target may lie below
    the floor where less is better. A missing part (`None`) hands its weight to the
    others and leaves `complete` false; with no part left `score` is `None`.
    Raises `ValueError` if a weight is not positive or a floor equals its target.
    """
    for _, floor, target, weight in parts:
        if not weight > 0:
            raise ValueError(f"a weight must be positive, not {weight}")
        if floor == target:
            raise ValueError(f"floor and target must differ, both are {floor}")
    present = [
        (_part_score(value, floor, target), weight)
        for value, floor, target, weight in parts
        if value is not None
    ]
    if not present:
        return Composite(None, complete=False)
    points = sum(score * weight for score, weight in present)
    # Clamped again: weights such as 0.1 may bring ten full parts to 100.00000000000001.
    score = min(100.0, points / sum(weight for _, weight in present))
    return Composite(score, complete=len(present) == len(parts))


def _part_score(value: float, floor: float, target: float) -> float:
    return 100 * min(1.0, max(0.0, (value - floor) / (target - floor)))


def shrink_proportions(pairs: Sequence[tuple[int, int]]) -> list[Shrunk]:
    """F-13: fair ranking of shares from pairs `(hits, n)`; the highest share is best.

    Moment empirical Bayes in Marshall's form. If the branches differ no more than chance
    explains, all get the common share, variance 0 and the same rank. Pairs with `n` = 0
    are in no sum and have `None` fields. Raises `ValueError` unless 0 ≤ hits ≤ n.
    """
    for hits, n in pairs:
        check_share(hits, n)
    return _shrink(pairs, lambda share: share * (1 - share), ceiling=1.0, high_is_best=True)


def shrink_rates(pairs: Sequence[tuple[int, float]]) -> list[Shrunk]:
    """F-14: fair ranking of rates from pairs `(count, exposure)`; the lowest rate is best.

    As `shrink_proportions`, with rates per unit of exposure and Poisson noise.
    Raises `ValueError` if a count or exposure is negative.
    """
    for count, exposure in pairs:
        check_rate(count, exposure)
    return _shrink(pairs, lambda rate: rate, ceiling=inf, high_is_best=False)


def _shrink(
    pairs: Sequence[tuple[int, float]],
    noise: Callable[[float], float],
    *,
    ceiling: float,
    high_is_best: bool,
) -> list[Shrunk]:
    counted = [(count, size) for count, size in pairs if size > 0]
    if not counted:
        return [UNCOUNTED for _ in pairs]
    prior = _prior(counted, noise)
    estimates = [_estimate(count, size, prior) for count, size in counted]
    ranks = _expected_ranks(estimates, high_is_best=high_is_best)
    ranked = (_shrunk(e, r, ceiling) for e, r in zip(estimates, ranks, strict=True))
    return [next(ranked) if size > 0 else UNCOUNTED for _, size in pairs]


def _prior(counted: Sequence[tuple[int, float]], noise: Callable[[float], float]) -> _Prior:
    total = sum(size for _, size in counted)
    mean = sum(count for count, _ in counted) / total
    spread = sum(size * (count / size - mean) ** 2 for count, size in counted) / total
    by_chance = noise(mean) / (total / len(counted))
    return _Prior(mean, max(0.0, spread - by_chance), noise(mean))


def _estimate(count: int, size: float, prior: _Prior) -> _Estimate:
    raw = count / size
    if prior.between == 0:
        return _Estimate(raw, prior.mean, 0.0)
    own_noise = prior.noise / size
    trust = prior.between / (prior.between + own_noise)
    return _Estimate(raw, prior.mean + trust * (raw - prior.mean), trust * own_noise)


def _expected_ranks(estimates: Sequence[_Estimate], *, high_is_best: bool) -> list[float]:
    """1 + the sum, over all others, of the probability that the other is the better one.

    Each pair is asked once: of 500 branches there are 124,750.
    """
    if not any(each.variance for each in estimates):
        return [(1 + len(estimates)) / 2] * len(estimates)
    sign = 1 if high_is_best else -1
    # Φ(d / √(v + w)) is ½ erfc(−d / √(2v + 2w)).
    rows = [(sign * each.value, 2 * each.variance) for each in estimates]
    ranks = [1.0] * len(rows)
    for i, (mine, error) in enumerate(rows):
        better = [
            0.5 * erfc((mine - value) / sqrt(error + noise)) for value, noise in rows[i + 1 :]
        ]
        ranks[i] += sum(better)
        for j, probability in enumerate(better, i + 1):
            ranks[j] += 1 - probability
    return ranks


def _shrunk(estimate: _Estimate, rank: float, ceiling: float) -> Shrunk:
    half = Z95 * sqrt(estimate.variance)
    return Shrunk(
        raw=estimate.raw,
        value=estimate.value,
        variance=estimate.variance,
        low=max(0.0, estimate.value - half),
        high=min(ceiling, estimate.value + half),
        expected_rank=rank,
    )
