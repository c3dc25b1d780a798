"""Keeping the journey map: where customers meet the company."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Category
from csm.kit.errors import Refused
from organisation.access import require_everywhere
from organisation.models import Person
from surveys.models import Question, Touchpoint

EDIT = "survey.edit"


@transaction.atomic
def save(
    *,
    touchpoint: Touchpoint | None,
    question_keys: Sequence[str],
    categories: Iterable[Category],
    by: Person,
    now: datetime,
    **fields: Any,
) -> Touchpoint:
    """A new one, or another shape of this one. Every key must be that of a question."""
    require_everywhere(by, EDIT)
    known = set(Question.objects.filter(key__in=question_keys).values_list("key", flat=True))
    if strange := [key for key in question_keys if key not in known]:
        words = _("No questionnaire has these keys: %(keys)s") % {"keys": ", ".join(strange)}
        raise Refused.at("question_keys", words)
    same = Touchpoint.objects.filter(leg=fields["leg"], name=fields["name"])
    if (same.exclude(pk=touchpoint.pk) if touchpoint else same).exists():
        words = _("This stage has a touchpoint of that name already.")
        raise Refused.at("name", words)
    row = touchpoint or Touchpoint()
    for name, value in fields.items():
        setattr(row, name, value)
    row.question_keys, row.changed_at, row.changed_by = list(question_keys), now, by
    row.save()
    row.categories.set(categories)
    return row


@transaction.atomic
def delete(*, touchpoint: Touchpoint, by: Person, now: datetime) -> None:
    """Take it off the map; the answers and complaints stay."""
    require_everywhere(by, EDIT)
    touchpoint.delete()
