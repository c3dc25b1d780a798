"""What a work order still lacks before it may be submitted: one small function per section."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.db.models import Field
from django.utils.translation import gettext as _

from complaints.actions import measures
from complaints.actions.order_rows import ROWS, read_rows
from complaints.models import OrderSection, WorkOrder

# The sections that are columns; the others are rows. The effect is reported later (W-08).
SECTIONS = (
    *("title_subject", "title_nature", "title_content"),
    *("customer_name", "customer_standing", "waybill"),
    *("occurred_at", "place", "involved", "remarks"),
    *("promised_on", "effect_report", "is_customer_satisfied"),
)


@dataclass(frozen=True)
class Lack:
    """Something missing: where (the name of the input, in forms and in the API), and the words.

    A part of a row is named by its place: `causes.0.evidence`.
    """

    path: str
    words: str


@dataclass(frozen=True)
class Written:
    """The order as a submission would leave it: what is given now counts before what is stored."""

    order: WorkOrder
    given: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        if name in self.given:
            return self.given[name]
        return self._rows[name] if name in ROWS else getattr(self.order, name)

    @cached_property
    def _rows(self) -> dict[str, tuple[Any, ...]]:
        return read_rows(self.order)

    def has(self, name: str) -> bool:
        return is_filled(self[name])


def is_filled(value: object) -> bool:
    return bool(str(value or "").strip())


def lacks(order: WorkOrder, given: Mapping[str, Any] | None = None) -> list[Lack]:
    """All that is missing, in the order of the form."""
    written = Written(order, given or {})
    return [lack for check in CHECKS.values() for lack in check(written)]


def missing_sections(order: WorkOrder, given: Mapping[str, Any] | None = None) -> list[str]:
    return [lack.path for lack in lacks(order, given)]


def _empty(written: Written, *names: str) -> Iterator[Lack]:
    for name in names:
        if not written.has(name):
            field = cast("Field[Any, Any]", WorkOrder._meta.get_field(name))
            yield Lack(name, _("Fill in: %(section)s") % {"section": field.verbose_name})


def _title(written: Written) -> Iterator[Lack]:
    return _empty(written, "title_subject", "title_nature", "title_content")


def _anomaly(written: Written) -> Iterator[Lack]:
    """When, where and who, and what happened in order of time (W-03)."""
    yield from _empty(written, "occurred_at", "place", "involved")
    if not written["course"]:
        yield Lack("course", _("Add at least one entry to the course of events"))
    for place, row in enumerate(written["course"]):
        if not row.at:
            yield Lack(f"course.{place}.at", _("Entry %(n)d: enter when") % {"n": place + 1})
        if not is_filled(row.text):
            words = _("Entry %(n)d: write what happened") % {"n": place + 1}
            yield Lack(f"course.{place}.text", words)


def _causes(written: Written) -> Iterator[Lack]:
    """Each with its category, and none without evidence (W-04)."""
    if not written["causes"]:
        yield Lack("causes", _("Add at least one cause"))
    for place, row in enumerate(written["causes"]):
        n = {"n": place + 1}
        if not is_filled(row.category):
            yield Lack(f"causes.{place}.category", _("Cause %(n)d: choose its category") % n)
        if not is_filled(row.text):
            yield Lack(f"causes.{place}.text", _("Cause %(n)d: write the cause") % n)
        if not row.is_proven:
            words = _("Cause %(n)d: add at least one piece of evidence") % n
            yield Lack(f"causes.{place}.evidence", words)


def _emergency(written: Written) -> Iterator[Lack]:
    """What the customer got, and when (W-05)."""
    if not written["emergency_measures"]:
        yield Lack("emergency_measures", _("Add what the customer got"))
    for place, row in enumerate(written["emergency_measures"]):
        path, n = f"emergency_measures.{place}", {"n": place + 1}
        if not row.at:
            yield Lack(f"{path}.at", _("Emergency measure %(n)d: enter when") % n)
        if not is_filled(row.text):
            yield Lack(f"{path}.text", _("Emergency measure %(n)d: write what it was") % n)


def _measures(written: Written) -> Iterator[Lack]:
    """At least one of each group (W-07); each of them is looked at when it is promised."""
    for group in measures.missing(written.order, written.given.get("plan")):
        yield Lack(group, measures.what_is_missing(group))


def _promise(written: Written) -> Iterator[Lack]:
    return _empty(written, "promised_on")


def _effect(written: Written) -> Iterator[Lack]:
    """Reported later (W-08)."""
    return iter(())


CHECKS: dict[OrderSection, Callable[[Written], Iterator[Lack]]] = {
    OrderSection.TITLE: _title,
    OrderSection.ANOMALY: _anomaly,
    OrderSection.CAUSES: _causes,
    OrderSection.EMERGENCY: _emergency,
    OrderSection.MEASURES: _measures,
    OrderSection.PROMISE: _promise,
    OrderSection.EFFECT: _effect,
}
