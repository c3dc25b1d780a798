"""From a row of text to what is to be written, or to what is wrong with it. No database here."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Field, Model, TextChoices
from django.utils.translation import gettext as _

from complaints.importing.labels import EXAMPLES
from complaints.importing.profiles import Profile
from complaints.models import Category, Channel, Complaint, Milestone, Severity, Status
from csm.kit.reading.rows import Rejection, Row, is_undecodable
from customers.models import Kind
from organisation.models import Branch

# Fields that take one of our codes.
CHOICE_CLASSES: dict[str, type[TextChoices]] = {
    "channel": Channel,
    "severity": Severity,
    "status": Status,
    "customer_kind": Kind,
}
CHOICES: dict[str, tuple[str, ...]] = {
    **{name: tuple(choices.values) for name, choices in CHOICE_CLASSES.items()},
    "status": (Status.CLOSED, Status.HANDLING),
}
DEFAULTS = {
    "severity": Severity.NORMAL,
    "status": Status.HANDLING,
    "customer_kind": Kind.PERSON,
}


def _longest(model: type[Model], name: str) -> int:
    return cast(int, cast("Field[Any, Any]", model._meta.get_field(name)).max_length)


# The field of the model whose length limits that of ours.
LIMITS: dict[str, tuple[type[Model], str]] = {
    "reference": (Complaint, "reference"),
    "subject": (Complaint, "subject"),
    "description": (Complaint, "description"),
    "branch": (Branch, "name"),
    "waybill": (Complaint, "waybill"),
    "customer_name": (Complaint, "contact_name"),
    "customer_phone": (Complaint, "contact_phone"),
    "customer_email": (Complaint, "contact_email"),
}
LONGEST = {name: _longest(*place) for name, place in LIMITS.items()}
# Before every other moment: where the receipt is unknown, nothing else is said to come before it.
EARLIEST = datetime.min.replace(tzinfo=UTC)
LONGEST_CATEGORY = _longest(Category, "name")


@dataclass(frozen=True)
class Times:
    """One milestone of one complaint. Without `due_at` the policy in force says the deadline."""

    kind: str
    due_at: datetime | None
    met_at: datetime | None


@dataclass(frozen=True)
class Draft:
    """A row that can be written, once its branch and category are known.

    `fields` are the plain texts of the complaint and of its customer; `category` is a path from the
    top.
    """

    row: int
    reference: str
    received_at: datetime
    closed_at: datetime | None
    branch: str
    category: tuple[str, ...]
    fields: dict[str, str]
    times: list[Times] = field(default_factory=list)

    def met(self, kind: str) -> datetime | None:
        """When a milestone was met."""
        return next((times.met_at for times in self.times if times.kind == kind), None)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None or self.fields["status"] == Status.CLOSED


def read(row: Row, profile: Profile, *, now: datetime) -> Draft | Rejection:
    """What the row says, or why it says nothing usable."""
    reading = _Reading(row, profile, now)
    if row.fault:
        return Rejection(row.number, reading.reference, {row.fault_column: row.fault})
    draft = reading.draft()
    if reading.faults:
        return Rejection(row.number, reading.reference, reading.faults)
    return draft


class _Reading:
    """Reads one row and collects what is wrong with it, one fault a column."""

    def __init__(self, row: Row, profile: Profile, now: datetime) -> None:
        self.row = row
        self.profile = profile
        self.now = now
        self.faults: dict[str, str] = {}
        # One column may serve several fields: it is read once.
        self._moments: dict[str, datetime | None] = {}

    @property
    def reference(self) -> str:
        return self.row.cells.get(self.profile.columns["reference"], "").strip()

    def draft(self) -> Draft:
        received = self._received()
        if self.reference in EXAMPLES:
            self._fault("reference", _("This is the example row of the template."))
        return Draft(
            row=self.row.number,
            reference=self._needed("reference"),
            received_at=received,
            closed_at=self._after(received, self.profile.columns.get("closed_at", "")),
            branch=self._value("branch"),
            category=self._category(),
            fields=self._fields(),
            times=list(self._times(received)),
        )

    def _received(self) -> datetime:
        """The moment of receipt; the first there is, with a fault, when the row has none."""
        column = self.profile.columns["received_at"]
        received = self._moment(column)
        if received is None and column not in self.faults:
            self.faults[column] = _("A value is missing.")
        return received or EARLIEST

    def _fields(self) -> dict[str, str]:
        texts = ("description", "waybill", "customer_name", "customer_phone", "customer_email")
        fields = {name: self._value(name) for name in texts}
        fields["subject"] = " ".join(self._needed("subject").split())
        fields["channel"] = self._needed("channel")
        for name, default in DEFAULTS.items():
            fields[name] = self._value(name) or default
        for name, choices in CHOICES.items():
            if fields[name] and fields[name] not in choices:
                self._fault(name, _("“%(value)s” is not known.") % {"value": fields[name][:80]})
        self._check_email(fields["customer_email"])
        return fields

    def _category(self) -> tuple[str, ...]:
        path = [self._mapped("category", self._cell(name)) for name in self.profile.category]
        for column, value in zip(self.profile.category, path, strict=True):
            if len(value) > LONGEST_CATEGORY:
                self.faults.setdefault(column, _too_long(LONGEST_CATEGORY))
        if not path or not path[-1]:
            fixed = self.profile.fixed.get("category", "")
            return (fixed,) if fixed else ()
        return tuple(filter(None, path))

    def _times(self, received: datetime) -> Iterator[Times]:
        """The milestones that this row has. One whose deadline the source leaves open has none."""
        for kind, columns in self.profile.milestones.items():
            met_at = self._after(received, columns.met_at)
            due_at = self._moment(columns.due_at) if columns.due_at else None
            if due_at is not None or not columns.due_at:
                yield Times(Milestone(kind), due_at, met_at)

    def _after(self, received: datetime, column: str) -> datetime | None:
        """A moment between the receipt and now; None where the column or the cell is missing."""
        moment = self._moment(column) if column else None
        if moment is None:
            return None
        if moment < received:
            self.faults.setdefault(column, _("This lies before the complaint was received."))
        elif moment > self.now:
            self.faults.setdefault(column, _("This lies in the future."))
        return moment

    def _moment(self, column: str) -> datetime | None:
        if column not in self._moments:
            self._moments[column] = self._read_moment(column)
        return self._moments[column]

    def _read_moment(self, column: str) -> datetime | None:
        text = self._cell(column)
        if not text:
            return None
        try:
            moment = self.profile.moments.read(text)
        except ValueError:
            self.faults.setdefault(column, _("“%(value)s” is not a time.") % {"value": text[:80]})
            return None
        if column == self.profile.columns["received_at"] and moment > self.now:
            self.faults.setdefault(column, _("This lies in the future."))
        return moment

    def _needed(self, name: str) -> str:
        value = self._value(name)
        if not value:
            self._fault(name, _("A value is missing."))
        return value

    def _value(self, name: str) -> str:
        """The cell through the map; where it is empty, the fixed value."""
        column = self.profile.columns.get(name, "")
        value = self._mapped(name, self._cell(column)) if column else ""
        value = value or self.profile.fixed.get(name, "")
        limit = LONGEST.get(name)
        if limit and len(value) > limit:
            self._fault(name, _too_long(limit))
        return value

    def _mapped(self, name: str, value: str) -> str:
        return self.profile.maps.get(name, {}).get(value, value)

    def _cell(self, column: str) -> str:
        text = self.row.cells.get(column, "")
        if is_undecodable(text):
            self.faults[column] = _("Some characters are not in the encoding of the profile.")
        elif "\0" in text:
            self.faults[column] = _("A NUL character cannot be stored.")
        return text.strip()

    def _check_email(self, address: str) -> None:
        if not address:
            return
        try:
            validate_email(address)
        except ValidationError as error:
            self._fault("customer_email", " ".join(error.messages))

    def _fault(self, name: str, reason: str) -> None:
        """Said of the column that the field is read from; of the field itself when it has none."""
        self.faults.setdefault(self.profile.columns.get(name, name), reason)


def _too_long(limit: int) -> str:
    return _("The text is too long: more than %(limit)d characters.") % {"limit": limit}
