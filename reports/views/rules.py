"""The weights of the ranking and their versions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from csm.kit import clock, periods
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import attempt, me
from reports import standings
from reports.actions import rules as actions
from reports.forms.rules import RankingRuleForm
from reports.models import RankingRule

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The next version; periods that have begun keep theirs."""
    person, now = me(request), clock.now()
    require_everywhere(person, actions.EDIT)
    versions = list(RankingRule.objects.select_related("created_by")[:SHOWN])
    form = RankingRuleForm(request.POST if request.method == "POST" else None, rule=versions[0])
    if form.is_valid():
        given = form.said()
        if attempt(form, lambda: actions.revise(by=person, now=now, **given)) is not None:
            words = _("The next version is saved. It holds from %(week)s and %(month)s on.")
            following = {
                kind: periods.label(standings.current(now, kind).following)
                for kind in periods.WEEK_OR_MONTH
            }
            messages.success(request, words % following)
            return go(request, "ranking-rules")
    context = {"form": form, "rule": versions[0], "versions": versions}
    status = 422 if form.errors else 200
    return page(request, "reports/rules.html", context, status=status)
