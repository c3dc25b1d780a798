"""What complaints are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.severity import Severity
from organisation.models import Named


class Category(Named):
    """A node of the category tree (C-25)."""

    code = models.CharField(_("code"), max_length=120, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # Praise, questions: taken in and answered, but no promise is counted.
    is_exempt = models.BooleanField(_("without clocks"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # What the front desk begins with; an empty one is that of the category above.
    intake_hints = models.TextField(_("ask for"), max_length=1000, blank=True)
    intake_text = models.TextField(_("description to begin with"), max_length=2000, blank=True)
    intake_severity = models.CharField(
        _("severity to begin with"), max_length=10, choices=Severity, blank=True
    )

    class Meta:
        ordering = ("position", "pk")
