"""Weekly and monthly reports: the list with one's subscriptions, one report, one as a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import months
from csm.kit import clock, periods
from csm.kit.htmx import page
from csm.kit.periods import Kind, Period
from organisation.access import can, require, visible
from organisation.actions.exports import Ready
from organisation.doors import me
from organisation.models import Person
from organisation.views.files import download
from reports import closing, standings, tabs
from reports.actions import report_files, subscriptions
from reports.documents import building
from reports.models import ReportKind, ReportSubscription, SentReport

SEE = report_files.VERB
# Of one kind on one page, and of what was sent.
SIZE, SENT = 13, 20


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The weeks or months, newest first; what one gets, and what one got."""
    person, now = me(request), clock.now()
    require(person, SEE)
    kind: Kind = "month" if request.GET.get("kind") == "month" else "week"
    newest = _from(request, kind) or months.running(now, kind)
    shown, has_more = closing.backwards(newest, SIZE, now=now)
    context = {
        "lives": [(life, periods.label(life.period)) for life in closing.lives(shown, now=now)],
        "kinds": [
            {"url": f"?kind={name}", "label": label, "is_current": name == kind, "count": None}
            for name, label in (("week", _("Weeks")), ("month", _("Months")))
        ],
        "older": f"?kind={kind}&from={shown[-1].previous.key}" if has_more else "",
        "newer": f"?kind={kind}" if newest.has_ended(now) else "",
        "tabs": tabs.row(person, "reports"),
        **_letters(person),
    }
    return page(request, "reports/reports.html", context, part="list")


def _letters(person: Person) -> dict[str, object]:
    kinds = set(visible(ReportSubscription, person).values_list("kind", flat=True))
    return {
        "subscriptions": [(kind, kind in kinds) for kind in ReportKind],
        "may_subscribe": can(person, subscriptions.VERB),
        "sent": visible(SentReport, person)[:SENT],
    }


def _from(request: HttpRequest, kind: Kind) -> Period | None:
    key = request.GET.get("from", "")
    try:
        return months.of_key(key, kind) if key else None
    except ValueError as error:
        raise Http404 from error


@require_safe
def report(request: HttpRequest, key: str) -> HttpResponse:
    """One report, also on paper; what lies ahead is not there."""
    person, now = me(request), clock.now()
    require(person, SEE)
    period = _period_or_404(key)
    found = building.report(building.facts(period, now=now), person)
    context = {
        "report": found,
        "period": period,
        "previous": period.previous,
        "following": period.following if period.has_ended(now) else None,
        "tabs": tabs.row(person, "reports"),
    }
    return page(request, "reports/report.html", context)


def _period_or_404(key: str) -> Period:
    try:
        found = standings.period_of(key)
    except ValueError as error:
        raise Http404 from error
    if found.start > clock.now():
        raise Http404
    return found


@require_POST
def report_file(request: HttpRequest, key: str) -> HttpResponseBase:
    """As Excel or Word, by `form`: at once, or the page of the job that makes it."""
    person = me(request)
    require(person, SEE)
    form = request.POST.get("form", "xlsx")
    if form not in report_files.CONTENT_TYPES:
        raise Http404
    period = _period_or_404(key)
    made = report_files.make(period=period.key, form=form, by=person, now=clock.now())
    if not isinstance(made, Ready):
        return redirect("job", made.pk)
    return download(made.content, made.name, made.content_type)


@require_POST
def subscription(request: HttpRequest) -> HttpResponse:
    """Begin or end one's own, by `kind`; `act` is what the button says."""
    person, kind = me(request), request.POST.get("kind", "")
    require(person, SEE)
    if kind not in ReportKind:
        messages.error(request, _("Choose the weekly or the monthly report."))
    elif request.POST.get("act") == "end":
        subscriptions.unsubscribe(kind=kind, by=person, now=clock.now())
        messages.success(request, _("You get no more of these reports."))
    else:
        subscriptions.subscribe(kind=kind, by=person, now=clock.now())
        messages.success(request, _("You get the next of these reports."))
    return redirect("reports")
