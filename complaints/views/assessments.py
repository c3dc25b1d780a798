"""Assessments (考核): the list with its totals, one of them with its acts, and a new proposal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints import assessments as reading
from complaints.actions import assessments as actions
from complaints.assessment_events import entries
from complaints.assessment_export import ASSESSMENTS
from complaints.assessments import AssessmentFilter
from complaints.forms import assessments as forms
from complaints.models import Assessment, AssessmentStatus, Complaint, Notice, WorkOrder
from complaints.views.answers import address
from complaints.views.tabs import Tab, by_status, without
from csm.kit import clock, keyset
from csm.kit.errors import NotOpen, Stale
from csm.kit.htmx import go, page
from organisation.access import can, places, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Branch, Person
from organisation.views import exports

SEE = "assessment.see"
CONDITIONS = ("state", "branch", "person", "month", "waiting")


@dataclass(frozen=True)
class Act:
    """What somebody may do with an assessment: its form, its words, the action."""

    form: type[forms.ActForm]
    label: Promise
    done: Promise
    act: Callable[..., None]
    is_last_resort: bool = False


ACTS = {
    "decide": Act(
        forms.DecideForm,
        gettext_lazy("Decide the assessment"),
        gettext_lazy("The assessment is decided."),
        actions.decide,
    ),
    "reject": Act(
        forms.RejectForm,
        gettext_lazy("Reject the proposal"),
        gettext_lazy("The proposal is rejected."),
        actions.reject,
        is_last_resort=True,
    ),
    "appeal": Act(
        forms.AppealForm,
        gettext_lazy("Appeal"),
        gettext_lazy("The appeal is made."),
        actions.appeal,
    ),
    "finish": Act(
        forms.FinishForm,
        gettext_lazy("Answer the appeal"),
        gettext_lazy("The appeal is answered."),
        actions.finish,
    ),
}


@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """Newest first; one tab per state, and what counts by branch and month."""
    person = me(request)
    found = AssessmentFilter(request.GET, person=person, now=clock.now())
    rows = reading.for_page(found.qs) if found.is_valid() else Assessment.objects.none()
    shown = keyset.page(rows, order=("-proposed_at", "-pk"), params=request.GET)
    context = {
        "found": shown,
        "chosen": {name: request.GET.get(name, "") for name in CONDITIONS},
        "branches": places(person, SEE),
        "errors": [error for each in found.errors.values() for error in each],
        "tabs": _tabs(request.GET, person),
        "waiting": dict(reading.WAITING).get(request.GET.get("waiting", "")),
        "is_filtered": any(request.GET.get(name) for name in CONDITIONS),
        "may_propose": can(person, "assessment.propose"),
        "may_see_suppliers": can(person, "supplier.see"),
        "people": _people(person),
        "months": reading.months(visible(Assessment, person)),
        "clear_url": reverse("assessments"),
    }
    return page(request, "complaints/assessment_list.html", context, part="list")


def _tabs(query: QueryDict, person: Person) -> list[Tab]:
    """The states, each with how many there are under the other conditions."""
    others = AssessmentFilter(without(query, "state"), person=person, now=clock.now())
    rows = others.qs if others.is_valid() else Assessment.objects.none()
    return by_status(rows, AssessmentStatus.choices, query, name="state")


def _people(person: Person) -> QuerySet[Person]:
    """Those about whom the person sees any."""
    rows = visible(Assessment, person).exclude(person=None).order_by()
    return Person.objects.filter(pk__in=rows.values("person"))


@require_safe
def totals(request: HttpRequest) -> HttpResponse:
    """What counts, by branch and month."""
    require(me(request), SEE)
    rows = reading.totals(visible(Assessment, me(request)))  # type: ignore[arg-type]
    return page(request, "complaints/assessment_totals.html", {"rows": rows})


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    return exports.answer(request, ASSESSMENTS)


@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, _found(request, pk), clock.now())


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One act; a refused form stays open with what was typed."""
    found, now, one = _found(request, pk), clock.now(), ACTS[name]
    actions.check(found, name, by=me(request), now=now)
    form = one.form(request.POST, assessment=found, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            attempt(
                form, lambda: one.act(assessment=found, by=me(request), now=now, **form.given())
            )
        except (NotOpen, Stale) as refusal:
            form.add_error(None, refusal.message)
            return _show(request, _found(request, pk), now, refused=(name, form), status=409)
    if form.errors:
        return _show(request, found, now, refused=(name, form), status=422)
    messages.success(request, str(one.done))
    return go(request, "assessment", pk)


def _found(request: HttpRequest, pk: int) -> Assessment:
    return get_object_or_404(reading.for_page(visible(Assessment, me(request))), pk=pk)


def _show(
    request: HttpRequest,
    found: Assessment,
    now: datetime,
    *,
    refused: tuple[str, forms.ActForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    allowed = actions.open_to(found, person, now)
    steps = [
        (one, reverse(f"assessment-{name}", args=(found.pk,)), _form(name, one, found, refused))
        for name, one in ACTS.items()
        if name in allowed or (refused and refused[0] == name)
    ]
    context = {
        "assessment": found,
        "steps": steps,
        "form": refused[1] if refused else None,
        "entries": entries(found),
        "sees": {
            "complaint": found.complaint and _sees(Complaint, person, found.complaint_id),
            "order": found.work_order and _sees(WorkOrder, person, found.work_order_id),
            "notice": found.notice and _sees(Notice, person, found.notice_id),
        },
        "notice_url": address("notice", found.notice_id) if found.notice_id else "",
        "may_be_appealed": found.may_be_appealed(now),
    }
    return page(request, "complaints/assessment.html", context, status=status)


def _form(
    name: str, one: Act, found: Assessment, refused: tuple[str, forms.ActForm] | None
) -> forms.ActForm:
    if refused and refused[0] == name:
        return refused[1]
    return one.form(assessment=found, auto_id=f"{name}_%s")


def _sees(model: Any, person: Person, pk: int | None) -> bool:
    return bool(visible(model, person).filter(pk=pk).exists())


@dataclass(frozen=True)
class About:
    """The records that a proposal is linked with, and the branch that it is about."""

    branch: Branch | None
    records: dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A proposal, from a record or from nothing: then the branch is chosen first."""
    person = me(request)
    require(person, forms.PROPOSE)
    about = _about(request.GET, person)
    if about.branch is None:
        chooser = forms.BranchForm(request.GET if "branch" in request.GET else None, by=person)
        return page(request, "complaints/assessment_branch.html", {"form": chooser})
    require(person, forms.PROPOSE, about.branch)
    form = forms.ProposeForm(request.POST or None, branch=about.branch)
    if request.method == "POST" and form.is_valid():
        given = {"branch": about.branch, **about.records, **form.given()}
        made = attempt(form, lambda: actions.propose(by=person, now=clock.now(), **given))
        if made is not None:
            messages.success(request, _("The proposal is made. Somebody else decides."))
            return go(request, "assessment", made.pk)
    context = {"form": form, **about.records, "branch": about.branch}
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/assessment_new.html", context, status=status)


def _about(query: QueryDict, person: Person) -> About:
    """As the address names them; what the person does not see is not there."""
    records: dict[str, Any] = {"complaint": None, "work_order": None, "notice": None}
    if number := query.get("complaint"):
        records["complaint"] = visible_or_404(Complaint, person, number=number)
    for name, model in (("work_order", WorkOrder), ("notice", Notice)):
        if key := query.get(name):
            records[name] = visible_or_404(model, person, pk=_key(key))
    named = Branch.objects.filter(code=query.get("branch", "").replace("\0", "")).first()
    record = records["complaint"] or records["work_order"]
    branch = named or (record.branch if record else None)
    return About(branch, records)


def _key(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0
