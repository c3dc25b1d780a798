"""The results of a survey: figures first, then what they rest on, then the answers one by one."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import keyset, periods
from csm.kit.errors import Refused
from csm.kit.htmx import page
from csm.kit.periods import Period
from organisation.access import can, visible_or_404
from organisation.doors import me
from organisation.views import exports
from surveys import figures
from surveys.models import Dimension, Question, QuestionKind, Response, Survey
from surveys.results import gaps, lists, reading, spans
from surveys.results.exports import RESULTS
from surveys.results.reading import Asked
from surveys.results.scores import headlines

NEWEST = ("-completed_at", "-id")


View = Callable[[HttpRequest, Asked], HttpResponse]


def of_period(here: str) -> Callable[[View], Callable[[HttpRequest, int], HttpResponse]]:
    """Gives a page the answers that its address names, and says what is no period on the page."""

    def wrap(view: View) -> Callable[[HttpRequest, int], HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, pk: int) -> HttpResponse:
            survey = visible_or_404(Survey, me(request), pk=pk)
            try:
                asked = reading.asked(survey, me(request), request.GET)
            except Refused as refusal:
                context = {**frame(Asked(survey, me(request)), here), "wrong": refusal.fields}
                context["days"] = spans.typed(request.GET, None)
                return page(request, "surveys/period_wrong.html", context, status=422)
            if asked.period and "period" not in request.GET:
                return redirect(_address(request, asked.period))
            return view(request, asked)

        return wrapped

    return wrap


def _address(request: HttpRequest, period: Period) -> str:
    """The page with its period by one key, so that it can be taken away again."""
    query = request.GET.copy()
    for name in ("from", "to"):
        del query[name]
    query["period"] = period.key
    return f"{request.path}?{query.urlencode()}"


@require_safe
@of_period("results")
def results(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Figures with interval and number of answers, distributions, break-downs, the trend."""
    found = reading.results(asked)
    context = {
        **frame(asked, "results"),
        "results": found,
        "offered": spans.offered(found.months, asked.period),
        "days": spans.typed(request.GET, asked.period),
        "standing": figures.standings([asked.survey], asked.person)[asked.survey.pk],
    }
    return page(request, "surveys/results.html", context)


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same figures as a file."""
    survey = visible_or_404(Survey, me(request), pk=pk)
    return exports.answer(request, RESULTS, RESULTS.query(survey, request.POST.get("query", "")))


@require_safe
@of_period("drivers")
def drivers(request: HttpRequest, asked: Asked) -> HttpResponse:
    """What satisfaction comes from: gaps, importance against performance, competitors."""
    found = gaps.drivers(asked)
    service = found.service
    gap_of = dict(zip(service.dimensions, service.gap.gaps, strict=True))
    context = {
        **frame(asked, "drivers"),
        "items": found.items,
        "is_few": found.is_too_few,
        "service": service,
        "dimensions": [
            (Dimension(name).label, {"value": gap, "size": abs(gap)})
            for name, gap in gap_of.items()
        ],
        "widest": max(map(abs, gap_of.values()), default=0),
        "stated": found.stated,
        "derived": found.derived,
        "maps": _maps(found),
        "enough": gaps.ENOUGH_TO_DERIVE,
    }
    return page(request, "surveys/drivers.html", context)


def _maps(found: gaps.Drivers) -> list[dict[str, Any]]:
    """Each with its table: what customers say is important, and what goes along with their mark."""
    maps = (
        (
            "stated",
            _("Importance and performance, as stated"),
            found.stated,
            _("Means on the scale of 1 to 7. The axes cross at the means of all items."),
        ),
        (
            "derived",
            _("Importance and performance, as derived"),
            found.derived,
            _("Importance: Pearson's r of the item's marks with the overall answer."),
        ),
    )
    return [
        {
            "key": key,
            "title": title,
            "hint": hint,
            "rows": [(label, point, place) for label, (point, place) in points.items()],
        }
        for key, title, points, hint in maps
        if len(points) > 1
    ]


@require_safe
@of_period("responses")
def responses(request: HttpRequest, asked: Asked) -> HttpResponse:
    """The answers behind a figure, newest first."""
    behind = lists.behind(asked, request.GET)
    rows = behind.rows.select_related("branch").prefetch_related("answers")
    found = keyset.page(rows, order=NEWEST, params=request.GET)
    leading = headlines(asked.questions)
    names = lists.named(found.rows, me(request))
    context = {
        **frame(asked, "responses"),
        "behind": behind,
        "number": behind.rows.count(),
        "found": found,
        "heads": [_head(question) for question in leading],
        "rows": [
            (row, names.get(row.customer_id or 0), _marks(row, leading)) for row in found.rows
        ],
    }
    return page(request, "surveys/responses.html", context)


def _marks(row: Response, leading: Sequence[Question]) -> list[tuple[str, Decimal | None]]:
    """The marks of the leading questions, each under its head."""
    given = {answer.question_id: answer.value for answer in row.answers.all()}
    return [(_head(question), given.get(question.pk)) for question in leading]


def _head(question: Question) -> str:
    heads = {QuestionKind.NPS: _("Recommends"), QuestionKind.CES: _("Easy")}
    return heads.get(QuestionKind(question.kind), _("Content"))


def frame(asked: Asked, here: str) -> dict[str, Any]:
    """What all pages about the results have: the survey, the period, the ways to one another."""
    key = asked.period.key if asked.period else ""
    return {
        "survey": asked.survey,
        "period": asked.period,
        "period_label": periods.label(asked.period) if asked.period else "",
        "here": here,
        "keeps": f"?{urlencode({'period': key})}" if key else "",
        "may_edit": can(asked.person, "survey.edit", asked.survey),
    }
