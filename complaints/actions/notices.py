"""The notice (通报): drafting, publishing, withdrawing and correcting it (C-11, R-03)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.actions import deadlines
from complaints.actions.deadlines import Deadline
from complaints.actions.events import log
from complaints.actions.notice_news import log_notice, tell_units
from complaints.actions.notice_offers import check
from complaints.actions.numbering import next_number
from complaints.models import (
    Complaint,
    DocumentKind,
    Notice,
    NoticeCopy,
    NoticeStatus,
    Opinion,
    TimerKind,
    WorkOrder,
)
from csm.kit.errors import Refused
from csm.kit.inserting import insert
from csm.kit.transitions import check_version, move, stale, touch
from organisation.access import require
from organisation.models import Branch, Person


@transaction.atomic
def draft(
    *,
    issuing_branch: Branch,
    title: str,
    text: str = "",
    addressees: Iterable[Branch] = (),
    complaint: Complaint | None = None,
    work_order: WorkOrder | None = None,
    by: Person,
    now: datetime,
) -> Notice:
    """Begin one, about a complaint, an order, or nothing in particular."""
    require(by, "notice.write", issuing_branch)
    notice = Notice.objects.create(
        issuing_branch=issuing_branch,
        title=title,
        text=text,
        complaint=complaint,
        work_order=work_order,
        created_at=now,
        created_by=by,
    )
    notice.addressees.set(addressees)
    log_notice(notice, "notice_drafted", by=by, at=now)
    return notice


@transaction.atomic
def save(
    *,
    notice: Notice,
    title: str,
    text: str,
    addressees: Iterable[Branch],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Keep other words and addressees: until it is published, also after opinions came in."""
    check(notice, "save", by=by)
    check_version(notice, version)
    touch(notice, title=title, text=text)
    notice.addressees.set(addressees)
    log_notice(notice, "notice_changed", by=by, at=now)


@transaction.atomic
def publish(*, notice: Notice, by: Person, now: datetime, version: int | None = None) -> None:
    """Give it its number and every branch that it names a copy to acknowledge (R-03).

    Not before every opinion that was asked for is given, or its deadline is over.
    """
    check(notice, "publish", by=by)
    check_version(notice, version)
    hold(notice)
    check_words(notice)
    branches = list(notice.addressees.all())
    if not branches:
        words = _("Name the branches that it is for.")
        raise Refused(words, fields={"addressees": words})
    _check_opinions(notice, now)
    move(
        notice,
        to=NoticeStatus.PUBLISHED,
        published_at=now,
        published_by=by,
        **next_number(DocumentKind.NOTICE, now=now),
    )
    _hand_out(notice, branches, now)
    _log_both(notice, "notice_published", by=by, now=now)
    tell_units(
        notice, "notice_published", branches=branches, by=by, now=now, due_at=_due_at(notice)
    )


def _check_opinions(notice: Notice, now: datetime) -> None:
    """Silence is no opinion, but not before the deadline."""
    open_ = list(awaited(notice, now))
    if open_:
        names = pgettext("between names", ", ").join(opinion.branch.label for opinion in open_)
        raise Refused(
            _("These units may still give their opinion: %(units)s. Publish it after that.")
            % {"units": names}
        )


def awaited(notice: Notice, now: datetime) -> Iterable[Opinion]:
    """Those that may still be given; equal to the deadline is in time."""
    rows = notice.opinions.filter(given_at__isnull=True, due_at__gte=now)
    return rows.select_related("branch")


def _hand_out(notice: Notice, branches: list[Branch], now: datetime) -> None:
    insert([NoticeCopy(notice=notice, branch=branch) for branch in branches])
    deadlines.drop_deadlines(notice, TimerKind.OPINION)
    deadlines.start_deadlines(
        [
            Deadline(TimerKind.ACKNOWLEDGEMENT, cycle, branch)
            for cycle, branch in enumerate(branches, start=1)
        ],
        of=notice,
        at=now,
        complaint=notice.complaint,
    )


def _due_at(notice: Notice) -> str:
    """Until when it is to be acknowledged; empty where the policy has no target for it."""
    due = notice.timers.filter(kind=TimerKind.ACKNOWLEDGEMENT).values_list("due_at", flat=True)
    moment = due.first()
    return moment.isoformat() if moment else ""


@transaction.atomic
def withdraw(
    *, notice: Notice, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Take it back, with the reason. A number that it has stays its own, and is listed."""
    check(notice, "withdraw", by=by)
    check_version(notice, version)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), fields={"reason": _("Enter the reason.")})
    hold(notice)
    was = move(
        notice,
        to=NoticeStatus.WITHDRAWN,
        withdrawn_at=now,
        withdrawn_by=by,
        withdrawal_reason=reason,
    )
    deadlines.drop_deadlines(notice, TimerKind.OPINION, TimerKind.ACKNOWLEDGEMENT)
    log_withdrawal = _log_both if was == NoticeStatus.PUBLISHED else _log_alone
    log_withdrawal(notice, "notice_withdrawn", by=by, now=now)
    tell_units(notice, "notice_withdrawn", branches=_knowing(notice), by=by, now=now, reason=reason)


def _knowing(notice: Notice) -> list[Branch]:
    """The units that know of it: it was given to them, or they were asked."""
    rows = Branch.objects.filter(pk__in=notice.copies.values("branch"))
    return list(rows | Branch.objects.filter(pk__in=notice.opinions.values("branch")))


@transaction.atomic
def correct(*, notice: Notice, by: Person, now: datetime, version: int | None = None) -> Notice:
    """A new draft that names the one it corrects; the original stays. There is one at a time."""
    check(notice, "correct", by=by)
    check_version(notice, version)
    hold(notice)
    known = notice.corrections.filter(status__in=(NoticeStatus.DRAFT, NoticeStatus.CONSULTING))
    if (correction := known.first()) is not None:
        return correction
    correction = Notice.objects.create(
        issuing_branch=notice.issuing_branch,
        title=notice.title,
        text=notice.text,
        complaint=notice.complaint,
        work_order=notice.work_order,
        corrects=notice,
        created_at=now,
        created_by=by,
    )
    correction.addressees.set(notice.addressees.all())
    log_notice(notice, "notice_corrected", by=by, at=now, correction=correction.pk)
    log_notice(correction, "notice_drafted", by=by, at=now)
    return correction


def hold(notice: Notice) -> None:
    """Nothing else happens to it until the transaction ends; what was quicker makes this stale."""
    rows = Notice.objects.select_for_update(no_key=True).filter(pk=notice.pk)
    if rows.values_list("version", flat=True).get() != notice.version:
        raise stale()


def check_words(notice: Notice) -> None:
    """Others can only be given what says something."""
    missing = {
        name: words
        for name, words in (("title", _("Enter the title.")), ("text", _("Enter the text.")))
        if not getattr(notice, name).strip()
    }
    if missing:
        raise Refused(_("The notice is not complete."), fields=missing)


def _log_alone(notice: Notice, kind: str, *, by: Person, now: datetime) -> None:
    log_notice(notice, kind, by=by, at=now)


def _log_both(notice: Notice, kind: str, *, by: Person, now: datetime) -> None:
    """Also in the time line of the complaint, which everybody reads who sees the complaint."""
    log_notice(notice, kind, by=by, at=now)
    if notice.complaint is not None:
        log(notice.complaint, kind, by=by, at=now, notice=notice.pk)
