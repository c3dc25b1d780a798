"""Work calendars: what is a holiday, what is a make-up working day (U-17)."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.actions import calendars as actions
from organisation.doors import attempt, me
from organisation.forms.calendars import CalendarForm, DayForm, YearForm
from organisation.models import WorkCalendar

VERB = "calendar.edit"


@require_http_methods(["GET", "HEAD", "POST"])
def calendars(request: HttpRequest) -> HttpResponse:
    """All of them; a new one starts with office hours."""
    require_everywhere(me(request), VERB)
    form = CalendarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create(by=me(request), **form.cleaned_data))
        if made is not None:
            return go(request, "calendar", made.pk)
    context = {
        "rows": WorkCalendar.objects.order_by("name"),
        "form": form,
        "unannounced": actions.unannounced_year(_today()),
    }
    return page(request, "organisation/calendar_list.html", context, status=_status(request))


@require_safe
def calendar(request: HttpRequest, pk: int) -> HttpResponse:
    return _calendar(request, _calendar_or_404(request, pk))


@require_POST
def load_year(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the days that are announced; what was entered by hand stays."""
    found = _calendar_or_404(request, pk)
    form = YearForm(request.POST)
    if not form.is_valid():
        return _calendar(request, found, year_form=form, status=422)
    year = form.cleaned_data["year"]
    added = actions.load_year(calendar=found, year=year, by=me(request))
    words = ngettext("%(count)d day added.", "%(count)d days added.", added)
    messages.success(request, words % {"count": added})
    return go(request, f"{_address(pk)}?year={year}")


@require_POST
def set_day(request: HttpRequest, pk: int) -> HttpResponse:
    found = _calendar_or_404(request, pk)
    form = DayForm(request.POST)
    if form.is_valid():
        attempt(form, lambda: actions.set_day(calendar=found, by=me(request), **form.cleaned_data))
    if form.errors:
        return _calendar(request, found, form=form, status=422)
    messages.success(request, _("The day is saved."))
    return go(request, f"{_address(pk)}?year={form.cleaned_data['on'].year}")


@require_POST
def remove_day(request: HttpRequest, pk: int, day_pk: int) -> HttpResponse:
    found = _calendar_or_404(request, pk)
    day = get_object_or_404(found.days, pk=day_pk)
    actions.remove_day(day=day, by=me(request))
    messages.success(request, _("The day is removed."))
    return go(request, f"{_address(pk)}?year={day.on.year}")


def _calendar_or_404(request: HttpRequest, pk: int) -> WorkCalendar:
    require_everywhere(me(request), VERB)
    return get_object_or_404(WorkCalendar, pk=pk)


def _calendar(
    request: HttpRequest,
    found: WorkCalendar,
    *,
    form: DayForm | None = None,
    year_form: YearForm | None = None,
    status: int = 200,
) -> HttpResponse:
    this_year = _today().year
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this_year
    context = {
        "calendar": found,
        "days": found.days.filter(on__year=year),
        "year": year,
        "tabs": _tabs(year, this_year),
        "is_announced": actions.is_announced(found, year),
        "form": form or DayForm(),
        "year_form": year_form or YearForm(initial={"year": year}),
        "hours": sorted(found.hours.items()),
    }
    return page(request, "organisation/calendar.html", context, status=status)


def _tabs(year: int, this_year: int) -> list[dict[str, object]]:
    years = sorted({this_year - 1, this_year, this_year + 1, year})
    return [
        {"url": f"?year={each}", "label": str(each), "is_current": each == year} for each in years
    ]


def _address(pk: int) -> str:
    return reverse("calendar", args=[pk])


def _today() -> date:
    return timezone.localdate(clock.now())


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200
