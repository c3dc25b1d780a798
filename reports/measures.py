"""The parts of the composite: what each counts, and how it is written (F-12)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PER = 10_000


@dataclass(frozen=True)
class Measure:
    """A share, or a rate per 10,000 shipments, of which less is better."""

    name: str
    label: Promise
    definition: Promise
    is_rate: bool = False
    is_by_customers: bool = False

    @property
    def scale(self) -> int:
        """What a figure is multiplied by to be written like floors and targets."""
        return 1 if self.is_rate else 100


MEASURES = {
    each.name: each
    for each in (
        Measure(
            "csat",
            _("Satisfied in surveys"),
            _(
                "Satisfied of those who answered in the period, for the branch they answered "
                "about; from 4 of 5 or 8 of 10 points on a customer is satisfied. Anonymous "
                "surveys, second answers and what the handler entered are left out."
            ),
            is_by_customers=True,
        ),
        Measure(
            "callback",
            _("Satisfied at the callback"),
            _(
                "Satisfied of those who said so when called back in the period, for the branch "
                "responsible for the complaint. Calls by its own handler are left out."
            ),
            is_by_customers=True,
        ),
        Measure(
            "on_time",
            _("Clocks on time"),
            _("On time of all decided clocks that fell due in the period, the four in one."),
        ),
        Measure(
            "rate",
            _("Complaints per 10,000 shipments"),
            _(
                "Valid complaints received in the period per 10,000 shipments of the branch in it; "
                "left out until the shipments of all its days are known."
            ),
            is_rate=True,
        ),
        Measure(
            "work_order",
            _("Work order within 48 h"),
            _("On time of the decided clocks of work orders that fell due in the period."),
        ),
        Measure(
            "awareness",
            _("Knows the micro-report when asked"),
            _("Of those asked in spot checks within the 90 days up to the end of the period."),
        ),
    )
}
PARTS = tuple(MEASURES)
BY_CUSTOMERS = tuple(name for name, each in MEASURES.items() if each.is_by_customers)
