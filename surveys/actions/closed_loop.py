"""A low answer is work: a dissatisfied item, which is asked again after its order (S-05)."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from complaints.actions import intake, items
from complaints.models import Channel, Origin
from organisation.actions import sweeps
from surveys.models import SCALES, Answer, Response

SWEEP = "asking-again"
TEN = Decimal(10)
# After the confirmation the customer is left to notice the difference before being asked.
ASK_AGAIN_AFTER, ASK_AGAIN_FOR = timedelta(days=1), timedelta(days=14)


def open_items(response: Response, *, now: datetime) -> int:
    """Write each low answer of a complete response into the register, once; gives how many.

    At a counter, or in a focus group, nobody is known: the branch has the work, but no complaint is
    opened, and nobody is asked again. Of an anonymous survey it stays a figure. What is asked again
    shows its change instead: the first answer's order is found to have worked, or not.
    """
    if response.survey.is_anonymous or response.is_repeat:
        return 0
    low = _low(response)
    for answer, value, limit in low:
        item = items.record(
            customer=response.customer,
            branch=response.branch,
            score=out_of_ten(answer.question.kind, value),
            threshold=out_of_ten(answer.question.kind, limit),
            opinion=_opinion(answer),
            origin=Origin.SURVEY,
            by=None,
            now=now,
        )
        Answer.objects.filter(pk=answer.pk).update(dissatisfied_item=item)
    opens = response.survey.opens_complaint and response.customer is not None
    if low and opens and response.opened_complaint_id is None:
        _open_complaint(response, [answer for answer, _value, _limit in low], now=now)
    return len(low)


def out_of_ten(kind: str, value: Decimal) -> Decimal:
    """A score as the register keeps it: of ten, whatever the question's scale ends with."""
    return (value * TEN / SCALES[kind][1]).quantize(Decimal("0.01"))


def _low(response: Response) -> list[tuple[Answer, Decimal, Decimal]]:
    """With value and threshold: what is below that of its question, and no item yet."""
    rows = response.answers.filter(
        dissatisfied_item__isnull=True, question__threshold__isnull=False, value__isnull=False
    ).select_related("question")
    return [
        (row, row.value, limit)
        for row in rows
        if (limit := row.question.threshold) is not None
        and row.value is not None
        and row.value < limit
    ]


def _opinion(answer: Answer) -> str:
    """The customer's own words; the question where there are none."""
    names = {row["key"]: row["text"] for row in answer.question.items}
    asked = " · ".join(filter(None, (answer.question.text, names.get(answer.item))))
    return (answer.text or asked)[:2000]


def _open_complaint(response: Response, low: list[Answer], *, now: datetime) -> None:
    """With its four clocks, of the survey's category, for the customer's branch."""
    survey = response.survey
    complaint = intake.log_complaint(
        subject=_("Dissatisfied in a survey: %(survey)s") % {"survey": survey.name},
        description="\n".join(_opinion(answer) for answer in low),
        channel=Channel.WEB,
        customer=response.customer,
        intake_branch=response.branch,
        category=survey.category,
        by=None,
        now=now,
    )
    Response.objects.filter(pk=response.pk).update(opened_complaint=complaint)
    response.opened_complaint = complaint


ASK_AGAIN = """
INSERT INTO surveys_invitation
    (survey_id, customer_id, branch_id, again_id, status, stratum, tier, grade, stage, address,
     created_at, next_message_at, call_at, reminders, expires_at, version)
SELECT r.survey_id, r.customer_id, r.branch_id, a.id, 'waiting', '', i.tier, i.grade, i.stage,
       i.address, %(now)s, CASE WHEN i.address <> '' THEN %(now)s::timestamptz END,
       CASE WHEN i.address = '' THEN %(now)s::timestamptz END, 0, %(until)s, 1
FROM surveys_answer a
JOIN surveys_response r ON r.id = a.response_id
JOIN surveys_invitation i ON i.id = r.invitation_id
JOIN customers_customer c ON c.id = r.customer_id AND c.declines_surveys_at IS NULL
JOIN complaints_workorder o ON o.item_id = a.dissatisfied_item_id
WHERE o.status = 'confirmed' AND o.confirmed_at <= %(since)s
ORDER BY a.id
ON CONFLICT (again_id) DO NOTHING
"""


def ask_again(*, now: datetime) -> int:
    """Ask each customer once more what an order was confirmed to have put right; gives how many.

    A sweep: safe to run twice at once, since an answer is asked again once.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            ASK_AGAIN, {"now": now, "since": now - ASK_AGAIN_AFTER, "until": now + ASK_AGAIN_FOR}
        )
        asked = int(cursor.rowcount)
    sweeps.mark(SWEEP, now=now)
    return asked
