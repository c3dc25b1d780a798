"""Turning points into rewards: asked for, approved or refused, handed over (F-21).

Points and piece are taken when it is asked for, so that nobody waits for what is gone; both are
given back when it comes to nothing. The cost is charged to the award fund when it is approved.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import Forbidden, NotOpen, Refused, Stale
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import require
from organisation.models import Person, Role
from organisation.roles import holders
from organisation.texts import named
from staff.actions import fund, points
from staff.models import (
    FundSource,
    PointAccount,
    PointEntry,
    Redemption,
    RedemptionStatus,
    Reward,
    SourceKind,
)
from staff.people import home_of

ASK, DECIDE, HAND_OVER = "incentive.see", "redemption.decide", "redemption.hand_over"


@transaction.atomic
def ask(
    *, reward: Reward, nonce: int, by: Person, now: datetime, price: int | None = None
) -> Redemption:
    """For oneself, one piece. `price` is the one that was read; `nonce` names the form.

    The account is held first: of two at once the second sees what the first has left.
    """
    require(by, ASK)
    account = PointAccount.objects.select_for_update(no_key=True).filter(person=by).first()
    known = Redemption.objects.filter(person=by, nonce=nonce).first()
    if known is not None:
        return known
    held = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    _check_open(held, price, account.balance if account else 0)
    made = Redemption.objects.create(
        person=by,
        branch=home_of(by),
        reward=held,
        points=held.points,
        cost=held.cost,
        nonce=nonce,
        asked_at=now,
    )
    PointEntry.objects.create(
        person=by,
        branch=made.branch,
        points=-held.points,
        source_kind=SourceKind.REDEMPTION,
        source_id=made.pk,
        reason=held.name,
        earned_on=timezone.localdate(now),
        at=now,
        by=by,
    )
    _move_stock(held.pk, -1)
    _tell(made, "redemption_asked", to=deciders(made), by=by, now=now)
    return made


@transaction.atomic
def approve(
    *, redemption: Redemption, by: Person, now: datetime, version: int | None = None
) -> None:
    """Somebody else agrees; its cost is charged to the fund, or this is refused."""
    _check_decider(redemption, by)
    check_version(redemption, version)
    if not redemption.person.is_active:
        raise NotOpen(_("This person has left. Refuse it, and the points are given back."))
    move(redemption, to=RedemptionStatus.APPROVED, decided_by=by, decided_at=now)
    if redemption.cost:
        fund.charge(
            source_kind=FundSource.REDEMPTION,
            source_id=redemption.pk,
            amount=redemption.cost,
            words=redemption.reward.name,
            by=by,
            now=now,
        )
    to = [redemption.person, *holders(redemption.branch, Role.BRANCH_MANAGER)]
    _tell(redemption, "redemption_approved", to=to, by=by, now=now)


@transaction.atomic
def refuse(
    *, redemption: Redemption, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """Not this, with the reason; also what was approved, and cannot be had after all."""
    _check_decider(redemption, by)
    check_version(redemption, version)
    reason = reason.strip()
    if not reason:
        words = _("Say why: the person reads it.")
        raise Refused.at("reason", words)
    move(redemption, to=RedemptionStatus.REFUSED, decided_by=by, decided_at=now, reason=reason)
    _give_back(redemption, now)
    fund.give_back(source_kind=FundSource.REDEMPTION, source_id=redemption.pk, by=by, now=now)
    _tell(redemption, "redemption_refused", to=[redemption.person], by=by, now=now)


@transaction.atomic
def withdraw(
    *, redemption: Redemption, by: Person, now: datetime, version: int | None = None
) -> None:
    """By who asked, as long as nobody has decided."""
    require(by, ASK)
    if by.pk != redemption.person_id:
        raise Forbidden(_("Only who asked for it can withdraw it."))
    check_version(redemption, version)
    move(redemption, to=RedemptionStatus.WITHDRAWN, withdrawn_at=now)
    _give_back(redemption, now)


@transaction.atomic
def hand_over(
    *, redemption: Redemption, by: Person, now: datetime, version: int | None = None
) -> None:
    """The person has it now; by somebody else."""
    require(by, HAND_OVER, redemption)
    if by.pk == redemption.person_id:
        raise Forbidden(_("Nobody hands a reward over to themselves. A colleague does."))
    check_version(redemption, version)
    move(redemption, to=RedemptionStatus.HANDED_OVER, handed_over_by=by, handed_over_at=now)
    _tell(redemption, "redemption_handed_over", to=[redemption.person], by=by, now=now)


def deciders(redemption: Redemption) -> list[Person]:
    """Those upwards who may decide, apart from the person."""
    roles = (Role.HUMAN_RESOURCES, Role.SERVICE_DIRECTOR)
    return [each for each in holders(redemption.branch, *roles) if each.pk != redemption.person_id]


def _check_open(reward: Reward, price: int | None, balance: int) -> None:
    if not reward.is_active:
        raise NotOpen(_("This reward is not offered any more. Choose another."))
    if price is not None and price != reward.points:
        raise Stale(_("The price of this reward has changed. Look at it again."))
    if reward.stock < 1:
        raise Refused(_("Nothing is left of this reward. Choose another, or ask when it comes."))
    if balance < reward.points:
        words = _("Your balance is %(balance)s points; this reward takes %(points)s.")
        raise Refused(words % {"balance": balance, "points": reward.points})


def _check_decider(redemption: Redemption, by: Person) -> None:
    require(by, DECIDE, redemption)
    if by.pk == redemption.person_id:
        raise Forbidden(_("You asked for this yourself. A colleague decides."))


def _give_back(redemption: Redemption, now: datetime) -> None:
    """The ledger first: whoever holds the stock waits for no account any more."""
    taken = PointEntry.objects.get(
        source_kind=SourceKind.REDEMPTION, source_id=redemption.pk, reverses=None
    )
    points.reverse(entry=taken, reason=taken.reason, by=None, now=now)
    _move_stock(redemption.reward_id, 1)


def _move_stock(reward: int, pieces: int) -> None:
    Reward.objects.filter(pk=reward).update(stock=F("stock") + pieces)


def _tell(
    redemption: Redemption, text: str, *, to: Iterable[Person], by: Person, now: datetime
) -> None:
    reward = redemption.reward
    outbox.put(
        key=f"redemption:{redemption.pk}:{redemption.version}",
        to=to,
        text=text,
        context={
            "reward": named(reward),
            "points": redemption.points,
            "person": redemption.person.name,
            "by": by.name,
            "reason": redemption.reason,
        },
        path=reverse("redemption", args=[redemption.pk]),
        now=now,
        apart_from=by,
    )
