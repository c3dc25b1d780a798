"""Taking a complaint in (C-01, C-02)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from complaints.actions import customer_words, facts, notes, timers, tracking
from complaints.actions.events import log
from complaints.actions.guard import check_year
from complaints.actions.numbers import new_number
from complaints.models import Category, Channel, Complaint, Participant, Severity, Status
from csm.kit.errors import Refused
from csm.kit.inserting import insert
from customers.actions import customers, timeline
from customers.actions.customers import Caller
from customers.models import Customer
from customers.phones import digits_of
from organisation import outbox
from organisation.access import reach, require, visible
from organisation.models import Branch, Importance, Person, Role, StoredFile
from organisation.roles import holders

REPEAT_WINDOW = timedelta(days=30)


def log_complaint(
    *,
    subject: str,
    by: Person | None,
    now: datetime,
    description: str = "",
    channel: str = Channel.HOTLINE,
    received_at: datetime | None = None,
    customer: Customer | None = None,
    caller: Caller | None = None,
    customer_name: str = "",
    intake_branch: Branch | None = None,
    category: Category | None = None,
    severity: str = Severity.NORMAL,
    waybill: str = "",
    repeat_of: Complaint | None = None,
    submission: uuid.UUID | None = None,
    uploads: "Sequence[UploadedFile[Any]]" = (),
    waiting: Sequence[StoredFile] = (),
    language: str = "",
) -> Complaint:
    """Enter a complaint with its files; its four clocks run from `received_at`.

    Without a `customer`, the caller's is found or made; `customer_name` names it where the caller
    speaks for somebody else. With a customer and no caller, the main contact is whom we call.
    Without `by` the customer in person reports it, in that `language`, with the pictures that were
    `waiting` for it. The same `submission` twice
    gives the first complaint again: a double click makes one.
    """
    try:
        with transaction.atomic():
            return _log(
                subject=subject,
                by=by,
                now=now,
                description=description,
                channel=channel,
                received_at=received_at or now,
                customer=customer,
                caller=caller or Caller(),
                customer_name=customer_name,
                uploads=uploads,
                waiting=waiting,
                language=language,
                intake_branch=intake_branch or _home(by),
                category=category,
                severity=severity,
                waybill=waybill,
                repeat_of=repeat_of,
                submission=submission,
            )
    except IntegrityError:
        known = submission and Complaint.objects.filter(submission=submission, logged_by=by).first()
        if not known:
            raise
        return known


def _log(
    *,
    by: Person | None,
    now: datetime,
    received_at: datetime,
    customer: Customer | None,
    caller: Caller,
    customer_name: str,
    uploads: "Sequence[UploadedFile[Any]]",
    waiting: Sequence[StoredFile],
    language: str,
    intake_branch: Branch,
    **fields: object,
) -> Complaint:
    require(by, "complaint.log", intake_branch)
    check_year(received_at, field="received_at")
    if received_at > now:
        raise Refused(
            _("A complaint cannot have been received in the future."),
            fields={"received_at": _("Enter a time that has passed.")},
        )
    if customer is None:
        customer = customers.find_or_create(
            caller=caller,
            name=customer_name,
            branch=intake_branch,
            by=by,
            now=now,
            language=language,
        )
    elif caller == Caller():
        caller = customers.main_caller(customer)
    complaint = Complaint(
        number=new_number(received_at),
        customer=customer,
        contact_name=caller.name,
        contact_phone=caller.phone,
        contact_digits=digits_of(caller.phone),
        contact_email=caller.email,
        branch=Branch.objects.top(),
        intake_branch=intake_branch,
        logged_by=by,
        received_at=received_at,
        logged_at=now,
        changed_at=now,
        changed_by=by,
        **fields,
    )
    clocks = timers.planned(complaint, timers.FIRST_CYCLE, at=received_at)
    complaint.next_due_at = min((clock.due_at for clock in clocks), default=None)
    insert([complaint])
    complaint.shown_timers = insert(clocks)
    _welcome(complaint, by=by, now=now)
    spoken = language or (customer.language if customer else "")
    tracking.welcome(complaint, language=spoken, now=now)
    if by is not None and uploads:
        notes.attach(complaint=complaint, uploads=uploads, by=by, now=now)
    elif uploads or waiting:
        customer_words.attach(complaint, uploads, waiting, now=now)
    return complaint


def _welcome(complaint: Complaint, *, by: Person | None, now: datetime) -> None:
    complaint.shown_participants = insert(
        [
            Participant(
                complaint=complaint,
                person=person,
                reason=Participant.Reason.FIRST_CONTACT,
                since_at=now,
            )
            for person in (by,)
            if person is not None
        ]
    )
    is_web = by is None and complaint.channel == Channel.WEB
    author = {"author": customer_words.CUSTOMER} if is_web else {}
    complaint.shown_events = [
        log(complaint, "logged", by=by, at=now, channel=complaint.channel, **author)
    ]
    timeline.record(
        customer=complaint.customer,
        at=complaint.received_at,
        kind="complaint",
        title=complaint.subject,
        branch=complaint.intake_branch,
        url_name="complaint",
        reference=complaint.number,
    )
    facts.count_new(complaint, now=now)
    outbox.put(
        key=f"complaint:{complaint.pk}:logged",
        to=holders(complaint.intake_branch, Role.QUALITY_MANAGER),
        text="complaint_logged",
        context={"number": complaint.number, "subject": complaint.subject},
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
        now=now,
        apart_from=by,
    )


def likely_repeats(
    *,
    by: Person,
    now: datetime,
    phone: str = "",
    waybill: str = "",
    subject: str = "",
    customer: Customer | None = None,
) -> list[Complaint]:
    """Complaints of the last 30 days of the same customer, phone or waybill, or much alike.

    Much alike: nearly the same subject. Only those the person may see; at most five, newest
    first (C-30).
    """
    recent = (
        visible(Complaint, by)
        .filter(received_at__gte=now - REPEAT_WINDOW)
        .select_related("branch")
        .order_by("-received_at")
    )
    digits = digits_of(phone)
    same = Q(pk__in=())
    if len(digits) >= 7:
        same |= Q(contact_digits=digits)
    if waybill:
        same |= Q(waybill=waybill)
    if customer is not None:
        same |= Q(customer=customer)
    found = {row.pk: row for row in recent.filter(same)[:5]}
    if len(found) < 5 and len(subject.strip()) >= 4:
        for row in recent.exclude(status=Status.MERGED)[:500]:
            if nearly_same(row.subject, subject):
                found.setdefault(row.pk, row)
    return sorted(found.values(), key=lambda row: row.received_at, reverse=True)[:5]


def nearly_same(one: str, other: str) -> bool:
    """Two subjects share most of their pairs of neighbouring characters (Dice, 0.6 and more).

    Pairs of characters work for Chinese, which has no spaces, and for English alike.
    """
    pairs_one, pairs_other = _pairs(one), _pairs(other)
    if not pairs_one or not pairs_other:
        return False
    return 2 * len(pairs_one & pairs_other) / (len(pairs_one) + len(pairs_other)) >= 0.6


def _pairs(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, text.lower()))
    return {letters[place : place + 2] for place in range(len(letters) - 1)}


def _home(by: Person | None) -> Branch:
    """Where the person takes complaints in: the first posting with the right to."""
    paths = reach(by, "complaint.log") if by is not None else []
    if not paths:
        return Branch.objects.top()
    return Branch.objects.get(path=paths[0])
