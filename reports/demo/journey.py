"""Where customers of the demonstration company meet it, from asking a price to recommending."""

from datetime import datetime

from organisation.models import Person
from reports.demo.company import Company
from surveys.actions import touchpoints

# Stage, name, in English, questions, complaint categories, moment of truth, weight.
STOPS: tuple[tuple[str, str, str, list[str], list[str], str, int], ...] = (
    ("inquire", "咨询与报价", "Asking for a price", ["total"], [], "first_contact", 2),
    ("buy", "上门取件", "Pick-up", ["pickup"], [], "", 1),
    ("use", "运输与签收", "Transport and delivery", ["delivery", "safety"], ["transport"], "", 3),
    ("use", "仓储", "Warehousing", [], ["storage"], "", 1),
    ("after_sale", "异常与投诉处理", "Trouble and complaints", ["response", "effort"], ["service"],
     "complaint", 4),
    ("after_sale", "对账与开票", "Billing", ["invoice"], ["billing"], "", 1),
    ("recommend", "推荐同行", "Recommending", ["recommend"], [], "", 2),
)  # fmt: skip


def draw(company: Company, by: Person, now: datetime) -> None:
    """The map, each stop with the answers and complaints that tell of it (S-14, S-15)."""
    for position, (leg, name, name_en, keys, codes, moment, weight) in enumerate(STOPS):
        touchpoints.save(
            touchpoint=None,
            question_keys=keys,
            categories=[company.categories[code] for code in codes],
            by=by,
            now=now,
            leg=leg,
            name=name,
            name_en=name_en,
            moment=moment,
            weight=weight,
            position=position,
        )
