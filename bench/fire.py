"""The clock under fire: kills in the middle of sweeps (A-01), and how late people hear (A-02).

A step that is lost or doubled fails the run. What runs is that of the tests, at full size.
"""

from bench.result import Result
from csm.tests.fire import lateness, site
from csm.tests.fire.overdue import Control
from csm.tests.fire.storm import VICTIMS, storm

# Of the requirement: 5,000 timers (four of each complaint), and 20 seeds.
COMPLAINTS, SEEDS = 1250, 20
FEWEST = 50
P99, LONGEST = 60, 120  # seconds


def measure(scale: float) -> list[Result]:
    """An installation of its own, which is gone afterwards."""
    complaints, seeds = max(int(COMPLAINTS * scale), FEWEST), max(int(SEEDS * scale), 1)
    with site.running() as found:
        control = Control.swept()
        for seed in range(seeds):
            found.wait_until_whole()
            storm(found, control, seed=seed, complaints=complaints)
        found.wait_until_whole()
        late = lateness.measure(control, "SOON", complaints=complaints)
    deaths = f"{4 * complaints} timers × {seeds} seeds × {len(VICTIMS)} kills"
    return [
        Result(f"{deaths}, steps lost or doubled", 0, 0, 0, 0),
        _against("steps told late, 99th percentile", late.p99, P99),
        _against("steps told late, the latest", late.longest, LONGEST),
    ]


def _against(name: str, seconds: float, limit: float) -> Result:
    return Result(f"{name}, against {limit} s", seconds * 1000, limit * 1000, seconds / limit, 1)
