"""What came of late work orders: proposals of the clock, some of them decided and appealed."""

from datetime import datetime

from complaints.actions import assessments, consequences, suppliers
from complaints.models import Assessment, Supplier
from organisation.models import Role
from reports.demo.company import Company
from reports.demo.data import table

WORDS = {
    "decide": "情况属实，按规定考核。",
    "reject": "当日系统停电，平台已提前报备，不予考核。",
    "appeal": "客户当天无法联系，工作单已在恢复联系后立即提交，请予复核。",
    "finish": "已核对通话记录。",
}


def sign_suppliers(now: datetime) -> list[Supplier]:
    """Those who carry, store and load for the company."""
    return [suppliers.add(by=None, now=now, **row) for row in table("company")["suppliers"]]


def draw(company: Company, now: datetime) -> None:
    """One assessment in each state; the others wait for the service director."""
    consequences.draw(now=now)
    waiting = iter(Assessment.objects.select_related("branch").order_by("-pk")[:6])
    next(waiting, None)
    for acts in (
        ["reject"],
        ["decide"],
        ["decide", "appeal"],
        ["decide", "appeal", "uphold"],
        ["decide", "appeal", "grant"],
    ):
        if (assessment := next(waiting, None)) is not None:
            for act in acts:
                _do(act, assessment, company, now)


def _do(act: str, assessment: Assessment, company: Company, now: datetime) -> None:
    root = company.root.code
    [director] = company.who(root, Role.SERVICE_DIRECTOR)[:1]
    [general] = company.who(root, Role.GENERAL_MANAGER)[:1]
    [manager] = company.who(assessment.branch.code, Role.BRANCH_MANAGER)[:1]
    if act in ("uphold", "grant"):
        is_upheld, words = act == "uphold", WORDS["finish"]
        assessments.finish(
            assessment=assessment, is_upheld=is_upheld, words=words, by=general, now=now
        )
    elif act == "appeal":
        assessments.appeal(assessment=assessment, words=WORDS[act], by=manager, now=now)
    else:
        do = assessments.decide if act == "decide" else assessments.reject
        do(assessment=assessment, words=WORDS[act], by=director, now=now)
