"""The rules of points and their editor (F-21)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, require_everywhere, sees_everything
from organisation.doors import attempt, me
from staff.actions import point_rules as actions
from staff.forms.points import RuleForm, RuleRevisionForm
from staff.models import PointRule, PointRuleRevision

SEE = "incentive.see"
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What earns points, and how many: everybody may know."""
    require(me(request), SEE)
    context = {
        "rows": PointRuleRevision.objects.newest().select_related("rule"),
        "may_edit": sees_everything(me(request), actions.EDIT),
    }
    return page(request, "staff/rule_list.html", context)


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code, trigger, now = form.cleaned_data["code"], form.cleaned_data["trigger"], clock.now()
        made = attempt(
            form,
            lambda: actions.create(
                code=code, trigger=trigger, by=me(request), now=now, **form.said()
            ),
        )
        if made is not None:
            messages.success(request, pgettext("of points", "The rule is saved."))
            return go(request, "point-rules")
    return _form(request, form, None)


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The next revision; what was given before stays as it was."""
    require_everywhere(me(request), actions.EDIT)
    rule = get_object_or_404(PointRule, pk=pk)
    latest = rule.revisions.latest("number")
    form = RuleRevisionForm(request.POST or None, instance=latest, initial={"seen": latest.number})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        made = attempt(
            form,
            lambda: actions.revise(
                rule=rule, seen=seen, by=me(request), now=clock.now(), **form.said()
            ),
        )
        if made is not None:
            messages.success(request, pgettext("of points", "The rule is saved."))
            return go(request, "point-rules")
    return _form(request, form, rule)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    actions.delete(rule=get_object_or_404(PointRule, pk=pk), by=me(request), now=clock.now())
    messages.success(request, _("The rule is deleted."))
    return go(request, "point-rules")


def _form(request: HttpRequest, form: RuleRevisionForm, rule: PointRule | None) -> HttpResponse:
    earlier = rule.revisions.select_related("created_by").order_by("-number") if rule else ()
    context = {
        "form": form,
        "rule": rule,
        "earlier": earlier,
        "is_used": rule is not None and rule.entries.exists(),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/rule_form.html", context, status=status)
