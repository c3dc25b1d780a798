"""The leaderboard of a month (F-21)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from complaints import months
from csm.kit import clock
from csm.kit.htmx import page
from organisation.access import places, require
from organisation.doors import me
from staff import reading


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Of the branches one sees, or of one of them and those below it."""
    person, now = me(request), clock.now()
    require(person, reading.SEE_BOARD)
    period = months.asked(request.GET, now)
    mine = places(person, reading.SEE_BOARD)
    chosen = next((each for each in mine if each.code == request.GET.get("branch")), None)
    lines = reading.board(
        person, first=period.first_on, last=period.last_on, below=chosen.path if chosen else ""
    )
    context = {
        **months.around(period, now, **({"branch": chosen.code} if chosen else {})),
        "places": mine,
        "chosen": chosen,
        "lines": lines,
        "most": lines[0].points if lines else 0,
        "own": person.pk,
    }
    return page(request, "staff/board.html", context, part="list")
