"""The tree of headquarters, regions and branches (O-01)."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from organisation.scope import Scope


class Level(models.TextChoices):
    HEADQUARTERS = "headquarters", _("Headquarters")
    REGION = "region", _("Region")
    BRANCH = "branch", pgettext_lazy("level", "Branch")


class BranchQuerySet(models.QuerySet["Branch"]):
    def active(self) -> "BranchQuerySet":
        return self.filter(is_active=True)

    def under(self, branch: "Branch") -> "BranchQuerySet":
        """The branch itself and all below it."""
        return self.filter(path__startswith=branch.path)

    def top(self) -> "Branch":
        """The headquarters. Every new complaint asks for it: no query to be built."""
        return self.raw("SELECT * FROM organisation_branch WHERE parent_id IS NULL")[0]


class Named(models.Model):
    """A name in Chinese and, where the company gives one, in English."""

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return in_language(self.name, self.name_en)


def in_language(name: str, name_en: str) -> str:
    """The English name on an English page, where there is one."""
    english = (get_language() or "").startswith("en")
    return name_en if english and name_en else name


class Branch(Named):
    """One place of the company. `parent` is the truth, `path` ("/1/4/9/") is derived from it."""

    SCOPE: ClassVar = Scope(verb="branch.see", branches=("",))

    code = models.CharField(_("code"), max_length=80, unique=True)
    level = models.CharField(_("level"), max_length=12, choices=Level)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    path = models.CharField(max_length=200, unique=True, editable=False)
    own_spelling = models.CharField(_("pinyin"), max_length=200, blank=True)
    spelling = models.CharField(max_length=200, blank=True, editable=False)
    spellings = models.TextField(
        blank=True, editable=False, help_text="Every way to type the name; kept by the actions."
    )
    is_active = models.BooleanField(_("active"), default=True)

    objects = BranchQuerySet.as_manager()

    class Meta:
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(
                fields=("level",),
                condition=Q(level=Level.HEADQUARTERS),
                name="branch_one_headquarters",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.HEADQUARTERS, parent__isnull=True)
                | (~Q(level=Level.HEADQUARTERS) & Q(parent__isnull=False)),
                name="branch_only_headquarters_is_root",
            ),
        )

    @property
    def depth(self) -> int:
        """0 for the headquarters."""
        return self.path.count("/") - 2

    @property
    def ancestor_ids(self) -> list[int]:
        """From the root down to the branch itself."""
        return [int(part) for part in self.path.split("/") if part]


def in_tree(rows: Iterable[Branch]) -> list[Branch]:
    """From the top down; those that belong to the same one by their spelling."""
    found = list(rows)
    keys = {row.pk: (row.spelling, row.pk) for row in found}
    return sorted(found, key=lambda row: [keys.get(pk, ("", pk)) for pk in row.ancestor_ids])
