"""The policies in the order in which they are tried, and one of them with what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import policy_words
from complaints.actions import policies as reading
from complaints.actions import rulebooks
from complaints.actions.policies import Rule
from complaints.cautions import cautions
from complaints.forms.policies import CompareForm, PreviewForm
from complaints.models import Category, Milestone, Policy, PolicyRevision, Target
from complaints.previews import Course, preview
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import branches as branches_with
from organisation.access import require, sees_everything
from organisation.doors import me
from organisation.models import Branch, Level, Person

SEE, EDIT = "policy.see", "policy.edit"


@dataclass(frozen=True)
class Row:
    """A policy in the list: its latest revision in words."""

    policy: Policy
    revision: PolicyRevision
    conditions: list[str]
    clock: str
    targets: list[tuple[str, str]]
    steps: int
    is_first: bool
    is_last: bool


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """All of them, as they are tried: the first whose conditions all hold applies."""
    person = me(request)
    require(person, SEE)
    context = {
        "rows": _rows(),
        "exempt": Category.objects.filter(is_exempt=True, is_active=True),
        "may_edit": sees_everything(person, EDIT),
    }
    return page(request, "complaints/policy_list.html", context)


def _rows() -> list[Row]:
    found = list(Policy.objects.select_related("category", "branch"))
    latest = _latest(found)
    targets = _targets(latest.values())
    movable = [policy.pk for policy in found if not policy.holds_always]
    return [
        Row(
            policy=policy,
            revision=revision,
            conditions=policy_words.conditions(policy),
            clock=policy_words.clock(revision),
            targets=[
                (str(kind.label), policy_words.span(targets.get((revision.pk, kind.value))))
                for kind in Milestone
            ],
            steps=revision.step_count,  # type: ignore[attr-defined]
            is_first=policy.pk not in movable or policy.pk == movable[0],
            is_last=policy.pk not in movable or policy.pk == movable[-1],
        )
        for policy in found
        if (revision := latest.get(policy.pk))
    ]


def _latest(found: list[Policy]) -> dict[int, PolicyRevision]:
    """The newest revision of each policy, with the size of its ladders."""
    of_policy = PolicyRevision.objects.filter(policy=OuterRef("policy")).order_by("-number")
    newest = PolicyRevision.objects.filter(pk=Subquery(of_policy.values("pk")[:1]))
    rows = newest.filter(policy__in=found).select_related("calendar")
    return {row.policy_id: row for row in rows.annotate(step_count=Count("steps"))}


def _targets(revisions: Any) -> Mapping[tuple[int, str], timedelta]:
    rows = Target.objects.filter(revision__in=[revision.pk for revision in revisions])
    return {(row.revision_id, row.kind): row.duration for row in rows}


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down."""
    policy = get_object_or_404(Policy, pk=pk)
    rulebooks.move(policy=policy, is_up=request.POST.get("direction") == "up", by=me(request))
    messages.success(request, _("The order is saved."))
    return go(request, "policies")


@require_safe
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest revision in words, who hears when at a branch, and the revisions before it."""
    person, now = me(request), clock.now()
    require(person, SEE)
    found = get_object_or_404(Policy, pk=pk)
    revisions = list(revisions_of(found))
    rule = reading.load(revisions[0])
    numbers = [revision.number for revision in revisions]
    form = preview_form(person, rule, data=request.GET if "branch" in request.GET else None)
    context = {
        "policy": found,
        "revisions": revisions,
        "rule": in_words(rule),
        "cautions": cautions(rule),
        "may_edit": sees_everything(person, EDIT),
        "preview_form": form,
        "courses": courses(form, rule, now=now),
        "compare_form": compare_form(numbers) if len(numbers) > 1 else None,
    }
    status = 422 if form.is_bound and form.errors else 200
    return page(request, "complaints/policy.html", context, part="preview", status=status)


def revisions_of(found: Policy) -> Any:
    """The newest first, with all that their words need."""
    rows = found.revisions.select_related("calendar", "category", "branch", "created_by")
    return rows.order_by("-number")


def in_words(rule: Rule) -> dict[str, Any]:
    revision = rule.revision
    return {
        "conditions": policy_words.conditions(revision),
        "clock": policy_words.clock(revision),
        "pause_limit": policy_words.span(revision.pause_limit),
        "attempts": revision.callback_attempts,
        "spread": policy_words.span(revision.callback_spread),
        "appeal_within": policy_words.span(revision.appeal_within),
        "kinds": [
            {
                "name": policy_words.kind_name(kind),
                "target": policy_words.span(rule.targets.get(kind)),
                "steps": [
                    (policy_words.moment(step), policy_words.step(step))
                    for step in rule.steps.get(kind, [])
                ],
            }
            for kind in policy_words.kinds_of(rule)
        ],
    }


def preview_form(
    person: Person, rule: Rule, *, data: Any = None, prefix: str | None = None
) -> PreviewForm:
    """Offers the branches that the person sees; begins with one that the policy may be for."""
    offered = branches_with(person, SEE).active()  # type: ignore[attr-defined]
    return PreviewForm(
        data, branches=offered, prefix=prefix, initial={"branch": _first(rule, offered)}
    )


def _first(rule: Rule, offered: Any) -> Branch | None:
    top = rule.revision.branch
    if top is not None:
        return top
    rows = offered.order_by("path")
    first: Branch | None = rows.filter(level=Level.BRANCH).first() or rows.first()
    return first


def courses(form: PreviewForm, rule: Rule, *, now: datetime) -> list[Course]:
    """The ladders played through for what the form asks; nothing while it has errors."""
    if form.is_bound and not form.is_valid():
        return []
    branch = form.cleaned_data["branch"] if form.is_bound else form.initial["branch"]
    received_at = form.cleaned_data["received_at"] if form.is_bound else None
    if branch is None:
        return []
    return preview(rule, branch=branch, received_at=received_at or now)


def compare_form(numbers: list[int], data: Any = None) -> CompareForm:
    """Begins with the last two."""
    initial = {"old": numbers[1], "new": numbers[0]}
    return CompareForm(data, numbers=numbers, initial=initial)


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two revisions side by side, with who made each and when."""
    require(me(request), SEE)
    found = get_object_or_404(Policy, pk=pk)
    revisions = {revision.number: revision for revision in revisions_of(found)}
    if len(revisions) < 2:
        messages.info(request, _("There is only one revision yet: nothing to compare."))
        return go(request, "policy", pk)
    form = compare_form(list(revisions), request.GET if "old" in request.GET else None)
    if form.is_bound and not form.is_valid():
        context = {"policy": found, "form": form, "sections": None}
        return page(request, "complaints/policy_compare.html", context, status=422)
    chosen = form.cleaned_data if form.is_bound else form.initial
    old, new = (revisions[number] for number in sorted((chosen["old"], chosen["new"])))
    sections = policy_words.compared(reading.load(old), reading.load(new))
    context = {
        "policy": found,
        "form": form,
        "old": old,
        "new": new,
        "sections": sections,
        "differences": sum(bool(line.mark) for each in sections for line in each.lines),
    }
    return page(request, "complaints/policy_compare.html", context)
