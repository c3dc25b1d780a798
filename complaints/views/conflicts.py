"""Somebody else was first: what stands now beside what the person wrote (U-09)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from complaints import timeline
from complaints.models import Complaint
from complaints.views.trail import carried
from csm.kit import htmx
from csm.kit.errors import Refused
from csm.templatetags.csm import NOTHING, when

# What may have happened since the page was made; the time line has all of it.
EVENTS_SHOWN = 3
YES_NO = {True: "yes", False: "no"}


class Change(NamedTuple):
    """A field, as it stands now and as the person wrote it, in words."""

    label: str
    now: str
    mine: str


def show(
    request: HttpRequest,
    complaint: Complaint,
    *,
    refusal: Refused,
    form: forms.Form,
    standing: Mapping[str, Any],
    again: forms.Form | None,
    may_note: bool,
) -> HttpResponse:
    """409 with both texts. `again`: the same input on the present state, while the act is open.

    What was written for an act that is not open any more can be kept as a note.
    """
    events = timeline.events_of(complaint).exclude(kind=timeline.SUPERSEDED)[:EVENTS_SHOWN]
    context = {
        "complaint": complaint,
        "changes": _changes(form, standing),
        "message": refusal.message,
        "who": complaint.changed_by.name if complaint.changed_by else "",
        "at": complaint.changed_at,
        "entries": timeline.entries(complaint, list(events)),
        "url": request.get_full_path() if again else "",
        "hidden": [again[name] for name in again.fields] if again else [],
        "words": _written(form) if may_note and not again else "",
        "keep_url": reverse("complaint", args=(complaint.number,)) + carried(request),
        "query": carried(request),
    }
    return htmx.page(request, "complaints/conflict.html", context, part="pane", status=409)


def _changes(form: forms.Form, standing: Mapping[str, Any]) -> list[Change]:
    """What differs; a field that says the same is no conflict."""
    rows = [
        Change(
            str(field.label),
            _said(field, standing.get(field.name)),
            _said(field, form.cleaned_data.get(field.name)),
        )
        for field in form.visible_fields()
    ]
    return [row for row in rows if row.now != row.mine]


def _said(field: BoundField, value: Any) -> str:
    """A value as the form words it."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return str(when(value, "full_text"))
    box = field.field
    if isinstance(box, forms.ChoiceField) and not isinstance(box, forms.ModelChoiceField):
        named: dict[Any, Any] = dict(box.choices)  # type: ignore[arg-type]
        return str(named.get(YES_NO.get(value, value) if isinstance(value, bool) else value, value))
    return str(value)


def _written(form: forms.Form) -> str:
    """The person's own words, of all fields for texts."""
    texts = [
        form.cleaned_data.get(name, "")
        for name, field in form.fields.items()
        if isinstance(field.widget, forms.Textarea)
    ]
    return "\n\n".join(filter(None, texts))
