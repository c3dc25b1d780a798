"""The file of a key account, what competitors do there, what to say (K-13, K-16, K-23, K-26)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.errors import Forbidden, Stale
from csm.kit.htmx import go, page
from customers.actions import account_files as actions
from customers.actions import competitors as sightings
from customers.actions import talks
from customers.forms.standing import CompetitorForm, FileForm, TalkForm
from customers.models import AccountFile, CompetitorNote, Customer, TalkText
from customers.views.file_versions import conflict, versions
from organisation.access import can, require, require_everywhere, visible, visible_or_404
from organisation.doors import attempt, me

READERS_SHOWN = 20


@require_safe
@cache_control(private=True, no_store=True)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The present version, or an earlier one (`?version=`); each reading stays on record."""
    person = me(request)
    customer = visible_or_404(Customer, person, pk=pk)
    asked = _version(request, customer)
    present = actions.read(customer=customer, by=person, now=clock.now())
    may_write = actions.may_write(person, customer)
    context = {
        "customer": customer,
        "present": present,
        "file": asked or present,
        "versions": versions(customer),
        "readers": actions.readers(customer, READERS_SHOWN) if may_write else [],
        "may_write": may_write,
    }
    return page(request, "customers/account_file.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version, beginning with the present one."""
    person, now = me(request), clock.now()
    customer = visible_or_404(Customer, person, pk=pk)
    if not actions.may_write(person, customer):
        raise Forbidden(_("Your role does not include this here. Ask your branch manager."))
    if request.method == "POST":
        form = FileForm(request.POST, file=None)
        if form.is_valid():
            given = form.cleaned_data
            try:
                attempt(form, lambda: actions.write(customer=customer, by=person, now=now, **given))
            except Stale:
                return conflict(request, customer, form)
        if not form.errors:
            messages.success(request, _("The file is saved; the version before it stays."))
            return go(request, "customer-file", pk)
    else:
        form = FileForm(file=actions.read(customer=customer, by=person, now=now))
    status = 422 if request.method == "POST" else 200
    context = {"customer": customer, "form": form}
    return page(request, "customers/account_file_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def competitors(request: HttpRequest, pk: int) -> HttpResponse:
    """What was seen of competitors, newest first; whoever edits the customer adds something."""
    person, now = me(request), clock.now()
    customer = visible_or_404(Customer, person, pk=pk)
    form = CompetitorForm(request.POST or None, initial={"seen_on": timezone.localdate(now)})
    if request.method == "POST":
        require(person, sightings.NOTE, customer)
        if form.is_valid():
            given = form.cleaned_data
            attempt(form, lambda: sightings.note(customer=customer, by=person, now=now, **given))
        if form.is_bound and not form.errors:
            messages.success(request, _("It is written down."))
            return go(request, "customer-competitors", pk)
    rows = visible(CompetitorNote, person).filter(customer=customer).select_related("by")
    context = {
        "customer": customer,
        "found": keyset.page(rows, order=("-seen_on", "-pk"), params=request.GET),
        "form": form,
        "may_note": can(person, sightings.NOTE, customer),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "customers/competitors.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def talk_texts(request: HttpRequest) -> HttpResponse:
    """What to say at a stage, to a tier or grade; nothing written: the built-in words."""
    person = me(request)
    require_everywhere(person, talks.EDIT)
    form = TalkForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid():
            given, now = form.cleaned_data, clock.now()
            attempt(form, lambda: talks.write(by=person, now=now, **given))
        if form.is_bound and not form.errors:
            messages.success(request, _("The words are saved."))
            return go(request, "talk-texts")
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "texts": TalkText.objects.select_related("by")}
    return page(request, "customers/talk_texts.html", context, status=status)


@require_POST
def remove_talk_text(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), talks.EDIT)
    text = get_object_or_404(TalkText, pk=pk)
    talks.remove(text=text, by=me(request), now=clock.now())
    messages.success(request, _("The words are removed."))
    return go(request, "talk-texts")


def _version(request: HttpRequest, customer: Customer) -> AccountFile | None:
    """The one that was asked for; none without a wish."""
    asked = request.GET.get("version", "")
    if not asked:
        return None
    if not asked.isdecimal() or not asked.isascii() or len(asked) > 18:
        raise Http404
    return get_object_or_404(customer.files.select_related("by"), pk=asked)
