"""The micro-report from the first word to its Monday, and back (T-01 … T-03)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.numbering import next_number
from complaints.models import Complaint, WorkOrder
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, locked, move, touch
from organisation.access import require
from organisation.models import Person
from staff import masked
from staff.actions import programme_news as news
from staff.models import (
    QUESTIONS,
    MicroReport,
    ReportQuestion,
    ReportStatus,
    StepKind,
    Tone,
    Turn,
    TurnStep,
)

WRITE, REVIEW = "micro_report.write", "micro_report.review"


@dataclass(frozen=True)
class Question:
    """A question with its right answer and two wrong ones; empty while it is being written."""

    text: str = ""
    right: str = ""
    wrong: str = ""
    wrong_too: str = ""

    @property
    def answers(self) -> tuple[str, str, str]:
        return self.right, self.wrong, self.wrong_too

    @property
    def is_begun(self) -> bool:
        return any((self.text, *self.answers))

    @property
    def is_whole(self) -> bool:
        return all((self.text, *self.answers)) and len(set(self.answers)) == len(self.answers)


@dataclass(frozen=True)
class Story:
    """What a branch writes. `about`: the complaint or the order it tells of, if any."""

    title: str
    text: str
    tone: str
    layer: str
    realm: str
    about: Complaint | WorkOrder | None = None
    hidden_names: Sequence[str] = ()
    names_colleagues: bool = False
    questions: Sequence[Question] = field(default=())


@transaction.atomic
def write(
    *, turn: Turn, story: Story, by: Person, now: datetime, version: int | None = None
) -> MicroReport:
    """Begin the report of a turn, or change it until it is handed in; names are masked anew.

    `version` is the one that was read; None where there was no report yet.
    """
    rows = Turn.objects.select_for_update(of=("self",)).select_related("branch")
    turn = rows.get(pk=turn.pk)
    require(by, WRITE, turn)
    _check_story(story)
    given = _fields(story)
    report = MicroReport.objects.filter(turn=turn).select_related("branch", "turn").first()
    if report is None:
        report = MicroReport.objects.create(
            turn=turn, branch=turn.branch, written_by=by, written_at=now, **given
        )
    else:
        if not report.is_writable:
            raise NotOpen(_("It is handed in: what is written stays as it is."))
        check_version(report, version)
        touch(report, written_by=by, written_at=now, **given)
    report.questions.all().delete()
    ReportQuestion.objects.bulk_create(
        ReportQuestion(report=report, place=place, **vars(question))
        for place, question in enumerate(story.questions, start=1)
        if question.is_whole
    )
    _log(report, StepKind.WRITTEN, by, now)
    return report


def _check_story(story: Story) -> None:
    wrong = {}
    if not story.title.strip():
        wrong["title"] = _("Enter the title.")
    if story.names_colleagues and story.tone != Tone.POSITIVE:
        wrong["names_colleagues"] = _("Colleagues are named in good examples only.")
    if len(story.questions) > QUESTIONS:
        wrong["questions"] = _("Write three questions.")
    for place, question in enumerate(story.questions, start=1):
        if question.is_begun and not question.is_whole:
            wrong[f"question_{place}"] = _("Write the question and three different answers.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _fields(story: Story) -> dict[str, object]:
    about, title, text = story.about, story.title.strip(), story.text.strip()
    names = masked.names_in(
        f"{title}\n{text}",
        about=about,
        hidden=story.hidden_names,
        keeps_colleagues=story.names_colleagues,
    )
    return {
        "raw_title": title,
        "raw_story": text,
        "title": names.mask(title),
        "story": names.mask(text),
        "tone": story.tone,
        "layer": story.layer,
        "realm": story.realm,
        "complaint": about if isinstance(about, Complaint) else None,
        "work_order": about if isinstance(about, WorkOrder) else None,
        "hidden_names": list(story.hidden_names),
        "names_colleagues": story.names_colleagues,
    }


@transaction.atomic
def submit(*, report: MicroReport, by: Person, now: datetime, version: int | None = None) -> None:
    """Hand it in: the story is told, and three questions go with it."""
    require(by, WRITE, report)
    check_version(report, version)
    if not report.is_writable:
        raise NotOpen(_("It is handed in already."))
    if not report.raw_story:
        raise Refused.at("story", _("Tell the story."))
    if report.questions.count() != QUESTIONS:
        raise Refused.at("question_1", _("Write three questions, each with three answers."))
    move(
        report, to=ReportStatus.SUBMITTED, submitted_by=by, submitted_at=now,
        reviewed_by=None, reviewed_at=None,
    )  # fmt: skip
    _log(report, StepKind.SUBMITTED, by, now)
    news.submitted(report, by=by, now=now)


@transaction.atomic
def send_back(
    *, report: MicroReport, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Return it to the branch, with the reason."""
    _check_reviewer(report, by, version)
    reason = reason.strip()
    if not reason:
        raise Refused.at("reason", _("Say what is to be changed: the branch reads it."))
    move(report, to=ReportStatus.RETURNED, return_reason=reason, reviewed_by=by, reviewed_at=now)
    _log(report, StepKind.RETURNED, by, now, reason)
    news.returned(report, by=by, now=now)


