"""Form fields for rows of this room."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator

from organisation.models import Branch, Person, in_tree

# As wide as a Chinese character, so that the tree reads as one in every language.
INDENT = "\u3000"


class TreeIterator(ModelChoiceIterator):  # type: ignore[type-arg]
    """The options in the order of the tree."""

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        for branch in in_tree(self.queryset):
            yield self.choice(branch)


class BranchField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A branch of the tree, each indented below the one it belongs to."""

    iterator = TreeIterator

    def __init__(self, queryset: QuerySet[Branch] | None = None, **kwargs: Any) -> None:
        rows = Branch.objects.all() if queryset is None else queryset
        super().__init__(rows, empty_label="—", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{INDENT * obj.depth}{obj.label}"


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody who works here, by name."""

    def __init__(self, queryset: QuerySet[Person] | None = None, **kwargs: Any) -> None:
        rows = Person.objects.none() if queryset is None else queryset
        super().__init__(rows, empty_label="—", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)
