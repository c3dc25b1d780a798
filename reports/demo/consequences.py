"""What came of late work orders: proposals of the clock, some of them decided and appealed."""

from datetime import datetime, timedelta

from django.utils import timezone

from complaints.actions import assessments, consequences, effectiveness, suppliers
from complaints.models import Assessment, CheckStatus, EffectivenessCheck, Supplier
from organisation.models import Role
from reports.demo.company import Company
from reports.demo.data import table

WORDS = {
    "decide": "情况属实，按规定考核。",
    "reject": "当日系统停电，平台已提前报备，不予考核。",
    "appeal": "客户当天无法联系，工作单已在恢复联系后立即提交，请予复核。",
    "finish": "已核对通话记录。",
}


# How many of each are left to decide; the older ones were decided within a day or two.
WAITING = 10
EFFECTIVE = "回看期内同一客户、同类问题均未再发生。"
NOT_EFFECTIVE = "回看期内同类问题再次发生，请分公司补充措施。"


def sign_suppliers(now: datetime) -> list[Supplier]:
    """Those who carry, store and load for the company."""
    return [suppliers.add(by=None, now=now, **row) for row in table("company")["suppliers"]]


def draw(company: Company, now: datetime) -> None:
    """One assessment in each state; some others wait for the service director."""
    consequences.draw(now=now)
    found = list(Assessment.objects.select_related("branch").order_by("-pk"))
    waiting = iter(found[:6])
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
    for place, assessment in enumerate(reversed(found[5 + WAITING :])):
        act = "reject" if place % 7 == 0 else "decide"
        _do(act, assessment, company, min(now, assessment.proposed_at + timedelta(hours=30)))


def look_back(company: Company, now: datetime) -> None:
    """The quality manager has decided about the checks that were due, but for the last of them."""
    [manager] = company.who(company.root.code, Role.QUALITY_MANAGER)[:1]
    due = EffectivenessCheck.objects.filter(
        status=CheckStatus.PENDING, due_on__lte=timezone.localdate(now)
    )
    rows = due.select_related("order__branch", "order__owner", "order__submitted_by")
    for place, check in enumerate(rows.order_by("-due_on", "-pk")[WAITING:]):
        is_effective = place % 8 != 0
        effectiveness.decide(
            check=check,
            is_effective=is_effective,
            words=EFFECTIVE if is_effective else NOT_EFFECTIVE,
            by=manager,
            now=min(now, check.since_at + timedelta(days=check.days + 1)),
        )


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
