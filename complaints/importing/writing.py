"""A batch of drafts into the database: all of it or nothing, and never a row twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from complaints.actions import facts
from complaints.actions.numbers import new_numbers
from complaints.actions.policies import Rulebook
from complaints.importing.drafts import Draft, Times
from complaints.importing.places import Places
from complaints.models import Complaint, ImportedComplaint, Milestone, Status, Timer, TimerState
from csm.kit import copying
from csm.kit.reading.rows import Rejection
from customers.actions import bulk
from customers.actions.customers import Caller
from customers.models import Customer, TimelineEntry
from customers.phones import digits_of
from organisation.models import Person

# One import writes at a time: the second sees what the first has written.
IMPORT_LOCK = 4714
PLAIN_FIELDS = ("subject", "description", "channel", "severity", "waybill")
EVENTS = """
INSERT INTO complaints_event (complaint_id, kind, at, by_id, cycle, data)
SELECT id, 'imported', %(now)s, %(by)s, 1, jsonb_build_object('source', source)
FROM complaints_complaint WHERE id = ANY(%(complaints)s) ORDER BY id
"""


@dataclass(frozen=True)
class Written:
    """What became of a batch."""

    imported: int
    unchanged: int
    rejections: list[Rejection]


@dataclass
class Writer:
    """Writes batches of one source. `is_dry` looks everything up and writes nothing.

    `run_id` is the import of the browser that its complaints came with, if it is one.
    """

    source: str
    places: Places
    by: Person | None
    now: datetime
    is_dry: bool
    run_id: int | None = None

    def __post_init__(self) -> None:
        self._rules = Rulebook()

    def write(self, drafts: Sequence[Draft]) -> Written:
        """Add the rows whose reference is not there yet."""
        with transaction.atomic():
            if not self.is_dry:
                _lock()
            fresh = self._unknown(drafts)
            faults = self.places.find(fresh)
            good = [draft for draft in fresh if draft.row not in faults]
            if good and not self.is_dry:
                self._add(good)
        rejections = [
            Rejection(draft.row, draft.reference, faults[draft.row])
            for draft in fresh
            if draft.row in faults
        ]
        return Written(len(good), len(drafts) - len(fresh), rejections)

    def _unknown(self, drafts: Sequence[Draft]) -> list[Draft]:
        references = [draft.reference for draft in drafts]
        known = set(
            Complaint.objects.filter(source=self.source, reference__in=references).values_list(
                "reference", flat=True
            )
        )
        return [draft for draft in drafts if draft.reference not in known]

    def _add(self, drafts: list[Draft]) -> None:
        customers = self._customers(drafts)
        numbers = new_numbers([draft.received_at for draft in drafts])
        complaints = [
            self._complaint(draft, number, customer)
            for draft, number, customer in zip(drafts, numbers, customers, strict=True)
        ]
        copying.give_keys(complaints)
        timers = []
        for draft, complaint in zip(drafts, complaints, strict=True):
            own = [self._timer(complaint, times) for times in draft.times]
            complaint.next_due_at = min(
                (timer.due_at for timer in own if timer.state == TimerState.RUNNING), default=None
            )
            timers += own
        copying.give_keys(timers)
        copying.copy(complaints)
        copying.copy(timers)
        if self.run_id is not None:
            links = [ImportedComplaint(complaint=each, run_id=self.run_id) for each in complaints]
            copying.copy(links)
        self._write_down(complaints)
        facts.refresh_many({each.pk for each in customers if each is not None}, now=self.now)

    def _customers(self, drafts: list[Draft]) -> list[Customer | None]:
        return bulk.find_or_create_all(
            [
                bulk.Wanted(
                    _caller(draft), self.places.branch(draft), draft.fields["customer_kind"]
                )
                for draft in drafts
            ],
            by=None,  # who may import complaints brings their customers, too
            now=self.now,
        )

    def _complaint(self, draft: Draft, number: str, customer: Customer | None) -> Complaint:
        branch = self.places.branch(draft)
        caller = _caller(draft)
        return Complaint(
            number=number,
            source=self.source,
            reference=draft.reference,
            is_history=True,
            branch=branch,
            intake_branch=branch,
            category=self.places.category(draft),
            customer=customer,
            contact_name=caller.name,
            contact_phone=caller.phone,
            contact_digits=digits_of(caller.phone),
            contact_email=caller.email,
            received_at=draft.received_at,
            logged_at=draft.received_at,
            triaged_at=draft.received_at,
            apologised_at=draft.met(Milestone.APOLOGY),
            called_back_at=draft.met(Milestone.CALLBACK),
            **{name: draft.fields[name] for name in PLAIN_FIELDS},
            **self._end(draft),
        )

    def _end(self, draft: Draft) -> dict[str, object]:
        """Closed or handling. One that the source calls closed without saying when is so by now."""
        answered_at = draft.met(Milestone.RESULT)
        if not draft.is_closed:
            return {"status": Status.HANDLING, "answered_at": answered_at}
        closed_at = draft.closed_at or self.now
        return {
            "status": Status.CLOSED,
            "closed_at": closed_at,
            "answered_at": answered_at or closed_at,
        }

    def _timer(self, complaint: Complaint, times: Times) -> Timer:
        """A promise of the past: its times are its verdict; without a ladder it wakes nobody."""
        due_at, revision = times.due_at, None
        if due_at is None:
            plan = self._rules.rule_for(complaint).plan(times.kind, complaint.received_at)
            due_at, revision = plan.due_at, plan.revision_id
        return Timer(
            complaint=complaint,
            kind=times.kind,
            state=TimerState.MET if times.met_at else TimerState.RUNNING,
            revision_id=revision,
            started_at=complaint.received_at,
            due_at=due_at,
            met_at=times.met_at,
            met_evidence="import" if times.met_at else "",
            owner_branch=complaint.branch,
            verdict_branch=complaint.branch,
        )

    def _write_down(self, complaints: list[Complaint]) -> None:
        """The event of each, and the customers' timelines."""
        ids = [complaint.pk for complaint in complaints]
        with connection.cursor() as cursor:
            by = self.by.pk if self.by else None
            cursor.execute(EVENTS, {"complaints": ids, "now": self.now, "by": by})
        TimelineEntry.objects.bulk_create(
            TimelineEntry(
                customer=complaint.customer,
                at=complaint.received_at,
                kind="complaint",
                title=complaint.subject,
                branch=complaint.intake_branch,
                url_name="complaint",
                reference=complaint.number,
            )
            for complaint in complaints
            if complaint.customer is not None
        )


def _caller(draft: Draft) -> Caller:
    fields = draft.fields
    return Caller(fields["customer_name"], fields["customer_phone"], fields["customer_email"])


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
