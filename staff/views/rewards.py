"""The catalogue of rewards, and asking for one (F-21)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, require_everywhere, sees_everything
from organisation.doors import attempt, me
from staff import reading
from staff.actions import redemptions
from staff.actions import rewards as actions
from staff.forms.rewards import AskForm, RewardForm
from staff.models import Redemption, Reward

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
NEWEST = 5


@require_safe
def rewards(request: HttpRequest) -> HttpResponse:
    """What is offered; who keeps the catalogue sees all of it."""
    person = me(request)
    require(person, redemptions.ASK)
    may_edit = sees_everything(person, actions.EDIT)
    rows = Reward.objects.all() if may_edit else Reward.objects.filter(is_active=True)
    own = Redemption.objects.filter(person=person).select_related("reward")
    context = {
        "rows": rows,
        "own": own[:NEWEST],
        "balance": reading.balance(person),
        "may_edit": may_edit,
    }
    return page(request, "staff/reward_list.html", context)


@GET_POST
def new(request: HttpRequest) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    form = RewardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.create(by=me(request), **form.said()))
        if made is not None:
            messages.success(request, _("The reward is saved."))
            return go(request, "rewards")
    return _form(request, form, None)


@GET_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    require_everywhere(me(request), actions.EDIT)
    reward = get_object_or_404(Reward, pk=pk)
    form = RewardForm(request.POST or None, instance=reward)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: actions.change(reward=reward, by=me(request), **form.said()))
        if made is not None:
            messages.success(request, _("The reward is saved."))
            return go(request, "rewards")
    return _form(request, form, reward)


@GET_POST
def redeem(request: HttpRequest, pk: int) -> HttpResponse:
    """What it takes and what is left on GET; asking for it on POST."""
    person = me(request)
    require(person, redemptions.ASK)
    reward = get_object_or_404(Reward, pk=pk)
    form = AskForm(request.POST or None, reward=reward)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        made = attempt(form, lambda: redemptions.ask(reward=reward, by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("You have asked for it. Its points are held."))
            return go(request, "redemption", made.pk)
    balance = reading.balance(person)
    context: dict[str, Any] = {
        "reward": reward,
        "form": form,
        "balance": balance,
        "left": balance - reward.points,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "staff/redeem.html", context, status=status)


def _form(request: HttpRequest, form: RewardForm, reward: Reward | None) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "reward": reward}
    return page(request, "staff/reward_form.html", context, status=status)
