"""The diagnosis of a survey: drafted, corrected, finished, as a Word document (O-10, O-11)."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, periods
from csm.kit.htmx import go, page
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.views.files import download
from surveys.actions import diagnoses as actions
from surveys.forms.acts import version_in
from surveys.forms.diagnoses import DiagnosisForm
from surveys.models import Diagnosis, DiagnosisStatus, Survey
from surveys.results import paper, reading, spans
from surveys.results.reading import Asked
from surveys.views.results import frame, of_period


@require_safe
@of_period("diagnoses")
def diagnoses(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Those that there are of a survey, and the way to a new one."""
    rows = visible(Diagnosis, me(request)).filter(survey=asked.survey).select_related("created_by")
    context = {**frame(asked, "diagnoses"), "rows": [(row, _label(row)) for row in rows[:50]]}
    return page(request, "surveys/diagnoses.html", context)


@require_POST
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft one from the figures; a second press opens the draft that exists."""
    survey = visible_or_404(Survey, me(request), pk=pk)
    asked = reading.asked(survey, me(request), request.POST)
    made = actions.draft(asked=asked, by=me(request), now=clock.now())
    return go(request, "survey-diagnosis", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def diagnosis(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it; a draft is corrected here by who may."""
    found, person = visible_or_404(Diagnosis, me(request), pk=pk), me(request)
    if request.method != "POST":
        return _show(request, found, DiagnosisForm(found))
    require(person, actions.EDIT, found)
    form = DiagnosisForm(found, request.POST)
    if form.is_valid():
        attempt(
            form,
            lambda: actions.save(
                diagnosis=found,
                texts=form.texts(),
                problems=form.problems(),
                version=form.cleaned_data["version"],
                by=person,
                now=clock.now(),
            ),
        )
    if form.errors:
        return _show(request, found, form)
    messages.success(request, _("The diagnosis is saved."))
    return go(request, "survey-diagnosis", pk)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    found = visible_or_404(Diagnosis, me(request), pk=pk)
    version = version_in(request.POST)
    actions.finish(diagnosis=found, by=me(request), now=clock.now(), version=version)
    messages.success(request, _("The diagnosis is finished."))
    return go(request, "survey-diagnosis", pk)


@require_safe
def document(request: HttpRequest, pk: int) -> FileResponse:
    found = visible_or_404(Diagnosis, me(request), pk=pk)
    asked = paper.about(found, me(request))
    content = paper.document(found, asked, by=me(request), now=clock.now())
    return download(BytesIO(content), paper.file_name(found), paper.WORD)


def _label(row: Diagnosis) -> str:
    return periods.label(spans.of_key(row.period)) if row.period else _("All answers")


def _show(request: HttpRequest, found: Diagnosis, form: DiagnosisForm) -> HttpResponse:
    asked = paper.about(found, me(request))
    may_edit = can(me(request), actions.EDIT, found)
    context = {
        **frame(asked, "diagnoses"),
        "diagnosis": found,
        "label": _label(found),
        "form": form,
        "is_open": may_edit and found.status == DiagnosisStatus.DRAFT,
        "results": reading.results(asked),
    }
    status = 422 if form.errors else 200
    return page(request, "surveys/diagnosis.html", context, status=status)
