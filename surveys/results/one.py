"""The answers of one response, each with the work that it became and what it was asked again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from complaints.models import Complaint, DissatisfiedItem, WorkOrder
from organisation.access import visible
from organisation.models import Person
from surveys.models import SCALES, Answer, QuestionKind, Response
from surveys.results.tables import text_of


@dataclass(frozen=True)
class Again:
    """What the customer said after the order."""

    response: Response
    value: Decimal | None

    is_better: bool
    is_worse: bool


@dataclass(frozen=True)
class Said:
    """One answer in words; `item` and `order` are those of the person's own view."""

    answer: Answer
    asked: str
    words: str
    scale: str
    item: DissatisfiedItem | None
    order: WorkOrder | None
    again: Again | None


def lines(response: Response, person: Person) -> list[Said]:
    """Five statements, however many answers."""
    answers = list(response.answers.select_related("question"))
    items = {
        row.pk: row
        for row in visible(DissatisfiedItem, person).filter(
            pk__in=[row.dissatisfied_item_id for row in answers if row.dissatisfied_item_id]
        )
    }
    orders = {
        row.item_id: row for row in visible(WorkOrder, person).filter(item__in=items).order_by("pk")
    }
    repeats = {
        row.invitation.again_id: row
        for row in visible(Response, person)
        .filter(invitation__again__in=answers, completed_at__isnull=False)
        .select_related("invitation")
        .prefetch_related("answers")
        if row.invitation
    }
    return [
        Said(
            answer=row,
            asked=_asked(row),
            words=_words(row),
            scale=_scale(row),
            item=items.get(row.dissatisfied_item_id or 0),
            order=orders.get(row.dissatisfied_item_id),
            again=_again(row, repeats),
        )
        for row in answers
    ]


def first(response: Response, person: Person) -> Response | None:
    """The response whose answer was asked again by this one."""
    if response.invitation is None or response.invitation.again is None:
        return None
    return visible(Response, person).filter(pk=response.invitation.again.response_id).first()


def complaint(response: Response, person: Person) -> Complaint | None:
    """What a low answer opened, too."""
    return visible(Complaint, person).filter(pk=response.opened_complaint_id or 0).first()


def _again(row: Answer, repeats: Mapping[int | None, Response]) -> Again | None:
    response = repeats.get(row.pk)
    if response is None:
        return None
    value = next((each.value for each in response.answers.all() if each.item == row.item), None)
    before = row.value
    known = value is not None and before is not None
    return Again(
        response,
        value,
        is_better=known and value > before,  # type: ignore[operator]
        is_worse=known and value < before,  # type: ignore[operator]
    )


def _asked(row: Answer) -> str:
    names = {each["key"]: text_of(each) for each in row.question.items}
    return " · ".join(filter(None, (str(row.question), names.get(row.item, ""))))


def _words(row: Answer) -> str:
    if row.choices:
        names = {each["key"]: text_of(each) for each in row.question.options}
        return _listed([names.get(key, key) for key in row.choices])
    if row.value is None:
        return ""
    if row.question.kind == QuestionKind.YES_NO:
        return _("Yes") if row.value else _("No")
    return f"{row.value.normalize():f}"


def _listed(words: Sequence[str]) -> str:
    return " · ".join(words)


def _scale(row: Answer) -> str:
    """The highest mark, beside one of a scale."""
    is_marked = row.question.kind in SCALES and row.question.kind != QuestionKind.YES_NO
    return str(SCALES[row.question.kind][1]) if is_marked and row.value is not None else ""
