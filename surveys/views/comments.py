"""What customers wrote, and what it is about."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from csm.kit import clock, keyset
from csm.kit.htmx import go, page
from organisation.access import can, require, visible_or_404
from organisation.doors import attempt, me
from surveys.actions import comments as actions
from surveys.models import Survey
from surveys.results import comments as reading
from surveys.results import lists
from surveys.results.reading import Asked
from surveys.views.results import frame, of_period

NEWEST = ("-id",)


class TagForm(forms.Form):
    name = forms.CharField(label=_("Tag"), max_length=actions.LONGEST)
    act = forms.ChoiceField(choices=(("add", "add"), ("remove", "remove")), initial="add")


@require_safe
@of_period("comments")
def comments(request: HttpRequest, asked: Asked) -> HttpResponse:
    return _show(request, asked)


@require_POST
def tag(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponse:
    """Put a word on a comment, or take it off; then the list again, where it was."""
    survey = visible_or_404(Survey, me(request), pk=pk)
    asked = Asked(survey, me(request))
    answer = get_object_or_404(
        reading.every_comment(asked).select_related("response__branch"), pk=answer_pk
    )
    form = TagForm(request.POST)
    if form.is_valid():
        act = actions.untag if form.cleaned_data["act"] == "remove" else actions.tag
        name = form.cleaned_data["name"]
        attempt(form, lambda: act(answer=answer, name=name, by=me(request), now=clock.now()))
    else:
        # Before what is wrong with the word comes whether it may be written at all.
        require(me(request), actions.EDIT, answer.response)
    if form.errors:
        return _show(request, asked, form=form, wrong=answer.pk, status=422)
    return go(request, "survey-comments", pk)


def _show(
    request: HttpRequest,
    asked: Asked,
    *,
    form: TagForm | None = None,
    wrong: int = 0,
    status: int = 200,
) -> HttpResponse:
    found = reading.comments(asked, request.GET)
    rows = found.rows.select_related("question", "response__branch").prefetch_related("tags")
    listed = keyset.page(rows, order=NEWEST, params=request.GET)
    person = me(request)
    names = lists.named([row.response for row in listed.rows], person)
    context = {
        **frame(asked, "comments"),
        "comments": found,
        "found": listed,
        "questions": asked.questions,
        "rows": [
            (
                row,
                names.get(row.response.customer_id or 0),
                can(person, actions.EDIT, row.response),
                not asked.survey.is_anonymous and can(person, "thanks.note", row.response),
            )
            for row in listed.rows
        ],
        "form": form or TagForm(),
        "wrong": wrong,
        "typed": request.POST.get("name", ""),
    }
    return page(request, "surveys/comments.html", context, status=status)
