"""The rules of value and their versions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock
from csm.kit.htmx import go, page
from customers.actions import value_rules as actions
from customers.actions.value import current_rule
from customers.forms.value import ValueRuleForm
from customers.models import ValueRule
from organisation.access import require_everywhere
from organisation.doors import attempt, me

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The next version; what was judged by an earlier one says so."""
    person, rule = me(request), current_rule()
    require_everywhere(person, actions.EDIT)
    posted = request.POST if request.method == "POST" else None
    form = ValueRuleForm(posted, rule=rule)
    if form.is_valid():
        given, now = form.cleaned_data, clock.now()
        if attempt(form, lambda: actions.revise(by=person, now=now, **given)) is not None:
            messages.success(request, _("The next version is saved; it holds from tonight on."))
            return go(request, "value-rules")
    versions = ValueRule.objects.select_related("created_by")[:SHOWN]
    context = {"form": form, "rule": rule, "versions": versions}
    status = 422 if form.errors else 200
    return page(request, "customers/value_rules.html", context, status=status)
