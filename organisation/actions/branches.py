"""Building and moving the branch tree."""

import uuid

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from organisation import spelling
from organisation.access import require
from organisation.models import Branch, Level, Person

# One lock for the shape of the tree: two moves at once could otherwise close a circle.
TREE_LOCK = 4711


@transaction.atomic
def create(
    *,
    code: str,
    name: str,
    level: str,
    parent: Branch | None,
    by: Person | None,
    name_en: str = "",
    own_spelling: str = "",
) -> Branch:
    """A new branch under `parent`; the headquarters alone has none."""
    require(by, "branch.edit", parent)
    _lock_tree()
    branch = Branch.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        own_spelling=own_spelling,
        **_spelled(name, own_spelling),
        level=level,
        parent=parent,
        path=f"/new/{uuid.uuid4()}/",
    )
    branch.path = f"{parent.path if parent else '/'}{branch.pk}/"
    Branch.objects.filter(pk=branch.pk).update(path=branch.path)
    return branch


@transaction.atomic
def change(
    *, branch: Branch, by: Person | None, parent: Branch | None = None, **fields: object
) -> None:
    """New names, a new state, or a new place in the tree with all that lies below."""
    require(by, "branch.edit", branch)
    if parent is not None:
        require(by, "branch.edit", parent)
    _lock_tree()
    branch.refresh_from_db()
    if fields.get("is_active") is False and branch.level == Level.HEADQUARTERS:
        raise Refused(_("The headquarters cannot be closed."))
    name, own = fields.get("name", branch.name), fields.get("own_spelling", branch.own_spelling)
    fields |= _spelled(str(name), str(own))
    Branch.objects.filter(pk=branch.pk).update(**fields)
    if parent is not None and parent.pk != branch.parent_id:
        parent.refresh_from_db()
        _move(branch, parent)
    branch.refresh_from_db()


def _spelled(name: str, own: str) -> dict[str, str]:
    """How the name sorts, and every way to type it."""
    return {
        "spelling": spelling.of_place(name, own),
        "spellings": spelling.all_of_place(name, own),
    }


def _move(branch: Branch, parent: Branch) -> None:
    if branch.level == Level.HEADQUARTERS:
        raise Refused(_("The headquarters stays at the top."))
    if parent.path.startswith(branch.path):
        raise Refused(
            _("A branch cannot belong to itself or to one below it."),
            fields={"parent": _("Choose a branch outside this one.")},
        )
    old, new = branch.path, f"{parent.path}{branch.pk}/"
    Branch.objects.filter(pk=branch.pk).update(parent=parent)
    Branch.objects.filter(path__startswith=old).update(
        path=Concat(Value(new), Substr("path", len(old) + 1))
    )


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
