"""Opinions before a notice is published, and acknowledgements after it (C-11, R-03)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.actions.deadlines import Deadline, meet_deadline, start_deadlines
from complaints.actions.notice_news import log_notice, tell_issuer, tell_units
from complaints.actions.notice_offers import check
from complaints.actions.notices import check_words, hold
from complaints.models import Notice, NoticeStatus, Opinion, TimerKind
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.inserting import insert
from csm.kit.transitions import check_version, move, touch
from organisation.access import units
from organisation.models import Branch, Person
from organisation.texts import named

LONGEST = timedelta(days=60)


@transaction.atomic
def consult(
    *,
    notice: Notice,
    branches: Sequence[Branch],
    by: Person,
    now: datetime,
    due_at: datetime | None = None,
    version: int | None = None,
) -> None:
    """Ask these units for their opinion until `due_at`, or as long as the policy gives them.

    Further units can be asked while others answer, each once and with a deadline of its own.
    """
    check(notice, "consult", by=by)
    check_version(notice, version)
    check_words(notice)
    _check_asked(notice, branches)
    _check_due(due_at, now)
    asked = notice.opinions.count()
    if notice.status == NoticeStatus.CONSULTING:
        touch(notice)
    else:
        move(notice, to=NoticeStatus.CONSULTING, consulted_at=now)
    timers = start_deadlines(
        [
            Deadline(TimerKind.OPINION, cycle, branch, due_at=due_at)
            for cycle, branch in enumerate(branches, start=asked + 1)
        ],
        of=notice,
        at=now,
        complaint=notice.complaint,
    )
    if not timers:
        _refuse_due(_("Say until when the opinions are awaited."))
    due = timers[0].due_at
    insert(
        [
            Opinion(notice=notice, branch=branch, asked_at=now, asked_by=by, due_at=due)
            for branch in branches
        ]
    )
    log_notice(notice, "notice_consulted", by=by, at=now, count=len(branches))
    tell_units(notice, "opinion_asked", branches=branches, by=by, now=now, due_at=due.isoformat())


def _check_asked(notice: Notice, branches: Sequence[Branch]) -> None:
    words = ""
    if not branches:
        words = _("Name the units whose opinion is asked.")
    elif notice.issuing_branch in branches:
        words = _("The issuing unit asks others, not itself.")
    elif twice := notice.opinions.filter(branch__in=branches).select_related("branch"):
        names = pgettext("between names", ", ").join(opinion.branch.label for opinion in twice)
        words = _("Asked already: %(units)s. Nobody is asked twice.") % {"units": names}
    if words:
        raise Refused(words, fields={"branches": words})


def _check_due(due_at: datetime | None, now: datetime) -> None:
    if due_at is not None and not now < due_at <= now + LONGEST:
        _refuse_due(_("Choose a time from now on, at most %(days)d days ahead.")
                    % {"days": LONGEST.days})  # fmt: skip


def _refuse_due(words: str) -> None:
    raise Refused(words, fields={"due_at": words})


@transaction.atomic
def give(
    *, notice: Notice, text: str, by: Person, now: datetime, branch: Branch | None = None
) -> None:
    """The opinion of a unit, by somebody posted there: once, and not after the deadline."""
    check(notice, "opinion", by=by)
    opinion = _own_opinion(notice, by, branch)
    hold(notice)
    opinion.refresh_from_db(fields=["given_at"])
    if opinion.given_at is not None:
        raise NotOpen(_("Your unit has given its opinion already."))
    if opinion.due_at < now:
        raise NotOpen(_("The time for opinions is over. Silence counts as no opinion."))
    if not text.strip():
        words = _("Write what your unit thinks of it.")
        raise Refused(words, fields={"text": words})
    notice.opinions.filter(pk=opinion.pk).update(text=text, given_at=now, given_by=by)
    meet_deadline(
        notice,
        TimerKind.OPINION,
        at=now,
        evidence=f"opinion:{opinion.pk}",
        branches=[opinion.branch_id],
    )
    log_notice(notice, "opinion_given", by=by, at=now, opinion=opinion.pk)
    unit = named(opinion.branch)
    tell_issuer(notice, "opinion_given", opinion.pk, by=by, now=now, unit=unit, words=text)


def _own_opinion(notice: Notice, by: Person, branch: Branch | None) -> Opinion:
    """The one that is awaited of the person's unit; the first not given yet, if of several."""
    own = notice.opinions.filter(branch__in=_speaks_for(by, "notice.opine", branch))
    found = own.select_related("branch").order_by("given_at", "pk")
    opinions = sorted(found, key=lambda opinion: opinion.given_at is not None)
    if not opinions:
        raise Forbidden(_("Your unit was not asked for its opinion."))
    return opinions[0]


@transaction.atomic
def acknowledge(*, notice: Notice, by: Person, now: datetime, branch: Branch | None = None) -> None:
    """The person's units have read it and will act on it; each unit says so once."""
    check(notice, "acknowledge", by=by)
    mine = notice.copies.filter(branch__in=_speaks_for(by, "notice.acknowledge", branch))
    hold(notice)
    open_ = list(mine.filter(acknowledged_at__isnull=True).values_list("branch", flat=True))
    if not open_:
        raise NotOpen(_("Your branch has acknowledged it already."))
    mine.filter(branch__in=open_).update(acknowledged_at=now, acknowledged_by=by)
    meet_deadline(
        notice,
        TimerKind.ACKNOWLEDGEMENT,
        at=now,
        evidence=f"person:{by.pk}",
        branches=open_,
    )
    for unit in open_:
        log_notice(notice, "notice_acknowledged", by=by, at=now, branch=unit)


def _speaks_for(person: Person, verb: str, branch: Branch | None) -> list[int]:
    """Nobody speaks for a unit from above: the managers of the region are not the branch."""
    own = units(person, verb)
    return own if branch is None else [pk for pk in own if pk == branch.pk]
