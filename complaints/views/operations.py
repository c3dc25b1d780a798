"""What the administrator looks after: sweeps, messages that failed, clocks that were set aside."""

from datetime import datetime

from django.contrib import messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import quarantine
from complaints.models import Timer
from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, visible
from organisation.actions import delivery
from organisation.doors import me
from organisation.models import Attempt, Delivery, Message, Person, SweepRun

VERB = "operations.see"
SHOWN = 50
SWEEPS = {
    "escalation": gettext_lazy("Reminders and escalation"),
    "delivery": gettext_lazy("Delivery of messages"),
    "periods": gettext_lazy("Closing of periods"),
}


@require_safe
def operations(request: HttpRequest) -> HttpResponse:
    person, now = me(request), clock.now()
    require(person, VERB)
    last_error = Attempt.objects.filter(message=OuterRef("pk")).order_by("-at", "-pk")
    failed = _failed(person).annotate(error=Subquery(last_error.values("error")[:1]))
    context = {
        "sweeps": _sweeps(now),
        "failed": failed.select_related("recipient").order_by("-created_at")[:SHOWN],
        "waiting": Message.objects.waiting(now).filter(recipient__in=_people(person)).count(),
        "stuck": _stuck(person).select_related("complaint", "owner_branch")[:SHOWN],
    }
    return page(request, "complaints/operations.html", context)


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a failed message try anew."""
    person = me(request)
    require(person, VERB)
    message = get_object_or_404(_failed(person), pk=pk)
    delivery.send_again(message=message, by=person, now=clock.now())
    messages.success(request, _("The message is sent with the next sweep."))
    return go(request, "operations")


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a clock that was set aside fire again."""
    person = me(request)
    require(person, VERB)
    timer = get_object_or_404(_stuck(person), pk=pk)
    quarantine.release(timer=timer, by=person, now=clock.now())
    messages.success(request, _("The clock tries again with the next sweep."))
    return go(request, "operations")


def _people(person: Person) -> QuerySet[Person]:
    return visible(Person, person)


def _failed(person: Person) -> QuerySet[Message]:
    """Failed messages to people whom the person sees; their words are not shown."""
    return Message.objects.filter(state=Delivery.FAILED, recipient__in=_people(person))


def _stuck(person: Person) -> QuerySet[Timer]:
    return visible(Timer, person).filter(quarantined_at__isnull=False).order_by("quarantined_at")


def _sweeps(now: datetime) -> list[dict[str, object]]:
    return [
        {
            "label": SWEEPS.get(run.name, run.name),
            "ran_at": run.ran_at,
            "seconds": max(int((now - run.ran_at).total_seconds()), 0),
        }
        for run in SweepRun.objects.order_by("name")
    ]
