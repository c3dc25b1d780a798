"""What complaints are about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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

    class Meta:
        ordering = ("position", "pk")
