"""After the announcement: prizes, ceremonies, and what the whole company learns (T-09, T-10)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from organisation.access import require, require_everywhere
from organisation.actions import files
from organisation.models import Person
from staff.actions.contest_plans import require_decider
from staff.contests import RUN, WRITE
from staff.models import Ceremony, ContestStatus, InnovationAward, Plan, PlanStatus, Practice


@transaction.atomic
def hand_over(
    *,
    award: InnovationAward,
    handed_on: date,
    handed_to: Person,
    by: Person,
    now: datetime,
) -> None:
    """The prize is in the hands of one of the winners; `by` gave it."""
    require_everywhere(by, RUN)
    wrong = _wrong_day("handed_on", handed_on, award, now)
    if not award.shares.filter(person=handed_to).exists():
        wrong["handed_to"] = _("Choose one of the winners.")
    elif handed_to.pk == by.pk:
        wrong["handed_to"] = _("Nobody hands a prize to themselves.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    mine = InnovationAward.objects.filter(pk=award.pk, handed_on=None)
    if not mine.update(handed_on=handed_on, handed_to=handed_to, handed_by=by):
        raise NotOpen(_("This prize is handed over already."))


@transaction.atomic
def hold_ceremony(
    *,
    award: InnovationAward,
    held_on: date,
    note: str,
    by: Person,
    now: datetime,
    uploads: "Sequence[UploadedFile[Any]]" = (),
) -> Ceremony:
    """The branch says when and how it honoured its winners; one photo, if there is any."""
    require(by, WRITE, award.plan)
    wrong = _wrong_day("held_on", held_on, award, now)
    if not note.strip():
        wrong["note"] = _("Say what happened at the ceremony.")
    if len(uploads) > 1:
        wrong["files"] = _("One photo is possible.")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)
    if Ceremony.objects.filter(award=award).exists():
        raise _held_already()
    stored = files.store(uploads, by=by, now=now, only_pictures=True)
    try:
        with transaction.atomic():
            return Ceremony.objects.create(
                award=award,
                held_on=held_on,
                note=note.strip(),
                photo=stored[0] if stored else None,
                at=now,
                by=by,
            )
    except IntegrityError as error:
        raise _held_already() from error


@transaction.atomic
def promote(
    *, plan: Plan, title: str, words: str, method: str, by: Person, now: datetime
) -> Practice:
    """A good proposal becomes a practice for all, a winner or not; `method` says how it spreads."""
    require_decider(plan, by=by)
    is_over = Plan.objects.filter(
        pk=plan.pk, contest__status=ContestStatus.ANNOUNCED, status=PlanStatus.REPORTED
    ).exists()
    if not is_over:
        raise NotOpen(_("Promote a plan that was carried out, after the announcement."))
    given = {"title": title.strip(), "words": words.strip(), "method": method.strip()}
    if wrong := {name: _("This is needed.") for name, said in given.items() if not said}:
        raise Refused(_("Say what others can do, and how it is promoted."), fields=wrong)
    try:
        with transaction.atomic():
            return Practice.objects.create(plan=plan, at=now, by=by, **given)
    except IntegrityError as error:
        raise NotOpen(_("This plan is promoted already.")) from error


def _wrong_day(name: str, day: date, award: InnovationAward, now: datetime) -> dict[str, str]:
    announced_at = award.contest.announced_at
    if day > timezone.localdate(now):
        return {name: _("This day is still to come.")}
    if announced_at and day < timezone.localdate(announced_at):
        return {name: _("The winners were not announced yet on this day.")}
    return {}


def _held_already() -> NotOpen:
    return NotOpen(_("The ceremony of this award is recorded already."))
