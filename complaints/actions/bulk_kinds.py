"""The acts that can be done to many complaints at once: what each row must allow, what follows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from django.db.models import F
from django.utils.translation import gettext as _

from complaints.actions import hand_overs, notes, triage, urging
from complaints.actions.events import changed
from complaints.models import BulkKind, Category, Complaint, HandOver, Status
from csm.kit.errors import Refused
from csm.kit.transitions import move_all, touch_all
from organisation.models import Branch, Person


class Kind(Protocol):
    """`minds_changes`: what others changed meanwhile must be looked at first."""

    name: ClassVar[str]
    verb: ClassVar[str]
    minds_changes: ClassVar[bool]

    def check_input(self) -> None:
        """Refuse what no row could allow."""

    def look_up(self, rows: Sequence[Complaint], by: Person) -> None:
        """Read at once what the checks of the rows ask for."""

    def check(self, row: Complaint, *, by: Person, now: datetime, version: int | None) -> None:
        """Refuse a row for the reasons of the single act."""

    def do(self, rows: Sequence[Complaint], by: Person, now: datetime) -> list[HandOver]:
        """Do it to rows that are held and have passed; gives the hand-overs that it wrote."""


@dataclass
class Transfer:
    name: ClassVar[str] = BulkKind.TRANSFER
    verb: ClassVar[str] = "complaint.transfer"
    minds_changes: ClassVar[bool] = True

    branch: Branch
    reason: str
    handler: Person | None = None

    def check_input(self) -> None:
        hand_overs.check_reason_of_transfer(self.reason)
        hand_overs.check_handler(self.handler, self.branch)

    def look_up(self, rows: Sequence[Complaint], by: Person) -> None:
        """A transfer asks for nothing."""

    def check(self, row: Complaint, *, by: Person, now: datetime, version: int | None) -> None:
        hand_overs.check_transfer(row, self.branch, by=by, version=version)

    def do(self, rows: Sequence[Complaint], by: Person, now: datetime) -> list[HandOver]:
        was = {row.pk: hand_overs.owner_of(row) for row in rows}
        move_all(
            rows,
            to=Status.ASSIGNED,
            branch=self.branch,
            handler=self.handler,
            **changed(by, now),
        )
        return hand_overs.transferred(rows, was, by=by, now=now, reason=self.reason)


@dataclass
class Assign:
    name: ClassVar[str] = BulkKind.ASSIGN
    verb: ClassVar[str] = "complaint.assign"
    minds_changes: ClassVar[bool] = True

    handler: Person

    def check_input(self) -> None:
        """Whether the person handles complaints at its branch, every row says for itself."""

    def look_up(self, rows: Sequence[Complaint], by: Person) -> None:
        """An assignment asks for nothing."""

    def check(self, row: Complaint, *, by: Person, now: datetime, version: int | None) -> None:
        hand_overs.check_assign(row, self.handler, by=by, version=version)
        if row.handler_id == self.handler.pk:
            raise Refused(_("%(person)s is the handler already.") % {"person": self.handler.name})

    def do(self, rows: Sequence[Complaint], by: Person, now: datetime) -> list[HandOver]:
        was = {row.pk: hand_overs.owner_of(row) for row in rows}
        touch_all(rows, handler=self.handler, **changed(by, now))
        return hand_overs.handler_named(rows, was, by=by, now=now)


@dataclass
class Triage:
    """Without a category or a severity each complaint keeps its own."""

    name: ClassVar[str] = BulkKind.TRIAGE
    verb: ClassVar[str] = "complaint.triage"
    minds_changes: ClassVar[bool] = True

    branch: Branch
    handler: Person | None = None
    category: Category | None = None
    severity: str = ""

    def check_input(self) -> None:
        hand_overs.check_handler(self.handler, self.branch)

    def look_up(self, rows: Sequence[Complaint], by: Person) -> None:
        """A triage asks for nothing."""

    def check(self, row: Complaint, *, by: Person, now: datetime, version: int | None) -> None:
        triage.check_triage(row, by=by, version=version)
        if self.category is None and row.category is None:
            raise Refused(_("It has no category yet. Choose one."))

    def do(self, rows: Sequence[Complaint], by: Person, now: datetime) -> list[HandOver]:
        was = {row.pk: hand_overs.Owner(row.branch, None) for row in rows}
        groups: dict[tuple[Category | None, str], list[Complaint]] = defaultdict(list)
        for row in rows:
            groups[self.category or row.category, self.severity or row.severity].append(row)
        for (category, severity), group in groups.items():
            move_all(
                group,
                to=Status.ASSIGNED,
                branch=self.branch,
                handler=self.handler,
                category=category,
                severity=severity,
                **triage.judged_by(by, now),
                **changed(by, now),
            )
        return triage.judged(rows, was, by=by, now=now)


@dataclass
class AddNote:
    name: ClassVar[str] = BulkKind.NOTE
    verb: ClassVar[str] = "complaint.note"
    minds_changes: ClassVar[bool] = False

    text: str
    parts: set[int] = field(default_factory=set)

    def check_input(self) -> None:
        notes.check_text(self.text)

    def look_up(self, rows: Sequence[Complaint], by: Person) -> None:
        self.parts = notes.parts_of(by, rows)

    def check(self, row: Complaint, *, by: Person, now: datetime, version: int | None) -> None:
        notes.check_note(row, by=by, parts=self.parts)

    def do(self, rows: Sequence[Complaint], by: Person, now: datetime) -> list[HandOver]:
        notes.write_all(rows, text=self.text, by=by, now=now)
        return []


@dataclass
class Urge:
    name: ClassVar[str] = BulkKind.URGE
    verb: ClassVar[str] = "complaint.urge"
    minds_changes: ClassVar[bool] = True

    parts: set[int] = field(default_factory=set)
    owners: urging.Owners = field(default_factory=dict)

    def check_input(self) -> None:
        """An urge has no words."""

    def look_up(self, rows: Sequence[Complaint], by: Person) -> None:
        self.parts, self.owners = notes.parts_of(by, rows), urging.owners_of(rows)

    def check(self, row: Complaint, *, by: Person, now: datetime, version: int | None) -> None:
        urging.check_urge(row, self.owners, by=by, version=version, parts=self.parts)
        if row.urged_at is not None and row.urged_at > now - urging.INTERVAL:
            raise urging.too_soon()

    def do(self, rows: Sequence[Complaint], by: Person, now: datetime) -> list[HandOver]:
        mine = Complaint.objects.filter(pk__in=[row.pk for row in rows])
        mine.update(urged_at=now, urge_count=F("urge_count") + 1)
        for row in rows:
            row.urged_at, row.urge_count = now, row.urge_count + 1
        urging.urged(rows, self.owners, by=by, now=now)
        return []
