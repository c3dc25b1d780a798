"""The tree of what complaints are about (C-25)."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from complaints.actions import categories as actions
from complaints.forms.categories import CategoryForm
from complaints.models import Category
from csm.kit.htmx import go, page
from organisation.access import require_everywhere
from organisation.doors import attempt, me

VERB = "category.edit"


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Each below the one it belongs to, with the number of its complaints."""
    require_everywhere(me(request), VERB)
    rows = list(Category.objects.annotate(used=Count("complaints")))
    return page(request, "complaints/category_list.html", {"rows": _as_tree(rows, None, 0)})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), VERB)
    form = CategoryForm(request.POST or None, initial={"parent": request.GET.get("parent", "")})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create(by=me(request), **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The category is saved."))
            return go(request, "categories")
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), VERB)
    category = get_object_or_404(Category, pk=pk)
    form = CategoryForm(request.POST or None, instance=category)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        attempt(form, lambda: actions.change(category=category, by=me(request), **data))
        if not form.errors:
            messages.success(request, _("The category is saved."))
            return go(request, "categories")
    return _form(request, form)


def _as_tree(
    rows: Sequence[Category], parent: int | None, depth: int
) -> list[tuple[Category, int]]:
    found = []
    for row in rows:
        if row.parent_id == parent:
            found += [(row, depth), *_as_tree(rows, row.pk, depth + 1)]
    return found


def _form(request: HttpRequest, form: CategoryForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return page(request, "complaints/category_form.html", {"form": form}, status=status)
