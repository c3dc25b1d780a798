"""The template of an import: made, filled in, and read without choosing columns (U-21)."""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from complaints.actions import imports
from complaints.background import RUNNERS
from complaints.factories import CategoryFactory, checked_import
from complaints.models import Complaint, Event, ImportProfile, ImportRun, Timer
from complaints.tests.rows import signed_in
from csm.kit import clock
from csm.tests.crawler import text_of
from organisation.actions import jobs
from organisation.factories import PersonFactory, tree
from organisation.models import Branch, Job, JobFile, Person, Role

CHINESE = (
    *("来源编号", "受理时间", "主题", "渠道", "投诉内容", "责任平台", "紧急程度", "状态"),
    *("关闭时间", "运单", "客户", "电话", "电子邮件", "客户类型", "类别"),
    *("道歉：完成", "结果：完成", "工作单：完成", "回访：完成"),
)
ROW = {
    "来源编号": "00081",
    "受理时间": datetime(2026, 3, 2, 10, 0),
    "主题": "外箱破损",
    "渠道": "电话",
    "责任平台": "WX",
    "紧急程度": "紧急",
    "状态": "已关闭",
    "关闭时间": datetime(2026, 3, 4, 10, 0),
    "运单": "0012345678901",
    "客户": "王先生",
    "电话": "013800000000",
    "客户类型": "个人",
    "类别": "late",
    "结果：完成": datetime(2026, 3, 3, 9, 0),
}


@pytest.fixture
def quality(db: None) -> Person:
    company = tree()
    CategoryFactory.create(code="late", name="延误")
    return PersonFactory.create(branch=company.headquarters, role=Role.QUALITY_MANAGER, language="")


@pytest.fixture
def client(quality: Person) -> Client:
    browser = signed_in(quality)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    return browser


def template(client: Client, language: str) -> openpyxl.Workbook:
    answer = client.get(reverse("import-template"), headers={"Accept-Language": language})
    assert answer["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer)))


def first(book: openpyxl.Workbook) -> Worksheet:
    sheet: Worksheet = book.worksheets[0]
    return sheet


def fill(book: openpyxl.Workbook, row: int, values: Mapping[str, Any]) -> None:
    sheet = first(book)
    columns = {cell.value: number for number, cell in enumerate(sheet[1], start=1)}
    for title, value in values.items():
        sheet.cell(row, columns[title], value)


def upload(client: Client, book: openpyxl.Workbook) -> ImportRun:
    file = io.BytesIO()
    book.save(file)
    content = SimpleUploadedFile("已填写.xlsx", file.getvalue())
    answer = client.post(reverse("import-new"), {"file": content})
    run = ImportRun.objects.latest("pk")
    assert answer["Location"] == reverse("import", args=[run.pk]), "no page of columns between"
    return run


def work() -> None:
    jobs.run_due(runners=RUNNERS, now=clock.now())


def test_u21_the_template_has_our_columns_locked_titles_lists_and_text_columns(
    client: Client,
) -> None:
    sheet = first(template(client, "zh-CN"))
    assert tuple(cell.value for cell in sheet[1]) == CHINESE
    assert sheet.freeze_panes == "A2"
    assert sheet.protection.sheet
    assert {cell.protection.locked for cell in sheet[1]} == {True}
    assert {cell.protection.locked for cell in sheet[2]} == {False}
    letters = {
        cell.value: get_column_letter(number) for number, cell in enumerate(sheet[1], start=1)
    }
    for title in ("来源编号", "运单", "电话"):
        assert sheet.column_dimensions[letters[title]].number_format == "@"
        assert sheet[f"{letters[title]}2"].number_format == "@"
        assert not sheet.column_dimensions[letters[title]].protection.locked
    assert sheet.column_dimensions[letters["工作单：完成"]].width >= 16
    assert sheet.column_dimensions[letters["受理时间"]].number_format == "yyyy-mm-dd hh:mm"
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    lists = {place: rule.formula1 for place, rule in rules.items() if rule.type == "list"}
    assert lists[f"{letters['紧急程度']}2:{letters['紧急程度']}1048576"] == '"低,一般,紧急,特急"'
    assert "电话" in lists[f"{letters['渠道']}2:{letters['渠道']}1048576"]
    assert max(map(len, lists.values())) <= 255, "more is no list for Excel"


def test_u21_the_filled_template_is_checked_at_once_and_imported(client: Client) -> None:
    book = template(client, "zh-CN")
    fill(book, 3, ROW)
    run = upload(client, book)
    assert run.state == "checking"
    assert not Complaint.objects.exists()
    work()
    page = text_of(client.get(reverse("import", args=[run.pk])))
    assert "这是模板的示例行。" in page
    client.post(reverse("import-start", args=[run.pk]))
    work()
    job = Job.objects.get(kind=imports.IMPORT)
    assert {key: job.result[key] for key in ("imported", "unchanged", "rejected")} == {
        "imported": 1,
        "unchanged": 0,
        "rejected": 1,
    }
    found = Complaint.objects.select_related("customer", "branch", "category").get()
    assert (found.source, found.reference, found.channel) == ("template", "00081", "phone")
    assert (found.severity, found.status, found.waybill) == ("high", "closed", "0012345678901")
    assert found.received_at == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert (found.branch.code, found.category and found.category.code) == ("WX", "late")
    # A milestone without a single time in the file has no clock.
    assert [timer.kind for timer in Timer.objects.all()] == ["result"]


def test_u21_the_english_example_is_left_out_and_a_template_without_a_column_is_mapped(
    client: Client,
) -> None:
    book = template(client, "en")
    sheet = first(book)
    assert (sheet["A1"].value, sheet["A2"].value) == ("Number at the source", "EXAMPLE")
    run = upload(client, book)
    work()
    run = ImportRun.objects.select_related("check_job").get(pk=run.pk)
    assert run.counts["rejected"] == 1
    assert JobFile.objects.filter(job=run.check_job).count() == 1
    sheet.delete_cols(1)
    file = io.BytesIO()
    book.save(file)
    content = SimpleUploadedFile("less.xlsx", file.getvalue())
    answer = client.post(reverse("import-new"), {"file": content})
    other = ImportRun.objects.latest("pk")
    assert answer["Location"] == reverse("import-columns", args=[other.pk])
    assert (other.table, other.state) == ({}, "uploaded")
    assert not Event.objects.exists()


def test_a_kept_mapping_is_deleted_and_its_imports_stay(client: Client, quality: Person) -> None:
    run = checked_import(quality)
    kept = imports.keep_profile(name="旧系统", table=run.table, by=quality, now=clock.now())
    assert "旧系统" in text_of(client.get(reverse("import-new")))
    url = reverse("import-profile-delete", args=[kept.pk])
    wuxi = Branch.objects.get(code="WX")
    stranger = signed_in(PersonFactory.create(branch=wuxi, role=Role.BRANCH_MANAGER))
    assert stranger.post(url).status_code == 403
    assert ImportProfile.objects.count() == 1
    page = client.post(url, follow=True)
    assert page.redirect_chain == [(reverse("import-new"), 302)]
    assert "已删除列对应关系“旧系统”。" in text_of(page)
    assert not ImportProfile.objects.exists()
    assert ImportRun.objects.get().table == run.table
    assert client.post(url).status_code == 404
