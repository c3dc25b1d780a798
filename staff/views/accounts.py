"""Account managers: the figures of a quarter, the decision, and what was decided (T-20)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock, periods
from csm.kit.htmx import go, page
from organisation.access import can, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Branch, Person
from staff import accounts as reading
from staff.actions import accounts as actions
from staff.forms.accounts import DecisionForm
from staff.models import AccountReview
from staff.models.accounts import DECIDE, SEE


@require_safe
def managers(request: HttpRequest) -> HttpResponse:
    """A quarter's figures by branch, with what was decided."""
    person, now = me(request), clock.now()
    require(person, SEE)
    period = reading.asked(request.GET, now)
    decided = visible(AccountReview, person).filter(period=period.key)
    reviews = {row.person_id: row for row in decided}
    lines = reading.lines(person, period)
    context = {
        "period": period,
        "label": periods.label(period),
        "previous": period.previous.key,
        "next": period.following.key if period.has_ended(now) else "",
        "rows": [(line, reviews.get(line.person_id)) for line in lines],
    }
    return page(request, "staff/account_managers.html", context, part="list")


@require_http_methods(["GET", "HEAD", "POST"])
def manager(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One of them in a quarter; HR decides here."""
    reader, now = me(request), clock.now()
    require(reader, DECIDE if request.method == "POST" else SEE)
    period = reading.of_key(key)
    of = visible_or_404(Person, reader, pk=pk)
    line = reading.line_of(reader, period, of)
    branch = Branch.objects.get(pk=line.branch_id)
    review = visible(AccountReview, reader).filter(person=of, period=key).first()
    form = DecisionForm(request.POST or None)
    if request.method == "POST":
        require(reader, DECIDE, branch)
        if form.is_valid():
            given = form.cleaned_data
            made = attempt(
                form,
                lambda: actions.decide(
                    person=of, branch=branch, period=period, figures=line.figures.data(),
                    by=reader, now=now, **given,
                ),
            )  # fmt: skip
            if made is not None:
                messages.success(request, _("Decided; the person is told."))
                return go(request, "account-review", made.pk)
    may = can(reader, DECIDE, branch) and of.pk != reader.pk and period.has_ended(now)
    context = {
        "line": line,
        "figures": line.figures,
        "label": periods.label(period),
        "review": review,
        "form": form if may and review is None else None,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/account_manager.html", context, status=status)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What was decided of oneself, and of those one may see."""
    person = me(request)
    rows = visible(AccountReview, person).select_related("person", "branch")
    return page(request, "staff/account_reviews.html", {"rows": list(rows[:50])})


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A decision with the figures of then."""
    row = visible_or_404(AccountReview, me(request), pk=pk)
    period = reading.of_key(row.period)
    context = {
        "review": row,
        "figures": reading.Figures(**row.figures),
        "label": periods.label(period),
    }
    return page(request, "staff/account_review.html", context)
