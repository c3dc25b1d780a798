"""The demonstration data: the same for a seed, every page has something, all of it is past."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone

from complaints.actions import escalation
from complaints.models import (
    Assessment,
    Attachment,
    CallbackAttempt,
    Cause,
    Complaint,
    DissatisfiedItem,
    EffectivenessCheck,
    Event,
    HandOver,
    Improvement,
    LadderStep,
    Lesson,
    Milestone,
    Note,
    Notice,
    NoticeCopy,
    NoticeStatus,
    OrderStatus,
    Policy,
    PolicyRevision,
    Status,
    Timer,
    WorkOrder,
    verdict_at,
)
from csm.kit import clock
from customers.models import Customer, CustomerFacts, ValueRule
from organisation.actions import delivery
from organisation.models import (
    Branch,
    CalendarDay,
    Delivery,
    Level,
    Message,
    Person,
    Posting,
    Role,
)
from organisation.roles import holders
from reports import demo
from reports.models import FrozenRanking, RankingRule

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 6, 47, 12, tzinfo=UTC)
END = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
PASSWORD = "a password for everybody"
ACCOUNTS = {
    "admin",
    "branch",
    "director",
    "executive",
    "frontdesk",
    "gm",
    "hr",
    "manager",
    "neighbour",
    "quality",
    "region",
    "specialist",
    "voice",
}
# Rows that are older than the show: made when the database was.
OLDER = (Person, Policy, PolicyRevision, RankingRule, ValueRule)
# Moments that lie ahead by their nature.
AHEAD = ("appeal_until", "due_at", "next_due_at", "next_fire_at", "next_at", "next_attempt_at")


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def show(complaints: int, seed: int = 1, now: datetime = NOW) -> demo.Show:
    return demo.seed(complaints=complaints, seed=seed, now=now, password=PASSWORD)


def told(seed: int, now: datetime = NOW) -> list[tuple[Any, ...]]:
    """What a show tells, without primary keys; then it never was."""
    with transaction.atomic():
        show(40, seed, now)
        rows = Complaint.objects.order_by("number").values_list(
            *("number", "subject", "description", "status", "received_at", "customer__name"),
            *("branch__code", "handler__username", "waybill", "closed_at"),
        )
        events = Event.objects.order_by(
            "at", "complaint__number", "kind", "by__username"
        ).values_list("complaint__number", "kind", "at", "by__username")
        orders = in_order(WorkOrder, "number", "branch__code", "status", "promised_on")
        causes = in_order(Cause, "order__number", "order__branch__code", "position", "text")
        papers = in_order(
            Notice, "number", "created_at", "title", "status", "published_by__username"
        )
        decided = in_order(
            Assessment, "timer__complaint__number", "status", "branch__code", "proposed_at"
        )
        found = [*rows, *events, *orders, *causes, *papers, *decided]
        transaction.set_rollback(True)
    return found


def in_order(model: type[models.Model], *names: str) -> models.QuerySet[Any, tuple[Any, ...]]:
    """These columns, sorted by all of them: equal rows may change places unseen."""
    return model._default_manager.order_by(*names).values_list(*names)


def test_the_same_seed_tells_the_same_within_the_hour() -> None:
    first = told(1)
    assert len(first) > 300
    assert told(1, NOW + timedelta(minutes=12)) == first
    assert told(2) != first


def test_every_page_has_something_to_show() -> None:
    made = show(90)
    assert made == demo.Show(branches=24, people=120, customers=400, complaints=90)
    check_moments()
    check_company()
    check_accounts()
    check_complaints()
    check_work_orders()
    check_learning()
    check_notices()
    check_clocks()
    check_messages()
    check_rankings()


def check_company() -> None:
    assert Branch.objects.filter(level=Level.REGION).count() == 4
    assert not Branch.objects.filter(name_en="").exists()
    assert set(Posting.objects.values_list("role", flat=True)) == set(Role.values)
    roles = {role for step in LadderStep.objects.all() for role in step.roles} & set(Role.values)
    for branch in Branch.objects.all():
        # An unknown handler is stood in for by the branch manager.
        missing = [role for role in roles - {Role.HANDLER} if not holders(branch, role)]
        assert missing == [], branch
    years = CalendarDay.objects.filter(is_working=True).dates("on", "year")
    assert [day.year for day in years] == [2024, 2025, 2026]
    assert set(Customer.objects.values_list("kind", flat=True)) == {
        "person",
        "company",
        "internal",
    }
    assert CustomerFacts.objects.filter(complaints__gt=0).exists()
    names = list(Person.objects.values_list("name", flat=True))
    assert len(set(names)) == len(names)


def check_accounts() -> None:
    for username in ACCOUNTS:
        assert authenticate(username=username, password=PASSWORD), username
    others = Person.objects.exclude(username__in=ACCOUNTS)
    assert others.count() == 107
    assert not any(person.has_usable_password() for person in others)


def check_complaints() -> None:
    found = set(Complaint.objects.values_list("status", flat=True))
    assert found == set(Status.values) - {Status.MERGED}
    assert Complaint.objects.filter(cycle__gt=1).exists()
    english = Complaint.objects.filter(subject__regex=r"^[ -~–]+$").count()
    assert 5 <= english <= 36
    assert HandOver.objects.exclude(reason="").exists()
    assert Note.objects.filter(mentioned__isnull=False).exists()
    assert Attachment.objects.exists()
    assert {None, True, False} == set(
        CallbackAttempt.objects.values_list("is_satisfied", flat=True)
    )


def check_work_orders() -> None:
    found = set(WorkOrder.objects.values_list("status", flat=True))
    assert found == set(OrderStatus.values) - {OrderStatus.ANNULLED}
    numbered = WorkOrder.objects.exclude(number=None).order_by("sequence")
    numbers = list(numbered.values_list("sequence", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    table = WorkOrder.objects.filter(source="item").order_by("sequence")
    rows = table.values_list("branch__name", "item__score", "status", "item__planned_on")
    assert list(rows) == [
        ("兰州", Decimal("5.00"), "confirmed", date(2026, 11, 13)),
        ("无锡", Decimal("6.00"), "confirmed", date(2026, 11, 13)),
        ("乌鲁木齐", Decimal("6.00"), "confirmed", date(2026, 11, 13)),
    ]
    first = table[0].sequence or 0
    assert [order.sequence for order in table] == [first, first + 1, first + 2]
    assert not table.filter(returned_at=None).exists()
    assert DissatisfiedItem.objects.filter(status="open").count() == 4


def check_learning() -> None:
    """Few orders spread, answered both ways or not yet; one topic and one course."""
    found = Lesson.objects.values_list("status", flat=True)
    assert set(found) == {"offered", "accepted", "declined"}
    offered = WorkOrder.objects.filter(measures__is_offered=True).distinct().count()
    assert 0 < offered < WorkOrder.objects.filter(status="confirmed").count() / 4
    # Few enough to be looked at one by one.
    assert Assessment.objects.filter(status="proposed").count() <= 11
    checks = EffectivenessCheck.objects.filter(due_on__lte=timezone.localdate(END))
    assert checks.filter(status="pending").count() <= 10
    assert set(checks.values_list("status", flat=True)) > {"effective", "not_effective"}
    asked = Improvement.objects.order_by("kind").values_list("kind", "status")
    assert list(asked) == [("course", "requested"), ("qc_topic", "running")]


def check_notices() -> None:
    """Some by the clock, some by people, in every state; read, acknowledged, and not."""
    found = Notice.objects.all()
    assert set(found.values_list("status", flat=True)) == set(NoticeStatus.values)
    assert found.filter(timer=None).count() == 4
    assert found.exclude(timer=None).exists()
    copies = NoticeCopy.objects.filter(notice__status=NoticeStatus.PUBLISHED)
    assert copies.filter(acknowledged_at=None).exists()
    assert copies.exclude(acknowledged_at=None).exists()
    numbers = found.exclude(number=None).order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))


def check_clocks() -> None:
    running = Timer.objects.annotate(verdict=verdict_at(NOW)).filter(state="running")
    for kind in Milestone:
        mine = running.filter(kind=kind)
        soon = mine.filter(due_at__range=(END, END + timedelta(hours=12)))
        assert soon.exists(), kind
        just = mine.filter(verdict="breached", due_at__gte=NOW - timedelta(hours=3))
        assert just.exists(), kind
    # What was due has spoken: the first sweep of the worker finds nothing that is older.
    assert escalation.fire_due(now=END).steps == 0
    assert Event.objects.filter(kind="step_fired").count() > 50


def check_messages() -> None:
    assert not Message.objects.exclude(state=Delivery.SENT).exists()
    assert delivery.deliver(now=clock.now()) == 0
    unread = Message.objects.filter(channel="inbox").unread()
    for username in ("branch", "manager", "quality", "region", "specialist", "director", "gm"):
        assert unread.filter(recipient__username=username).count() == 6, username


def check_rankings() -> None:
    periods = set(FrozenRanking.objects.values_list("period", flat=True))
    assert periods == {f"2026-W{week}" for week in range(40, 47)} | {"2026-10"}


def check_moments() -> None:
    """Nothing lies in the future, and all of it fits into the eight weeks."""
    for model, name in moments():
        latest = model._default_manager.aggregate(latest=Max(name))["latest"]
        assert latest is None or latest <= END, (model, name)
    first = Event.objects.earliest("at").at
    assert END - timedelta(weeks=8) <= first <= END - timedelta(weeks=6)


def moments() -> Iterator[tuple[type[models.Model], str]]:
    for app in ("organisation", "customers", "complaints", "reports"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.fields:
                if not isinstance(field, models.DateTimeField) or model in OLDER:
                    continue
                if field.name not in AHEAD and not field.name.startswith("expires"):
                    yield model, field.name


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out, skip_checks=True)
    return out.getvalue()


def test_the_command_fills_an_empty_database_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSM_DEMO_PASSWORD", "short")
    assert command("--complaints", "3", "--if-empty") == (
        "24 branches, 120 people, 400 customers, 3 complaints.\n"
    )
    assert authenticate(username="quality", password="short")
    assert Complaint.objects.latest("received_at").received_at <= clock.now()
    assert command("--if-empty") == "There is data already: no demonstration data added.\n"
    with pytest.raises(CommandError, match="for an empty database only"):
        command()
    assert (Complaint.objects.count(), Branch.objects.count()) == (3, 29)


@pytest.mark.parametrize("number", ["-1", "many"])
def test_a_number_of_complaints_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(CommandError, match="whole number"):
        command("--complaints", number)
    assert not Branch.objects.exists()
