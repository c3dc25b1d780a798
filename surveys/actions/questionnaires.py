"""Questionnaires: drafting an edition, publishing it, beginning the next one."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation.access import require
from organisation.models import Branch, Person
from surveys.conditions import problem_of
from surveys.models import KEY, Edition, EditionStatus, Question, Questionnaire

EDIT = "survey.edit"
WORDS = ("welcome", "welcome_en", "thanks", "thanks_en")
# So many questions nobody answers to the end.
MOST_QUESTIONS = 60


@transaction.atomic
def create(*, name: str, branch: Branch, by: Person, now: datetime, name_en: str = "") -> Edition:
    """A new questionnaire with an empty first edition."""
    require(by, EDIT, branch)
    if not name.strip():
        words = _("Give it a name.")
        raise Refused.at("name", words)
    if Questionnaire.objects.filter(branch=branch, name=name).exists():
        words = _("Another questionnaire has this name.")
        raise Refused.at("name", words)
    row = Questionnaire.objects.create(
        name=name, name_en=name_en, branch=branch, created_at=now, created_by=by
    )
    return Edition.objects.create(questionnaire=row, number=1, created_at=now, created_by=by)


@transaction.atomic
def save(
    *,
    edition: Edition,
    questions: Sequence[Mapping[str, Any]],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Keep the draft: its questions in their order, each as the fields of `Question`."""
    _check_draft(edition, by, version)
    if len(questions) > MOST_QUESTIONS:
        raise Refused(_("At most %(n)s questions.") % {"n": MOST_QUESTIONS})
    keys = [str(given["key"]) for given in questions]
    if len(set(keys)) < len(keys):
        raise Refused(_("Two questions have the same key."))
    touch(edition)
    edition.questions.all().delete()
    Question.objects.bulk_create(
        Question(edition=edition, position=place, **given)
        for place, given in enumerate(questions, start=1)
    )


@transaction.atomic
def save_words(
    *,
    edition: Edition,
    words: Mapping[str, str],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """What stands before and after the questions."""
    _check_draft(edition, by, version)
    touch(edition, **{name: words[name] for name in WORDS if name in words})


@transaction.atomic
def publish(*, edition: Edition, by: Person, now: datetime, version: int | None = None) -> None:
    """From now on it may be asked, and stays as it is."""
    _check_draft(edition, by, version)
    questions = list(edition.questions.all())
    if not questions:
        raise Refused(_("A questionnaire without questions asks nothing. Add one."))
    earlier: list[Question] = []
    for question in questions:
        check(question, earlier)
        earlier.append(question)
    move(edition, to=EditionStatus.PUBLISHED, published_at=now, published_by=by)


@transaction.atomic
def begin_next(*, questionnaire: Questionnaire, by: Person | None, now: datetime) -> Edition:
    """A draft with the questions of the latest edition; the present draft, if there is one."""
    require(by, EDIT, questionnaire)
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    draft = questionnaire.editions.filter(status=EditionStatus.DRAFT).first()
    if draft is not None:
        return draft
    last = questionnaire.editions.latest("number")
    questions = list(last.questions.all())
    draft = Edition.objects.create(
        questionnaire=questionnaire,
        number=last.number + 1,
        created_at=now,
        created_by=by,
        **{name: getattr(last, name) for name in WORDS},
    )
    for question in questions:
        question.pk, question.edition = None, draft
    Question.objects.bulk_create(questions)
    return draft


@transaction.atomic
def retire(*, edition: Edition, by: Person, now: datetime, version: int | None = None) -> None:
    """No new survey asks it; those that run go on."""
    require(by, EDIT, edition.questionnaire)
    check_version(edition, version)
    move(edition, to=EditionStatus.RETIRED, retired_at=now)


def check(question: Question, earlier: Sequence[Question]) -> None:
    """Refuse what nobody could answer, naming the question.

    An answer may only decide about later questions: so no condition can lead in a circle.
    """
    problem = _problem_of_scale(question) or problem_of(question.condition, earlier)
    if problem:
        raise Refused(
            _("Question “%(question)s”: %(problem)s") % {"question": question, "problem": problem},
            fields={question.key: problem},
        )


def _problem_of_scale(question: Question) -> str:
    if not question.text.strip():
        return _("The text is missing.")
    if len(question.options) == 1 or len(question.items) == 1:
        return _("Give at least two to choose from.")
    keys = [str(row["key"]) for row in (*question.options, *question.items)]
    if not all(re.fullmatch(KEY, key) for key in (question.key, *keys)):
        return _("Keys are small letters, figures and underscores, and begin with a letter.")
    if len(set(keys)) < len(keys):
        return _("Two of its choices have the same key.")
    lowest, highest = question.scale or (0, 0)
    for limit in (question.threshold, question.asks_why_below):
        if limit is not None and not Decimal(lowest) <= limit <= Decimal(highest):
            return _("The limit must be on the scale, %(low)s to %(high)s.") % {
                "low": lowest,
                "high": highest,
            }
    return ""


def _check_draft(edition: Edition, by: Person, version: int | None) -> None:
    require(by, EDIT, edition.questionnaire)
    if not edition.is_open:
        raise NotOpen(_("This edition is published and stays as it is. Begin the next one."))
    check_version(edition, version)
