"""Quarters of the company: of a key, a moment, a day; of an address, `quarter=2026-Q4`."""

from functools import partial

from complaints import months
from csm.kit.periods import Period

asked = partial(months.asked, kind="quarter")
running = partial(months.running, kind="quarter")
on = partial(months.on, kind="quarter")
around = months.around


def of_key(key: str) -> Period:
    """Raises `ValueError` for what is no quarter."""
    return months.of_key(key, "quarter")
