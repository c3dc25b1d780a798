"""What the select boxes of complaint forms offer, grouped so that they can be read."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from complaints.models import Category
from organisation.access import ROLE_VERBS
from organisation.models import Branch, Person, Posting, Role, in_tree

Choices = list[tuple[Any, Any]]
NOTHING = ("", "—")
ANSWERING = [role for role, verbs in ROLE_VERBS.items() if "complaint.answer" in verbs]
# Who is offered for a branch that is only one of many: those who work there.
OF_THE_BRANCH = (Role.HANDLER, Role.BRANCH_MANAGER)


def needs(words: Any) -> dict[str, Any]:
    """What a field says when it was left empty: what to do, not what is wrong."""
    return {"required": words}


class LocalTimeInput(forms.DateTimeInput):
    """The system's picker for a day and a time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


def branches() -> list[Branch]:
    """Every branch that may be responsible, with its parent, in the order of the tree."""
    return in_tree(Branch.objects.active().select_related("parent"))


def branch_name(branch: Branch) -> str:
    """The branch with what it belongs to, below the regions: 江苏 / 无锡."""
    parent = branch.parent
    if parent is None or parent.parent_id is None:
        return branch.label
    return f"{parent.label} / {branch.label}"


def branch_choices(found: Iterable[Branch]) -> Choices:
    return [NOTHING, *((branch.pk, branch_name(branch)) for branch in found)]


def category_choices(categories: QuerySet[Category]) -> Choices:
    """Categories under the one that they belong to; one without children stands alone."""
    rows = list(categories)
    children: dict[int | None, list[Category]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    known = {row.pk for row in rows}
    tops = [row for row in rows if row.parent_id not in known]
    return [NOTHING, *(_category(top, children) for top in tops)]


def _category(top: Category, children: dict[int | None, list[Category]]) -> tuple[Any, Any]:
    below = children.get(top.pk)
    if not below:
        return (top.pk, top.label)
    return (top.label, [(row.pk, row.label) for row in (top, *_all_below(top, children))])


def _all_below(top: Category, children: dict[int | None, list[Category]]) -> list[Category]:
    found = []
    for child in children.get(top.pk, []):
        found += [child, *_all_below(child, children)]
    return found


def handlers(branch: Branch | None = None) -> list[Posting]:
    """Those who may be named as handler: at a branch and above it, or at every branch."""
    rows = _postings().filter(role__in=OF_THE_BRANCH)
    return list(rows if branch is None else rows.filter(branch__in=branch.ancestor_ids))


def answering(branch: Branch) -> list[Posting]:
    """Everybody who can answer for the branch, those who work there first."""
    rows = _postings().filter(role__in=ANSWERING, branch__in=branch.ancestor_ids)
    return list(rows.order_by("-branch__path", "person__spelling", "person"))


def _postings() -> QuerySet[Posting]:
    rows = Posting.objects.filter(person__is_active=True).select_related("person", "branch")
    return rows.order_by("branch__path", "person__spelling", "person")


def handler_choices(postings: Iterable[Posting]) -> Choices:
    """People by the branch where they work; each once per branch."""
    groups = [
        (branch.label, list(dict.fromkeys((row.person_id, row.person.name) for row in rows)))
        for branch, rows in _by_branch(postings)
    ]
    return [NOTHING, *groups]


def near(branch: Branch, *, deep: bool = True) -> QuerySet[Posting]:
    """Who works at the branch, above it and (`deep`) below it: the nearest above come last."""
    found = Q(branch__in=branch.ancestor_ids)
    if deep:
        found |= Q(branch__path__startswith=branch.path)
    rows = Posting.objects.filter(found, person__is_active=True)
    return rows.select_related("person", "branch").order_by(
        "-branch__path", "person__spelling", "person"
    )


def with_logins(postings: QuerySet[Posting]) -> QuerySet[Posting]:
    """Of those who can do something here, and be reminded of it."""
    return postings.filter(person__username__isnull=False)


def staff_choices(postings: Iterable[Posting]) -> Choices:
    """People by the branch where they work, each with what they are there."""
    return [NOTHING, *((str(branch.label), _staff(rows)) for branch, rows in _by_branch(postings))]


def _by_branch(postings: Iterable[Posting]) -> Iterator[tuple[Branch, Iterator[Posting]]]:
    return groupby(postings, lambda row: row.branch)


def _staff(rows: Iterable[Posting]) -> Choices:
    names: dict[int, list[str]] = {}
    for row in rows:
        names.setdefault(row.person_id, [row.person.name]).append(str(row.get_role_display()))
    return [(pk, " · ".join(words)) for pk, words in names.items()]


def people(postings: Iterable[Posting]) -> QuerySet[Person]:
    return Person.objects.filter(pk__in={row.person_id for row in postings})
