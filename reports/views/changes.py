"""What changed beyond chance, branch by branch and category by category (F-16)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from csm.kit import clock, htmx
from organisation.doors import me
from organisation.models import Branch
from reports import behind, change_words, changes, series, tabs
from reports.changes import Charted

# Charts on a page: each draws half a year.
PAGE = 10


@require_safe
def change_list(request: HttpRequest) -> HttpResponse:
    """Only the charts with a signal in the last weeks; of one branch (`?branch=WX`) all charts.

    Open to everybody who is signed in, as rankings are; the lists behind are not.
    """
    now, person = clock.now(), me(request)
    branch = _branch(request.GET.get("branch", ""))
    weeks = series.ended_weeks(now)
    found = series.every(weeks) if branch is None else series.of_branch(weeks, branch.pk)
    every = [each for each in map(changes.charted, found) if each is not None]
    listed = changes.changed(every)
    if branch is not None:
        listed += [each for each in every if not each.signals]
    pages = Paginator(listed, PAGE)
    page = pages.get_page(request.GET.get("page"))
    on_page = list(page.object_list)
    about = behind.behind(on_page, person=person, now=now)
    context = {
        "tabs": tabs.row(person, "changes"),
        "branch": branch,
        "branches": _branches(every, about),
        "shown": [change_words.shown(each, about) for each in on_page],
        "first": weeks[-changes.WATCHED],
        "last": weeks[-1],
        "charts": len(every),
        "signals": sum(len(each.signals) for each in every),
        "by_chance": changes.expected_by_chance(every),
        "page": page,
        "previous": _address(branch, page.previous_page_number()) if page.has_previous() else "",
        "next": _address(branch, page.next_page_number()) if page.has_next() else "",
    }
    return htmx.page(request, "reports/changes.html", context)


def _branch(code: str) -> Branch | None:
    """Raises `Http404` for a code that nobody has."""
    if not code:
        return None
    found = Branch.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _branches(every: list[Charted], about: behind.Behind) -> list[dict[str, Any]]:
    """Which branches there are charts of, to choose one."""
    keys = {each.series.branch for each in every if each.series.about == "branch"}
    units = [about.places.units[pk] for pk in keys if pk is not None]
    return [{"code": unit.code, "name": str(unit)} for unit in sorted(units, key=lambda u: u.code)]


def _address(branch: Branch | None, number: int) -> str:
    kept = {"branch": branch.code} if branch else {}
    return f"?{urlencode({**kept, 'page': str(number)})}"
