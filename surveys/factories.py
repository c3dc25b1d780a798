"""Rows for tests and the demo."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from complaints.actions import order_opening
from complaints.factories import bring_order, fill_order
from complaints.models import DissatisfiedItem, WorkOrder
from csm.kit import clock
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.actions import tokens
from organisation.factories import PersonFactory
from organisation.models import Branch, Role
from surveys.actions import answering
from surveys.actions.answering import Sender
from surveys.models import (
    COUNTER,
    SHEET,
    Answer,
    Counter,
    Edition,
    EditionStatus,
    Invitation,
    InvitationStatus,
    Question,
    Questionnaire,
    Response,
    Source,
    Survey,
    SurveyStatus,
    Touchpoint,
)

# A short questionnaire: how content, why not, recommended or not.
SHORT: tuple[dict[str, Any], ...] = (
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
    {"key": "wish", "kind": "text", "text": "您还希望我们改进什么？", "text_en": "What else?"},
)


def edition(
    branch: Branch, *, questions: Any = SHORT, name: str = "满意度", now: datetime | None = None
) -> Edition:
    """A published edition with these questions."""
    now = now or clock.now()
    row = Edition.objects.create(
        questionnaire=Questionnaire.objects.create(name=name, branch=branch, created_at=now),
        number=1,
        created_at=now,
    )
    Question.objects.bulk_create(
        Question(edition=row, position=place, **given)
        for place, given in enumerate(questions, start=1)
    )
    Edition.objects.filter(pk=row.pk).update(status=EditionStatus.PUBLISHED, published_at=now)
    row.refresh_from_db()
    return row


def survey(branch: Branch, *, now: datetime | None = None, **given: Any) -> Survey:
    """A running survey of the short questionnaire, unless another edition is given."""
    now = now or clock.now()
    fields: dict[str, Any] = {
        "name": "年度满意度调查",
        "name_en": "Yearly satisfaction",
        "branch": branch,
        "status": SurveyStatus.OPEN,
        "opened_at": now,
        "created_at": now,
    }
    if "edition" not in given:
        fields["edition"] = edition(branch, now=now)
    return Survey.objects.create(**fields | given)


def invitation(
    survey: Survey, branch: Branch, now: datetime, *, customer: Customer | None = None, **given: Any
) -> Invitation:
    """One that was sent; of a new customer of that branch, unless one is given."""
    link = tokens.issue_link(purpose=SHEET, life=timedelta(days=survey.open_for_days), now=now)
    return Invitation.objects.create(
        survey=survey,
        customer=customer or CustomerFactory.create(home_branch=branch),
        branch=branch,
        created_at=now,
        **{
            "status": InvitationStatus.SENT,
            "sent_at": now,
            "link": link,
            "expires_at": now + timedelta(days=survey.open_for_days),
        }
        | given,
    )


def counter(survey: Survey, branch: Branch, now: datetime) -> Counter:
    """A QR code at a branch."""
    link = tokens.issue_link(purpose=COUNTER, life=timedelta(days=90), now=now)
    return Counter.objects.create(
        survey=survey,
        branch=branch,
        place="前台",
        link=link,
        created_at=now,
        created_by=PersonFactory.create(branch=branch),
    )


def responses(
    survey: Survey,
    branch: Branch,
    now: datetime,
    sheets: Iterable[Mapping[str, Any]],
    **about: Any,
) -> list[Response]:
    """Complete ones, each with its answers: key or "key.item" → a number, a text, option keys, or
    the fields of an answer.
    """
    questions = {row.key: row for row in survey.edition.questions.all()}
    given = [dict(sheet) for sheet in sheets]
    fields = {"source": Source.CUSTOMER, "started_at": now, "completed_at": now} | about
    rows = Response.objects.bulk_create(
        Response(survey=survey, branch=branch, **fields) for _sheet in given
    )
    Answer.objects.bulk_create(
        Answer(
            response=row,
            question=questions[place.partition(".")[0]],
            item=place.partition(".")[2],
            **_said(value),
        )
        for row, sheet in zip(rows, given, strict=True)
        for place, value in sheet.items()
    )
    return rows


def _said(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str):
        return {"text": value}
    return {"choices": value} if isinstance(value, list) else {"value": value}


def answered(
    invitation: Invitation, now: datetime, *, total: int, why: str = "", **given: Any
) -> Response:
    """A complete sheet of the short questionnaire."""
    fields = {"q-total": [str(total)], "why-total": [why]} | given
    return answering.save(sender=Sender(invitation), fields=fields, by=None, now=now)[0]


def put_right(invitation: Invitation, now: datetime) -> WorkOrder:
    """The order of its low answer, written and confirmed."""
    item = DissatisfiedItem.objects.get(survey_answer__response__invitation=invitation)
    filler = PersonFactory.create(branch=item.branch, role=Role.HANDLER)
    quality = PersonFactory.create(branch=Branch.objects.top(), role=Role.QUALITY_MANAGER)
    order = order_opening.open_for_item(item=item, by=quality, now=now)
    fill_order(order, by=filler, now=now)
    bring_order(order, until="confirmed", filler=filler, quality=quality, now=now)
    return order


def touchpoint(*, now: datetime | None = None, **given: Any) -> Touchpoint:
    """How the hotline is met, unless something else is given."""
    fields = {"leg": "inquire", "name": "热线", "name_en": "Hotline", "weight": 3} | given
    return Touchpoint.objects.create(changed_at=now or clock.now(), **fields)
