"""From a figure to the complaints behind it: addresses of the complaint list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from complaints.all_four import FIRST_CYCLE
from complaints.models import Milestone
from csm.kit.periods import Period
from reports.rankings import Cause, Place

# Each is one complaint list; `None` is the company.
Where = Place | None


@dataclass(frozen=True)
class Links:
    """The lists behind the figures of one period."""

    period: Period

    def received(
        self, where: Where = None, *, statuses: Iterable[str] = (), causes: Iterable[Cause] = ()
    ) -> str:
        """Complaints received in the period."""
        named = list(causes)
        params = {
            **_of("branch", where),
            **({} if all(cause["is_whole"] for cause in named) else {"exact": "1"}),
            "category": [cause["code"] for cause in named],
            "status": list(statuses),
        }
        return self._list(params, "received")

    def clocks(self, where: Where = None, *, verdict: str, milestone: str = "") -> str:
        """Complaints of which a clock with this verdict fell due in the period."""
        params = {
            **_of("verdict_branch", where),
            "milestone": [milestone] if milestone else [],
            "verdict": verdict,
        }
        return self._list(params, "due")

    def all_four(self, where: Where = None, *, outcomes: Iterable[str]) -> str:
        """Complaints whose four first clocks are decided, by the deadline of their callback."""
        params = {
            **_of("branch", where),
            "all_four": list(outcomes),
            "milestone": Milestone.CALLBACK,
            "cycle": FIRST_CYCLE,
        }
        return self._list(params, "due")

    def _list(self, params: dict[str, Any], moment: str) -> str:
        days = {
            f"{moment}_after": self.period.first_on,
            f"{moment}_before": self.period.last_on + timedelta(days=1),
        }
        return f"{reverse('complaints')}?{urlencode(params | days, doseq=True)}"


def _of(name: str, where: Where) -> dict[str, Any]:
    """The list takes a branch with all below it, unless told that these alone are meant."""
    if where is None:
        return {}
    if where["is_whole"]:
        return {name: where["code"]}
    return {name: where["codes"], "exact": "1"}
