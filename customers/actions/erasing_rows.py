"""The rows of every room that say something of a customer, and emptying them.

Of those that hang on the customer, and those that hang on these (the registry of `personal_data`),
every word goes. What hangs further down, and what is said of our own people, is emptied where it
names the customer: a measure or a reward that names nobody stays readable.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from customers.actions import blanking
from customers.actions.personal_data import OTHERS
from customers.models import Contact, ContactPoint, Customer, Erasure, SearchName, ToldApart
from organisation.models import PublicLink, StoredFile

# Deleted as a whole, or emptied by name.
ASIDE: tuple[type[Model], ...] = (Contact, ContactPoint, Customer, Erasure, SearchName, ToldApart)
# About our own people and work: their words stay but where they name the customer.
OURS_ROOMS = frozenset({"staff", "reports"})
OURS = frozenset(
    f"complaints.{name}"
    for name in ("Assessment", "Notice", "Measure", "Cause", "Improvement", "EffectivenessCheck")
)
# Whole at this depth: what hangs on the customer is 1.
WHOLE = 2
DEEPEST = 5
BATCH = 500
# Columns by which a person is named, wherever they stand.
NAMING = ("contact_name", "contact_phone", "contact_email", "customer_name", "waybill", "address")
# So short a word is in too many texts.
SHORTEST, SHORTEST_LATIN = 2, 4


@dataclass
class Reach:
    """Primary keys by model, and how far from the customer each model was met first."""

    keys: dict[type[Model], set[Any]] = field(default_factory=dict)
    depth: dict[type[Model], int] = field(default_factory=dict)

    def items(self) -> Any:
        return self.keys.items()

    def add(self, model: type[Model], keys: set[Any], depth: int) -> set[Any]:
        """Gives those that were not known yet."""
        fresh = keys - self.keys.setdefault(model, set())
        self.keys[model] |= fresh
        self.depth.setdefault(model, depth)
        return fresh

    def is_whole(self, model: type[Model]) -> bool:
        """Whether every word of its rows goes. What hangs on the customer itself always does."""
        depth = self.depth[model]
        is_ours = model._meta.app_label in OURS_ROOMS or model._meta.label in OURS
        return depth == 1 or (depth <= WHOLE and not is_ours)

    def empty(self, words: Collection[str]) -> dict[str, int]:
        """The deepest first: what is kept by triggers above is written last. Rows by label."""
        models = sorted(self.keys, key=lambda model: -self.depth[model])
        return {model._meta.label: n for model in models if (n := self._empty(model, words))}

    def _empty(self, model: type[Model], words: Collection[str]) -> int:
        columns = blanking.columns(model)
        if not columns:
            return 0
        is_whole = self.is_whole(model)
        changed: list[Model] = []
        rows = model._base_manager.filter(pk__in=self.keys[model])
        for row in rows.only(*(column.name for column in columns)).iterator(BATCH):
            is_changed = False
            for column in columns:
                was = getattr(row, column.attname)
                if is_whole:
                    value = blanking.emptied(column, was)
                else:
                    value = blanking.without(column, was, words)
                if value != was:
                    setattr(row, column.attname, value)
                    is_changed = True
            if is_changed:
                changed.append(row)
        names = [column.name for column in columns]
        model._base_manager.bulk_update(changed, names, batch_size=BATCH)
        return len(changed)

    def words(self, everyone: Collection[Customer]) -> set[str]:
        """What letters and messages may name the customer by: the names, and subjects, too."""
        return self.names(everyone) | self._said(("subject",))

    def names(self, everyone: Collection[Customer]) -> set[str]:
        """What the customer is named by: names, numbers, addresses, waybills."""
        contacts = Contact.objects.filter(customer__in=everyone)
        points = ContactPoint.objects.filter(contact__in=contacts)
        found = {word for each in everyone for word in (each.name, each.code)}
        found |= set(contacts.values_list("name", flat=True))
        found |= set(points.values_list("value", flat=True))
        return set(filter(_is_telling, found)) | self._said(NAMING)

    def _said(self, wanted: Collection[str]) -> set[str]:
        """What stands in these columns of the rows near the customer."""
        found: set[str] = set()
        for model, keys in self.keys.items():
            if self.depth[model] > WHOLE:
                continue
            names = {column.name for column in blanking.columns(model)}
            for name in names.intersection(wanted):
                rows = model._base_manager.filter(pk__in=keys)
                found |= set(rows.values_list(name, flat=True).distinct())
        return set(filter(_is_telling, found))

    def links(self) -> set[Any]:
        """The public links that lead to the rows."""
        return self._linked(PublicLink)

    def files(self) -> set[UUID]:
        """The files that hang on the rows."""
        return self._linked(StoredFile)

    def _linked(self, target: type[Model]) -> set[Any]:
        found: set[Any] = set()
        for model, keys in self.keys.items():
            for column in model._meta.concrete_fields:
                if column.related_model is target:
                    rows = model._base_manager.filter(pk__in=keys)
                    found |= set(rows.values_list(column.attname, flat=True))
        return found - {None}


def reach(everyone: Collection[Customer]) -> Reach:
    """Everything that hangs on these customers, step by step."""
    found = Reach()
    ahead: list[tuple[type[Model], set[Any]]] = [(Customer, {each.pk for each in everyone})]
    for depth in range(1, DEEPEST + 1):
        nearest, ahead = ahead, []
        for parent, keys in nearest:
            for model, name in _children(parent):
                rows = model._base_manager.filter(**{f"{name}__in": keys})
                fresh = found.add(model, set(rows.values_list("pk", flat=True)), depth)
                if fresh:
                    ahead.append((model, fresh))
    return found


def _children(parent: type[Model]) -> list[tuple[type[Model], str]]:
    """Models with a foreign key to this one. A pointer to a row of one's own kind is not followed:
    a complaint that repeats another one may be another customer's.
    """
    return [
        (model, column.name)
        for model in apps.get_models()
        if model not in ASIDE and model._meta.app_label not in OTHERS and model is not parent
        for column in model._meta.concrete_fields
        if column.related_model is parent
    ]


def _is_telling(word: str) -> bool:
    return bool(word) and len(word) >= (SHORTEST_LATIN if word.isascii() else SHORTEST)
