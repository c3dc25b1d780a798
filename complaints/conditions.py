"""The conditions of a list as an address has them: which hold, which no longer mean anything."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import FilterSet

# Which page of the list, and what is open beside it: no conditions.
PLACES = ("after", "before", "open")
# Their own errors are said elsewhere, or mean the usual.
APART = ("search", "through")


@dataclass
class Checked:
    """`given` without what cannot be used; `dropped` names that, in words."""

    given: QueryDict
    dropped: list[str] = field(default_factory=list)


def check(filtered: FilterSet, given: QueryDict) -> Checked:
    """Tell the conditions that can be used from those that cannot.

    A branch or category that is gone, a value or a name that nobody knows: left out and named, for
    a list that silently shows more than was asked for would be believed.
    """
    found = Checked(given.copy())
    for name in given:
        if name not in filtered.filters and name not in PLACES and any(given.getlist(name)):
            found.given.pop(name)
            found.dropped.append(name[:40])
    for name in filtered.form.errors:
        if name not in APART:
            _drop_values(found, filtered.form.fields[name], name)
    return found


def canonical(filtered: FilterSet, given: QueryDict, **fixed: str) -> str:
    """The same conditions always in the same words, so that two lists can be compared.

    Without those that are refused.
    """
    params = QueryDict(mutable=True)
    for name, box in filtered.form.fields.items():
        if name in filtered.form.errors and name not in fixed:
            continue
        values = [fixed[name]] if name in fixed else sorted(set(_values(box, given, name)))
        if any(values):
            params.setlist(name, values)
    return params.urlencode()


def _drop_values(found: Checked, box: Any, name: str) -> None:
    values = _values(box, found.given, name)
    good = [value for value in values if _is_good(box, value)]
    found.given.setlist(name, good)
    found.dropped += [
        _("%(label)s: %(value)s") % {"label": box.label, "value": value[:40]}
        for value in values
        if value not in good
    ]


def _is_good(box: Any, value: str) -> bool:
    try:
        box.clean([value] if _takes_several(box) else value)
    except ValidationError:
        return False
    return True


def _values(box: Any, given: QueryDict, name: str) -> list[str]:
    found = box.widget.value_from_datadict(given, {}, name)
    return [str(value) for value in found] if isinstance(found, list) else [str(found or "")]


def _takes_several(box: Any) -> bool:
    return isinstance(box.widget.value_from_datadict(QueryDict(), {}, "any"), list)
