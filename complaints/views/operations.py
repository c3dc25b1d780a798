"""How the machinery is, and what was given up: messages, clocks, jobs that may try again."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from complaints import signs, vitals
from complaints.actions import quarantine
from complaints.models import Timer
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, require_everywhere, sees_everything, visible
from organisation.actions import delivery, jobs, letter_delivery
from organisation.doors import me
from organisation.models import Attempt, Delivery, Job, Letter, Message, Person

M = TypeVar("M", bound=Model)
VERB = "operations.see"
SHOWN = 50


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    """The page; an open one asks for its first part again and again."""
    person, now = me(request), clock.now()
    require(person, VERB)
    measured = vitals.measure(
        now=now, people=_people(person), timers=_timers(person), letters=_letters(person)
    )
    last_error = Attempt.objects.filter(message=OuterRef("pk")).order_by("-at", "-pk")
    failed = _failed(person).annotate(error=Subquery(last_error.values("error")[:1]))
    found = list(signs.signs(measured))
    context = {
        "now": now,
        "vitals": measured,
        "signs": found,
        "bad": sum(sign.is_bad for sign in found),
        "sweeps": [signs.of_sweep(sweep) for sweep in measured.sweeps],
        "failed": failed.select_related("recipient").order_by("-created_at")[:SHOWN],
        "letters": _failed_letters(person).order_by("-created_at")[:SHOWN],
        "stuck": _stuck(person).select_related("complaint", "owner_branch")[:SHOWN],
        "jobs": _jobs(person, now).select_related("by").order_by("-pk")[:SHOWN],
    }
    return page(request, "complaints/operations.html", context, part="state")


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a failed message try anew."""
    message = _found(request, pk, _failed)
    delivery.send_again(message=message, by=me(request), now=clock.now())
    messages.success(request, _("The message is sent with the next sweep."))
    return go(request, "operations")


@require_POST
def send_letter_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a failed letter to a customer try anew."""
    require_everywhere(me(request), VERB)
    letter = get_object_or_404(_failed_letters(me(request)), pk=pk)
    letter_delivery.send_again(letter=letter, by=me(request), now=clock.now())
    messages.success(request, _("The letter is sent with the next sweep."))
    return go(request, "operations")


@require_POST
def send_all_again(request: HttpRequest) -> HttpResponse:
    """Let all failed messages try anew, once address or mail server is mended."""
    require(me(request), VERB)
    count = delivery.send_all_again(by=me(request), now=clock.now())
    words = ngettext(
        "%(n)d message is sent with the next sweep.",
        "%(n)d messages are sent with the next sweep.",
        count,
    )
    messages.success(request, words % {"n": count})
    return go(request, "operations")


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a clock that was set aside fire again."""
    timer = _found(request, pk, _stuck)
    quarantine.release(timer=timer, by=me(request), now=clock.now())
    messages.success(request, _("The clock tries again with the next sweep."))
    return go(request, "operations")


@require_POST
def start_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a job that was given up be tried anew."""
    now = clock.now()
    job = _found(request, pk, lambda person: _given_up(person, now))
    jobs.start_again(job=job, by=me(request), now=now)
    messages.success(request, _("The job is started with the next sweep."))
    return go(request, "operations")


def _found(request: HttpRequest, pk: int, rows: Callable[[Person], QuerySet[M]]) -> M:
    require(me(request), VERB)
    return get_object_or_404(rows(me(request)), pk=pk)


def _people(person: Person) -> QuerySet[Person]:
    return visible(Person, person)


def _timers(person: Person) -> QuerySet[Timer]:
    return visible(Timer, person)


def _failed(person: Person) -> QuerySet[Message]:
    """Failed messages to people whom the person sees; their words are not shown."""
    return Message.objects.filter(state=Delivery.FAILED, recipient__in=_people(person))


def _letters(person: Person) -> QuerySet[Letter]:
    """Letters have no person and no branch: only who looks after the whole company sees them."""
    return Letter.objects.all() if sees_everything(person, VERB) else Letter.objects.none()


def _failed_letters(person: Person) -> QuerySet[Letter]:
    return _letters(person).filter(state=Delivery.FAILED)


def _stuck(person: Person) -> QuerySet[Timer]:
    return _timers(person).filter(quarantined_at__isnull=False).order_by("quarantined_at")


def _jobs(person: Person, now: datetime) -> QuerySet[Job]:
    """Jobs of people whom the person sees that were given up or stand still."""
    wanted = vitals.stuck(now) | vitals.given_up(now)
    return Job.objects.filter(wanted, by__in=_people(person))


def _given_up(person: Person, now: datetime) -> QuerySet[Job]:
    return _jobs(person, now).filter(vitals.given_up(now))
