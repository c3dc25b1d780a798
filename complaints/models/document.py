"""Templates of documents, as the company has uploaded them; without one, ours is used."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organisation.models import Person, StoredFile


class PaperKind(models.TextChoices):
    """What can be had on paper (C-04, C-15)."""

    WORK_ORDER = "work_order", _("Rectification work order")
    NOTICE = "notice", _("Notice")
    COMPLAINT = "complaint", _("Corrective and preventive sheet")


class DocumentTemplate(models.Model):
    """A DOCX file with fields. The one that was not replaced yet is the one that is filled."""

    kind = models.CharField(_("document"), max_length=20, choices=PaperKind)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("kind",),
                condition=Q(replaced_at__isnull=True),
                name="document_template_one_active",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True, replaced_by__isnull=True)
                | Q(replaced_at__isnull=False, replaced_by__isnull=False),
                name="document_template_replaced_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.file_id}"
