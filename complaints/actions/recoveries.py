"""Giving the customer something for the trouble (C-18 … C-20): at once within one's limit.

A limit is an amount per complaint, whoever gave before: neither small portions nor a colleague's
limit lead past it. Above it somebody else decides whose own limit reaches.
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from complaints.actions.categories import ancestry
from complaints.actions.events import log
from complaints.models import (
    GRANTED,
    Complaint,
    Recovery,
    RecoveryLimit,
    RecoveryOffer,
    RecoveryStatus,
    Status,
)
from csm.kit.errors import Forbidden, NotOpen, Refused
from csm.kit.transitions import check_version, move
from organisation import outbox
from organisation.access import ROLE_VERBS, can, postings, require
from organisation.models import Importance, Person, Role
from organisation.roles import holders

GIVE, DECIDE = "recovery.give", "recovery.decide"
DECIDERS = (Role.SERVICE_DIRECTOR, Role.GENERAL_MANAGER)
NOTHING = Decimal(0)
# What a column holds.
MOST, MOST_AT_ONCE = Decimal("99999999.99"), 1000
# Whoever is no customer with a complaint is not recovered.
CLOSED_TO = (Status.INVALID_PROPOSED, Status.INVALID, Status.MERGED)


@transaction.atomic
def give(
    *,
    complaint: Complaint,
    offer: RecoveryOffer,
    words: str,
    by: Person,
    now: datetime,
    quantity: int = 1,
    amount: Decimal | None = None,
) -> Recovery:
    """Give it at once if the complaint stays within the giver's limit, else ask for approval.

    `amount` is only for an offer without a fixed value.
    """
    require(by, GIVE, complaint)
    _lock(complaint)
    _check_open(complaint)
    _check_offer(complaint, offer)
    if not words.strip():
        raise Refused(_("Say what it is for."), fields={"words": _("Enter the reason.")})
    value = _value(offer, quantity, amount)
    total = granted_sum(complaint) + value
    may_now = reaches(by, complaint, total)
    recovery = Recovery.objects.create(
        complaint=complaint,
        branch=complaint.present_branch,
        offer=offer,
        status=RecoveryStatus.GIVEN if may_now else RecoveryStatus.ASKED,
        quantity=quantity,
        amount=value,
        words=words,
        by=by,
        at=now,
        granted_at=now if may_now else None,
    )
    log(
        complaint,
        "recovery_given" if may_now else "recovery_asked",
        by=by,
        at=now,
        recovery=recovery.pk,
    )
    if not may_now:
        _tell(recovery, "recovery_asked", to=deciders(complaint, total), by=by, now=now)
    return recovery


@transaction.atomic
def approve(*, recovery: Recovery, by: Person, now: datetime, version: int | None = None) -> None:
    """Somebody else, whose limit reaches, agrees."""
    complaint = _to_decide(recovery, by, version)
    _check_open(complaint)
    if not reaches(by, complaint, granted_sum(complaint) + recovery.amount):
        raise Refused(_("This goes beyond your own limit. A higher role decides."))
    move(recovery, to=RecoveryStatus.APPROVED, decided_by=by, decided_at=now, granted_at=now)
    log(complaint, "recovery_approved", by=by, at=now, recovery=recovery.pk)
    _tell(recovery, "recovery_approved", to=[recovery.by], by=by, now=now)


@transaction.atomic
def decline(
    *, recovery: Recovery, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    complaint = _to_decide(recovery, by, version)
    _check_reason(reason)
    move(recovery, to=RecoveryStatus.DECLINED, decided_by=by, decided_at=now, answer=reason)
    log(complaint, "recovery_declined", by=by, at=now, recovery=recovery.pk)
    _tell(recovery, "recovery_declined", to=[recovery.by], by=by, now=now, reason=reason)


@transaction.atomic
def cancel(
    *, recovery: Recovery, reason: str, by: Person, now: datetime, version: int | None = None
) -> None:
    """It was not handed over after all: by who gave it, or by who may decide."""
    complaint = recovery.complaint
    check_cancel(recovery, by=by)
    check_version(recovery, version)
    _check_reason(reason)
    _lock(complaint)
    move(
        recovery,
        to=RecoveryStatus.CANCELLED,
        cancelled_by=by,
        cancelled_at=now,
        cancel_reason=reason,
    )
    log(complaint, "recovery_cancelled", by=by, at=now, recovery=recovery.pk)
    to = {recovery.by, recovery.decided_by}
    _tell(recovery, "recovery_cancelled", to=to, by=by, now=now, reason=reason)


def check_cancel(recovery: Recovery, *, by: Person) -> None:
    if not may_cancel(recovery, by):
        raise Forbidden(_("Only who gave it, or who decides on such, can cancel it."))


def may_cancel(recovery: Recovery, person: Person) -> bool:
    is_own = recovery.by_id == person.pk and can(person, GIVE, recovery.complaint)
    return is_own or can(person, DECIDE, recovery.complaint)


def may_decide(recovery: Recovery, person: Person) -> bool:
    return recovery.by_id != person.pk and can(person, DECIDE, recovery.complaint)


def is_open(complaint: Complaint) -> bool:
    return complaint.status not in CLOSED_TO


def offers_for(complaint: Complaint) -> QuerySet[RecoveryOffer]:
    """What may be offered: for any category, or for that of the complaint and those above it."""
    category = complaint.category
    above = ancestry(category) if category else []
    rows = RecoveryOffer.objects.filter(is_active=True)
    return rows.filter(Q(category=None) | Q(category__in=above))


def granted_sum(complaint: Complaint) -> Decimal:
    """What the customer has for it, together with what was given for duplicates of it."""
    family = Q(complaint=complaint) | Q(complaint__merged_into=complaint)
    rows = Recovery.objects.filter(family, status__in=GRANTED)
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def reaches(person: Person, complaint: Complaint, total: Decimal) -> bool:
    """Whether the person's limit covers so much for this complaint."""
    found = limit_of(person, complaint)
    return found is None or total <= found


