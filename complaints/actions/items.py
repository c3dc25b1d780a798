"""Dissatisfied items: entering them, correcting them, setting them aside (W-10, W-12)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.guard import check_year_of_day
from complaints.models import HIGHEST, LOWEST, THRESHOLD, DissatisfiedItem, ItemStatus, Origin
from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from customers.models import Customer
from organisation.access import require
from organisation.models import Branch, Person

RECORD, ACT = "item.record", "work_order.open"
# What a person may correct as long as there is no order.
FIELDS = (
    *("customer", "branch", "score", "threshold", "explanation"),
    *("opinion", "plan", "planned_on"),
)


@transaction.atomic
def record(
    *,
    customer: Customer | None,
    branch: Branch,
    score: Decimal,
    by: Person | None,
    now: datetime,
    threshold: Decimal = THRESHOLD,
    explanation: str = "",
    opinion: str = "",
    plan: str = "",
    planned_on: date | None = None,
    origin: str = Origin.MANUAL,
) -> DissatisfiedItem:
    """Enter one; `by` None is a survey or an import, which bring along what the customer said.

    Of a survey without a customer it was said at a counter.
    """
    require(by, RECORD, branch)
    _check_customer(customer, origin)
    _check(score=score, threshold=threshold, explanation=explanation, planned_on=planned_on)
    if by is not None:
        _check_words(opinion)
    return DissatisfiedItem.objects.create(
        customer=customer,
        branch=branch,
        score=score,
        threshold=threshold,
        explanation=explanation,
        opinion=opinion,
        plan=plan,
        planned_on=planned_on,
        origin=origin,
        recorded_at=now,
        recorded_by=by,
    )


@transaction.atomic
def save(
    *,
    item: DissatisfiedItem,
    by: Person,
    now: datetime,
    version: int | None = None,
    **fields: Any,
) -> None:
    """Correct one that has no order yet; what is left out of FIELDS stays as it is."""
    require(by, RECORD, item)
    check_open(item, "save")
    check_version(item, version)
    if "branch" in fields:
        require(by, RECORD, fields["branch"])
    whole = {name: fields.get(name, getattr(item, name)) for name in FIELDS}
    _check(
        score=whole["score"],
        threshold=whole["threshold"],
        explanation=whole["explanation"],
        planned_on=whole["planned_on"],
    )
    _check_customer(whole["customer"], item.origin)
    if "opinion" in fields:
        _check_words(fields["opinion"])
    touch(item, **fields)


@transaction.atomic
def set_aside(
    *,
    item: DissatisfiedItem,
    reason: str,
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """No order is needed: the reason stays beside it."""
    require(by, ACT, item)
    check_open(item, "set-aside")
    check_version(item, version)
    if not reason.strip():
        raise Refused(_("Say why no order is needed."), fields={"reason": _("Enter the reason.")})
    move(
        item,
        to=ItemStatus.SET_ASIDE,
        set_aside_at=now,
        set_aside_by=by,
        set_aside_reason=reason,
    )


@transaction.atomic
def take_up(
    *, item: DissatisfiedItem, by: Person, now: datetime, version: int | None = None
) -> None:
    """It needs an order after all."""
    require(by, ACT, item)
    check_open(item, "take-up")
    check_version(item, version)
    move(
        item,
        to=ItemStatus.OPEN,
        set_aside_at=None,
        set_aside_by=None,
        set_aside_reason="",
    )


def release(item: DissatisfiedItem | None) -> None:
    """Its order was annulled: it waits for one again."""
    if item is not None and item.status == ItemStatus.ORDERED:
        move(item, to=ItemStatus.OPEN)


def _check_customer(customer: Customer | None, origin: str) -> None:
    if customer is None and origin != Origin.SURVEY:
        words = _("Enter the customer.")
        raise Refused(words, fields={"customer": words})


def check_open(item: DissatisfiedItem, act: str) -> None:
    """Refuse an act that the present state does not allow, naming those that it does."""
    if act not in item.open_actions:
        raise NotOpen(
            _("This is not open while the dissatisfied item is “%(status)s”.")
            % {"status": item.get_status_display()},
            allowed=item.open_actions,
        )


def _check(
    *, score: Decimal, threshold: Decimal, explanation: str, planned_on: date | None
) -> None:
    fields = {
        name: _("Enter a number from 0 to 10.")
        for name, value in (("score", score), ("threshold", threshold))
        if not LOWEST <= value <= HIGHEST
    }
    if not fields and score >= threshold and not explanation.strip():
        fields["explanation"] = _("Say why a score at or above the threshold counts.")
    if fields:
        raise Refused(next(iter(fields.values())), fields=fields)
    if planned_on is not None:
        check_year_of_day(planned_on, field="planned_on")


def _check_words(opinion: str) -> None:
    if not opinion.strip():
        text = _("Enter what the customer said.")
        raise Refused(text, fields={"opinion": text})
