"""Writing into the ledger: what a rule gives, what a manager gives, what is taken back (F-21)."""

from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from organisation.access import require
from organisation.models import Branch, Person
from staff.actions.evidence import named
from staff.models import (
    CapPeriod,
    PointAccount,
    PointEntry,
    PointRuleRevision,
    SourceKind,
    Trigger,
)

GIVE, TAKE_BACK = "points.give", "points.give"
# Caps are counted by one writer at a time.
LEDGER_LOCK = 5_001
MONTHS = {CapPeriod.MONTH: 1, CapPeriod.QUARTER: 3, CapPeriod.YEAR: 12}


def lock_ledger() -> None:
    """Until the transaction ends nobody else awards points: a cap holds for two at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])


@transaction.atomic
def award(
    *,
    person: Person,
    branch: Branch,
    trigger: Trigger,
    source_kind: str,
    source_id: int,
    earned_on: date,
    now: datetime,
) -> list[PointEntry]:
    """What the rules of a trigger give for one outcome; by the system, so nobody has a right to it.

    Nothing where the rule is off or its cap is reached, where the source was rewarded before, or
    where the person has left.
    """
    if not person.is_active:
        return []
    lock_ledger()
    newest = PointRuleRevision.objects.newest().filter(rule__trigger=trigger, is_on=True)
    known = PointEntry.objects.filter(source_kind=source_kind, source_id=source_id)
    rewarded = set(known.values_list("rule", flat=True))
    return [
        PointEntry.objects.create(
            person=person,
            branch=branch,
            rule_id=revision.rule_id,
            revision=revision,
            points=revision.points,
            source_kind=source_kind,
            source_id=source_id,
            earned_on=earned_on,
            at=now,
        )
        for revision in newest
        if revision.rule_id not in rewarded and _fits(revision, person, earned_on)
    ]


@transaction.atomic
def give(
    *,
    person: Person,
    branch: Branch,
    revision: PointRuleRevision,
    reason: str,
    nonce: int,
    by: Person,
    now: datetime,
    evidence: str = "",
) -> PointEntry:
    """A manager gives points at once, with a reason; `nonce` makes a form that is sent twice one.

    The person must work at the branch, and the manager have the right over it. `evidence`: the
    number of a complaint or work order that the manager sees; some rules need it.
    """
    require(by, GIVE, branch)
    reason = reason.strip()
    if not reason:
        raise Refused.at("reason", _("Say what for: everybody who sees the points reads it."))
    _check_receiver(person, branch, by)
    lock_ledger()
    current = PointRuleRevision.objects.newest().filter(rule=revision.rule_id).first()
    if current is None or current.rule.trigger != Trigger.BY_HAND or not current.is_on:
        raise Refused.at("revision", _("This rule is not open to managers."))
    if current.pk != revision.pk:
        raise Refused.at("revision", _("This rule has changed. Look at it again."))
    given = PointEntry.objects.filter(
        rule=current.rule, source_kind=Trigger.BY_HAND, source_id=nonce
    ).first()
    if given is not None:
        return given
    number = named(evidence, by=by, is_needed=current.needs_evidence)
    today = timezone.localdate(now)
    if not _fits(current, person, today):
        raise Refused.at("person", _("This person has reached the most points of this rule."))
    return PointEntry.objects.create(
        person=person,
        branch=branch,
        rule=current.rule,
        revision=current,
        points=current.points,
        source_kind=Trigger.BY_HAND,
        source_id=nonce,
        reason=reason,
        evidence=number,
        earned_on=today,
        at=now,
        by=by,
    )


@transaction.atomic
def reverse(*, entry: PointEntry, reason: str, by: Person | None, now: datetime) -> PointEntry:
    """The opposite entry, once; the ledger never forgets what was there."""
    require(by, TAKE_BACK, entry)
    reason = reason.strip()
    if by is not None and not reason:
        raise Refused.at("reason", _("Say why it is taken back."))
    if by is not None and by.pk == entry.person_id:
        raise Refused(_("Nobody decides about their own points."))
    if by is not None and entry.source_kind == SourceKind.REDEMPTION:
        raise NotOpen(_("A redemption is refused on its own page: then its points are given back."))
    if by is not None and entry.source_kind == SourceKind.ASSESSMENT:
        raise NotOpen(_("What an assessment took off comes back when an appeal is granted."))
    if entry.reverses_id is not None:
        raise NotOpen(_("What was taken back cannot be taken back again."))
    lock_ledger()
    if PointEntry.objects.filter(reverses=entry).exists():
        raise NotOpen(_("This was taken back before."))
    return PointEntry.objects.create(
        person_id=entry.person_id,
        branch_id=entry.branch_id,
        rule_id=entry.rule_id,
        revision_id=entry.revision_id,
        points=-entry.points,
        source_kind=entry.source_kind,
        source_id=entry.source_id,
        reverses=entry,
        reason=reason,
        evidence=entry.evidence,
        earned_on=entry.earned_on,
        at=now,
        by=by,
    )


@transaction.atomic
def show_on_boards(*, is_shown: bool, by: Person) -> None:
    """Whether one's own name stands on leaderboards."""
    PointAccount.objects.update_or_create(person=by, defaults={"is_shown": is_shown})


def _check_receiver(person: Person, branch: Branch, by: Person) -> None:
    if person.pk == by.pk:
        raise Refused.at("person", _("Nobody gives points to themselves."))
    if not person.is_active:
        raise Refused.at("person", _("This person has left."))
    if not person.postings.filter(branch__path__startswith=branch.path).exists():
        raise Refused.at("person", _("This person does not work there."))


def _fits(revision: PointRuleRevision, person: Person, day: date) -> bool:
    """Whether the cap leaves room for one more; what was taken back leaves room again."""
    if revision.cap is None:
        return True
    since, until = _around(day, MONTHS[CapPeriod(revision.cap_period)])
    rows = PointEntry.objects.filter(
        person=person, rule=revision.rule_id, earned_on__gte=since, earned_on__lt=until
    )
    had = rows.aggregate(total=Sum("points"))["total"] or 0
    return bool(had + revision.points <= revision.cap)


def _around(day: date, months: int) -> tuple[date, date]:
    """First day of the period that holds `day`, and of the next one."""
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    index = first.year * 12 + first.month - 1 + months
    return first, date(index // 12, index % 12 + 1, 1)
