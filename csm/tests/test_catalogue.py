"""The Chinese catalogue is whole, well set and speaks the words of this trade (U-13)."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from complaints.factories import WorkOrderFactory
from organisation.factories import PersonFactory, tree
from organisation.models import Branch, Message
from organisation.texts import render

CATALOGUE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
ENTRIES = polib.pofile(str(CATALOGUE))
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd](?![a-z])|\{\w+\}")
# What Django fills in may be left out: our words do without it.
BORROWED = "csm/borrowed_texts.py"
CHINESE = "[\u4e00-\u9fff]"
HALF_WIDTH = re.compile(f"{CHINESE}[,;:?!()]|[,;:?!()]{CHINESE}|{CHINESE}\\.(?!\\w)")
UNSPACED = re.compile(f"{CHINESE}[A-Za-z0-9]|[A-Za-z0-9%]{CHINESE}")
# Written for machines, or for cells where every space costs a column.
CLOCK_CELLS = re.compile(r"<1m|(%\(\w+\)s[dhm] ?)+")
FORBIDDEN = ("工单", "SLA", "用户", "操作成功", "操作失败", "非法", "你", "点击")
WORDS = {
    "Complaint": "投诉",
    "Rectification work order": "整改工作单",
    "Callbacks": "回访",
    "Rankings": "排名",
    "My work": "我的工作",
    "Inbox": "消息",
    "People": "人员",
    "Headquarters": "总部",
    "Region": "分公司",
    "Responsible branch": "责任平台",
    "Issuing unit": "签发单位",
    "Handler": "处理人",
    "Rectification owner": "整改责任人",
    "First contact": "首问",
    "Quality manager": "品质管理员",
    "Quality specialist": "专员",
    "Service director": "服务总监",
    "Received": "已受理",
    "To assign": "待分派",
    "Assigned": "已分派",
    "Handling": "处理中",
    "Answered": "已答复",
    "Called back": "已回访",
    "Closed": "已关闭",
    "Invalid, to confirm": "无效待复核",
    "Invalid": "无效",
    "Merged": "已合并",
    "Reopen": "重新打开",
    "Draft": "草稿",
    "Submitted": "已提交",
    "Returned": "已退回",
    "Confirmed": "已确认",
    "Annulled": "已撤销",
    "Log a complaint": "登记投诉",
    "Propose invalid": "提出无效",
    "Assign": "分派",
    "Transfer": "转交",
    "Accept": "接收",
    "Record the apology": "登记道歉",
    "Record the result": "登记处理结果",
    "Record the callback": "登记回访",
    "Urge": "催办",
    "Submit the order": "提交工作单",
    "Return with a reason": "退回并说明原因",
    "At risk": "临期",
    "Overdue": "逾期",
    "On-time share": "按时率",
    "Due": "截止",
    "Clock OK": "时钟正常",
    "Clock lagging": "时钟滞后",
    "Reached": "接通",
    "No reply": "未接通",
    "Satisfied": "满意",
    "Not satisfied": "不满意",
    "The customer's words": "客户原话",
    "No difference shown": "未见差异",
    "Not ranked": "不排名",
    "Small sample": "样本小",
    "Unchanged": "持平",
    "Tied": "并列",
    "Clear filters": "清除条件",
    "Add note": "加备注",
    "Add file": "添加附件",
    "Save draft": "保存草稿",
    "Cancel": "取消",
    "Try again": "重试",
}


def texts() -> Iterator[tuple[polib.POEntry, str]]:
    for entry in ENTRIES:
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            yield entry, text


def as_read(text: str) -> str:
    """The text with its marks taken away, and a Chinese sign where something is filled in."""
    return PLACEHOLDER.sub("字", re.sub(r"<[^>]+>", "", text))


def test_u13_no_text_is_missing_or_uncertain() -> None:
    assert [entry.msgid for entry in ENTRIES.untranslated_entries()] == []
    assert [entry.msgid for entry in ENTRIES.fuzzy_entries()] == []
    assert ENTRIES.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


def test_u13_what_is_filled_in_stays() -> None:
    wrong = []
    for entry, text in texts():
        wanted, found = set(PLACEHOLDER.findall(entry.msgid)), set(PLACEHOLDER.findall(text))
        is_borrowed = entry.occurrences == [(BORROWED, "")]
        if found != wanted and not (is_borrowed and found < wanted):
            wrong.append((entry.msgid, text))
    assert wrong == []


def test_u13_punctuation_is_chinese() -> None:
    assert [text for _, text in texts() if HALF_WIDTH.search(as_read(text))] == []


def test_u13_figures_and_latin_words_stand_apart() -> None:
    wrong = [
        text
        for entry, text in texts()
        if not CLOCK_CELLS.fullmatch(entry.msgid)
        and UNSPACED.search(PLACEHOLDER.sub("", re.sub(r"<[^>]+>", "", text)))
    ]
    assert wrong == []


@pytest.mark.parametrize("word", FORBIDDEN)
def test_u13_words_that_are_never_used(word: str) -> None:
    assert [text for _, text in texts() if word in text] == []


def test_u13_one_thing_has_one_word() -> None:
    with translation.override("zh-hans"):
        assert {english: translation.gettext(english) for english in WORDS} == WORDS


# What the actions hand over, in signs that no text of ours contains.
CONTEXT: dict[str, Any] = {
    "number": "TS20261119-0001",
    "subject": "货物滞留",
    "title": "兰州专线响应迟缓",
    "duty": "每周复盘逾期投诉",
    "by": "林静怡",
    "words": "请尽快处理",
    "about": "异常响应速度较慢",
    "offer": "餐券",
    "amount": "20.00",
    "outcome": "changed",
    "answer": "已核实",
    "reason": "原因不具体",
    "milestone": "apology",
    "due_at": "2026-11-19T06:30:00+00:00",
    "is_reached": True,
    "is_satisfied": True,
    "score": 9,
    "count": 2,
    "customer": "昆仑医药",
    "was": "周强",
    "level": "red",
    "survivor": "TS20261119-0001",
    "name": "周敏",
    "deputy": "陈强",
    "kind": "qc_topic",
    "owner": "赵刚",
    "measure": "每日核对到货清单",
    "days": 30,
    "is_effective": True,
    "first_on": "2026-12-01",
    "origin": {"name": "昆山", "name_en": "Kunshan"},
    "from_on": "2026-11-20",
    "until_on": "2026-11-24",
    "branch": {"name": "无锡", "name_en": "Wuxi"},
    "issuer": {"name": "总部", "name_en": "Headquarters"},
    "unit": {"name": "苏州", "name_en": "Suzhou"},
    "place": {"name": "苏州", "name_en": "Suzhou"},
    "week": "2026-W47",
    "ours": "2026-W48",
    "theirs": "2026-W47",
    "is_agreed": True,
    "open": 2,
    "open_by": [{"milestone": "apology", "count": 1}, {"milestone": "result", "count": 1}],
    "fresh": 1,
    "fresh_by": [{"milestone": "work_order", "count": 1}],
    "since": "2026-11-18",
    "year": 2026,
    "quarter": 4,
    "due_on": "2026-12-20",
    "plans_due_on": "2026-12-06",
    "feedback_due_on": "2026-12-16",
    "review_due_on": "2026-12-26",
    "what": "plan",
    "task": "送去样品箱",
    "act": "submitted",
    "prize": "2000",
    "reward": {"name": "保温杯", "name_en": "Thermos cup"},
    "points": 30,
    "term": {"name": "2026 年第 4 季度", "name_en": "4th quarter of 2026"},
    "checklist": "接货岗位检查表",
    "mentor": "陈强",
    "trainer": "赵刚",
    "room": "三楼会议室",
    "day": "2026-12-20",
    "last_on": "2026-12-20",
    "on": "2026-12-20",
    "person": "周敏",
    "worst": [],
    "period": "2026-W46",
    "n": 2,
    "revision": 2,
    "repeats": [
        {"of": "category", "name": "延误", "name_en": "Delay", "milestone": "result", "count": 3}
    ],
}
ENGLISH = {
    "subject": "Goods held",
    "title": "Lanzhou slow to answer",
    "duty": "Review overdue complaints weekly",
    "by": "Lin",
    "name": "Zhou",
    "deputy": "Chen",
    "owner": "Zhao",
    "customer": "Kunlun",
    "was": "Zhou",
    "person": "Zhou",
    "measure": "Check the list daily",
    "words": "Hurry",
    "about": "Slow to answer",
    "task": "Bring the sample box",
    "offer": "Meal voucher",
    "answer": "Checked",
    "reason": "Too vague",
    "checklist": "Items at the counter",
    "mentor": "Chen",
    "trainer": "Zhao",
    "room": "Room 3",
}
CASES: tuple[dict[str, Any], ...] = (
    {},
    {"milestone": "result", "reason": "", "act": "returned", "what": "feedback"},
    {"milestone": "work_order", "score": None, "open": 0},
    {"milestone": "callback", "words": "", "act": "accepted", "what": "marks", "is_late": True},
    {"milestone": "challenge", "kind": "course", "is_effective": False},
    {"milestone": "opinion", "act": "reported", "is_team": True, "kind": "reception"},
    {"milestone": "acknowledgement"},
    {"is_satisfied": False, "is_agreed": False},
    {"is_reached": False, "is_satisfied": None, "score": None},
)
# Those that say the quarter by its key; the contest says year and quarter.
KEYED = ("quarter_due", "scorecard_answered", "scorecard_appealed", "scorecard_closed")
NAMES = sorted(path.stem for path in Path(settings.BASE_DIR, "templates/messages").glob("*.txt"))


def written(name: str, language: str, now: datetime, /, **context: Any) -> tuple[str, str]:
    """Title and body of a message."""
    said = CONTEXT | ({"quarter": "2026-Q4"} if name in KEYED else {}) | context
    message = Message(text=name, context=said, path="/", created_at=now)
    with translation.override(language):
        text = render(message)
    return text.title, text.body


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", [name for name in NAMES if name != "mail"])
def test_u13_every_message_reads_well_in_both_languages(
    name: str, case: dict[str, Any], now: datetime
) -> None:
    for moment in (now, now - timedelta(hours=1)):
        title, body = written(name, "zh-hans", moment, **case)
        assert title
        assert body
        words = f"{title}\n{body}".replace(str(CONTEXT["number"]), "编号")
        assert set(re.findall(r"[A-Za-z]+|[{}%]", words)) <= {"QC"}
        assert not HALF_WIDTH.search(words)
        title, body = written(name, "en", moment, **ENGLISH | case)
        assert title
        assert body
        assert re.findall(f"{CHINESE}|[{{}}%]", title + body) == []


@pytest.mark.parametrize("name", ["requested", "started", "ended"])
def test_u13_an_order_without_a_number_is_not_named(name: str, now: datetime) -> None:
    _title, body = written(f"improvement_{name}", "en", now, **ENGLISH | {"number": ""})
    assert "work order" not in body.lower()


@pytest.mark.django_db
def test_u13_djangos_own_words_are_ours(client: Client) -> None:
    answer = client.post(
        "/login/", {"username": "x", "password": "y"}, headers={"accept-language": "zh-hans"}
    )
    assert "账号或密码不正确。请核对后重试，注意区分大小写。" in answer.content.decode()
    with translation.override("zh-hans"):
        assert translation.gettext("This field is required.") == "请填写此项。"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["江苏", "江苏分公司"])
def test_w01_the_title_names_the_region_in_full(name: str, client: Client) -> None:
    region = tree().region
    Branch.objects.filter(pk=region.pk).update(name=name)
    branch = Branch.objects.get(code="WX")
    order = WorkOrderFactory.create(branch=branch, until="submitted")
    client.force_login(PersonFactory.create(branch=branch, language="zh-hans"))
    page = client.get(reverse("work-order", args=(order.pk,))).content.decode()
    assert "<h1>江苏分公司问题整改工作单</h1>" in page
    assert "兰州—无锡专线 异常响应迟缓 货物滞留三日未通知客户" in page
