"""QR codes for counters: hung, printed, taken down."""

from io import BytesIO

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.documents import qr
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require
from organisation.actions.tokens import path_of
from organisation.doors import attempt, me
from organisation.views.files import download
from surveys.actions import counters as actions
from surveys.forms.acts import CounterForm
from surveys.models import Counter
from surveys.views.survey import survey_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    survey, person = survey_or_404(request, pk), me(request)
    require(person, actions.EDIT, survey)
    form = CounterForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        now, given = clock.now(), form.cleaned_data
        made = attempt(form, lambda: actions.hang(survey=survey, by=person, now=now, **given))
        if made is not None:
            return go(request, "survey-counter", pk, made.pk)
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "survey": survey}
    return page(request, "surveys/counter_form.html", context, status=status)


@require_safe
@cache_control(private=True, no_store=True)
def counter(request: HttpRequest, pk: int, counter_pk: int) -> HttpResponse:
    """A card to print, A6."""
    found = _counter_or_404(request, pk, counter_pk)
    context = {
        "survey": found.survey,
        "counter": found,
        "qr": qr.drawn(_address(found)) if found.link.revoked_at is None else "",
    }
    return page(request, "surveys/counter.html", context)


@require_safe
def svg(request: HttpRequest, pk: int, counter_pk: int) -> FileResponse:
    """The code alone, for a poster."""
    found = _counter_or_404(request, pk, counter_pk)
    drawn = BytesIO(qr.file(_address(found)))
    return download(drawn, f"survey-{found.pk}.svg", "image/svg+xml")


@require_POST
def take_down(request: HttpRequest, pk: int, counter_pk: int) -> HttpResponse:
    found = _counter_or_404(request, pk, counter_pk)
    actions.take_down(counter=found, by=me(request), now=clock.now())
    messages.success(request, _("The code opens nothing any more."))
    return go(request, "survey", pk)


def _counter_or_404(request: HttpRequest, pk: int, counter_pk: int) -> Counter:
    """Whoever may edit the survey: a code that is known may be answered by anybody."""
    survey = survey_or_404(request, pk)
    require(me(request), actions.EDIT, survey)
    rows = survey.counters.select_related("survey__branch", "branch", "link")
    return get_object_or_404(rows, pk=counter_pk)


def _address(counter: Counter) -> str:
    return f"{settings.BASE_URL}{path_of(counter.link)}"
