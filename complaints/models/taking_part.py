"""Who takes part in a complaint, its hand-overs, and its files."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.complaint import Complaint
from organisation.models import Branch, Person, StoredFile


class Participant(models.Model):
    """Somebody who takes part without owning the complaint: first contact (首问), mentioned, …"""

    class Reason(models.TextChoices):
        FIRST_CONTACT = "first_contact", _("First contact")
        MENTIONED = "mentioned", _("Mentioned")
        CUSTOMER_REPRESENTATIVE = "customer_representative", _("Customer representative")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, models.CASCADE, related_name="takes_part")
    reason = models.CharField(max_length=24, choices=Reason)
    since_at = models.DateTimeField()

    class Meta:
        ordering = ("since_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("complaint", "person", "reason"), name="participant_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.reason}"


class HandOver(models.Model):
    """From whom to whom, when, by whom, why; open until the receiver accepts (`sla.md` rule 3)."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="hand_overs")
    from_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    to_branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    from_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=2000, blank=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # Says who was responsible all along: the verdicts went along, also those given already.
    is_correction = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="hand_over_accepted_or_declined",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=models.F("at")),
                name="hand_over_accepted_later",
            ),
        )

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.to_branch_id}"


class Attachment(models.Model):
    """A file that belongs to a complaint."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="attachments")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.file_id}"
