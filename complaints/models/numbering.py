"""How documents are numbered (Q6, Q7, W-01, R-03)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    WORK_ORDER = "work_order", _("Rectification work order")
    NOTICE = "notice", _("Notice")
    MICRO_REPORT = "micro_report", _("Weekly micro-report")


class Numbering(models.Model):
    """The template of a kind's numbers, as 问字【{yyyy}】{n:03d}号; a year's series has no gaps."""

    kind = models.CharField(_("document"), max_length=20, choices=DocumentKind, unique=True)
    template = models.CharField(_("template"), max_length=60)

    class Meta:
        ordering = ("kind",)

    def __str__(self) -> str:
        return f"{self.kind} {self.template}"


class Numbered(models.Model):
    """A document that gets a number in its life: all four fields at once, or none.

    `KIND` names its series, `PAGE` the address of its page. It has a `title`.
    """

    KIND: ClassVar[str]
    PAGE: ClassVar[str]

    number = models.CharField(_("number"), max_length=60, unique=True, null=True)  # noqa: DJ001
    year = models.PositiveSmallIntegerField(null=True)
    sequence = models.PositiveIntegerField(null=True)
    numbered_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


NUMBER = ("number", "year", "sequence", "numbered_at")
NUMBER_IS_WHOLE = Q(**{f"{name}__isnull": True for name in NUMBER}) | Q(
    **{f"{name}__isnull": False for name in NUMBER}
)
