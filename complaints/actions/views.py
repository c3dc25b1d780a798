"""Keeping views of the list: one's own, and those that a role shares."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.models import LONGEST_QUERY, SavedView
from csm.kit.errors import Forbidden, Refused
from organisation.access import ROLE_VERBS, can, postings, require
from organisation.models import Branch, Person

SHARE = "view.share"
MOST = 20


def save(*, name: str, query: str, by: Person, role: str = "") -> SavedView:
    """Keep the conditions `query` of a list under a name; it comes last of one's own.

    `role`: with whom it is shared, where that is one's to do.
    """
    count = SavedView.objects.filter(owner=by).count()
    if count >= MOST:
        raise Refused(_("You have %(count)d views. Delete one first.") % {"count": count})
    if len(query) > LONGEST_QUERY:
        raise Refused(_("These conditions are too long to be kept. Take some away."))
    branch = shared_at(role, by)
    try:
        with transaction.atomic():
            return SavedView.objects.create(
                owner=by, name=name, query=query, position=count, role=role, branch=branch
            )
    except IntegrityError as error:
        raise _taken() from error


def change(*, view: SavedView, name: str, role: str, position: int, by: Person) -> None:
    """A new name or place, and with which role it is shared ("": with nobody)."""
    require_over(by, view)
    branch = view.branch if role == view.role else shared_at(role, by)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name, role=role, branch=branch)
            _place(view, position)
    except IntegrityError as error:
        raise _taken() from error


@transaction.atomic
def delete(*, view: SavedView, by: Person) -> None:
    require_over(by, view)
    owner = view.owner
    view.delete()
    _number(list(SavedView.objects.filter(owner=owner)))


def may_change(person: Person, view: SavedView) -> bool:
    """One's own; and what is shared where one may share, whoever made it."""
    return view.owner_id == person.pk or (view.is_shared and can(person, SHARE, view))


def require_over(by: Person, view: SavedView) -> None:
    if not may_change(by, view):
        raise Forbidden(_("This view is somebody else's."))


def sharing_branch(person: Person) -> Branch | None:
    """Where the person's shared views reach from: the highest branch of the right to share."""
    held = [row.branch for row in postings(person) if SHARE in ROLE_VERBS[row.role]]
    return min(held, key=lambda branch: len(branch.path), default=None)


def shared_at(role: str, by: Person) -> Branch | None:
    """The branch from which a view is shared with the role; none without a role."""
    if not role:
        return None
    branch = sharing_branch(by)
    require(by, SHARE, branch)
    return branch


def _place(view: SavedView, position: int) -> None:
    """At this place among the owner's views, counted from 0."""
    order = list(SavedView.objects.filter(owner=view.owner).exclude(pk=view.pk))
    order.insert(position, view)
    _number(order)


def _number(order: list[SavedView]) -> None:
    for place, row in enumerate(order):
        row.position = place
    SavedView.objects.bulk_update(order, ["position"])


def _taken() -> Refused:
    words = _("You have a view of this name already.")
    return Refused(words, fields={"name": words})
