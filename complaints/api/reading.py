"""Reading complaints and orders with all that a serializer shows: no field asks the database.

Each to-many part is one query, whatever the number of rows.
"""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from complaints.accountability import lines_of_complaint, with_names
from complaints.actions.offers import open_to, order_open_to
from complaints.actions.order_rows import read_rows
from complaints.actions.order_sections import missing_sections
from complaints.models import (
    Attachment,
    CallbackAttempt,
    Complaint,
    Event,
    HandOver,
    Measure,
    MeasureFile,
    Note,
    OrderComplaint,
    OrderFile,
    Participant,
    Reply,
    Timer,
    Verdict,
    WorkOrder,
)
from complaints.serializers import ComplaintSerializer, WorkOrderSerializer
from csm.api.showing import shown
from organisation.access import visible
from organisation.models import Branch, Person

# What a complaint cannot have in its first moment.
LATER = (
    "shown_replies",
    "shown_callbacks",
    "shown_orders",
    "shown_notes",
    "shown_attachments",
    "shown_hand_overs",
    "shown_accountability",
)
# Acts whose address in the API is another word than their name.
ADDRESSES = {"work-order": "work-orders", "attach": "attachments"}


def with_timers(rows: QuerySet[Complaint], now: datetime) -> QuerySet[Complaint]:
    """With what a row of a list shows. The verdicts are told by the database."""
    timers = Timer.objects.milestones().with_verdict(now).select_related("owner_branch")
    shown: Prefetch[Any] = Prefetch(
        "timers", timers.order_by("cycle", "pk"), to_attr="shown_timers"
    )
    return rows.select_related(
        "branch", "intake_branch", "category", "customer", "handler"
    ).prefetch_related(shown)


def complaint_data(pk: int, person: Person, now: datetime) -> dict[str, Any]:
    """All of a complaint that the caller was let to: also when an act has just taken it away."""
    rows = with_timers(Complaint.objects.filter(pk=pk), now)
    complaint = (
        rows.select_related("issuing_branch", "logged_by", "triaged_by", "repeat_of", "merged_into")
        .prefetch_related(*_parts(person))
        .get()
    )
    lines = with_names(lines_of_complaint(complaint, person))
    complaint.shown_accountability = list(lines)  # type: ignore[attr-defined]
    return _shown(complaint, person)


def new_complaint_data(complaint: Complaint, person: Person, now: datetime) -> dict[str, Any]:
    """The same of one that was taken in this moment, without a question: all of it is known."""
    for clock in complaint.shown_timers:
        is_late = clock.due_at < now
        clock.verdict = Verdict.BREACHED if is_late else Verdict.RUNNING  # type: ignore[attr-defined]
    for name in LATER:
        setattr(complaint, name, [])
    return _shown(complaint, person)


def _shown(complaint: Complaint, person: Person) -> dict[str, Any]:
    return shown(
        ComplaintSerializer,
        complaint,
        number=complaint.number,
        codes=_codes(complaint.shown_events),
        allowed=allowed(complaint, person),
    )


def allowed(complaint: Complaint, person: Person) -> list[str]:
    """The calls that are open on the complaint to this person, by their last word."""
    return [ADDRESSES.get(act, act) for act in open_to(complaint, person)]


def _parts(person: Person) -> "list[Prefetch[Any]]":
    orders = OrderComplaint.objects.filter(order__in=visible(WorkOrder, person))
    hand_overs = HandOver.objects.select_related(
        "from_branch", "to_branch", "from_person", "to_person", "by", "accepted_by"
    )
    parts: dict[str, tuple[str, QuerySet[Any]]] = {
        "events": ("events", Event.objects.select_related("by").order_by("at", "pk")),
        "replies": ("replies", Reply.objects.select_related("by")),
        "callback_attempts": ("callbacks", CallbackAttempt.objects.select_related("by")),
        "order_links": ("orders", orders.select_related("order")),
        "notes": ("notes", Note.objects.select_related("by")),
        "attachments": ("attachments", Attachment.objects.select_related("file")),
        "hand_overs": ("hand_overs", hand_overs),
        "participants": ("participants", Participant.objects.select_related("person")),
    }
    return [Prefetch(name, rows, to_attr=f"shown_{to}") for name, (to, rows) in parts.items()]


def _codes(events: list[Event]) -> dict[int, str]:
    """The codes of the branches that events name by id."""
    ids = {
        value
        for event in events
        for name, value in event.data.items()
        if name.endswith("branch") and isinstance(value, int)
    }
    return dict(Branch.objects.filter(pk__in=ids).values_list("pk", "code")) if ids else {}


def with_complaints(rows: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """With what a row of the list of orders shows."""
    links = OrderComplaint.objects.select_related("complaint")
    return rows.select_related(
        "branch", "issuing_branch", "owner", "customer", "item"
    ).prefetch_related(Prefetch("links", links, to_attr="shown_links"))


def with_proof(rows: QuerySet[Measure]) -> QuerySet[Measure]:
    """With what a measure shows of people and files."""
    files = MeasureFile.objects.select_related("file")
    return rows.select_related("owner", "done_by", "dropped_by").prefetch_related(
        Prefetch("files", files, to_attr="shown_files")
    )


def order_data(pk: int, person: Person) -> dict[str, Any]:
    """All of an order that the caller was let to."""
    files = OrderFile.objects.select_related("file")
    order = (
        with_complaints(WorkOrder.objects.filter(pk=pk))
        .select_related("created_by", "submitted_by", "confirmed_by", "effect_reported_by")
        .prefetch_related(
            Prefetch("files", files, to_attr="shown_files"),
            Prefetch("measures", with_proof(Measure.objects.all()), to_attr="shown_measures"),
        )
        .get()
    )
    rows = read_rows(order)
    for name, values in rows.items():
        setattr(order, f"shown_{name}", values)
    order.shown_accountability = list(  # type: ignore[attr-defined]
        with_names(order.accountabilities.all())
    )
    return shown(
        WorkOrderSerializer,
        order,
        missing=missing_sections(order, rows),
        allowed=order_open_to(order, person),
    )
