"""Noting whom a customer thanked, from a survey's answer or a callback (T-11, F-21)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.models import CallbackAttempt
from csm.kit.errors import Forbidden, NotOpen, Refused
from organisation.access import can, require
from organisation.models import Branch, Person
from staff.models import Thanks
from surveys.models import SCALES, Answer, QuestionKind

NOTE = "thanks.note"
LONGEST = 500
BEST_AT_CALLBACK = 10


@transaction.atomic
def of_answer(*, answer: Answer, person: Person, words: str, by: Person, now: datetime) -> Thanks:
    """A survey's answer names somebody with thanks; whoever typed it in is not thanked by it."""
    response = answer.response
    require(by, NOTE, response)
    if response.survey.is_anonymous:
        raise NotOpen(_("An anonymous survey stays so: nothing of it is told by name."))
    if response.completed_at is None:
        raise NotOpen(_("This response is not finished yet."))
    branch = _branch_of(person, response.branch, by=by, writer=response.entered_by_id)
    return _write(
        Thanks(answer=answer, branch=branch, is_best=is_best_answer(answer)), person, words, by, now
    )


@transaction.atomic
def of_callback(
    *, callback: CallbackAttempt, person: Person, words: str, by: Person, now: datetime
) -> Thanks:
    """The customer named somebody at the callback; whoever called is not thanked by it."""
    require(by, NOTE, callback.complaint)
    if not callback.is_reached:
        raise NotOpen(_("The customer was not reached by this call."))
    branch = _branch_of(person, callback.complaint.branch, by=by, writer=callback.by_id)
    is_best = callback.score == BEST_AT_CALLBACK
    return _write(Thanks(callback=callback, branch=branch, is_best=is_best), person, words, by, now)


@transaction.atomic
def withdraw(*, thanks: Thanks, by: Person, now: datetime) -> None:
    """It was noted wrongly: by who noted it, or who has the right there; never by the person."""
    if thanks.by_id != by.pk or not can(by, NOTE):
        require(by, NOTE, thanks)
    if thanks.person_id == by.pk:
        raise Forbidden(_("Nobody decides about thanks to themselves."))
    rows = Thanks.objects.filter(pk=thanks.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=now, withdrawn_by=by):
        raise NotOpen(_("This was withdrawn before."))


def is_best_answer(answer: Answer) -> bool:
    """Whether the answer has the best mark of its scale; one in words goes by the overall mark."""
    rated = answer
    if answer.value is None:
        overall = answer.response.answers.filter(question__kind=QuestionKind.TOTAL)
        rated = overall.select_related("question").first() or answer
    scale = SCALES.get(rated.question.kind)
    return scale is not None and rated.value == scale[1]


def _write(row: Thanks, person: Person, words: str, by: Person, now: datetime) -> Thanks:
    words = words.strip()
    if not words:
        raise Refused.at("words", _("Enter what the customer said."))
    row.person, row.words, row.by, row.at = person, words[:LONGEST], by, now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused.at("person", _("These thanks are noted already.")) from error
    return row


def _branch_of(person: Person, near: Branch, *, by: Person, writer: int | None) -> Branch:
    """Where the person works, below or above the branch that the customer spoke of."""
    if person.pk == by.pk:
        raise Refused.at("person", _("Nobody notes thanks to themselves. A colleague does."))
    if person.pk == writer:
        raise Refused.at("person", _("This person wrote the customer's words down themselves."))
    if not person.is_active:
        raise Refused.at("person", _("This person has left."))
    held = [posting.branch for posting in person.postings.select_related("branch")]
    found = [
        branch
        for branch in held
        if branch.path.startswith(near.path) or near.path.startswith(branch.path)
    ]
    if not found:
        raise Refused.at("person", _("This person does not work there."))
    return max(found, key=lambda branch: branch.depth)
