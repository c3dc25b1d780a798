"""The company's rules for assessments, for administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.actions import assessment_rules as actions
from complaints.forms.assessments import RuleForm
from complaints.models import AssessmentRule
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import attempt, me


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.VERB)
    context = {"rows": AssessmentRule.objects.all()}
    return page(request, "complaints/assessment_rule_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.VERB)
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create(by=me(request), **form.cleaned_data))
        if made is not None:
            return _saved(request)
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.VERB)
    rule = get_object_or_404(AssessmentRule, pk=pk)
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        attempt(form, lambda: actions.change(rule=rule, by=me(request), now=now, **given))
        if not form.errors:
            return _saved(request)
    return _form(request, form)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The rule is saved."))
    return go(request, "assessment-rules")


def _form(request: HttpRequest, form: RuleForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/assessment_rule_form.html", {"form": form}, status=status)
