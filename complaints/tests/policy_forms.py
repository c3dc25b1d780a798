"""The policy editor as a browser sees it: what stands in its fields, to change and send back."""

from collections.abc import Iterator
from typing import Any

from django.forms import BaseForm
from django.test import Client
from django.urls import reverse

from complaints.models import LadderStep, Policy, PolicyRevision, Target

Typed = dict[str, Any]
KEPT = (Policy, PolicyRevision, Target, LadderStep)


def opened(client: Client, policy: Policy | None = None) -> Typed:
    """Every field of the editor with what stands in it."""
    url = reverse("policy-edit", args=[policy.pk]) if policy else reverse("policy-new")
    return fields_of(client.get(url).context["editor"])


def fields_of(editor: Any) -> Typed:
    found: Typed = dict(_values(editor.form))
    for ladder in editor.ladders:
        found.update(_values(ladder.target))
        found.update(_values(ladder.rows.management_form))
        for row in ladder.rows.forms:
            found.update(_values(row))
    return found


def _values(form: BaseForm) -> Iterator[tuple[str, Any]]:
    """As a browser sends it: a box that is not ticked is not there."""
    for field in form:
        value = field.value()
        if value is True:
            yield field.html_name, "on"
        elif value not in (None, False, ""):
            yield field.html_name, value
        elif value == "":
            yield field.html_name, ""


def row_of(kind: str, place: int, **typed: Any) -> Typed:
    """The fields of a step: `row_of("result", 2, amount="4")`."""
    return {f"{kind}-steps-{place}-{name}": value for name, value in typed.items()}


def rules() -> dict[str, list[Any]]:
    """Every row of the policies, so that a test can say that nothing changed."""
    return {model.__name__: [*model._default_manager.order_by("pk").values()] for model in KEPT}
