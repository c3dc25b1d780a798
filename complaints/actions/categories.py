"""Building the category tree (C-25)."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from complaints.models import Category
from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.models import Person

# One lock for the shape of the tree: two moves at once could otherwise close a circle.
TREE_LOCK = 4712


@transaction.atomic
def create(
    *,
    code: str,
    name: str,
    by: Person | None,
    name_en: str = "",
    parent: Category | None = None,
    position: int = 0,
    is_exempt: bool = False,
    intake_hints: str = "",
    intake_text: str = "",
    intake_severity: str = "",
) -> Category:
    """A category, at the top or under another one."""
    require_everywhere(by, "category.edit")
    return Category.objects.create(
        code=code,
        name=name,
        name_en=name_en,
        parent=parent,
        position=position,
        is_exempt=is_exempt,
        intake_hints=intake_hints,
        intake_text=intake_text,
        intake_severity=intake_severity,
    )


@transaction.atomic
def change(
    *, category: Category, by: Person | None, parent: Category | None, **fields: object
) -> None:
    """New names, a new state or place. One in use is not deleted but made inactive."""
    require_everywhere(by, "category.edit")
    _lock_tree()
    if parent is not None and category.pk in ancestry(parent):
        raise Refused(
            _("A category cannot belong to itself or to one below it."),
            fields={"parent": _("Choose a category outside this one.")},
        )
    Category.objects.filter(pk=category.pk).update(parent=parent, **fields)
    category.refresh_from_db()


def ancestry(category: Category) -> list[int]:
    """The category and all that it belongs to, upwards."""
    parents = dict(Category.objects.values_list("pk", "parent"))
    found: list[int] = []
    pk: int | None = category.pk
    while pk is not None and pk not in found:
        found.append(pk)
        pk = parents[pk]
    return found


def _lock_tree() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TREE_LOCK])
