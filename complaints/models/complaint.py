"""A complaint: its columns, its states, and which act is open in which."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from complaints.models.category import Category
from complaints.models.severity import Severity
from csm.kit.transitions import Moving
from customers.models import Customer
from organisation.models import Branch, Person
from organisation.scope import Scope

if TYPE_CHECKING:
    from complaints.models.event import Event
    from complaints.models.taking_part import Participant
    from complaints.models.timer import Timer


class Channel(models.TextChoices):
    """How it reached us (C-01)."""

    HOTLINE = "hotline", _("Hotline")
    COUNTER = "counter", _("Counter")
    WEB = "web", _("Web form")
    CALLBACK = "callback", _("Callback")
    SOCIAL = "social", _("Social media")
    EMAIL = "email", _("E-mail")
    FAX = "fax", _("Fax")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    FIELD = "field", _("On site")
    BILL = "bill", _("Bill")
    PHONE = "phone", _("Phone")
    APP = "app", _("App")
    API = "api", _("Interface")


class Status(models.TextChoices):
    """`sla.md` §1. Waiting for the customer is no state: it pauses timers."""

    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("Assigned")
    HANDLING = "handling", _("Handling")
    ANSWERED = "answered", _("Answered")
    CALLED_BACK = "called_back", _("Called back")
    CLOSED = "closed", _("Closed")
    INVALID_PROPOSED = "invalid_proposed", _("Invalid, to confirm")
    INVALID = "invalid", _("Invalid")
    MERGED = "merged", _("Merged")


ANSWERED_STATUSES = (Status.ANSWERED, Status.CALLED_BACK, Status.CLOSED)
ENDED_STATUSES = (Status.CLOSED, Status.INVALID, Status.MERGED)


SHOWN_IN_ROW = (
    *("number", "version", "subject", "status", "severity", "branch", "intake_branch"),
    *("received_at", "triaged_at", "next_due_at", "changed_at", "changed_by"),
    *("category__name", "category__name_en", "customer__name", "customer__tier"),
    *("customer__grade", "handler__name"),
)


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def open(self) -> "ComplaintQuerySet":
        return self.exclude(status__in=ENDED_STATUSES)

    def for_row(self) -> "ComplaintQuerySet":
        """With what a row of a list shows of the complaint itself, but for its branches, and no
        more than that: fifty whole rows of four tables would cost more than all the rest.
        """
        return self.select_related("category", "customer", "handler").only(*SHOWN_IN_ROW)

    def for_page(self) -> "ComplaintQuerySet":
        """With everything that its page shows of the complaint itself."""
        return self.select_related(
            *("category", "customer__home_branch", "handler"),
            *("branch__parent", "intake_branch", "logged_by", "triaged_by"),
        )


class Complaint(Moving):
    """What a customer reported, and how far we are with it."""

    SCOPE: ClassVar = Scope(
        verb="complaint.see",
        branches=("branch", "intake_branch"),
        people=("participants__person",),
    )
    MOVES: ClassVar = {
        Status.RECEIVED: (Status.ASSIGNED, Status.INVALID_PROPOSED, Status.MERGED),
        Status.ASSIGNED: (
            Status.ASSIGNED,
            Status.HANDLING,
            Status.ANSWERED,
            Status.INVALID_PROPOSED,
            Status.MERGED,
            # Only when the triage itself is taken back.
            Status.RECEIVED,
        ),
        Status.HANDLING: (
            Status.ASSIGNED,
            Status.ANSWERED,
            Status.INVALID_PROPOSED,
            Status.MERGED,
        ),
        Status.ANSWERED: (Status.CALLED_BACK, Status.HANDLING),
        Status.CALLED_BACK: (Status.CLOSED, Status.HANDLING),
        Status.CLOSED: (Status.HANDLING,),
        Status.INVALID_PROPOSED: (
            Status.INVALID,
            Status.RECEIVED,
            Status.ASSIGNED,
            Status.HANDLING,
        ),
        Status.INVALID: (Status.RECEIVED, Status.ASSIGNED, Status.HANDLING),
    }

    # What a reader has read beforehand; a complaint that was just taken in brings them along.
    shown_timers: "list[Timer]"
    shown_events: "list[Event]"
    shown_participants: "list[Participant]"

    number = models.CharField(_("number"), max_length=24, unique=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.RECEIVED)
    cycle = models.PositiveSmallIntegerField(default=1)

    subject = models.CharField(_("subject"), max_length=200)
    description = models.TextField(_("description"), max_length=20_000, blank=True)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    severity = models.CharField(
        _("severity"), max_length=10, choices=Severity, default=Severity.NORMAL
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("category"),
    )
    waybill = models.CharField(_("waybill"), max_length=60, blank=True)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("customer"),
    )
    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact_digits = models.CharField(max_length=30, blank=True, editable=False)
    contact_email = models.EmailField(_("e-mail"), blank=True)

    branch = models.ForeignKey(
        Branch,
        models.PROTECT,
        related_name="complaints",
        verbose_name=_("responsible branch"),
        # Two indexes begin with it.
        db_index=False,
    )
    intake_branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="taken_in", verbose_name=_("taken in by")
    )
    issuing_branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, related_name="+", verbose_name=_("issuing unit")
    )
    handler = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handles",
        verbose_name=_("handler"),
    )
    logged_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("logged by")
    )
    triaged_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("triaged by")
    )

    received_at = models.DateTimeField(_("received"))
    logged_at = models.DateTimeField(_("logged"))
    triaged_at = models.DateTimeField(null=True)
    apologised_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    called_back_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(
        null=True, help_text="The earliest deadline still open; kept by the timer actions."
    )
    # When and by whom the last event came about: what is news to everybody else.
    changed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", db_index=False
    )
    # Since when we wait for the customer, and who asked for a waiver: what the open acts depend on.
    paused_at = models.DateTimeField(null=True)
    waiver_asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    urged_at = models.DateTimeField(null=True)
    urge_count = models.PositiveIntegerField(default=0, db_default=0)
    # How many challenges wait for an answer; kept by their actions, under the version.
    open_challenges = models.PositiveSmallIntegerField(default=0, db_default=0)

    status_before = models.CharField(max_length=20, choices=Status, blank=True)
    invalid_reason = models.TextField(max_length=2000, blank=True)
    invalid_proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_from")
    repeat_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="repeats",
        verbose_name=_("repeat of"),
    )

    submission = models.UUIDField(null=True, unique=True, editable=False)
    source = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    is_history = models.BooleanField(default=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source", "reference"),
                condition=~Q(reference=""),
                name="complaint_reference_once",
            ),
            models.CheckConstraint(
                condition=Q(logged_at__gte=models.F("received_at")),
                name="complaint_logged_after_received",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_at__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_at__isnull=True)),
                name="complaint_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=ANSWERED_STATUSES) | Q(answered_at__isnull=False),
                name="complaint_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.MERGED) | Q(merged_into__isnull=False),
                name="complaint_merged_has_survivor",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(Status.INVALID, Status.INVALID_PROPOSED))
                | ~Q(invalid_reason=""),
                name="complaint_invalid_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(status=Status.MERGED) & ~Q(merged_into=models.F("id"))),
                name="complaint_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | ~Q(status__in=ENDED_STATUSES),
                name="complaint_ended_is_not_paused",
            ),
            models.CheckConstraint(
                condition=Q(urge_count=0, urged_at__isnull=True)
                | Q(urge_count__gt=0, urged_at__isnull=False),
                name="complaint_urged_has_time",
            ),
        )
        indexes = (
            models.Index(fields=("branch", "-received_at", "-id"), name="complaint_by_branch"),
            models.Index(fields=("branch", "category"), name="complaint_by_branch_category"),
            models.Index(fields=("-received_at", "-id"), name="complaint_by_received"),
            models.Index(
                fields=("intake_branch", "-received_at", "-id"), name="complaint_by_intake"
            ),
            models.Index(
                fields=("next_due_at",),
                condition=Q(next_due_at__isnull=False),
                name="complaint_by_due",
            ),
            # Who asks what is new asks for the last minutes; what was never changed is not in it.
            models.Index(
                fields=("changed_at",),
                condition=Q(changed_at__isnull=False),
                name="complaint_by_changed",
            ),
            models.Index(
                fields=("handler", "next_due_at"),
                condition=~Q(status__in=("closed", "invalid", "merged")),
                name="complaint_of_handler",
            ),
            # The few that are not ended among the many that are.
            models.Index(
                fields=("status", "received_at"),
                condition=~Q(status__in=("closed", "invalid", "merged")),
                name="complaint_not_ended",
            ),
            models.Index(
                fields=("-received_at",),
                condition=Q(open_challenges__gt=0),
                name="complaint_challenged",
            ),
            models.Index(fields=("customer", "-received_at"), name="complaint_by_customer"),
            # Who was closed a short time ago is asked (S-19).
            models.Index(
                fields=("closed_at",),
                condition=Q(closed_at__isnull=False),
                name="complaint_by_closed",
            ),
            models.Index(
                fields=("contact_digits", "-received_at"),
                condition=~Q(contact_digits=""),
                name="complaint_by_phone",
            ),
            models.Index(
                Right("contact_digits", 4),
                condition=~Q(contact_digits=""),
                name="complaint_by_last_four",
            ),
            models.Index(
                fields=("waybill", "-received_at"),
                condition=~Q(waybill=""),
                name="complaint_by_waybill",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def present_branch(self) -> Branch:
        """Until somebody is responsible, the branch that took it in stands for it."""
        return self.branch if self.triaged_at else self.intake_branch

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED_STATUSES

    @property
    def was_logged_late(self) -> bool:
        """More than a quarter of an hour between the call and its entry."""
        return (self.logged_at - self.received_at).total_seconds() > 15 * 60

    @property
    def open_actions(self) -> list[str]:
        """The acts that the present state allows, whoever asks."""
        return [action for action, statuses in OPEN_IN.items() if self._allows(action, statuses)]

    def _allows(self, action: str, statuses: tuple[str, ...]) -> bool:
        if action == "apologise" and self.apologised_at is not None:
            return False
        if action == "work-order" and self.triaged_at is None:
            return False
        if action in ("pause", "resume") and (self.paused_at is None) != (action == "pause"):
            return False
        if action in WAIVER_ACTS and (self.waiver_asked_by_id is None) != (action == ASK_WAIVER):
            return False
        return self.status in statuses


_WORKED_ON = (Status.ASSIGNED, Status.HANDLING)
_LIVE = (*_WORKED_ON, Status.ANSWERED, Status.CALLED_BACK)
ASK_WAIVER = "ask-waiver"
WAIVER_ACTS = (ASK_WAIVER, "grant-waiver", "decline-waiver")

# Which act is open in which state; the pages offer only these, and the API names them in a 409.
OPEN_IN: dict[str, tuple[str, ...]] = {
    "triage": (Status.RECEIVED,),
    "accept": (Status.ASSIGNED,),
    "apologise": (Status.RECEIVED, *_LIVE),
    "answer": _WORKED_ON,
    "work-order": (*_LIVE, Status.CLOSED),
    "callback": (Status.ANSWERED,),
    "close": (Status.CALLED_BACK,),
    "assign": _WORKED_ON,
    "transfer": _WORKED_ON,
    "propose-invalid": (Status.RECEIVED, *_WORKED_ON),
    "confirm-invalid": (Status.INVALID_PROPOSED,),
    "reject-invalid": (Status.INVALID_PROPOSED,),
    "reopen": (Status.ANSWERED, Status.CALLED_BACK, Status.CLOSED),
    "decline": (Status.ASSIGNED,),
    "pause": _WORKED_ON,
    "resume": _WORKED_ON,
    "urge": (Status.RECEIVED, *_LIVE),
    "merge": (Status.RECEIVED, *_WORKED_ON),
    "correct-receipt": (Status.RECEIVED, *_LIVE),
    ASK_WAIVER: (Status.RECEIVED, *_LIVE, Status.CLOSED),
    "grant-waiver": (Status.RECEIVED, *_LIVE, Status.CLOSED),
    "decline-waiver": (Status.RECEIVED, *_LIVE, Status.CLOSED),
    "restore": (Status.INVALID,),
    "note": tuple(status for status in Status if status != Status.MERGED),
    "attach": tuple(status for status in Status if status not in ENDED_STATUSES),
}
