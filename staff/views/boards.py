"""The leaderboard of a month, a quarter or a year (F-21)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import require
from organisation.doors import me
from organisation.views import exports
from staff import reading, spans
from staff.exports import BOARD


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Of the branches one sees, or of one of them and those below it."""
    person, now = me(request), clock.now()
    require(person, reading.SEE_BOARD)
    found = reading.asked(person, request.GET, now)
    lines, chosen = found.lines(), found.chosen
    kept = {"branch": chosen.code} if chosen else {}
    context = {
        **spans.around(found.period, now, kept=kept),
        # Of 500 branches: a template takes each step of a name five times as long.
        "places": [(each.code, each.label) for each in found.places],
        "chosen": chosen.code if chosen else "",
        "lines": lines,
        "own": person.pk,
    }
    return page(request, "staff/board.html", context, part="list")


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, BOARD)
