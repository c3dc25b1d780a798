"""Intervals around one figure, and how many answers a wanted interval takes."""

from dataclasses import dataclass
from math import ceil, sqrt

from csm.kit.statistics.checks import check_rate, check_share, check_z

Z95 = 1.959964

Limits = tuple[float, float] | tuple[None, None]


@dataclass(frozen=True, slots=True)
class RateInterval:
    """Events per `per` units of exposure with the limits of its interval."""

    rate: float | None
    low: float | None
    high: float | None


def wilson_interval(successes: int, n: int, z: float = Z95) -> Limits:
    """Wilson's score interval of a share, used by F-01, F-03, F-13, F-18.

    Returns `(low, high)` in 0…1, `(None, None)` if `n` is 0.
    Raises `ValueError` unless 0 ≤ `successes` ≤ `n` and `z` > 0.
    """
    check_share(successes, n)
    check_z(z)
    if n == 0:
        return None, None
    share = successes / n
    stretch = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / stretch
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / stretch
    # At 0 of n and n of n a limit equals the share; rounding may not push it past.
    return max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half))


def rate_interval(count: int, exposure: float, per: float = 10_000, z: float = Z95) -> RateInterval:
    """F-05: events per `per` units of exposure, with Byar's interval.

    All fields are `None` if `exposure` is 0.
    Raises `ValueError` if `count` or `exposure` is negative, `z` or `per` not positive.
    """
    check_rate(count, exposure)
    check_z(z)
    if not per > 0:
        raise ValueError(f"per must be positive, not {per}")
    if exposure == 0:
        return RateInterval(None, None, None)
    scale = per / exposure
    return RateInterval(count * scale, _byar_low(count, z) * scale, _byar_high(count, z) * scale)


def _byar_low(count: int, z: float) -> float:
    if count == 0:
        return 0.0
    # A wide z makes the root negative, and its cube would be a negative count.
    return count * max(0.0, 1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3


def _byar_high(count: int, z: float) -> float:
    following = count + 1
    return following * (1 - 1 / (9 * following) + z / (3 * sqrt(following))) ** 3


def funnel_limits(expected: float, z: float) -> Limits:
    """F-15: `(low, high)` of observed over expected, given the expected number of events.

    `low` is 0 where the band would reach below. `(None, None)` if `expected` is 0.
    Raises `ValueError` if `expected` is negative or `z` not positive.
    """
    check_z(z)
    if not expected >= 0:
        raise ValueError(f"expected must not be negative: {expected}")
    if expected == 0:
        return None, None
    reach = z / (2 * sqrt(expected))
    return max(0.0, 1 - reach) ** 2, (1 + reach) ** 2


def sample_size(population: int, margin: float, z: float = Z95) -> int:
    """F-17: answers needed from `population` to know a share to ± `margin` (0…1).

    Counts on the worst case, a share of one half. Never more than `population`.
    Raises `ValueError` if `population` is negative, `margin` is not inside 0…1
    (write 0.05 for 5 %) or `z` is not positive.
    """
    check_z(z)
    if population < 0:
        raise ValueError(f"population must not be negative: {population}")
    if not 0 < margin < 1:
        raise ValueError(f"margin is a share between 0 and 1, not {margin}")
    if population == 0:
        return 0
    endless = z * z * 0.25 / (margin * margin)
    needed = endless / (1 + (endless - 1) / population)
    # Rounded first: 50.000000001 is 50 with a rounding error, not a reason to ask a 51st.
    return min(population, ceil(round(needed, 9)))


def margin_of(n: int, population: int, z: float = Z95) -> float | None:
    """F-17: to ± how much (0…1) `n` answers out of `population` know a share, at worst.

    `None` if nobody answered, 0 if everybody did. Raises `ValueError` unless
    0 ≤ `n` ≤ `population` and `z` > 0.
    """
    check_share(n, population)
    check_z(z)
    if n == 0:
        return None
    if n == population:
        return 0.0
    return z * sqrt(0.25 / n * (population - n) / (population - 1))
