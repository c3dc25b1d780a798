"""The review group: plans without branch and names, marked once (T-08)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import page
from organisation.doors import me
from organisation.views.acting import act
from staff import contests as reading
from staff.actions import contest_judging as actions
from staff.blind import blind, blind_all
from staff.forms.contest import ConflictForm, JudgeForm
from staff.models import ConflictOfInterest, Judgement, Plan

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits for my marks, and what has them."""
    person = me(request)
    reading.require_panel(person)
    rows = reading.with_reports(reading.judgeable(person))
    found = keyset.page(rows, order=("pk",), params=request.GET, size=20)
    keys = [row.pk for row in found.rows]
    judged = Judgement.objects.filter(plan__in=keys, reviewer=person).values_list("plan", flat=True)
    left = ConflictOfInterest.objects.filter(plan__in=keys, reviewer=person)
    done, out = set(judged), set(left.values_list("plan", flat=True))
    context = {
        "found": found,
        "rows": [(row, row.pk in done, row.pk in out) for row in blind_all(found.rows)],
        "runs": reading.runs(person),
    }
    return page(request, "staff/contest_reviews.html", context, part="list")


@GET_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan, blind; the marks of the others are shown once the own ones are given."""
    person = me(request)
    plan = reading.in_review(person, pk)
    if request.method != "POST":
        return _show(request, plan)
    form, now = JudgeForm(plan.contest, request.POST), clock.now()
    return act(
        request,
        form,
        lambda _given: actions.judge(plan=plan, by=person, now=now, **form.given()),
        done=_("Your marks are recorded. They stay as they are."),
        show=lambda sent, status: _show(request, plan, form=sent, status=status),
        to=("contest-review", pk),
    )


@require_POST
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Declared by the reviewer: the plan is for the others."""
    person = me(request)
    plan, now = reading.in_review(person, pk), clock.now()
    return act(
        request,
        ConflictForm(request.POST),
        lambda given: actions.declare_conflict(plan=plan, by=person, now=now, **given),
        done=_("The conflict is declared. The others judge this plan."),
        show=lambda sent, status: _show(request, plan, conflict=sent, status=status),
        to=("contest-reviews",),
    )


def _show(
    request: HttpRequest,
    plan: Plan,
    *,
    form: object = None,
    conflict: object = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    own = Judgement.objects.filter(plan=plan, reviewer=person).prefetch_related("points__criterion")
    given = own.first()
    marks = reading.marks_of([plan.pk]).get(plan.pk) if given else None
    left = ConflictOfInterest.objects.filter(plan=plan, reviewer=person).exists()
    context = {
        "plan": blind(plan),
        "own": given,
        "marks": marks,
        "left": left,
        "form": form or conflict or JudgeForm(plan.contest),
        "judge_form": form or JudgeForm(plan.contest),
        "conflict_form": conflict or ConflictForm(),
    }
    return page(request, "staff/contest_review.html", context, status=status)
