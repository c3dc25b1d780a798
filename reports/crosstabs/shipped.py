"""The tables that everybody has: the operational reports (C-29, O-13, O-14, F-19)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

CLOCKS = ("on_time_apology", "on_time_result", "on_time_work_order", "on_time_callback")
TIMES = ("apology_median", "apology_90", "result_median", "result_90")


@dataclass(frozen=True)
class Shipped:
    label: Promise
    text: Promise
    rows: str
    measures: tuple[str, ...]
    columns: str = ""
    period: str = "last-month"

    @property
    def query(self) -> str:
        params = {"rows": self.rows, "columns": self.columns, "measure": self.measures}
        return urlencode({**params, "period": self.period}, doseq=True)


GROUPS: Sequence[tuple[Promise, Sequence[Shipped]]] = (
    (
        _("Promises"),
        (
            Shipped(
                _("On time by branch"),
                _("The four promises of each branch"),
                "branch",
                ("valid", *CLOCKS),
            ),
            Shipped(
                _("On time by handler"),
                _("Whose customers heard in time"),
                "handler",
                ("valid", *CLOCKS),
            ),
            Shipped(
                _("On time by category"),
                _("Which kinds of complaints are answered late"),
                "category",
                ("valid", *CLOCKS),
            ),
            Shipped(
                _("On time by channel"),
                _("Which ways in are answered late"),
                "channel",
                ("valid", *CLOCKS),
            ),
            Shipped(
                _("Results on time by hour of the week"),
                _("When a complaint has to come to be answered late"),
                "weekday",
                ("on_time_result",),
                columns="hour",
                period="last-quarter",
            ),
        ),
    ),
    (
        _("Time"),
        (
            Shipped(
                _("Response and resolution times"),
                _("Median, and what nine of ten do not exceed"),
                "branch",
                ("valid", *TIMES),
            ),
            Shipped(
                _("Age of open complaints"),
                _("What waits, and for how long"),
                "branch",
                ("open",),
                columns="age",
                period="this-year",
            ),
            Shipped(
                _("When complaints come"),
                _("By day and hour: for planning shifts"),
                "weekday",
                ("complaints",),
                columns="hour",
                period="last-quarter",
            ),
        ),
    ),
    (
        _("Causes and quality"),
        (
            Shipped(
                _("Causes"),
                _("Categories, the most frequent first"),
                "category",
                ("valid", "satisfied", "reopened", "recurring"),
            ),
            Shipped(
                _("Opened again and come again"),
                _("Where a result did not hold"),
                "branch",
                ("valid", "reopened", "recurring"),
                period="last-quarter",
            ),
            Shipped(
                _("Causes by branch"),
                _("What each branch is complained of"),
                "category",
                ("valid",),
                columns="branch",
            ),
            Shipped(
                _("Cost by category"),
                _("Delay, and what was given to customers"),
                "category",
                ("valid", "delay_units", "recovery"),
            ),
        ),
    ),
)
