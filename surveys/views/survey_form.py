"""Making a survey, changing one in preparation, and seeing whom it would ask."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require
from organisation.doors import attempt, me
from surveys.actions import surveys as actions
from surveys.forms.surveys import SurveyForm
from surveys.frames import EXCLUDED, Frame, frame_of
from surveys.models import Survey
from surveys.sampling import sizes
from surveys.views.survey import survey_or_404

FORM = "surveys/survey_form.html"
# What the counting of a frame reads.
COUNTED = ("branch", "method", "stratum", "quotas", "margin", "size", "cool_down_days")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, actions.EDIT)
    initial = {"edition": request.GET.get("edition")}
    form = SurveyForm(request.POST or None, person=person, initial=initial)
    if _is_sent(request) and form.is_valid():
        given = form.given()
        made = attempt(form, lambda: actions.create(by=person, now=clock.now(), **given))
        if made is not None:
            messages.success(request, _("The survey is saved, and nobody is asked yet."))
            return go(request, "survey", made.pk)
    return _show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, person = survey_or_404(request, pk), me(request)
    require(person, actions.EDIT, found)
    form = SurveyForm(request.POST or None, instance=found, person=person)
    if _is_sent(request) and form.is_valid():
        given = form.given() | {"version": form.cleaned_data["version"]}
        attempt(form, lambda: actions.save(survey=found, by=person, now=clock.now(), **given))
        if not form.errors:
            messages.success(request, _("The survey is saved."))
            return go(request, "survey", pk)
    return _show(request, form)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The frame and the size of what stands in the form, while it is being filled in."""
    person = me(request)
    require(person, actions.EDIT)
    form = SurveyForm(request.POST, person=person)
    return page(request, "surveys/_preview.html", {"preview": _preview(form)})


def _is_sent(request: HttpRequest) -> bool:
    """To be saved, and not only to be looked at beforehand."""
    return request.method == "POST" and request.POST.get("do") != "preview"


def _show(request: HttpRequest, form: SurveyForm) -> HttpResponse:
    is_looked_at = request.method == "POST" and not _is_sent(request)
    context = {
        "form": form,
        "survey": form.instance if form.instance.pk else None,
        "preview": _preview(form) if form.is_bound else None,
    }
    status = 422 if request.method == "POST" and not is_looked_at else 200
    return page(request, FORM, context, status=status)


def _preview(form: SurveyForm) -> dict[str, Any]:
    """Numbers of the frame and the sample; or why there are none."""
    form.is_valid()
    given = form.given()
    if given.get("branch") is None:
        return {"words": _("Choose the issuing unit to see whom it would ask.")}
    named = {name: given[name] for name in COUNTED if given.get(name) not in (None, "")}
    survey = Survey(frame=given["frame"], **named)
    if not survey.takes_sample or given.get("after_closing"):
        return {"words": _("It asks without a sample.")}
    frame = frame_of(survey, now=clock.now())
    return _numbers(survey, frame) | sizes(survey, frame)


def _numbers(survey: Survey, frame: Frame) -> dict[str, Any]:
    excluded = [(words, frame.excluded[reason]) for reason, words in EXCLUDED.items()]
    return {"frame": frame, "excluded": excluded, "by_stratum": bool(survey.stratum)}
