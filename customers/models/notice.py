"""Telling customers before they ask (C-24)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from customers.models.customer import Customer
from customers.models.segment import Segment
from organisation.models import Branch, Person
from organisation.scope import Scope


class Cause(models.TextChoices):
    DELIVERY = "delivery", pgettext_lazy("why customers are told", "Delivery")
    CHANGE = "change", pgettext_lazy("why customers are told", "Change of service")
    INCIDENT = "incident", pgettext_lazy("why customers are told", "Incident")


class NoticeStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a notice to customers", "Draft")
    SENDING = "sending", pgettext_lazy("of a notice to customers", "Being sent")
    SENT = "sent", pgettext_lazy("of a notice to customers", "Sent")
    STOPPED = "stopped", pgettext_lazy("of a notice to customers", "Stopped")


class CustomerNotice(Moving):
    """One text for the customers of a segment; `recipients` is fixed when it is sent."""

    SCOPE: ClassVar = Scope(verb="customer.see", branches=("branch",))
    MOVES: ClassVar = {
        NoticeStatus.DRAFT: (NoticeStatus.SENDING,),
        NoticeStatus.SENDING: (NoticeStatus.SENT, NoticeStatus.STOPPED),
        # Its letters are written, and some have not left.
        NoticeStatus.SENT: (NoticeStatus.STOPPED,),
    }

    cause = models.CharField(_("cause"), max_length=8, choices=Cause)
    segment = models.ForeignKey(
        Segment, models.PROTECT, related_name="+", verbose_name=_("segment")
    )
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("text"), max_length=2000)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    words_en = models.TextField(_("text in English"), max_length=2000, blank=True)
    status = models.CharField(
        _("status"), max_length=7, choices=NoticeStatus, default=NoticeStatus.DRAFT
    )
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(status="draft", sent_at__isnull=True, ended_at__isnull=True)
                | Q(status="sending", sent_at__isnull=False, ended_at__isnull=True)
                | Q(status__in=("sent", "stopped"), sent_at__isnull=False, ended_at__isnull=False),
                name="customer_notice_moments",
            ),
            models.CheckConstraint(
                condition=Q(title_en="", words_en="") | (~Q(title_en="") & ~Q(words_en="")),
                name="customer_notice_whole_english",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",), condition=Q(status="sending"), name="customer_notice_sending"
            ),
        )

    def __str__(self) -> str:
        return self.title


class NoticeRecipient(models.Model):
    """One customer who is told; the key of the letter is made of both ids."""

    notice = models.ForeignKey(CustomerNotice, models.CASCADE, related_name="recipients")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="notices")
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("notice", "customer"), name="notice_recipient_once"),
        )
        indexes = (
            models.Index(
                fields=("notice", "id"),
                condition=Q(written_at__isnull=True),
                name="notice_recipient_waiting",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.customer_id}"
