"""What a file seems to mean: columns by their names, times by their look, values by our words.

Nothing here decides: a person sees the suggestion and can choose otherwise.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from complaints.importing.drafts import CHOICE_CLASSES
from complaints.importing.preview import Preview

# Names that sources give to our fields, without spaces and marks.
NAMES: dict[str, tuple[str, ...]] = {
    "reference": (
        *(
            "编号",
            "投诉编号",
            "投诉单号",
            "单号",
            "工单号",
            "工单编号",
            "流水号",
            "来源编号",
            "原编号",
        ),
        *("id", "reference", "ref", "number", "no", "caseid", "caseenquiryid", "complaintid"),
        *("complaintnumber", "ticket", "ticketid", "case", "key"),
    ),
    "received_at": (
        *(
            "受理时间",
            "投诉时间",
            "接收时间",
            "来电时间",
            "创建时间",
            "登记时间",
            "受理日期",
            "投诉日期",
        ),
        *("received", "receivedat", "opened", "openedat", "opendt", "created", "createdat"),
        *("datereceived", "date", "opendate", "日期", "时间"),
    ),
    "subject": (
        *("主题", "标题", "投诉主题", "投诉标题", "问题", "摘要"),
        *("subject", "title", "summary", "issue", "type", "what"),
    ),
    "description": (
        *("描述", "内容", "投诉内容", "详情", "问题描述", "详细描述", "说明"),
        *("description", "details", "text", "body", "narrative", "consumercomplaintnarrative"),
    ),
    "branch": (
        *("责任平台", "平台", "分公司", "网点", "门店", "部门", "责任部门", "责任单位", "机构"),
        *("branch", "branchcode", "office", "department", "district", "company", "place"),
    ),
    "channel": (
        *("渠道", "投诉渠道", "来源渠道", "受理渠道", "来源方式"),
        *("channel", "source", "via", "submittedvia", "medium"),
    ),
    "severity": (
        *("严重程度", "级别", "紧急程度", "优先级", "等级"),
        *("severity", "priority", "urgency"),
    ),
    "status": ("状态", "处理状态", "status", "state"),
    "closed_at": (
        *("关闭时间", "结案时间", "完成时间", "办结时间", "关闭日期"),
        *("closed", "closedat", "closeddt", "done", "resolved", "resolvedat", "completed"),
    ),
    "waybill": (
        "运单号",
        "运单",
        "快递单号",
        "物流单号",
        "waybill",
        "awb",
        "tracking",
        "consignment",
    ),
    "customer_name": (
        *("客户", "客户名称", "客户姓名", "姓名", "投诉人", "联系人"),
        *("customer", "customername", "name", "contact", "complainant", "who"),
    ),
    "customer_phone": (
        *("电话", "手机", "手机号", "联系电话", "客户电话", "电话号码"),
        *("phone", "telephone", "mobile", "customerphone", "phonenumber", "tel"),
    ),
    "customer_email": ("邮箱", "电子邮箱", "邮件", "email", "mail", "customeremail"),
    "customer_kind": ("客户类型", "客户性质", "customerkind", "customertype"),
    "category": ("类别", "投诉类别", "分类", "投诉类型", "类型", "category", "kind", "product"),
    "result.due_at": (
        "处理期限",
        "答复期限",
        "期限",
        "due",
        "dueat",
        "deadline",
        "targetdt",
        "target",
    ),
    "apology.met_at": ("道歉时间", "致歉时间", "apologisedat", "apologizedat", "apology"),
    "result.met_at": ("答复时间", "处理时间", "解决时间", "answeredat", "answered", "result"),
    "callback.met_at": ("回访时间", "回访日期", "calledbackat", "callback"),
}
# Other words for our codes, as for the names above.
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "channel": {
        "hotline": ("热线", "客服热线", "400", "callcenter"),
        "phone": ("来电", "电话", "电话投诉", "call", "telephone", "constituentcall"),
        "social": ("微信", "微博", "抖音", "社交媒体", "twitter", "wechat"),
        "web": ("网站", "官网", "网页", "website", "online"),
        "app": ("app", "小程序", "客户端", "mobileapp"),
        "email": ("邮件", "邮箱", "mail"),
        "counter": ("柜台", "前台", "上门", "office"),
        "fax": ("传真",),
    },
    "severity": {
        "low": ("低", "轻微", "minor"),
        "normal": ("一般", "中", "medium", "普通"),
        "high": ("高", "紧急", "严重", "urgent", "major"),
        "critical": ("特急", "重大", "特别严重", "非常紧急", "critical"),
    },
    "status": {
        "closed": ("已结案", "已完成", "办结", "已办结", "closed", "done", "resolved"),
        "handling": ("处理中", "未结案", "进行中", "open", "inprogress"),
    },
    "customer_kind": {
        "person": ("个人", "散客", "individual"),
        "company": ("企业", "公司", "单位", "business"),
        "internal": ("内部",),
    },
}
MARKS = re.compile(r"[\W_]+")
# Formats beyond ISO 8601, which is always read; where both fit, the day is taken to come first.
FORMATS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
)


def columns(names: Sequence[str]) -> dict[str, str]:
    """Our field (or "milestone.met_at") = the column that is called so; each column once."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    found: dict[str, str] = {}
    for field, known in NAMES.items():
        column = next((plain[each] for each in known if each in plain), None)
        if column is not None and column not in found.values():
            found[field] = column
    return found


def formats(preview: Preview, used: Iterable[str]) -> list[str]:
    """The format in which most times of each of these columns are written."""
    chosen: list[str] = []
    for column in used:
        values = [value for value in preview.values(column) if not _is_iso(value)]
        counts = {form: sum(_fits(value, form) for value in values) for form in FORMATS}
        best = max(FORMATS, key=lambda form: counts[form])
        # A few that are no time at all do not hide how the others are written.
        if values and counts[best] * 2 >= len(values) and best not in chosen:
            chosen.append(best)
    return chosen


def values(field: str, found: Iterable[str]) -> dict[str, str]:
    """What a value of the file is called by us: our code, or one of its names."""
    codes = {name: code for code, names in VALUES[field].items() for name in names}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            codes |= {_plain(str(label)): code for code, label in CHOICE_CLASSES[field].choices}
    codes |= {_plain(code): code for code in CHOICE_CLASSES[field].values}
    return {value: codes[_plain(value)] for value in found if _plain(value) in codes}


def table(preview: Preview, given: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a profile with columns and formats as they seem to be, on top of `given`."""
    found = columns(preview.columns)
    milestones: dict[str, dict[str, str]] = {}
    for name in [name for name in found if "." in name]:
        kind, which = name.split(".")
        milestones.setdefault(kind, {})[which] = found.pop(name)
    times = [found.get("received_at", ""), found.get("closed_at", "")]
    times += [column for row in milestones.values() for column in row.values()]
    dates = formats(preview, filter(None, times))
    return {**given, "columns": found, "milestones": milestones, "dates": dates}


def _plain(name: str) -> str:
    return MARKS.sub("", name).casefold()


def _is_iso(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _fits(value: str, form: str) -> bool:
    try:
        datetime.strptime(value, form)  # noqa: DTZ007  only whether it can be read
    except ValueError:
        return False
    return True
