"""Canned replies: the pages to keep them, and the text about one complaint."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import phrases as actions
from complaints.forms.phrases import PhraseForm
from complaints.models import Complaint, Phrase
from complaints.models.phrase import PhraseQuerySet
from complaints.phrases import FIELDS, filled
from complaints.views.found import complaint_or_404
from csm.kit.htmx import go, page
from organisation.access import postings, require, visible, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Person

PRIMARY_KEY = re.compile(r"[0-9]{1,18}")
# No picker is longer.
MOST_OFFERED = 100


@require_safe
def phrases(request: HttpRequest) -> HttpResponse:
    """Those that the person may use or change."""
    person = me(request)
    require(person, actions.KEEP)
    changeable = visible(Phrase, person)
    rows = readable(person) | changeable.order_by()
    context = {
        "rows": rows.select_related("branch", "category").distinct().order_by("name", "pk"),
        "changeable": set(changeable.values_list("pk", flat=True)),
    }
    return page(request, "complaints/phrase_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, actions.KEEP)
    form = PhraseForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create(by=person, **form.given()))
        if made is not None:
            messages.success(request, _("The canned reply is saved."))
            return go(request, "phrases")
    return _form(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    require(person, actions.KEEP)
    phrase = visible_or_404(Phrase, person, pk=pk)
    form = PhraseForm(request.POST or None, instance=phrase, person=person)
    if request.method == "POST" and form.is_valid():
        attempt(form, lambda: actions.change(phrase=phrase, by=person, **form.given()))
        if not form.errors:
            messages.success(request, _("The canned reply is saved."))
            return go(request, "phrases")
    return _form(request, form)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    person = me(request)
    require(person, actions.KEEP)
    actions.delete(phrase=visible_or_404(Phrase, person, pk=pk), by=person)
    messages.success(request, _("The canned reply is deleted."))
    return go(request, "phrases")


@require_safe
def text(request: HttpRequest, number: str) -> HttpResponse:
    """One canned reply about this complaint, as plain text for the script."""
    found = complaint_or_404(request, number)
    words = chosen_words(me(request), found, request.GET.get("phrase", ""))
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def readable(person: Person) -> PhraseQuerySet:
    return Phrase.objects.read_by(person, postings(person))


def offered(person: Person, complaint: Complaint) -> list[Phrase]:
    """What the pickers of a complaint's page hold."""
    return list(readable(person).about(complaint.category_id)[:MOST_OFFERED])


def chosen_words(person: Person, complaint: Complaint, code: str) -> str:
    """The text of the chosen one about the complaint; "" when none is chosen."""
    if not code:
        return ""
    if not PRIMARY_KEY.fullmatch(code):
        raise Http404
    return filled(get_object_or_404(readable(person), pk=code).text, complaint)


def _form(request: HttpRequest, form: PhraseForm) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "fields": [(name, words) for name, (words, _of) in FIELDS.items()]}
    return page(request, "complaints/phrase_form.html", context, status=status)
