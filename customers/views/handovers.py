"""Passing the customers of one account manager to another (K-20)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from csm.kit import clock
from csm.kit.htmx import go, page
from customers import retention as reading
from customers.actions import handovers as actions
from customers.forms.retention import HandoverForm
from organisation.access import branch_ids, require
from organisation.doors import attempt, me
from organisation.models import Branch, Person


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Choose whose customers, then which of them, and who has them from now on."""
    person = me(request)
    require(person, reading.HAND_OVER)
    over = branch_ids(person, reading.HAND_OVER)
    leaving = (
        Person.objects.filter(accounts__home_branch__in=over).distinct().order_by("name", "pk")
    )
    chosen = request.GET.get("was", "")
    if not chosen.isdecimal() or len(chosen) > 9:
        context = {"leaving": leaving, "is_chosen": False}
        return page(request, "customers/handover_form.html", context)
    was = get_object_or_404(leaving, pk=chosen)
    customers = reading.passed_on(person, was)
    above = {
        pk
        for branch in Branch.objects.filter(pk__in=customers.values("home_branch"))
        for pk in branch.ancestor_ids
    }
    people = reading.people_at(above).exclude(pk=was.pk)
    form = HandoverForm(request.POST or None, people=people, customers=customers)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        number = attempt(
            form,
            lambda: actions.hand_over(
                was=was,
                to=given["to"],
                customers=[row.pk for row in given["customers"]],
                words=given["words"],
                by=person,
                now=clock.now(),
            ),
        )
        if number is not None:
            done = ngettext(
                "%(number)s customer is handed over.",
                "%(number)s customers are handed over.",
                number,
            )
            messages.success(request, done % {"number": number})
            return go(request, "customers")
    context = {"leaving": leaving, "is_chosen": True, "was": was, "form": form}
    status = 422 if request.method == "POST" else 200
    return page(request, "customers/handover_form.html", context, status=status)
