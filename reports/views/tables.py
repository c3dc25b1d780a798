"""Tables of complaints: those that everybody has, one's own, one that is put together."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from complaints.actions.views import SHARE
from complaints.forms.choices import needs
from csm.kit import clock, htmx, periods
from organisation.access import can, require
from organisation.doors import attempt, me
from organisation.models import Person, Role
from organisation.views import exports
from reports import tabs
from reports.actions import tables as actions
from reports.crosstabs import counting, kept
from reports.crosstabs.shipped import GROUPS
from reports.crosstabs.spec import SIMPLEST, TableForm
from reports.models.table import LONGEST_QUERY
from reports.table_export import MOST, TableExport


class KeepForm(forms.Form):
    """Under which name, and with whom it is shared."""

    use_required_attribute = False
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        error_messages=needs(gettext_lazy("Enter a name.")),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Shared with"),
        choices=[("", gettext_lazy("Nobody")), *Role.choices],
        required=False,
    )
    query = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, person: Person, query: str = "") -> None:
        super().__init__(data, initial={"query": query})
        if not can(person, SHARE):
            del self.fields["role"]


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, actions.SEE)
    context = {
        "groups": GROUPS,
        "kept": [(row, actions.may_delete(person, row)) for row in kept.read_by(person)],
        "tabs": tabs.row(person, "tables"),
    }
    return htmx.page(request, "reports/tables.html", context)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The table that the address puts together; with none, the form for it."""
    person, now = me(request), clock.now()
    require(person, actions.SEE)
    return _show(request, request.GET, person, now)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, actions.SEE)
    form = KeepForm(request.POST, person=person)
    if form.is_valid():
        given = form.cleaned_data
        made = attempt(form, lambda: actions.keep(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The table is kept."))
            return htmx.go(request, "tables")
    query = QueryDict(request.POST.get("query", "")[:LONGEST_QUERY])
    return _show(request, query, person, now, keep=form)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    require(person, actions.SEE)
    row = get_object_or_404(kept.read_by(person), pk=pk)
    actions.delete(table=row, by=person)
    messages.success(request, _("The table is deleted."))
    return htmx.go(request, "tables")


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """What the page shows, with all its rows."""
    person, now = me(request), clock.now()
    require(person, actions.SEE)
    query = QueryDict(request.POST.get("query", "") or SIMPLEST)
    form = TableForm(query, person=person, now=now)
    if not form.is_valid():
        raise Http404
    table = counting.count(form.spec, person=person, now=now, most=MOST)
    return exports.answer(request, TableExport(form.spec, table))


def _show(
    request: HttpRequest,
    query: QueryDict,
    person: Person,
    now: datetime,
    *,
    keep: KeepForm | None = None,
) -> HttpResponse:
    is_asked = "rows" in query
    form = TableForm(query if is_asked else None, person=person, now=now)
    context: dict[str, Any] = {
        "form": form,
        "query": query.urlencode(),
        "keep": keep,
    }
    is_good = is_asked and form.is_valid()
    if is_good:
        spec = form.spec
        context |= {
            "spec": spec,
            "label": periods.label(spec.period),
            "table": counting.count(spec, person=person, now=now),
            "keep": keep or KeepForm(person=person, query=query.urlencode()),
        }
    status = 422 if keep is not None or (is_asked and not is_good) else 200
    return htmx.page(request, "reports/table.html", context, status=status)
