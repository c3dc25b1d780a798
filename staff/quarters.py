"""The quarter that an address asks for: `quarter=2026-Q4`, or the running one."""

from functools import partial

from complaints import months

asked = partial(months.asked, kind="quarter")
of_key = partial(months.of_key, kind="quarter")
running = partial(months.running, kind="quarter")
on = partial(months.on, kind="quarter")
around = months.around