@transaction.atomic
def approve(*, report: MicroReport, by: Person, now: datetime, version: int | None = None) -> None:
    """Give it its number and a copy to development and HR; the sweep publishes it (T-02)."""
    _check_reviewer(report, by, version)
    move(
        report, to=ReportStatus.APPROVED, reviewed_by=by, reviewed_at=now, return_reason="",
        **next_number(report.KIND, now=now),
    )  # fmt: skip
    _log(report, StepKind.APPROVED, by, now)
    news.approved(report, by=by, now=now)


def _check_reviewer(report: MicroReport, by: Person, version: int | None) -> None:
    require(by, REVIEW, report)
    check_version(report, version)
    if report.status != ReportStatus.SUBMITTED:
        raise NotOpen(_("Only what was handed in is reviewed."))
    if by.pk in report.writers:
        raise Forbidden(_("Nobody reviews their own story. Ask another quality manager."))


@transaction.atomic
def publish_due(*, now: datetime) -> int:
    """What is approved and whose moment has come: all staff read it from now on (T-03)."""
    due = MicroReport.objects.filter(status=ReportStatus.APPROVED, turn__publish_at__lte=now)
    reports = locked(due.select_related("turn", "branch"))
    for report in reports:
        is_late = report.reviewed_at is not None and report.reviewed_at > report.turn.publish_at
        move(report, to=ReportStatus.PUBLISHED, published_at=now, is_late=is_late)
        _log(report, StepKind.PUBLISHED, None, now)
        news.published(report, now=now)
    return len(reports)


@transaction.atomic
def withdraw(
    *, report: MicroReport, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Take a published report back: only reviewers still read it, and nobody is asked about it.

    Its number is not given again, and what was counted about its week stays as it was.
    """
    require(by, REVIEW, report)
    check_version(report, version)
    if report.is_withdrawn:
        raise NotOpen(_("It is withdrawn already."))
    if report.status != ReportStatus.PUBLISHED:
        raise NotOpen(_("Only what is published is withdrawn."))
    reason = reason.strip()
    if not reason:
        raise Refused.at("reason", _("Say why the story is withdrawn: the branch reads it."))
    move(
        report, to=ReportStatus.WITHDRAWN, withdrawn_by=by, withdrawn_at=now,
        withdrawal_reason=reason,
    )  # fmt: skip
    _log(report, StepKind.WITHDRAWN, by, now, reason)
    news.withdrawn(report, by=by, now=now)


def _log(report: MicroReport, kind: str, by: Person | None, at: datetime, words: str = "") -> None:
    TurnStep.objects.create(turn_id=report.turn_id, kind=kind, by=by, at=at, words=words)
