"""Views: conditions of the list that somebody keeps under a name."""

from collections.abc import Iterable
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Branch, Person, Posting, Role
from organisation.scope import Scope

LONGEST_QUERY = 2000


def kept_or_shared(person: Person, postings: Iterable[Posting]) -> Q:
    """One's own, or shared with a role that one holds at or below the row's branch."""
    readable = Q(owner=person)
    for posting in postings:
        readable |= Q(role=posting.role, branch__in=posting.branch.ancestor_ids)
    return readable


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def read_by(self, person: Person, postings: Iterable[Posting]) -> "SavedViewQuerySet":
        """Their own first, then those shared with a role that they hold at or below the branch."""
        is_other = models.Case(models.When(owner=person, then=0), default=1)
        rows = self.filter(kept_or_shared(person, postings))
        return rows.order_by(is_other, "position", "pk").distinct()

    def own_or_shared(self, person: Person) -> "SavedViewQuerySet":
        """What somebody keeps for themselves is nobody else's, whatever their rights."""
        return self.filter(Q(owner=person) | ~Q(role=""))


class SavedView(models.Model):
    """The conditions of a list, as its address has them. What is found is each reader's own."""

    SCOPE: ClassVar = Scope(verb="view.share", branches=("branch",), people=("owner",))

    owner = models.ForeignKey(Person, models.CASCADE, related_name="saved_views")
    name = models.CharField(pgettext_lazy("of a view", "name"), max_length=40)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    role = models.CharField(_("shared with"), max_length=24, choices=Role, blank=True)
    # Where it is shared: with the holders of the role there and at all branches below.
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+")

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="saved_view_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
            models.CheckConstraint(
                condition=Q(role="", branch__isnull=True) | (~Q(role="") & Q(branch__isnull=False)),
                name="saved_view_shared_somewhere",
            ),
        )
        indexes = (
            models.Index(
                fields=("branch", "role"), condition=~Q(role=""), name="saved_view_by_role"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        return bool(self.role)
