"""The lists of branches and people as files."""

from collections.abc import Iterator, Sequence

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from csm.kit import keyset
from csm.kit.tables import Cell, Column
from organisation import away, listing
from organisation.actions import absences
from organisation.actions.exports import BATCH, Asked
from organisation.models import Branch, Person, in_tree


class BranchExport:
    """One row per branch, in the order of the tree."""

    name = "branches"
    verb = "branch.edit"

    def title(self) -> str:
        return _("Branches")

    def columns(self) -> Sequence[Column]:
        return [
            Column(_("Code"), 14, is_text=True),
            Column(_("Name"), 24),
            Column(_("English name"), 24),
            Column(_("Level"), 12),
            Column(_("Belongs to"), 24),
            Column(_("Status"), 10),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return listing.branches(asked.person, asked.query).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        """At once: the order of the tree needs all of them."""
        yield [_branch(row) for row in in_tree(listing.branches(asked.person, asked.query))]


class PersonExport:
    """One row per person, by name."""

    name = "people"
    verb = absences.VERB

    def title(self) -> str:
        return _("People")

    def columns(self) -> Sequence[Column]:
        return [
            Column(pgettext("of a person", "Name"), 16),
            Column(_("User name"), 16, is_text=True),
            Column(_("Postings"), 48),
            Column(_("Login"), 10),
            Column(_("Away"), 30),
        ]

    def count(self, asked: Asked, *, most: int | None) -> int:
        return listing.people(asked.person, asked.query).order_by()[:most].count()

    def batches(self, asked: Asked) -> Iterator[list[Sequence[Cell]]]:
        rows, params = listing.people(asked.person, asked.query), QueryDict(mutable=True)
        while True:
            page = keyset.page(rows, order=("spelling", "pk"), params=params, size=BATCH)
            yield [_person(row, asked) for row in page.rows]
            if not page.next:
                return
            params["after"] = page.next


BRANCHES, PEOPLE = BranchExport(), PersonExport()


def _branch(row: Branch) -> Sequence[Cell]:
    above = row.parent.label if row.parent else None
    active = _("active") if row.is_active else _("inactive")
    return [row.code, row.name, row.name_en, row.get_level_display(), above, active]


def _person(row: Person, asked: Asked) -> Sequence[Cell]:
    held = [f"{each.branch.label} {each.get_role_display()}" for each in row.postings.all()]
    today = timezone.localdate(asked.now)
    return [
        row.name,
        row.username,
        "; ".join(held),
        _login(row),
        away.words(row, today=today) or None,
    ]


def _login(row: Person) -> str | None:
    if not row.is_active:
        return _("inactive")
    return _("active") if row.username else None
