"""Tables that somebody keeps under a name."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.models import Branch, Person, Role
from organisation.scope import Scope

LONGEST_QUERY = 2000


class KeptTable(models.Model):
    """What a table is made of, as its address has it. What is counted is each reader's own.

    Shared with the holders of `role` at `branch` and below it; with nobody when it is empty.
    """

    SCOPE: ClassVar = Scope(verb="view.share", branches=("branch",), people=("owner",))

    owner = models.ForeignKey(Person, models.CASCADE, related_name="kept_tables")
    name = models.CharField(pgettext_lazy("of a table", "name"), max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY)
    role = models.CharField(_("shared with"), max_length=24, choices=Role, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, null=True, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="kept_table_once"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(query=""), name="kept_table_is_something"
            ),
            models.CheckConstraint(
                condition=Q(role="", branch__isnull=True) | (~Q(role="") & Q(branch__isnull=False)),
                name="kept_table_shared_somewhere",
            ),
        )
        indexes = (
            models.Index(
                fields=("branch", "role"), condition=~Q(role=""), name="kept_table_by_role"
            ),
        )

    def __str__(self) -> str:
        return self.name
