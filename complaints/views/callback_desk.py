"""What the callback desk shows of one customer: number, script, clocks, and a year of history."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from complaints import clocks
from complaints.forms.callbacks import CallbackForm
from complaints.models import CallbackAttempt, Complaint, PolicyRevision, Reply, Timer, TimerKind
from customers.models import Contact, ContactPoint
from organisation.access import can, visible
from organisation.models import Person

# Up to the first sign that starts an extension or a remark.
DIALLED = re.compile(r"[+\d\s().-]+")
MOBILE = re.compile(r"(1\d\d)(\d{4})(\d{4})")
A_YEAR = timedelta(days=365)
SHOWN = 10
# Long enough for somebody to come back to their desk.
NEXT_TRY = timedelta(hours=3)
# Nobody is called at night; the person may still propose what the customer asked for.
FIRST_HOUR, LAST_HOUR = 9, 20


@dataclass(frozen=True)
class Past:
    """An earlier complaint of the same customer, with what the callback brought."""

    complaint: Complaint
    call: CallbackAttempt | None


@dataclass(frozen=True)
class History:
    """A year with a customer, as far as the person may see it."""

    complaints: int
    reopened: int
    mean_score: float | None
    rows: list[Past]


def about(complaint: Complaint, person: Person, *, now: datetime) -> dict[str, Any]:
    """Everything beside the form."""
    contact = _contact_of(complaint)
    tries = list(complaint.callback_attempts.filter(cycle=complaint.cycle).select_related("by"))
    number = complaint.contact_phone or _phone_of(contact)
    rule = _rule_of(complaint)
    return {
        "complaint": complaint,
        "contact": contact,
        "number": spaced(number),
        "dial": dialled(number),
        "clocks": clocks.four_of([complaint], now=now, targets={})[complaint.pk],
        "result": complaint.replies.filter(kind=Reply.Kind.RESULT).order_by("-cycle").first(),
        "tries": tries,
        "rule": rule,
        "spread_hours": int(rule.callback_spread / timedelta(hours=1)) if rule else 0,
        "history": _history(complaint, person, now=now),
        "next_cycle": complaint.cycle + 1,
        "may_thank": can(person, "thanks.note", complaint),
    }


def blank_form(
    complaint: Complaint,
    *,
    tries: list[CallbackAttempt],
    rule: PolicyRevision | None,
    now: datetime,
) -> CallbackForm:
    """With the next time proposed, so that the last try is spread far enough from the first."""
    next_at = now + NEXT_TRY
    if rule and tries and len(tries) + 2 >= rule.callback_attempts:
        next_at = max(next_at, tries[0].at + rule.callback_spread)
    # Up to the next whole quarter of an hour.
    next_at = by_day(next_at + timedelta(minutes=15 - next_at.minute % 15))
    return CallbackForm(initial={"version": complaint.version, "next_at": next_at}).shown()


def by_day(moment: datetime) -> datetime:
    """The moment itself, or the next morning's first hour in the company's zone."""
    local = timezone.localtime(moment)
    if FIRST_HOUR <= local.hour < LAST_HOUR:
        return moment
    morning = local.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return morning if local.hour < FIRST_HOUR else morning + timedelta(days=1)


def spaced(number: str) -> str:
    """A Chinese mobile number as it is read out; any other as it was written."""
    found = MOBILE.fullmatch(number)
    return " ".join(found.groups()) if found else number


def dialled(number: str) -> str:
    """What a telephone dials: the digits, with a leading plus, without an extension."""
    line = DIALLED.match(number)
    return "".join(sign for sign in line.group() if sign in "+0123456789") if line else ""


def _contact_of(complaint: Complaint) -> Contact | None:
    """The main contact of the customer; the name given with the complaint wins on the page."""
    if complaint.customer_id is None:
        return None
    rows = Contact.objects.filter(customer=complaint.customer_id).prefetch_related("points")
    return rows.first()


def _phone_of(contact: Contact | None) -> str:
    points = contact.points.all() if contact else []
    return next((row.value for row in points if row.kind == ContactPoint.Kind.PHONE), "")


def _rule_of(complaint: Complaint) -> PolicyRevision | None:
    """The revision that the callback clock was made from: it says how many tries."""
    rows = Timer.objects.filter(complaint=complaint, kind=TimerKind.CALLBACK)
    timer = rows.filter(cycle=complaint.cycle).select_related("revision").first()
    return timer.revision if timer else None


def _history(complaint: Complaint, person: Person, *, now: datetime) -> History | None:
    if complaint.customer_id is None:
        return None
    rows = list(
        visible(Complaint, person)
        .filter(customer=complaint.customer_id, received_at__gte=now - A_YEAR)
        .order_by("-received_at")
    )
    calls = {
        call.complaint_id: call
        for call in CallbackAttempt.objects.filter(complaint__in=rows, is_reached=True)
    }
    scores = [call.score for call in calls.values() if call.score is not None]
    earlier = [row for row in rows if row.pk != complaint.pk]
    return History(
        complaints=len(rows),
        reopened=sum(row.cycle > 1 for row in rows),
        mean_score=sum(scores) / len(scores) if scores else None,
        rows=[Past(row, calls.get(row.pk)) for row in earlier[:SHOWN]],
    )
