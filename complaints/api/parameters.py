"""The conditions of the lists, as the OpenAPI document names them."""

from typing import Any

import django_filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from complaints.assessments import AssessmentFilter
from complaints.filters import Codes, ComplaintFilter, Many, Moment, Words
from complaints.notice_list import NoticeFilter
from complaints.order_filters import Day, ItemFilter, Score, WorkOrderFilter

WORDS = {
    "branch": "Codes; with all that lies below. Of the list that `through` names.",
    "category": "Codes; with all that lies below.",
    "tier": "Tier of a person or grade of a company.",
    "handler": "Ids or user names; `me`, `none`.",
    "milestone": "With verdict, verdict_branch and due_*: of one and the same clock.",
    "verdict_branch": "Codes; who owned the clock at its deadline.",
    "cycle": "Of the clock: 1, or the number of a later cycle.",
    "all_four": "The four clocks of cycle 1 are decided: all met, or one and more overdue.",
    "challenge": "`open`: somebody challenges a result or a verdict and waits for the answer.",
    "exact": "`1`: branches and categories without what lies below.",
    "due_after": "ISO 8601, or a day; from then on.",
    "due_before": "ISO 8601, or a day; before then.",
    "received_after": "ISO 8601, or a day; from then on.",
    "received_before": "ISO 8601, or a day; before then.",
    "search": "A part of number, subject, text, waybill or name; a phone, or its last four digits.",
    "through": "Why the caller sees it; without it, for any reason.",
    "complaint": "Numbers of complaints.",
    "customer": "Ids of customers.",
    "overdue": "`filing`: not submitted in time; `promise`: the promised day has passed.",
    "score_from": "0 to 10.",
    "score_to": "0 to 10.",
    "waiting": "For what the caller, or the caller's own units, are to do.",
    "person": "Ids or user names; `me`.",
    "month": "Proposed in that month of the company, as 2026-11.",
}


STRING = OpenApiTypes.STR
SHAPES = {Moment: OpenApiTypes.DATETIME, Day: OpenApiTypes.DATE, Score: OpenApiTypes.DECIMAL}


def _parameter(name: str, filter_: django_filters.Filter) -> OpenApiParameter:
    choices = [str(value) for value, _label in filter_.extra.get("choices") or ()]
    return OpenApiParameter(
        name,
        next((shape for kind, shape in SHAPES.items() if isinstance(filter_, kind)), STRING),
        many=isinstance(filter_, Many | Codes | Words),
        enum=choices or None,
        description=WORDS.get(name, ""),
    )


def _parameters(filters: dict[str, Any]) -> list[OpenApiParameter]:
    return [_parameter(name, filter_) for name, filter_ in filters.items()]


COMPLAINTS = _parameters(ComplaintFilter.base_filters)
ORDERS = _parameters(WorkOrderFilter.base_filters)
ITEMS = _parameters(ItemFilter.base_filters)
NOTICES = _parameters(NoticeFilter.base_filters)
ASSESSMENTS = _parameters(AssessmentFilter.base_filters)
SUPPLIERS = [OpenApiParameter("search", description="A part of the name or of the contact.")]
