"""The rows that the events of a time line point to: the words that an event itself never holds."""

from datetime import datetime
from functools import cached_property

from complaints.models import (
    Attachment,
    CallbackAttempt,
    Challenge,
    Complaint,
    CustomerMessage,
    Event,
    HandOver,
    Note,
    Notice,
    Pause,
    Recovery,
    Reply,
    Waiver,
    WorkOrder,
)
from organisation.models import Branch, Channel, Message, Person


class Sources:
    """The rows that the events of a complaint point to; each kind is read once, when needed."""

    def __init__(self, complaint: Complaint, events: list[Event]) -> None:
        self.complaint = complaint
        self.events = events

    def _ids(self, name: str) -> set[int]:
        return {pk for event in self.events if isinstance(pk := event.data.get(name), int)}

    @cached_property
    def replies(self) -> dict[int, Reply]:
        return Reply.objects.in_bulk(self._ids("reply"))

    @cached_property
    def notes(self) -> dict[int, Note]:
        return Note.objects.in_bulk(self._ids("note"))

    @cached_property
    def customer_messages(self) -> dict[int, CustomerMessage]:
        return CustomerMessage.objects.in_bulk(self._ids("customer_message"))

    @cached_property
    def attempts(self) -> dict[int, CallbackAttempt]:
        return CallbackAttempt.objects.in_bulk(self._ids("attempt"))

    @cached_property
    def attachments(self) -> dict[int, Attachment]:
        return Attachment.objects.select_related("file").in_bulk(self._ids("attachment"))

    @cached_property
    def orders(self) -> dict[int, WorkOrder]:
        return WorkOrder.objects.in_bulk(self._ids("order"))

    @cached_property
    def notices(self) -> dict[int, Notice]:
        return Notice.objects.in_bulk(self._ids("notice"))

    @cached_property
    def pauses(self) -> dict[int, Pause]:
        return Pause.objects.in_bulk(self._ids("pause"))

    @cached_property
    def waivers(self) -> dict[int, Waiver]:
        return Waiver.objects.in_bulk(self._ids("waiver"))

    @cached_property
    def recoveries(self) -> dict[int, Recovery]:
        return Recovery.objects.select_related("offer").in_bulk(self._ids("recovery"))

    @cached_property
    def challenges(self) -> dict[int, Challenge]:
        return Challenge.objects.select_related("timer").in_bulk(self._ids("challenge"))

    @cached_property
    def complaints(self) -> dict[int, Complaint]:
        return Complaint.objects.in_bulk(self._ids("into") | self._ids("duplicate"))

    @cached_property
    def branches(self) -> dict[int, Branch]:
        return Branch.objects.in_bulk(self._ids("branch") | self._ids("from_branch"))

    @cached_property
    def people(self) -> dict[int, Person]:
        return Person.objects.in_bulk(self._ids("handler"))

    @cached_property
    def reasons(self) -> dict[datetime, str]:
        """Why it was handed over, by the moment of the hand-over."""
        rows = HandOver.objects.filter(complaint=self.complaint).exclude(reason="")
        return dict(rows.values_list("at", "reason"))

    @cached_property
    def told(self) -> dict[str, list[str]]:
        """Who was told of a ladder step, by the key of its messages."""
        keys = [step_key(event) for event in self.events if event.step_id]
        rows = Message.objects.filter(key__in=keys, channel=Channel.INBOX)
        found: dict[str, list[str]] = {}
        for key, name in rows.order_by("recipient__name").values_list("key", "recipient__name"):
            found.setdefault(key, []).append(name)
        return found


def step_key(event: Event) -> str:
    """The key under which the step's messages were put into the outbox."""
    return f"timer:{event.timer_id}:{event.step_id or ''}"
