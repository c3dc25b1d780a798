"""One dissatisfied item: entered, corrected, made an order, or set aside (W-10, W-12)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import items, order_opening
from complaints.forms.items import ItemForm, NewItemForm, SetAsideForm
from complaints.models import DissatisfiedItem
from complaints.order_rows import regions_of, standing
from csm.kit import clock
from csm.kit.errors import Stale
from csm.kit.htmx import go, page
from customers.models import Customer
from organisation.access import can, require, visible
from organisation.doors import attempt, me

PAGE, FORM = "complaints/item.html", "complaints/item_form.html"


@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, item_or_404(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter one; `customer` in the address names who it is about."""
    person = me(request)
    require(person, items.RECORD)
    form = NewItemForm(request.POST or None, person=person, initial=_named(request))
    if request.method == "POST" and form.is_valid():
        given = form.given()
        given.pop("version")
        made = attempt(form, lambda: items.record(by=person, now=clock.now(), **given))
        if made is not None:
            messages.success(request, _("The dissatisfied item is entered."))
            return go(request, "dissatisfied-item", made.pk)
    return page(request, FORM, {"form": form}, status=422 if request.method == "POST" else 200)


def _named(request: HttpRequest) -> dict[str, Customer | str]:
    pk = request.GET.get("customer", "")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return {}
    found = visible(Customer, me(request)).filter(pk=int(pk), merged_into=None).first()
    return {"customer": f"#{found.pk}"} if found else {}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one that has no order yet; what somebody else changed meanwhile is shown beside."""
    found, person = item_or_404(request, pk), me(request)
    require(person, items.RECORD, found)
    items.check_open(found, "save")
    context = {"item": found}
    if request.method != "POST":
        return page(request, FORM, context | {"form": ItemForm.of(found, person)})
    form = ItemForm(request.POST, person=person, of_counter=found.customer is None)
    if form.is_valid():
        given = form.given()
        try:
            attempt(form, lambda: items.save(item=found, by=person, now=clock.now(), **given))
        except Stale as refusal:
            return _conflict(request, found.pk, refusal)
    if form.errors:
        return page(request, FORM, context | {"form": form}, status=422)
    messages.success(request, _("The dissatisfied item is saved."))
    return go(request, "dissatisfied-item", pk)


def _conflict(request: HttpRequest, pk: int, refusal: Stale) -> HttpResponse:
    """What was typed stays; saving once more puts it in place of what stands now."""
    now = item_or_404(request, pk)
    data = request.POST.copy()
    data["version"] = str(now.version)
    form = ItemForm(data, person=me(request), of_counter=now.customer is None)
    form.is_valid()
    form.add_error(None, refusal.message)
    context = {"form": form, "item": now, "is_conflict": True, "standing": standing(now.customer)}
    return page(request, FORM, context, status=409)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it an order; a second press opens the one that exists."""
    found = item_or_404(request, pk)
    made = order_opening.open_for_item(item=found, by=me(request), now=clock.now())
    return go(request, "work-order", made.pk)


@require_POST
def set_aside(request: HttpRequest, pk: int) -> HttpResponse:
    found, person = item_or_404(request, pk), me(request)
    require(person, items.ACT, found)
    form = SetAsideForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        attempt(form, lambda: items.set_aside(item=found, by=person, now=clock.now(), **given))
    if form.errors:
        return _show(request, found, form=form, status=422)
    messages.success(request, _("The dissatisfied item is set aside."))
    return go(request, "dissatisfied-item", pk)


@require_POST
def take_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = item_or_404(request, pk)
    items.take_up(item=found, by=me(request), now=clock.now())
    messages.success(request, _("The dissatisfied item waits for an order again."))
    return go(request, "dissatisfied-item", pk)


def item_or_404(request: HttpRequest, pk: int) -> DissatisfiedItem:
    rows = visible(DissatisfiedItem, me(request)).select_related(
        "branch", "customer", "recorded_by", "set_aside_by"
    )
    return get_object_or_404(rows, pk=pk)


def _show(
    request: HttpRequest,
    found: DissatisfiedItem,
    *,
    form: SetAsideForm | None = None,
    status: int = 200,
) -> HttpResponse:
    person = me(request)
    may_open = can(person, order_opening.OPEN, found)
    context = {
        "item": found,
        "region": regions_of([found.branch], person)[found.branch_id],
        "standing": standing(found.customer),
        "order": order_opening.order_of(found),
        "may_edit": found.is_open and can(person, items.RECORD, found),
        "may_open": may_open and found.is_open,
        "may_take_up": may_open and "take-up" in found.open_actions,
        "form": form or SetAsideForm(initial={"version": found.version}),
    }
    return page(request, PAGE, context, status=status)
