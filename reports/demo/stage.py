"""Simulated time: acts in their order, and between them the sweeps that would have run."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

Act = Callable[[datetime], None]
# The real sweep comes every 15 seconds; for history half an hour is near enough.
TICK = timedelta(minutes=30)


@dataclass
class Stage:
    """Plays acts from `start` to `end`; what is planned for later never happens.

    `on_tick` hears every TICK, and whether anything has happened since the last one.
    """

    start: datetime
    end: datetime
    on_tick: Callable[[datetime, bool], None]
    _acts: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _number: "count[int]" = field(default_factory=count)

    def at(self, moment: datetime, act: Act) -> None:
        """Let an act happen at a moment; those of the same moment in the order they were given."""
        if moment <= self.end:
            heapq.heappush(self._acts, (moment, next(self._number), act))

    def play(self, on_progress: Callable[[datetime], None] = lambda _moment: None) -> None:
        """Let everything happen. An act may plan further ones, from its own moment on."""
        clock = self.start
        while self._acts:
            moment, _number, act = heapq.heappop(self._acts)
            clock = self._tick(clock, moment)
            act(moment)
            on_progress(moment)
        self._tick(clock, self.end)

    def _tick(self, clock: datetime, until: datetime) -> datetime:
        has_changed = True
        while clock + TICK <= until:
            clock += TICK
            self.on_tick(clock, has_changed)
            has_changed = False
        return clock
