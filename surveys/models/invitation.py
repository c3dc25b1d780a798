"""One customer who is asked."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Complaint
from csm.kit.transitions import Moving
from customers.models import Customer, Stage
from organisation.models import Branch, PublicLink
from organisation.scope import Scope
from surveys.models.survey import Survey


class InvitationStatus(models.TextChoices):
    """How far it has come. What was drawn waits for its message, or for a phone call."""

    WAITING = "waiting", pgettext_lazy("of an invitation", "Waiting")
    SENT = "sent", pgettext_lazy("of an invitation", "Sent")
    OPENED = "opened", pgettext_lazy("of an invitation", "Opened")
    PARTIAL = "partial", pgettext_lazy("of an invitation", "Begun")
    COMPLETE = "complete", pgettext_lazy("of an invitation", "Answered")
    UNDELIVERABLE = "undeliverable", _("Undeliverable")
    OPTED_OUT = "opted_out", _("Does not wish to be asked")
    EXPIRED = "expired", pgettext_lazy("of an invitation", "Expired")


_S = InvitationStatus
# Still to be answered.
OPEN = (_S.WAITING, _S.SENT, _S.OPENED, _S.PARTIAL)
# What is not awaited any more has no message and no call to come.
SILENT = {"next_message_at": None, "call_at": None}
_END = (_S.UNDELIVERABLE, _S.OPTED_OUT, _S.EXPIRED)


class Invitation(Moving):
    """Asked once per survey; after a closed complaint once per cycle; again once per answer.

    `stratum`, `tier`, `grade` and `stage` are as they were at the draw.
    """

    SCOPE: ClassVar = Scope(verb="survey.see", branches=("branch",))
    MOVES: ClassVar = {
        _S.WAITING: (_S.SENT, _S.OPENED, _S.PARTIAL, _S.COMPLETE, *_END),
        _S.SENT: (_S.OPENED, _S.PARTIAL, _S.COMPLETE, *_END),
        _S.OPENED: (_S.PARTIAL, _S.COMPLETE, *_END),
        _S.PARTIAL: (_S.COMPLETE, *_END),
        _S.COMPLETE: (_S.OPTED_OUT,),
        # Who got the address some other way may still answer.
        _S.UNDELIVERABLE: (_S.OPENED, _S.PARTIAL, _S.COMPLETE, _S.OPTED_OUT, _S.EXPIRED),
    }

    # These three are found by the indexes below, which begin with them.
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="invitations", db_index=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="invitations", db_index=False
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="invitations", db_index=False)
    complaint = models.ForeignKey(Complaint, models.PROTECT, null=True, related_name="invitations")
    cycle = models.PositiveSmallIntegerField(null=True)
    # The dissatisfied answer after whose order the same is asked again.
    again = models.OneToOneField(
        "surveys.Answer", models.PROTECT, null=True, related_name="asked_again"
    )
    status = models.CharField(_("status"), max_length=14, choices=_S, default=_S.WAITING)
    stratum = models.CharField(max_length=40, blank=True)
    tier = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=2, blank=True)
    stage = models.CharField(max_length=11, choices=Stage, blank=True)
    address = models.EmailField(blank=True)
    link = models.OneToOneField(PublicLink, models.PROTECT, null=True, related_name="invitation")
    created_at = models.DateTimeField()
    # When its next message is due: the invitation itself, then the reminders. NULL: none.
    next_message_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    # When to call next, in a survey by phone. NULL: not any more.
    call_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("survey", "customer"),
                condition=Q(complaint__isnull=True, again__isnull=True),
                name="invitation_once",
            ),
            models.UniqueConstraint(
                fields=("survey", "complaint", "cycle"),
                condition=Q(complaint__isnull=False, again__isnull=True),
                name="invitation_once_per_cycle",
            ),
            models.CheckConstraint(
                condition=Q(complaint__isnull=True, cycle__isnull=True)
                | Q(complaint__isnull=False, cycle__isnull=False),
                name="invitation_complaint_with_cycle",
            ),
            models.CheckConstraint(
                condition=Q(next_message_at__isnull=True) | Q(status__in=OPEN),
                name="invitation_message_while_open",
            ),
            models.CheckConstraint(
                condition=Q(call_at__isnull=True) | Q(status__in=OPEN),
                name="invitation_call_while_open",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="invitation_expires_later",
            ),
        )
        indexes = (
            models.Index(fields=("survey", "status"), name="invitation_by_survey"),
            models.Index(fields=("branch", "survey"), name="invitation_by_branch"),
            models.Index(fields=("customer", "-created_at"), name="invitation_by_customer"),
            models.Index(
                fields=("next_message_at", "id"),
                condition=Q(next_message_at__isnull=False),
                name="invitation_message_due",
            ),
            models.Index(
                fields=("survey", "call_at", "id"),
                condition=Q(call_at__isnull=False),
                name="invitation_to_call",
            ),
            models.Index(
                fields=("expires_at",), condition=Q(status__in=OPEN), name="invitation_expiring"
            ),
        )

    def __str__(self) -> str:
        return f"{self.survey_id} {self.customer_id}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN
