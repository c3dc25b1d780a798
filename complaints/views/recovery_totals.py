"""What customers were given, by branch and month; what waits for a decision (C-19, C-20)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from complaints import months, recovery_totals
from complaints.actions import recovery_rules
from complaints.care_exports import RECOVERIES, VERB
from complaints.models import RecoveryKind
from csm.kit import clock, htmx
from organisation.access import require, sees_everything
from organisation.doors import me
from organisation.views import exports

MOST = 200


@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, VERB)
    period = months.asked(request.GET, now)
    lines = recovery_totals.lines(person, period)
    context = {
        **months.around(period, now),
        "rows": lines,
        "total": recovery_totals.total(lines),
        "kinds": [kind.label for kind in RecoveryKind],
        "waiting": recovery_totals.waiting(person)[:MOST],
        "may_edit": sees_everything(person, recovery_rules.VERB),
    }
    return htmx.page(request, "complaints/recovery_totals.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, RECOVERIES)
