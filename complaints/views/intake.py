"""Taking a complaint in (C-01, C-02, C-30)."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from complaints.actions import intake as action
from complaints.forms.intake import IntakeForm
from complaints.intake_templates import Template, template_of
from complaints.models import Category, Complaint, Severity
from complaints.views.answers import see
from csm.kit import clock, htmx
from customers.models import Customer
from organisation.access import require, visible
from organisation.doors import attempt, me

MOST_SUGGESTED = 6
# Fewer characters would find half of the customers.
FEWEST = 2
BETWEEN = ","
PK = re.compile(r"[0-9]{1,18}")


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    """The empty form; or the complaint, once; or the form again with all that was typed."""
    person, now = me(request), clock.now()
    require(person, "complaint.log")
    if request.method != "POST":
        initial = {"customer": request.GET.get("customer", "")}
        return _show(request, IntakeForm(initial=initial, person=person, now=now))
    form = IntakeForm(request.POST, request.FILES, person=person, now=now)
    if "look" in request.POST:
        # Without script: the customers found, and nothing judged yet.
        return _show(request, form, is_judged=False)
    if "template" in request.POST:
        return _show(request, form, is_judged=False)
    if form.is_valid() and not _warns(request, form):
        logged = attempt(form, lambda: action.log_complaint(by=person, now=now, **form.given()))
        if logged is not None:
            messages.success(request, _("%(number)s is logged.") % {"number": logged.number})
            return see("complaint", logged.number)
    return _show(request, form, status=422)


@require_POST
def customers(request: HttpRequest) -> HttpResponse:
    """The customers that the words typed so far may mean."""
    require(me(request), "complaint.log")
    return htmx.page(request, "complaints/_customers.html", _customers(request))


@require_POST
def repeats(request: HttpRequest) -> HttpResponse:
    """The warning of likely repeats while the form is being filled in."""
    require(me(request), "complaint.log")
    return htmx.page(request, "complaints/_repeats.html", _repeats(request))


@require_POST
def template(request: HttpRequest) -> HttpResponse:
    """What the chosen category asks for; the script puts it where nothing was typed."""
    require(me(request), "complaint.log")
    context = {"template": _template(request)}
    return htmx.page(request, "complaints/_intake_template.html", context)


def _show(
    request: HttpRequest, form: IntakeForm, *, status: int = 200, is_judged: bool = True
) -> HttpResponse:
    context = {
        "form": form if is_judged else _unjudged(form, request),
        "template": _template(request),
        "lost_files": [upload.name for upload in request.FILES.getlist("files")],
        **_customers(request),
        **_repeats(request),
    }
    return htmx.page(request, "complaints/intake.html", context, status=status)


def _unjudged(form: IntakeForm, request: HttpRequest) -> IntakeForm:
    """The same form with what was typed, without a word about what is missing."""
    typed = {name: request.POST.get(name, "") for name in form.fields if name != "files"}
    if "template" in request.POST:
        found = _template(request)
        typed["description"] = typed["description"] or found.text
        if typed["severity"] == Severity.NORMAL:
            typed["severity"] = found.severity
    return IntakeForm(initial=typed, person=me(request), now=clock.now())


def _warns(request: HttpRequest, form: IntakeForm) -> bool:
    """Ask once about likely repeats that the person was not shown before.

    The complaint of this very sheet is none: the button was pressed twice.
    """
    sheet = form.cleaned_data["submission"]
    likely = {row.number for row in _likely(request) if row.submission != sheet}
    if likely <= set(form.cleaned_data["seen"].split(BETWEEN)):
        return False
    form.add_error("repeat_of", _("Say whether this is a repeat of an earlier complaint."))
    return True


def _likely(request: HttpRequest) -> list[Complaint]:
    return action.likely_repeats(
        by=me(request),
        now=clock.now(),
        phone=_typed(request, "contact_phone"),
        waybill=_typed(request, "waybill"),
        subject=_typed(request, "subject"),
        customer=_chosen(request),
    )


def _template(request: HttpRequest) -> Template:
    """Of the category that is chosen so far."""
    code = request.POST.get("category", "")
    rows = Category.objects.filter(is_active=True)
    return template_of(rows.filter(pk=code).first() if PK.fullmatch(code) else None)


def _chosen(request: HttpRequest) -> Customer | None:
    code = request.POST.get("customer", "")
    return (
        visible(Customer, me(request)).filter(pk=code, merged_into=None).first()
        if PK.fullmatch(code)
        else None
    )


def _typed(request: HttpRequest, name: str) -> str:
    """What stands in a field that was not judged yet; the database takes no NUL."""
    return request.POST.get(name, "").replace("\0", "").strip()[:200]


def _repeats(request: HttpRequest) -> dict[str, Any]:
    found = _likely(request) if request.method == "POST" else []
    return {
        "repeats": found,
        "seen": BETWEEN.join(row.number for row in found),
        "repeat_of": request.POST.get("repeat_of", ""),
    }


def _customers(request: HttpRequest) -> dict[str, Any]:
    """Who may be meant: by what was typed, and whoever is chosen already."""
    chosen = request.POST.get("customer", "") or request.GET.get("customer", "")
    seen = visible(Customer, me(request)).filter(merged_into=None)
    rows = seen.none()
    for text in (_typed(request, "customer_name"), _typed(request, "contact_phone")):
        if len(text) >= FEWEST:
            rows |= seen.named(text)  # type: ignore[attr-defined]
    if PK.fullmatch(chosen):
        rows |= seen.filter(pk=chosen)
    found = rows.select_related("home_branch").prefetch_related("contacts__points").order_by("name")
    return {"customers": found[:MOST_SUGGESTED], "chosen": chosen}
