"""One's own points and those of others; giving and taking back (F-21)."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible_or_404
from organisation.doors import attempt, me
from organisation.models import Person
from organisation.views import exports
from staff import reading, thanks_reading
from staff.actions import points as actions
from staff.exports import STATEMENT
from staff.forms.points import GiveForm, TakeBackForm
from staff.models import PointAccount, PointEntry, Thanks

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SIZE, NEWEST = 25, 3
SEE = "incentive.see"


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What I earned."""
    person = me(request)
    require(person, SEE)
    return _statement(request, person, reading.statement(person, of=person))


@require_safe
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement of somebody, as far as the reader sees it; nothing to see is not there."""
    person = me(request)
    require(person, actions.GIVE)
    other = visible_or_404(Person, person, pk=pk)
    return _statement(request, other, reading.statement(person, of=other))


def _statement(request: HttpRequest, of: Person, rows: QuerySet[PointEntry]) -> HttpResponse:
    shown = reading.with_taken_back(rows)
    found = keyset.page(shown, order=("-pk",), params=request.GET, size=SIZE)
    account = PointAccount.objects.filter(person=of).first()
    context = {
        "of": of,
        "is_own": of.pk == me(request).pk,
        "found": found,
        "balance": account.balance if account else 0,
        "is_shown": account.is_shown if account else True,
        "may_give": can(me(request), actions.GIVE),
        "thanks": _newest_thanks(me(request), of),
    }
    return page(request, "staff/points.html", context, part="list")


def _newest_thanks(reader: Person, of: Person) -> list[tuple[Thanks, str]]:
    """Each with the masked customer."""
    rows = thanks_reading.of_person(reader, of)[:NEWEST]
    return [(row, thanks_reading.customer_of(row)) for row in rows]


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """My own statement as a file."""
    return exports.answer(request, STATEMENT)


@require_POST
def shown(request: HttpRequest) -> HttpResponse:
    """Whether my name stands on leaderboards."""
    require(me(request), SEE)
    actions.show_on_boards(is_shown=request.POST.get("is_shown") == "1", by=me(request))
    messages.success(request, _("That is noted."))
    return go(request, "points")


@GET_POST
def give(request: HttpRequest) -> HttpResponse:
    person = me(request)
    require(person, actions.GIVE)
    form = GiveForm(request.POST or None, giver=person)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: actions.give(by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The points are given."))
            return go(request, "points-of-person", made.person_id)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/give.html", {"form": form}, status=status)


@GET_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The opposite entry, with its reason."""
    person = me(request)
    require(person, actions.TAKE_BACK)
    entry = visible_or_404(PointEntry, person, pk=pk)
    require(person, actions.TAKE_BACK, entry)
    if entry.source_kind == "redemption":
        raise Http404
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, now = form.cleaned_data["reason"], clock.now()
        made = attempt(
            form, lambda: actions.reverse(entry=entry, reason=reason, by=person, now=now)
        )
        if made is not None:
            messages.success(request, _("The points are taken back."))
            return go(request, "points-of-person", entry.person_id)
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/take_back.html", {"form": form, "entry": entry}, status=status)
