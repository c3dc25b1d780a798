"""A task force of the demo company: three departments with their duties (O-04)."""

from datetime import datetime, timedelta

from django.utils import timezone

from organisation.models import Role
from reports.demo.company import Company
from staff.actions import task_forces

# Department, duty, days until it is due (none: standing), what was reported, whether it is done.
DUTIES = (
    (Role.SERVICE_FUNCTION, "每周一复盘上周逾期的投诉，找出共性问题", None,
     "上周 12 件逾期，7 件卡在首问未接。", False),
    (Role.QUALITY_MANAGER, "抽查每个平台两张整改工作单，看效果是否属实", 12, "", False),
    (Role.HUMAN_RESOURCES, "把“先致歉、再解释”排进新员工第一周的课程", -3,
     "课程已排好，下月起执行。", True),
    (Role.BRANCH_MANAGER, "无锡平台试行到货延误主动告知", -1,
     "试行两周，延误投诉由 9 件降到 5 件。", False),
)  # fmt: skip


def set_up(company: Company, now: datetime) -> None:
    """Six weeks old; one duty is done, one is late."""
    [director] = company.who(company.root.code, Role.SERVICE_DIRECTOR)[:1]
    began = now - timedelta(days=42)
    force = task_forces.create(
        branch=company.root, name="客户满意度提升推进小组", lead=director,
        purpose="本季度把回访满意率提高五个百分点，四项承诺按时率不低于 95%。",
        by=director, now=began,
    )  # fmt: skip
    for department, text, days, words, is_done in DUTIES:
        place = "WX" if department == Role.BRANCH_MANAGER else company.root.code
        due = timezone.localdate(now + timedelta(days=days)) if days is not None else None
        duty = task_forces.add_duty(
            force=force, department=department, person=company.who(place, department)[0],
            text=text, due_on=due, by=director, now=began,
        )  # fmt: skip
        if words:
            act = task_forces.finish if is_done else task_forces.report
            act(duty=duty, words=words, by=duty.person, now=now - timedelta(days=5))
