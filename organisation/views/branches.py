"""The tree of regions and branches."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit.htmx import go, page
from organisation import listing
from organisation.access import branches as branches_with
from organisation.access import require, visible
from organisation.actions import branches as actions
from organisation.doors import attempt, me
from organisation.forms.branches import BranchForm
from organisation.models import Branch, in_tree

VERB = "branch.edit"


@require_safe
def branches(request: HttpRequest) -> HttpResponse:
    """The tree; found by a part of a name or the code, or by pinyin (U-19)."""
    require(me(request), VERB)
    rows = listing.branches(me(request), request.GET)
    mine = set(branches_with(me(request), VERB).values_list("pk", flat=True))
    context = {
        "rows": [(branch, branch.pk in mine) for branch in in_tree(rows)],
        "search": listing.searched(request.GET),
    }
    return page(request, "organisation/branch_list.html", context, part="list")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, VERB)
    initial = {"parent": request.GET.get("parent", "")}
    form = BranchForm(request.POST or None, initial=initial, person=person)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create(by=person, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The branch is saved."))
            return go(request, "branches")
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    branch = get_object_or_404(visible(Branch, person), pk=pk)
    require(person, VERB, branch)
    form = BranchForm(request.POST or None, instance=branch, person=person)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: actions.change(branch=branch, by=person, **form.cleaned_data))
        if not form.errors:
            messages.success(request, _("The branch is saved."))
            return go(request, "branches")
    return _form(request, form)


def _form(request: HttpRequest, form: BranchForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "organisation/branch_form.html", {"form": form}, status=status)
