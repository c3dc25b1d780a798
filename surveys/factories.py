"""Rows for tests and the demo."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from csm.kit import clock
from customers.factories import CustomerFactory
from customers.models import Customer
from organisation.actions import tokens
from organisation.factories import PersonFactory
from organisation.models import Branch
from surveys.models import (
    Counter,
    Edition,
    EditionStatus,
    Invitation,
    InvitationStatus,
    Question,
    Questionnaire,
    Survey,
    SurveyStatus,
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
    return Invitation.objects.create(
        survey=survey,
        customer=customer or CustomerFactory.create(home_branch=branch),
        branch=branch,
        created_at=now,
        **{
            "status": InvitationStatus.SENT,
            "sent_at": now,
            "expires_at": now + timedelta(days=survey.open_for_days),
        }
        | given,
    )


def counter(survey: Survey, branch: Branch, now: datetime) -> Counter:
    """A QR code at a branch."""
    link, _token = tokens.issue_link(purpose="counter", life=timedelta(days=90), now=now)
    return Counter.objects.create(
        survey=survey,
        branch=branch,
        place="前台",
        link=link,
        created_at=now,
        created_by=PersonFactory.create(branch=branch),
    )
