"""Numbers of documents: their templates, and all that were given (Q6, Q7)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import numbering as actions
from complaints.forms.numbering import TemplateForm
from complaints.models import DocumentKind, Notice, NoticeStatus, Numbering, OrderStatus, WorkOrder
from complaints.models.numbering import Numbered
from complaints.views.answers import see
from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.access import require_everywhere, sees_everything, visible
from organisation.doors import attempt, me
from organisation.models import Person

SEE, EDIT = "numbering.see", "numbering.edit"
LIVE = "input changed delay:300ms"


@dataclass(frozen=True)
class Series:
    """A kind of document with its template, and what its next number will be."""

    kind: str
    label: str
    template: str
    form: TemplateForm
    example: str


@dataclass(frozen=True)
class Given:
    """A number that was given, and to what; `reason` why it does not count any more."""

    number: str
    title: str
    url: str
    state: str
    at: datetime
    reason: str
    undone_at: datetime | None


@require_safe
def numbering(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), SEE)
    return _show(request)


@require_POST
def set_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Save it; or, for who asks for that first, show what the next number would be."""
    require_everywhere(me(request), EDIT)
    _known(kind)
    form = TemplateForm(request.POST, auto_id=f"id_{kind}_%s")
    is_tried = "try" in request.POST
    if form.is_valid():
        template = form.cleaned_data["template"]
        if problem := actions.problem_of(template):
            form.add_error("template", problem)
        elif not is_tried:
            attempt(
                form, lambda: actions.set_template(kind=kind, template=template, by=me(request))
            )
    if form.errors or is_tried:
        return _show(request, tried=(kind, form), status=422 if form.errors else 200)
    messages.success(request, _("The template is saved. It holds from the next document on."))
    return see("numbering")


@require_safe
def example(request: HttpRequest, kind: str) -> HttpResponse:
    """What the next number would be, while somebody types."""
    require_everywhere(me(request), SEE)
    _known(kind)
    words = _example(kind, request.GET.get("template", ""), clock.now())
    return page(request, "complaints/numbering_example.html", {"kind": kind, "example": words})


@require_safe
def numbers(request: HttpRequest, kind: str) -> HttpResponse:
    """All numbers of a year, those that do not count any more with the reason."""
    person = me(request)
    require_everywhere(person, SEE)
    rows = _numbered(_known(kind), person)
    years = list(rows.order_by("-year").values_list("year", flat=True).distinct())
    year = _year(request.GET.get("year", ""), years)
    found = keyset.page(rows.filter(year=year), order=("-sequence",), params=request.GET)
    context = {
        "label": DocumentKind(kind).label,
        "rows": [_given(row) for row in found.rows],
        "found": found,
        "year": year,
        "tabs": [
            {"url": f"?year={each}", "label": str(each), "is_current": each == year}
            for each in years
        ],
    }
    return page(request, "complaints/numbers.html", context)


def _known(kind: str) -> str:
    if kind not in DocumentKind.values:
        raise Http404
    return kind


def _show(
    request: HttpRequest, *, tried: tuple[str, TemplateForm] | None = None, status: int = 200
) -> HttpResponse:
    now = clock.now()
    series = [_series(row, tried, now) for row in Numbering.objects.order_by("-kind")]
    context = {
        "series": series,
        "may_edit": sees_everything(me(request), EDIT),
        "form": tried[1] if tried else None,
    }
    return page(request, "complaints/numbering.html", context, status=status)


def _series(row: Numbering, tried: tuple[str, TemplateForm] | None, now: datetime) -> Series:
    form = tried[1] if tried and tried[0] == row.kind else TemplateForm.of(row)
    form.fields["template"].widget.attrs |= {
        "hx-get": reverse("numbering-example", args=[row.kind]),
        "hx-trigger": LIVE,
        "hx-target": f"#example-{row.kind}",
        "hx-swap": "outerHTML",
    }
    shown = str(form["template"].value() or "")
    label = str(DocumentKind(row.kind).label)
    return Series(row.kind, label, row.template, form, _example(row.kind, shown, now))


def _example(kind: str, template: str, now: datetime) -> str:
    """The next number, or what is wrong with the template."""
    problem = actions.problem_of(template)
    if problem:
        return problem
    return _("The next number: %(number)s") % {"number": actions.example(kind, template, now=now)}


def _numbered(kind: str, person: Person) -> QuerySet[Any]:
    rows: QuerySet[Any] = visible(actions.numbered(kind), person)
    return rows.filter(number__isnull=False)


def _year(text: str, years: list[int]) -> int | None:
    """The year that was asked for, else the latest."""
    chosen = next((year for year in years if str(year) == text), None)
    return chosen or next(iter(years), None)


def _given(row: Any) -> Given:
    """A document as it stands; `Numbered`, with a status and a title."""
    reason, at = _undone(row)
    return Given(
        number=row.number,
        title=row.title,
        url=reverse(row.PAGE, args=[row.pk]),
        state=row.get_status_display(),
        at=row.numbered_at,
        reason=reason,
        undone_at=at,
    )


def _undone(row: Numbered) -> tuple[str, datetime | None]:
    """Why and since when it does not count any more."""
    if isinstance(row, WorkOrder) and row.status == OrderStatus.ANNULLED:
        return row.annulment_reason, row.annulled_at
    if isinstance(row, Notice) and row.status == NoticeStatus.WITHDRAWN:
        return row.withdrawal_reason, row.withdrawn_at
    return "", None
