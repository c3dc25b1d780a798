"""Two people at one work order: what the slower one typed or said is kept, beside what is there."""

from dataclasses import dataclass
from typing import Any

from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from complaints import order_words
from complaints.actions import order_versions
from complaints.forms.work_orders import WorkOrderForm
from complaints.models import OrderStatus, WorkOrder
from complaints.views.work_order_page import order_or_404
from csm.kit.errors import Refused
from csm.kit.htmx import page
from organisation.forms.records import RecordForm

TEMPLATE = "complaints/work_order_conflict.html"
# What is not sent again as it was.
OWN = ("csrfmiddlewaretoken", "version", "add", "remove")


@dataclass(frozen=True)
class Change:
    """A section that two people wrote at the same time."""

    label: str
    now: str
    mine: str


@dataclass(frozen=True)
class Sent:
    """An input that is sent again as it was."""

    html_name: str
    text: str

    def value(self) -> str:
        return self.text

    def as_hidden(self) -> SafeString:
        pattern = '<input type="hidden" name="{}" value="{}">'
        return format_html(pattern, self.html_name, self.text)


def conflict(
    request: HttpRequest, order: WorkOrder, form: WorkOrderForm, *, url: str
) -> HttpResponse:
    """Somebody saved in between: both texts side by side, and the typed one can be sent again."""
    order.refresh_from_db()
    now = order_words.words_of(order_versions.snapshot(order))
    mine = order_words.words_of(order_versions.snapshot(order, form.given()))
    changes = [
        Change(before.label, "\n".join(before.lines) or "—", "\n".join(after.lines) or "—")
        for before, after in zip(now, mine, strict=True)
        if before.lines != after.lines
    ]
    return _answer(request, order, changes, again(request.POST, order), url=url)


def judged_already(
    request: HttpRequest, pk: int, form: RecordForm, refusal: Refused
) -> HttpResponse:
    """Somebody judged it, or it was written anew: the words of the verdict are kept."""
    order = order_or_404(request, pk)
    changes = [
        Change(str(field.label), "—", _said(field, form.cleaned_data[field.name]))
        for field in form.visible_fields()
    ]
    is_open = order.status == OrderStatus.SUBMITTED
    url = request.path if is_open else ""
    sent = again(request.POST, order)
    return _answer(request, order, changes, sent, url=url, message=refusal.message)


def again(data: QueryDict, order: WorkOrder) -> list[Sent]:
    """All that was sent, with the order's present version."""
    sent = [Sent(name, str(text)) for name, texts in data.lists() for text in texts]
    kept = [each for each in sent if each.html_name not in OWN]
    return [*kept, Sent("version", str(order.version))]


def _said(field: BoundField, value: Any) -> str:
    if isinstance(value, list):
        names = {str(code): str(name) for code, name in field.field.choices}  # type: ignore[attr-defined]
        return "\n".join(names[str(code)] for code in value) or "—"
    return value or "—"


def _answer(
    request: HttpRequest,
    order: WorkOrder,
    changes: list[Change],
    hidden: list[Sent],
    *,
    url: str,
    message: str = "",
) -> HttpResponse:
    context = {"order": order, "changes": changes, "hidden": hidden, "url": url}
    context |= {"message": message}
    return page(request, TEMPLATE, context, part="panel", status=409)
