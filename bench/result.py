"""One measured ratio, and the stopwatch."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """`ours` and `reference` in milliseconds; `ratio` may be at most `limit`."""

    name: str
    ours: float
    reference: float
    ratio: float
    limit: float


def milliseconds(act: Callable[[], object], times: int) -> float:
    """The median time of an act."""
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spans.append((time.perf_counter() - start) * 1000)
    return statistics.median(spans)
