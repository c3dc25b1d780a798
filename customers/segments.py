"""What a segment may ask for: a fixed vocabulary, each word a condition of ours.

Words of one kind are alternatives, kinds narrow each other. Nothing from a request becomes SQL.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from csm.kit.errors import Refused
from customers.models import Customer, Grade, Kind, Level, Segment, Stage, Tier
from organisation.access import visible
from organisation.models import Branch, Person

LONGEST = 3650
MOST = 500  # values of one condition
CHOICES: Mapping[str, frozenset[str]] = {
    "kinds": frozenset(Kind.values),
    "tiers": frozenset(Tier.values),
    "grades": frozenset(Grade.values),
    "stages": frozenset(Stage.values),
    "levels": frozenset(Level.values),
}
# Of customers not visited for so many days, or within so many.
DAYS = ("not_visited_days", "visited_days")
# Codes of branches, with all below them; ids of account managers.
LISTS = ("branches", "managers")
CODE = re.compile(r"[^\x00\ud800-\udfff]{1,80}")
WORDS = (*CHOICES, *LISTS, *DAYS)


def checked(conditions: Mapping[str, Any]) -> dict[str, Any]:
    """The conditions without empty ones; Refused for a word that is not of the vocabulary."""
    found = {name: value for name, value in conditions.items() if value not in (None, "", [], ())}
    if unknown := set(found) - set(WORDS):
        raise Refused(_("Unknown condition: %(name)s.") % {"name": ascii(min(unknown))[1:-1][:40]})
    for name, value in found.items():
        if not _fits(name, value):
            raise Refused.at(name, _("This condition cannot be read."))
        if name not in DAYS:
            found[name] = sorted(set(value))
    return found


def _fits(name: str, value: Any) -> bool:
    if name in DAYS:
        return type(value) is int and 1 <= value <= LONGEST
    if not isinstance(value, list) or len(value) > MOST:
        return False
    if name == "managers":
        return all(type(each) is int and 0 < each < 2**31 for each in value)
    if not all(isinstance(each, str) and CODE.fullmatch(each) for each in value):
        return False
    return name == "branches" or CHOICES[name].issuperset(value)


def customers(segment: Segment, person: Person, *, today: date) -> QuerySet[Customer]:
    """Those of the segment whom the person sees."""
    return visible(Customer, person).filter(
        within(segment, today=today), merged_into=None, erased_at=None
    )


def members(segment: Segment, *, today: date) -> QuerySet[Customer]:
    """All of the segment, for what the system does on its own; never of another branch."""
    return Customer.objects.current().filter(within(segment, today=today))


def within(segment: Segment, *, today: date) -> Q:
    """The condition as one: its branch, then every word or the list of names."""
    below = Branch.objects.filter(path__startswith=segment.branch.path)
    found = Q(home_branch__in=below.values("pk"))
    if segment.is_list:
        return found & Q(pk__in=segment.members.values("customer"))
    for name, value in segment.conditions.items():
        found &= CONDITIONS[name](value, today)
    return found


def _branches(codes: list[str], _today: date) -> Q:
    paths = Branch.objects.filter(code__in=codes).values_list("path", flat=True)
    below = Q(pk__in=())
    for path in paths:
        below |= Q(path__startswith=path)
    return Q(home_branch__in=Branch.objects.filter(below).values("pk"))


def _not_visited(days: int, today: date) -> Q:
    since = today - timedelta(days=days)
    return Q(facts__last_visited_on__isnull=True) | Q(facts__last_visited_on__lt=since)


def _standing(field: str) -> Callable[[Any, date], Q]:
    return lambda values, _today: Q(**{f"{field}__in": values})


CONDITIONS: Mapping[str, Callable[[Any, date], Q]] = {
    "kinds": _standing("kind"),
    "tiers": _standing("tier"),
    "grades": _standing("grade"),
    "stages": _standing("stage"),
    "levels": _standing("risk__level"),
    "managers": _standing("account_manager"),
    "branches": _branches,
    "not_visited_days": _not_visited,
    "visited_days": lambda days, today: Q(facts__last_visited_on__gte=today - timedelta(days=days)),
}
