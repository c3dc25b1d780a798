"""What is done for a customer with a warning, and why one left (K-10, K-12)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from customers.actions import timeline
from customers.models import CaseStatus, Customer, Outcome, Reason, RetentionCase, RetentionStep
from organisation import outbox
from organisation.access import can, require
from organisation.models import Importance, Person

EDIT = "customer.edit"


@transaction.atomic
def open_case(
    *, customer: Customer, by: Person, now: datetime, owner: Person | None = None
) -> RetentionCase:
    """By hand, for a customer with a warning or a bad feeling; the open one, if there is one."""
    require(by, EDIT, customer)
    known = RetentionCase.objects.filter(customer=customer, status=CaseStatus.OPEN)
    if (found := known.first()) is not None:
        return found
    risk = getattr(customer, "risk", None)
    level = risk.level if risk is not None and risk.level else "yellow"
    try:
        with transaction.atomic():
            return RetentionCase.objects.create(
                customer=customer, level=level, opened_at=now, owner=owner or by
            )
    except IntegrityError:
        return known.get()


@transaction.atomic
def give(
    *, case: RetentionCase, owner: Person, by: Person, now: datetime, version: int | None = None
) -> None:
    """Let somebody else look after it."""
    _check(case, by, version)
    if not owner.is_active or not can(owner, EDIT, case.customer):
        raise Refused.at("owner", _("This person does not work for this customer's branch."))
    touch(case, owner=owner)
    outbox.put(
        key=f"retention:{case.pk}:{case.version}",
        to=[owner],
        text="retention_given",
        context={"customer": case.customer.name, "level": case.level},
        importance=Importance.REMINDER,
        path=f"/customers/cases/{case.pk}/",
        now=now,
        apart_from=by,
    )


@transaction.atomic
def note(
    *,
    case: RetentionCase,
    text: str,
    by: Person,
    now: datetime,
    due_on: date | None = None,
    version: int | None = None,
) -> RetentionStep:
    """What was done; with a day, what is to be done by then."""
    _check(case, by, version)
    if not text.strip():
        raise Refused.at("text", _("Say what is done."))
    if due_on is not None and due_on < timezone.localdate(now):
        raise Refused.at("due_on", _("Choose today or a later day."))
    touch(case)
    done_at = None if due_on else now
    return RetentionStep.objects.create(
        case=case, text=text.strip(), due_on=due_on, done_at=done_at, by=by, at=now
    )


@transaction.atomic
def finish(*, step: RetentionStep, by: Person, now: datetime) -> None:
    """It is done; twice is once."""
    _check(step.case, by, None)
    RetentionStep.objects.filter(pk=step.pk, done_at__isnull=True).update(done_at=now)


@transaction.atomic
def close(
    *,
    case: RetentionCase,
    outcome: str,
    by: Person,
    now: datetime,
    reason: str = "",
    words: str = "",
    version: int | None = None,
) -> None:
    """With what came of it; of a customer who left, the exit interview: why, in whose words."""
    _check(case, by, version)
    if outcome not in Outcome.values:
        raise Refused.at("outcome", _("Choose what came of it."))
    if outcome == Outcome.LEFT and reason not in Reason.values:
        raise Refused.at("reason", _("Choose why the customer left."))
    move(
        case,
        to=CaseStatus.CLOSED,
        outcome=outcome,
        reason=reason if outcome == Outcome.LEFT else "",
        words=words.strip(),
        closed_at=now,
        closed_by=by,
    )
    timeline.record(
        customer=case.customer,
        at=now,
        kind="retention",
        title=case.get_outcome_display(),
        branch=case.customer.home_branch,
        url_name="retention-case",
        reference=str(case.pk),
    )


def may_act(case: RetentionCase, *, by: Person) -> bool:
    """Its owner, and whoever edits the customer."""
    return by.pk == case.owner_id or can(by, EDIT, case.customer)


def require_hand(case: RetentionCase, *, by: Person) -> None:
    """Forbidden for those who may not act on it."""
    if not may_act(case, by=by):
        require(by, EDIT, case.customer)


def _check(case: RetentionCase, by: Person, version: int | None) -> None:
    require_hand(case, by=by)
    check_version(case, version)
    if not case.is_open:
        raise NotOpen(_("This case is closed."))
