"""What the demo company promises (P-01 … P-03, C-23), and which complaints say it broke."""

import random
from datetime import datetime

from django.utils import timezone

from complaints.actions import promises
from complaints.models import Complaint, Promise
from reports.demo.company import Company

LINE = "400-800-1234"
# Words, English words, slogan, its English, hours, remedy, its English.
EXTERNAL = (
    ("投诉 24 小时内告知处理结果", "The result of a complaint within 24 hours",
     "说到做到", "Said and done", 24, "逾期免当票运费", "Late: this freight is free"),
    ("同一问题 90 天内不再发生", "The same fault does not come back within 90 days",
     "一次做对", "Right the first time", None, "再次发生，由分公司总经理登门致歉",
     "If it does, the general manager of the branch calls on you"),
    ("不满意就重新处理，72 小时内回访", "Not satisfied: we begin anew, and call within 72 hours",
     "您满意才算完", "Done when you say so", 72, "重新处理不收费", "Free of charge"),
    ("您只说一遍，1 小时内传到责任人", "You say it once; who is responsible knows within 1 hour",
     "一次告知", "Told once", 1, "重复询问，当场致歉并补偿",
     "Asked again: an apology and a recompense"),
    ("24 小时热线，8 小时内到现场，3 小时内解决",
     "A line for 24 hours, on site within 8, solved within 3",
     "随叫随到", "There when you call", 8, "未能解决，免费退回；告知有误，立即退回",
     "Not solved: returned free; told wrongly: returned at once"),
)  # fmt: skip
INTERNAL = (
    ("客服转来的查询，仓库 2 小时内答复", "Warehouses answer an inquiry within 2 hours", 2),
    (
        "异常情况 30 分钟内通知客户代表",
        "Customer representatives hear of a fault within the hour",
        1,
    ),
)


def make(now: datetime) -> None:
    since = timezone.localdate(now)
    for place, said in enumerate(EXTERNAL, start=1):
        words, words_en, slogan, slogan_en, hours, remedy, remedy_en = said
        promises.create(
            kind="external", position=place, by=None, now=now, words=words, words_en=words_en,
            slogan=slogan, slogan_en=slogan_en, limit_hours=hours, remedy=remedy,
            remedy_en=remedy_en, feedback_line=LINE, valid_from=since,
        )  # fmt: skip
    for place, (words, words_en, hours) in enumerate(INTERNAL, start=20):
        promises.create(
            kind="internal", position=place, by=None, now=now, words=words, words_en=words_en,
            limit_hours=hours, valid_from=since,
        )  # fmt: skip


def note_some(company: Company, now: datetime) -> None:
    """Of the judged complaints every ninth names a promise."""
    [quality] = [person for person in company.accounts if person.username == "quality"]
    chance = random.Random("promises")  # noqa: S311  demo data
    offered = list(Promise.objects.filter(kind="external"))
    judged = Complaint.objects.filter(triaged_at__isnull=False).exclude(
        status__in=("invalid", "merged")
    )
    for complaint in judged.order_by("pk")[::9]:
        chosen = [chance.choice(offered)]
        promises.mark(complaint=complaint, promises=chosen, by=quality, now=now)
