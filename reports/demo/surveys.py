"""Two running surveys: sixty customers asked by e-mail, and a call after each closed complaint."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from customers.models import Contact, ContactPoint, Kind
from organisation.models import Delivery, Letter, Person, Role
from reports.demo import answers, journey
from reports.demo.company import Company
from reports.demo.customers import Client
from surveys.actions import after_closing, drawing, questionnaires, sending, surveys
from surveys.models import Edition, Survey

ASKED = 60
DAY = timedelta(days=1)
BEGUN = 8 * DAY
SEED = 20_261_119
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "key": "total",
        "kind": "total",
        "text": "总体而言，您给我们的服务打几分？",
        "text_en": "All in all, how do you rate our service?",
        "is_required": True,
        "threshold": Decimal(7),
        "asks_why_below": Decimal(7),
    },
    {
        "key": "recommend",
        "kind": "nps",
        "text": "您有多大可能向同行推荐我们？",
        "text_en": "How likely are you to recommend us?",
    },
    {
        "key": "effort",
        "kind": "ces",
        "text": "我们让问题的解决变得容易。",
        "text_en": "We made it easy to have the matter solved.",
    },
    {
        "key": "wish",
        "kind": "text",
        "text": "您还希望我们改进什么？",
        "text_en": "What else should we improve?",
    },
)
# What satisfaction comes from: each as done, as expected, and how much it counts.
PARTS = (
    ("pickup", "上门取件是否准时？", "Were pick-ups on time?", "reliability"),
    ("delivery", "货物是否按时送达？", "Did goods arrive on time?", "reliability"),
    ("safety", "货物是否完好、数量无误？", "Were goods whole, and all there?", "assurance"),
    (
        "response",
        "出现异常时，我们响应得怎么样？",
        "How did we react to trouble?",
        "responsiveness",
    ),
    ("invoice", "账单和发票是否清楚、及时？", "Were bills clear and in time?", "tangibles"),
)
DETAILS: tuple[dict[str, Any], ...] = tuple(
    {
        "key": key,
        "kind": "csat10",
        "text": text,
        "text_en": text_en,
        "dimension": dimension,
        "with_importance": True,
        "with_expectation": True,
    }
    for key, text, text_en, dimension in PARTS
)


def ask(company: Company, clients: list[Client], end: datetime) -> None:
    """Prepare, draw, begin and send, as of a morning of last week; one reminder has left since."""
    by = company.who(company.root.code, Role.QUALITY_MANAGER)[0]
    began = _morning(end - BEGUN)
    short = _questionnaire(company, by, began, "投诉处理满意度", "After a complaint", QUESTIONS)
    edition = _questionnaire(
        company, by, began, "客户满意度", "Satisfaction", (*QUESTIONS[:-1], *DETAILS, QUESTIONS[-1])
    )
    _give_addresses(clients)
    yearly = _survey(
        company, edition, by, began, name="2026 年度满意度调查", name_en="Satisfaction 2026",
        size=ASKED, stratum=Survey.Stratum.TIER, margin=Decimal(5), cool_down_days=30,
    )  # fmt: skip
    drawing.draw_now(survey=yearly, by=by, now=began, seed=SEED)
    after = _survey(
        company, short, by, began, name="投诉关闭后回访调查", name_en="After a complaint",
        method="phone", after_closing=True, delay_hours=24,
    )  # fmt: skip
    for survey in (yearly, after):
        surveys.open_(survey=survey, by=by, now=began)
    for days in range(1, BEGUN // DAY):
        now = began + days * DAY
        sending.send(now=now)
        after_closing.invite(now=now)
        answers.give(yearly, days - 1, now + timedelta(hours=2))
    _count_as_sent()
    journey.draw(company, by, began)


def _morning(moment: datetime) -> datetime:
    """Ten o'clock of that day in the company's zone: nothing leaves in quiet hours."""
    zone = timezone.get_default_timezone()
    return datetime.combine(timezone.localtime(moment, zone).date(), time(10), zone)


def _questionnaire(
    company: Company,
    by: Person,
    now: datetime,
    name: str,
    name_en: str,
    questions: tuple[dict[str, Any], ...],
) -> Edition:
    draft = questionnaires.create(name=name, name_en=name_en, branch=company.root, by=by, now=now)
    questionnaires.save(edition=draft, questions=questions, by=by, now=now)
    questionnaires.publish(edition=draft, by=by, now=now)
    return draft


def _give_addresses(clients: list[Client]) -> None:
    """As many as are asked: whom a draw takes then does not depend on the numbers of their rows."""
    known = [client.customer.pk for client in clients if client.customer.kind != Kind.INTERNAL]
    contacts = Contact.objects.filter(customer__in=known[:ASKED], is_primary=True)
    ContactPoint.objects.bulk_create(
        ContactPoint.made(contact, ContactPoint.Kind.EMAIL, f"kh{place:03d}@example.com")
        for place, contact in enumerate(contacts.order_by("customer"), start=1)
    )


def _survey(company: Company, edition: Edition, by: Person, now: datetime, **given: Any) -> Survey:
    return surveys.create(branch=company.root, edition=edition, by=by, now=now, **given)


def _count_as_sent() -> None:
    Letter.objects.filter(text__startswith="survey_").exclude(state=Delivery.SENT).update(
        state=Delivery.SENT, next_attempt_at=None, attempts=1, sent_at=F("created_at")
    )
