"""Canned replies (常用语): texts that somebody keeps, for what is often said to customers."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.category import Category
from organisation.models import Branch, Person, Posting
from organisation.scope import Scope


class PhraseQuerySet(models.QuerySet["Phrase"]):
    def read_by(self, person: Person, postings: Iterable[Posting]) -> "PhraseQuerySet":
        """Their own first, then those shared with a branch of theirs or one above it."""
        above = {pk for posting in postings for pk in posting.branch.ancestor_ids}
        is_other = models.Case(models.When(owner=person, then=0), default=1)
        found = self.filter(Q(owner=person) | Q(branch__in=above))
        return found.order_by(is_other, "name", "pk")

    def about(self, category: int | None) -> "PhraseQuerySet":
        """Those for the category or one that it belongs to, and those for every one."""
        above = RawSQL(ABOVE, [category])  # noqa: S611  a constant
        return self.filter(Q(category=None) | Q(category__in=above))


ABOVE = """
WITH RECURSIVE up AS (
    SELECT id, parent_id FROM complaints_category WHERE id = %s
    UNION SELECT c.id, c.parent_id FROM complaints_category c JOIN up ON c.id = up.parent_id
)
SELECT id FROM up
"""


class Phrase(models.Model):
    """A text with fields in braces, such as {customer}; see `complaints/phrases.py`."""

    SCOPE: ClassVar = Scope(verb="phrase.share", branches=("branch",), people=("owner",))

    owner = models.ForeignKey(Person, models.CASCADE, related_name="phrases")
    name = models.CharField(pgettext_lazy("of a canned reply", "name"), max_length=60)
    text = models.TextField(_("text"), max_length=2000)
    # Shared with everybody at this branch and below it; None: with nobody.
    branch = models.ForeignKey(
        Branch, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for")
    )
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )

    objects = PhraseQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="phrase_once"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(text=""), name="phrase_says_something"
            ),
        )

    def __str__(self) -> str:
        return self.name
