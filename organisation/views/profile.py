"""What everybody sees and changes of themselves."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import postings, verbs
from organisation.actions import absences, notifications, people, tokens
from organisation.doors import attempt, me
from organisation.forms.notifications import AbsenceForm, NotificationForm
from organisation.forms.profile import (
    LanguageForm,
    OwnPasswordForm,
    ShortcutsForm,
    TokenForm,
)
from organisation.models import ApiToken
from organisation.views.settings import VERB_WORDS


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    return show(request, now=clock.now())


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The language of pages and mails; the browser's own choice is forgotten."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return show(request, now=clock.now(), language_form=form, status=422)
    people.choose_language(person=me(request), **form.cleaned_data)
    messages.success(request, _("The language is saved."))
    response = go(request, "profile")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Whether single keys act."""
    form = ShortcutsForm(request.POST)
    form.full_clean()
    people.choose_shortcuts(person=me(request), **form.cleaned_data)
    messages.success(request, _("The shortcuts are saved."))
    return go(request, "profile")


@require_POST
def message_settings(request: HttpRequest) -> HttpResponse:
    """What comes by e-mail, and when it waits."""
    form, now = NotificationForm(request.POST), clock.now()
    if form.is_valid():
        given = form.cleaned_data
        attempt(form, lambda: notifications.choose(person=me(request), now=now, **given))
    if form.errors:
        return show(request, now=now, notification_form=form, status=422)
    messages.success(request, _("Your settings for messages are saved."))
    return go(request, "profile")


@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Ends every other session of the person (B-18)."""
    person, now = me(request), clock.now()
    form = OwnPasswordForm(request.POST, person=person)
    if form.is_valid():
        secret = form.cleaned_data["password"]
        attempt(
            form,
            lambda: people.set_password(person=person, password=secret, by=person, now=now),
        )
    if form.errors:
        return show(request, now=now, password_form=form, status=422)
    update_session_auth_hash(request, person)
    messages.success(request, _("The password is set. Your other sessions have ended."))
    return go(request, "profile")


@require_POST
def new_token(request: HttpRequest) -> HttpResponse:
    """A key for programs, shown this once: no redirect, nothing is kept but its hash."""
    form, now = TokenForm(request.POST), clock.now()
    if not form.is_valid():
        return show(request, now=now, token_form=form, status=422)
    _row, token = tokens.issue_token(person=me(request), now=now, **form.cleaned_data)
    response = show(request, now=now, token=token)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, person=me(request))
    tokens.revoke_token(token=token, now=clock.now())
    messages.success(request, _("The key is revoked."))
    return go(request, "profile")


def show(request: HttpRequest, *, now: datetime, status: int = 200, **forms: Any) -> HttpResponse:
    person = me(request)
    mine = verbs(person)
    today = timezone.localdate(now)
    absence = absences.current(person, today=today)
    context = {
        "language_form": LanguageForm(initial={"language": person.language}),
        "shortcuts_form": ShortcutsForm(initial={"uses_shortcuts": person.uses_shortcuts}),
        "password_form": OwnPasswordForm(person=person),
        "token_form": TokenForm(),
        "notification_form": NotificationForm(initial=NotificationForm.initial_of(person)),
        "absence_form": AbsenceForm(person=person, initial=AbsenceForm.initial_of(absence)),
        "absence": absence,
        "is_away": absence is not None and absence.covers(today),
        "form": next((each for each in forms.values() if not isinstance(each, str)), None),
        "postings": postings(person),
        "rights": [words for verb, words in VERB_WORDS.items() if verb in mine],
        "tokens": ApiToken.objects.filter(person=person).order_by("-created_at"),
        "now": now,
    }
    return page(request, "organisation/profile.html", context | forms, status=status)
