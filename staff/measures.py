"""The figures of which a scorecard can have lines (O-21); a scheme chooses and weighs them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from staff.models import Perspective
from staff.outcomes import Source


@dataclass(frozen=True)
class Measure:
    """`unit`: how it is written: a share in percent, or a number. `url_name`: where it comes from.

    `is_by_customers`: what customers said themselves; their answers are counted for the ranking.
    """

    name: str
    perspective: Perspective
    label: Promise
    source: Source
    unit: str
    url_name: str

    @property
    def is_by_customers(self) -> bool:
        return self.perspective == Perspective.CUSTOMER

    @property
    def scale(self) -> int:
        """What the figure is multiplied by: shares are written in percent."""
        return 100 if self.unit == "percent" else 1


MEASURES = {
    each.name: each
    for each in (
        Measure(
            "callback",
            Perspective.CUSTOMER,
            _("Satisfied at the callback"),
            "callbacks",
            "percent",
            "complaints",
        ),
        Measure(
            "survey",
            Perspective.CUSTOMER,
            _("Satisfied in surveys"),
            "answers",
            "percent",
            "surveys",
        ),
        Measure(
            "on_time",
            Perspective.PROCESS,
            _("Promises kept in time"),
            "on_time",
            "percent",
            "rankings",
        ),
        Measure(
            "first_time",
            Perspective.PROCESS,
            _("Work orders confirmed the first time"),
            "first_time",
            "percent",
            "work-orders",
        ),
        Measure(
            "peers",
            Perspective.PROCESS,
            _("Departments of ours satisfied as customers"),
            "peers",
            "percent",
            "complaints",
        ),
        Measure(
            "audits",
            Perspective.PROCESS,
            _("Met in audits by headquarters"),
            "audits",
            "percent",
            "audits",
        ),
        Measure(
            "delay",
            Perspective.FINANCIAL,
            _("Delay cost for each complaint, units"),
            "delay",
            "number",
            "delay-cost",
        ),
        Measure(
            "recovery",
            Perspective.FINANCIAL,
            _("Given to customers for each complaint, yuan"),
            "recovery",
            "number",
            "recoveries",
        ),
        Measure(
            "awareness",
            Perspective.LEARNING,
            _("Knows the micro-report when asked"),
            "aware",
            "percent",
            "awareness",
        ),
        Measure(
            "courses",
            Perspective.LEARNING,
            _("Came to the courses that they were to attend"),
            "courses",
            "percent",
            "courses",
        ),
        Measure(
            "tests",
            Perspective.LEARNING,
            _("Mark in the tests of courses, of 100"),
            "tests",
            "number",
            "courses",
        ),
        Measure(
            "points",
            Perspective.LEARNING,
            _("Points earned, for each person"),
            "points",
            "number",
            "points-board",
        ),
    )
}
MEASURE_CHOICES = [(name, measure.label) for name, measure in MEASURES.items()]