def limit_of(person: Person, complaint: Complaint) -> Decimal | None:
    """The highest limit among the roles that the person has here; None: without a bound."""
    limits = RecoveryLimit.objects.filter(role__in=_roles(person, complaint))
    amounts = list(limits.values_list("amount", flat=True))
    return None if None in amounts else max(amounts, default=NOTHING)  # type: ignore[type-var]


def _roles(person: Person, complaint: Complaint) -> list[str]:
    """The roles that give the person a say over one of the complaint's branches."""
    paths = (complaint.branch.path, complaint.intake_branch.path)
    return [
        posting.role
        for posting in postings(person)
        if GIVE in ROLE_VERBS[posting.role]
        and any(path.startswith(posting.branch.path) for path in paths)
    ]


def deciders(complaint: Complaint, total: Decimal) -> list[Person]:
    """Those upwards who may decide on so much; everybody of the roles, if nobody's limit does."""
    found = holders(complaint.present_branch, *DECIDERS)
    return [person for person in found if reaches(person, complaint, total)] or found


def _lock(complaint: Complaint) -> None:
    """Hold its row until the end, before a recovery's: of two at once, one waits for the other."""
    rows = Complaint.objects.select_for_update(no_key=True).filter(pk=complaint.pk)
    complaint.status = rows.values_list("status", flat=True).get()


def _check_open(complaint: Complaint) -> None:
    if not is_open(complaint):
        raise NotOpen(
            _("This is not open while the complaint is “%(status)s”.")
            % {"status": complaint.get_status_display()}
        )


def _to_decide(recovery: Recovery, by: Person, version: int | None) -> Complaint:
    require(by, DECIDE, recovery.complaint)
    if by.pk == recovery.by_id:
        raise Forbidden(_("You asked for this yourself. A colleague decides."))
    check_version(recovery, version)
    _lock(recovery.complaint)
    return recovery.complaint


def _check_offer(complaint: Complaint, offer: RecoveryOffer) -> None:
    if not offers_for(complaint).filter(pk=offer.pk).exists():
        text = _("This is not offered for such a complaint. Choose another.")
        raise Refused(text, fields={"offer": text})


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why."), fields={"reason": _("Enter the reason.")})


def _value(offer: RecoveryOffer, quantity: int, amount: Decimal | None) -> Decimal:
    """What it is worth together. Raises `Refused`."""
    if not 1 <= quantity <= MOST_AT_ONCE:
        text = _("Enter a quantity from 1 to %(most)d.") % {"most": MOST_AT_ONCE}
        raise Refused(text, fields={"quantity": text})
    if offer.unit_value is not None:
        value = offer.unit_value * quantity
        if amount is not None and amount != value:
            text = _("This has a fixed value. Leave the amount empty.")
            raise Refused(text, fields={"amount": text})
    elif amount is None:
        text = _("Enter the amount.")
        raise Refused(text, fields={"amount": text})
    else:
        value = amount
    if not NOTHING <= value <= MOST:
        text = _("Enter an amount from 0 to %(most)s.") % {"most": MOST}
        raise Refused(text, fields={"amount": text})
    return value


def _tell(
    recovery: Recovery,
    text: str,
    *,
    to: "set[Person | None] | list[Person]",
    by: Person,
    now: datetime,
    reason: str = "",
) -> None:
    complaint = recovery.complaint
    outbox.put(
        key=f"recovery:{recovery.pk}:{text}",
        to=to,
        text=text,
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "offer": recovery.offer.name,
            "amount": str(recovery.amount),
            "by": by.name,
            "words": recovery.words,
            "reason": reason,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/recoveries/{recovery.pk}/",
        now=now,
        apart_from=by,
    )
