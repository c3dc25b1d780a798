"""Writing a policy: a new one, or the next revision of one that is there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions import policies as reading
from complaints.actions import rulebooks
from complaints.actions.policies import Rule
from complaints.cautions import Caution, cautions
from complaints.forms.policies import PolicyEditor, PreviewForm, with_another_row
from complaints.models import Policy, PolicyRevision, TimerKind
from complaints.views.policies import EDIT, courses, preview_form, revisions_of
from csm.kit import clock
from csm.kit.errors import Stale
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import attempt, me

ADD, PREVIEW = "add-", "preview"
PREVIEWED = "preview"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begins with the targets and ladders of the policy for all other complaints."""
    by, now = me(request), clock.now()
    require_everywhere(by, EDIT)
    base = reading.rule_for(None)
    editor, is_asked = _read(request, base)
    if is_asked and editor.is_valid():
        data, rule = editor.form.cleaned_data, editor.rule()
        given = {"name": data["name"], "is_active": data["is_active"]}
        made = attempt(editor.form, lambda: rulebooks.add(rule=rule, by=by, now=now, **given))
        if made is not None:
            messages.success(request, _("The policy is saved. New complaints follow it."))
            return go(request, "policy", made.pk)
    return _show(request, editor, base, policy=None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    by, now = me(request), clock.now()
    require_everywhere(by, EDIT)
    policy = get_object_or_404(Policy, pk=pk)
    latest = revisions_of(policy)[0]
    base = reading.load(latest)
    editor, is_asked = _read(request, base, policy)
    if is_asked and editor.is_valid():
        data, rule = editor.form.cleaned_data, editor.rule()
        given = {name: data[name] for name in ("name", "is_active", "number")}
        try:
            made = attempt(
                editor.form,
                lambda: rulebooks.revise(policy=policy, rule=rule, by=by, now=now, **given),
            )
        except Stale:
            return _conflict(request, editor, policy)
        if not editor.form.errors:
            messages.success(request, _said(made))
            return go(request, "policy", pk)
    return _show(request, editor, base, policy=policy)


def _said(made: PolicyRevision | None) -> str:
    if made is None:
        return _("Saved. Targets and ladders are as they were, so there is no new revision.")
    return _(
        "Revision %(number)d is saved. New complaints follow it; "
        "running clocks keep the revision they were made from."
    ) % {"number": made.number}


def _read(
    request: HttpRequest, base: Rule, policy: Policy | None = None
) -> tuple[PolicyEditor, bool]:
    """The page as it was sent, and whether it is to be saved."""
    if request.method != "POST":
        return PolicyEditor(base, policy=policy), False
    do, data = request.POST.get("do", ""), request.POST
    kind = do.removeprefix(ADD)
    if do.startswith(ADD) and kind in TimerKind.values:
        return PolicyEditor(base, with_another_row(data, kind), policy=policy), False
    return PolicyEditor(base, data, policy=policy), do != PREVIEW


def _show(
    request: HttpRequest,
    editor: PolicyEditor,
    base: Rule,
    *,
    policy: Policy | None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The editor with what its rule means, as far as it can be read."""
    do = request.POST.get("do", "")
    is_adding = do.startswith(ADD)
    is_read = request.method != "POST" or editor.is_valid()
    rule = base if request.method != "POST" else editor.rule() if is_read else None
    form = preview_form(
        me(request), base, data=request.POST if do == PREVIEW else None, prefix=PREVIEWED
    )
    found = cautions(rule) if rule else []
    wrong = not is_read or (form.is_bound and not form.is_valid())
    context = {
        "editor": editor,
        "policy": policy,
        "revision": base.revision,
        "ladders": _with_cautions(editor, found),
        "cautions": found,
        "has_errors": not is_read,
        "added": do.removeprefix(ADD) if is_adding else "",
        "preview_form": form,
        "courses": _courses(form, rule),
        **more,
    }
    if wrong and not is_adding and status == 200:
        status = 422
    return page(request, "complaints/policy_form.html", context, part="editor", status=status)


def _courses(form: PreviewForm, rule: Rule | None) -> list[Any]:
    return courses(form, rule, now=clock.now()) if rule else []


def _with_cautions(editor: PolicyEditor, found: list[Caution]) -> list[dict[str, Any]]:
    """Each ladder with its rows, each row with what is said about it."""
    return [
        {
            "ladder": ladder,
            "notes": [
                each.text for each in found if each.kind == ladder.kind and each.place is None
            ],
            "rows": _rows(ladder, [each for each in found if each.kind == ladder.kind]),
        }
        for ladder in editor.ladders
    ]


def _rows(ladder: Any, found: list[Caution]) -> list[tuple[Any, list[str]]]:
    """Cautions count the rows that are steps; the page also has empty and removed ones."""
    filled = ladder.rows.filled if ladder.rows.is_bound else ladder.rows.initial_forms
    place = {id(form): number for number, form in enumerate(filled)}
    return [
        (form, [each.text for each in found if each.place == place.get(id(form), -1)])
        for form in ladder.rows.forms
    ]


def _conflict(request: HttpRequest, editor: PolicyEditor, policy: Policy) -> HttpResponse:
    """Somebody saved first: what was typed stays, and is saved on top when asked again."""
    latest = revisions_of(policy)[0]
    data = request.POST.copy()
    data["number"] = str(latest.number)
    base = reading.load(latest)
    again = PolicyEditor(base, data, policy=policy)
    again.is_valid()
    return _show(request, again, base, policy=policy, status=409, first=latest)
