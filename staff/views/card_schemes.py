"""What scorecards are made of, post by post, and its editor (O-16, O-21)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from csm.kit import clock
from csm.kit.htmx import go, page
from organisation.access import require, require_everywhere, sees_everything
from organisation.doors import attempt, me
from staff.actions import card_schemes as actions
from staff.forms.scorecards import SchemeForm
from staff.models import POSTS, CardScheme

SEE = "incentive.see"


@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """Everybody may read how cards are counted."""
    person = me(request)
    require(person, SEE)
    newest = {row.post: row for row in CardScheme.objects.order_by("post", "number")}
    context = {
        "rows": [(post, label, newest.get(post)) for post, label in POSTS],
        "may_edit": sees_everything(person, actions.EDIT),
    }
    return page(request, "staff/scheme_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, post: str) -> HttpResponse:
    """The next version; closed cards stay as they are."""
    person = me(request)
    require_everywhere(person, actions.EDIT)
    label = dict(POSTS).get(post)
    if label is None:
        raise Http404
    latest = CardScheme.objects.filter(post=post).order_by("-number").first()
    form = SchemeForm(request.POST or None, latest=latest)
    if request.method == "POST" and not form.is_bound:
        form = SchemeForm({}, latest=latest)
    if form.is_valid():
        given, now = form.said(), clock.now()
        made = attempt(form, lambda: actions.revise(post=post, by=person, now=now, **given))
        if made is not None:
            messages.success(request, _("The next version is saved."))
            return go(request, "card-schemes")
    context = {"form": form, "label": label, "latest": latest}
    status = 422 if form.errors else 200
    return page(request, "staff/scheme_form.html", context, status=status)
