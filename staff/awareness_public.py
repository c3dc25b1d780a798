"""Three questions on a micro-report, answered by a personal link without login (T-05, B-08).

Mail scanners open every link: answers are given by sending the page, never by opening it.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from complaints.views.answers import see
from csm.kit import clock
from csm.kit.errors import NotOpen
from organisation.actions import limits
from organisation.actions.limits import TooOften
from organisation.public import TEN_MINUTES, Missing, open_link, public, speak, too_often
from staff.actions import awareness as actions
from staff.forms.awareness import AnswerForm
from staff.models import AWARE, AskedPerson

# In ten minutes on one link.
POSTS = 60


@public
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The questions of whoever was drawn, until they are answered or the check ends."""
    link = open_link(request, token, purpose=AWARE, now=clock.now())
    rows = AskedPerson.objects.select_related("person", "spot_check__report")
    asked = rows.filter(link=link, person__is_active=True).first()
    if asked is None:
        raise Missing
    speak(request, asked.person.language)
    if request.method == "POST":
        return _sent(request, asked, token)
    if asked.answered_at is not None:
        return render(request, "public/aware_thanks.html")
    try:
        actions.require_open(asked, clock.now())
    except NotOpen as refusal:
        return _over(request, refusal)
    return _shown(request, asked, AnswerForm(asked=asked))


def _over(request: HttpRequest, refusal: NotOpen) -> HttpResponse:
    return render(request, "public/aware_thanks.html", {"refusal": refusal}, status=410)


def _shown(
    request: HttpRequest, asked: AskedPerson, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {"asked": asked, "form": form}
    return render(request, "public/aware.html", context, status=status)


def _sent(request: HttpRequest, asked: AskedPerson, token: str) -> HttpResponse:
    form, now = AnswerForm(request.POST, asked=asked), clock.now()
    try:
        limits.spend(f"aware {asked.pk}", limit=POSTS, seconds=TEN_MINUTES, now=now)
        if asked.answered_at is None and not form.is_valid():
            return _shown(request, asked, form, status=422)
        chosen = form.given() if form.is_valid() else []
        actions.answer(asked=asked, chosen=chosen, by=asked.person, now=now)
    except TooOften as refusal:
        return too_often(_shown(request, asked, form), refusal)
    except NotOpen as refusal:
        return _over(request, refusal)
    return see(AWARE, token)
