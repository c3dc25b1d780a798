"""Questions to experts: asked by anybody, answered by an expert, published by another (T-22)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.models import Category
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move, stale
from organisation import outbox
from organisation.access import postings, require
from organisation.models import Importance, Person, Role
from organisation.roles import holders
from staff.models import AnswerStatus, ExpertAnswer, ExpertQuestion, QuestionStatus

ASK, ANSWER = "incentive.see", "knowledge.answer"
# The nearest of these hear of a question.
EXPERTS = (Role.SERVICE_FUNCTION, Role.QUALITY_MANAGER)


@transaction.atomic
def ask(
    *, title: str, by: Person, now: datetime, details: str = "", category: Category | None = None
) -> ExpertQuestion:
    """A question to the experts; everybody can read it."""
    require(by, ASK)
    if not title.strip():
        words = _("Ask in one sentence.")
        raise Refused.at("title", words)
    made = ExpertQuestion.objects.create(
        title=title.strip(), details=details, category=category, asked_by=by, asked_at=now
    )
    _tell(made, "question_asked", _experts(by), by=by, now=now, key=f"question:{made.pk}:asked")
    return made


@transaction.atomic
def answer(
    *,
    question: ExpertQuestion,
    text: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> ExpertAnswer:
    """An expert proposes an answer, or a better one; the old one stays until it is published."""
    require(by, ANSWER)
    if "answer" not in question.open_actions:
        raise NotOpen(_("This question was declined."), allowed=question.open_actions)
    check_version(question, version)
    if not text.strip():
        words = _("Write the answer.")
        raise Refused.at("text", words)
    try:
        with transaction.atomic():
            made = ExpertAnswer.objects.create(question=question, text=text, by=by, at=now)
    except IntegrityError as error:
        raise NotOpen(_("An answer waits for its review already.")) from error
    _tell(question, "answer_proposed", _experts(by), by=by, now=now, key=f"answer:{made.pk}:new")
    return made


@transaction.atomic
def publish(*, answer: ExpertAnswer, by: Person, now: datetime, version: int | None = None) -> None:
    """Another expert has read it: from now on everybody can."""
    _check_review(answer, by, version)
    move(answer, to=AnswerStatus.ACCEPTED, reviewed_by=by, reviewed_at=now)
    question = answer.question
    move(
        question,
        to=QuestionStatus.PUBLISHED,
        answer=answer.text,
        answered_by=answer.by,
        reviewed_by=by,
        published_at=now,
    )
    people = [question.asked_by, answer.by]
    _tell(question, "answer_published", people, by=by, now=now, key=f"answer:{answer.pk}:published")


@transaction.atomic
def give_back(
    *, answer: ExpertAnswer, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Not yet: the expert hears why, and may propose another."""
    _check_review(answer, by, version)
    _check_reason(reason)
    move(answer, to=AnswerStatus.RETURNED, reviewed_by=by, reviewed_at=now, reason=reason)
    key = f"answer:{answer.pk}:returned"
    _tell(answer.question, "answer_returned", [answer.by], by=by, now=now, key=key, words=reason)


@transaction.atomic
def close(
    *,
    question: ExpertQuestion,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Decline a question, or take an answer down that is not right any more."""
    require(by, ANSWER)
    if "close" not in question.open_actions:
        raise NotOpen(_("This question is closed already."), allowed=question.open_actions)
    check_version(question, version)
    _check_reason(reason)
    if question.answers.filter(status=AnswerStatus.PROPOSED).exists():
        raise NotOpen(_("An answer waits for its review: publish it or give it back first."))
    is_published = question.status == QuestionStatus.PUBLISHED
    to = QuestionStatus.WITHDRAWN if is_published else QuestionStatus.DECLINED
    move(question, to=to, close_reason=reason, closed_by=by)
    people = [question.asked_by, question.answered_by]
    key = f"question:{question.pk}:closed:{question.version}"
    _tell(question, "question_closed", people, by=by, now=now, key=key, words=reason)


def require_expert(record: ExpertQuestion | ExpertAnswer, *, by: Person) -> None:
    """Experts answer for the whole company, wherever they work."""
    require(by, ANSWER)


def _check_review(answer: ExpertAnswer, by: Person, version: int | None) -> None:
    require(by, ANSWER)
    if answer.by_id == by.pk:
        raise Forbidden(_("Nobody reviews their own answer. Ask another expert."))
    if answer.status != AnswerStatus.PROPOSED:
        raise NotOpen(
            _("This is “%(status)s” already.") % {"status": answer.get_status_display()},
            allowed=answer.open_actions,
        )
    check_version(answer, version)
    if "answer" not in answer.question.open_actions:
        raise stale()


def _check_reason(reason: str) -> None:
    if not reason.strip():
        words = _("Say why: whoever wrote it reads it.")
        raise Refused.at("reason", words)


def _experts(by: Person) -> list[Person]:
    """Those nearest to whoever asks or answers."""
    held = postings(by)
    return holders(held[0].branch, *EXPERTS) if held else []


def _tell(
    question: ExpertQuestion,
    text: str,
    to: Iterable[Person | None],
    *,
    by: Person,
    now: datetime,
    key: str,
    words: str = "",
) -> None:
    outbox.put(
        key=key,
        to=to,
        text=text,
        context={
            "title": question.title,
            "by": by.name,
            "words": words,
            "is_withdrawn": question.status == QuestionStatus.WITHDRAWN,
        },
        importance=Importance.REMINDER,
        path=f"/staff/knowledge/{question.pk}/",
        now=now,
        apart_from=by,
    )
