"""What an audit asks: checklists by post standard, in editions (P-04)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from csm.kit.transitions import Moving
from organisation.models import Branch, Person
from organisation.models.branch import in_language
from organisation.scope import Scope


class Checklist(models.Model):
    """The standard of a contact post as questions; those of the headquarters hold for everybody."""

    SCOPE: ClassVar = Scope(verb="audit.see", branches=("branch",))

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    post = models.CharField(_("post"), max_length=60)
    branch = models.ForeignKey(
        Branch, models.PROTECT, related_name="checklists", verbose_name=_("kept by")
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("branch", "name"), name="checklist_name_once"),
        )

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


class ChecklistEdition(Moving):
    """One version of a checklist. Once published neither it nor its items change (trigger)."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of a checklist", "Draft")
        PUBLISHED = "published", pgettext_lazy("of a checklist", "Published")

    MOVES: ClassVar = {Status.DRAFT: (Status.PUBLISHED,)}

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("checklist", "number"), name="checklist_edition_once"),
            models.UniqueConstraint(
                fields=("checklist",),
                condition=Q(status="draft"),
                name="checklist_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", published_at__isnull=True)
                | Q(status="published", published_at__isnull=False),
                name="checklist_published_has_moment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.checklist_id}/{self.number}"

    @property
    def is_open(self) -> bool:
        """True while it may be changed."""
        return self.status == self.Status.DRAFT


class ChecklistItem(models.Model):
    """One thing that is so, or is not."""

    edition = models.ForeignKey(ChecklistEdition, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("item"), max_length=300)
    text_en = models.CharField(_("item in English"), max_length=300, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("edition", "position"), name="checklist_item_place"),
            models.CheckConstraint(condition=~Q(text=""), name="checklist_item_says_something"),
        )

    def __str__(self) -> str:
        return in_language(self.text, self.text_en)
