"""Delay cost by branch and month, and the complaints behind a branch's sum (C-17, R-06)."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from complaints import delay_cost, delay_costs, months
from complaints.actions import delay_prices
from complaints.care_exports import DELAY_COST, DELAYED, VERB
from csm.kit import clock, htmx
from organisation.access import branches, require
from organisation.doors import me
from organisation.models import Branch
from organisation.views import exports

# More stand in the export.
MOST = 200


@require_safe
def all_branches(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, VERB)
    period, price = months.asked(request.GET, now), delay_prices.current()
    lines = delay_costs.lines(person, period, now=now)
    total = delay_costs.total(lines)
    context = {
        **months.around(period, now),
        "rows": [(line, delay_cost.cost(line.avoidable, price)) for line in lines],
        "total": total,
        "cost": delay_cost.cost(total.units, price),
        "avoidable_cost": delay_cost.cost(total.avoidable, price),
        "price": price,
    }
    return htmx.page(request, "complaints/delay_costs.html", context)


@require_safe
def branch(request: HttpRequest, pk: int) -> HttpResponse:
    """The complaints of a branch, the longest first; their sum is that of the page before."""
    person, now = me(request), clock.now()
    require(person, VERB)
    found: Branch = get_object_or_404(branches(person, VERB), pk=pk)
    period, price = months.asked(request.GET, now), delay_prices.current()
    rows = delay_costs.complaints(person, period, now=now).filter(branch=found)
    count, units = delay_costs.sum_of(rows)
    shown = rows.order_by("-elapsed", "pk")[:MOST]
    context = {
        **months.around(period, now),
        "branch": found,
        "rows": [(row, delay_cost.cost(row.units, price)) for row in shown],
        "count": count,
        "more": max(count - MOST, 0),
        "units": units,
        "avoidable": units - count,
        "cost": delay_cost.cost(units, price),
        "price": price,
        "query": f"month={period.key}&branch={found.code}",
    }
    return htmx.page(request, "complaints/delay_cost_branch.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, DELAY_COST)


@require_POST
def export_complaints(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, DELAYED)
