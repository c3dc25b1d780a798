"""Weekly and monthly reports: the same numbers everywhere, sent once (C-14, R-01, R-02, U-14)."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail as mailbox
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document
from lxml import html
from openpyxl import load_workbook

from complaints.actions import accountability, improvements
from complaints.actions.accountability import Line
from complaints.factories import CategoryFactory, WorkOrderFactory
from complaints.models import (
    Category,
    Complaint,
    Event,
    Improvement,
    OrderComplaint,
    Party,
    Status,
    WorkOrder,
)
from csm.kit import clock
from csm.kit.errors import Forbidden
from csm.tests.race import race
from customers.factories import CustomerFactory
from organisation.actions import delivery, jobs, people
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Job, Message, Person, Role
from reports import standings
from reports.actions import periods, subscriptions
from reports.background import RUNNERS
from reports.documents import building, loops, mail
from reports.documents.cells import Report
from reports.models import FrozenRanking, ReportSubscription, SentReport
from reports.tests.histories import CLOSING, DAY, DUE, HOUR, MONDAY, all_four, history
from staff import outcomes

pytestmark = pytest.mark.django_db
WEEK, MONTH, EMPTY = "2026-W46", "2026-11", "2026-W30"
PARTIAL = re.compile(r"\s*\(\d[\d,]*\).*$")


@dataclass
class Office:
    """A week with complaints at two branches, an order with lines, a topic and a course."""

    company: Tree
    executive: Person
    manager: Person

    def client(self, person: Person, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(person)
        return client


@pytest.fixture
def office() -> Office:
    company = tree()
    category = CategoryFactory.create()
    for _number in range(4):
        history(company.branch, all_four("met"), category=category)
    for _number in range(6):
        history(company.sibling, {**all_four("breached"), "apology": "met"}, category=category)
    history(company.child, {"result": "void"}, status=Status.INVALID)
    for branch in (company.branch, company.sibling):
        order = WorkOrderFactory.create(branch=branch, until="submitted", now=DUE)
        writer = order.submitted_by
        assert writer is not None
        improvements.request(
            order=order, kind="qc_topic", title="=夜间装卸", reason="重复三次", by=writer, now=DUE
        )
        improvements.request(
            order=order, kind="course", title="道歉话术", reason="不熟练", by=writer, now=DUE
        )
        lines = [Line(party=Party.PERSON, person=writer.pk, what="漏装", consequence="+书面检讨")]
        accountability.replace(order, lines, by=writer, now=DUE)
    return Office(
        company,
        PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE, language=""),
        PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER, language=""),
    )


def report(key: str, person: Person) -> Report:
    found = building.facts(standings.period_of(key), now=clock.now())
    return building.report(found, person)


def words(found: Report) -> dict[str, list[list[str]]]:
    return {
        section.name: [[cell.words for cell in line.cells] for line in section.lines]
        for section in found.sections
    }


def on_page(text: str, found: Report) -> dict[str, list[list[str]]]:
    """The tables of the page, which is also what is printed; labels of the phone left out."""
    tree_ = html.fromstring(text)
    shown = {}
    for section in found.sections:
        rows = tree_.xpath(f'//table[@aria-labelledby="{section.name}"]/tbody/tr')
        shown[section.name] = [[_cell(cell) for cell in row] for row in rows]
    return shown


def _cell(cell: Any) -> str:
    for label in cell.xpath('.//*[contains(@class, "only-phone")]'):
        label.drop_tree()
    return PARTIAL.sub("", cell.text_content().strip())


def in_word(content: bytes, found: Report) -> dict[str, list[list[str]]]:
    """The tables of the document, in the order of the sections that have lines."""
    tables = iter(Document(io.BytesIO(content)).tables[1:])
    shown = {}
    for section in found.sections:
        rows = list(next(tables).rows)[1:] if section.lines else []
        shown[section.name] = [[cell.text for cell in row.cells] for row in rows]
    return shown


def in_excel(content: bytes, found: Report) -> list[list[list[Any]]]:
    """The lines of each sheet, below which its definitions stand."""
    book = load_workbook(io.BytesIO(content))
    shown = []
    for sheet, section in zip(book.worksheets[1:], found.sections, strict=True):
        rows: Sequence[Any] = list(sheet.iter_rows(min_row=2, values_only=True))
        shown.append([[plain(value) for value in row] for row in rows[: len(section.lines)]])
        below = [row[0] for row in rows[len(section.lines) :]]
        assert below[-len(section.definitions) :] == list(section.definitions)
    return shown


def plain(value: Any) -> Any:
    """A file keeps 15 digits or more."""
    if isinstance(value, float):
        return round(value, 12)
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return value if value != "" else None


def values(found: Report) -> list[list[list[Any]]]:
    return [
        [[plain(cell.value) for cell in line.cells] for line in section.lines]
        for section in found.sections
    ]


def by_program(answer: dict[str, Any]) -> list[list[list[Any]]]:
    return [
        [[plain(line[column["name"]]) for column in part["columns"]] for line in part["lines"]]
        for part in answer["sections"]
    ]


def file(client: Client, key: str, form: str) -> bytes:
    answer = client.post(f"/reports/{key}/file/", {"form": form})
    assert answer.status_code == 200
    return b"".join(answer)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_u14_page_print_excel_word_mail_and_api_say_the_same(office: Office, language: str) -> None:
    periods.close(period=WEEK, now=CLOSING, by=None)
    for person in (office.executive, office.manager):
        client = office.client(person, language)
        for key in (WEEK, MONTH, EMPTY):
            with translation.override(language):
                found = report(key, person)
                said, mailed = words(found), mail.words(found)
            assert on_page(client.get(f"/reports/{key}/").content.decode(), found) == said
            assert in_word(file(client, key, "docx"), found) == said
            assert in_excel(file(client, key, "xlsx"), found) == values(found)
            assert by_program(client.get(f"/api/v1/reports/{key}/").json()) == values(found)
            if key != EMPTY:
                assert [
                    row for row in said["statistics"] if f"{row[0]} {row[1]}" not in mailed
                ] == []
    assert AccessRecord.objects.filter(what="export-report").count() == 12


def test_c14_figures_are_everybodys_and_lists_what_each_sees(office: Office) -> None:
    whole, part = report(WEEK, office.executive), report(WEEK, office.manager)
    for name in ("statistics", "causes", "effects"):
        assert words(whole)[name] == words(part)[name]
    ranking = [line.cells[:10] for line in whole.section("ranking").lines]
    assert [[cell.words for cell in row] for row in ranking] == [
        row[:10] for row in words(part)["ranking"]
    ]
    figures = {line.key: line.cells[1].value for line in whole.section("statistics").lines}
    # The two orders' complaints have been received, and not been answered, in the same week.
    assert (figures["complaints"], figures["valid"]) == (13, 12)
    company = standings.standing(standings.period_of(WEEK), level="branch", now=clock.now()).company
    assert figures["pooled"] == company["pooled"]["share"] == 0.5
    for name in ("accountability", "qc_topics", "training"):
        assert (whole.section(name).seen, whole.section(name).total) == (2, 2)
        assert (part.section(name).seen, part.section(name).total) == (1, 2)
        assert whole.section(name).visible == ""
        assert part.section(name).visible == "1 of 2 visible to you"
    html_of_all = office.client(office.manager).get(f"/reports/{WEEK}/").content.decode()
    assert html_of_all.count("1 of 2 visible to you") == 3
    assert "Suzhou" not in str(words(part)["qc_topics"])


def test_b12_texts_of_a_report_stay_texts(office: Office) -> None:
    """Also in Word, where braces and angle brackets are no fields and no marks."""
    Improvement.objects.filter(kind="qc_topic").update(reason="{{ company }} <w:p>\x0b")
    client = office.client(office.executive)
    sheet = load_workbook(io.BytesIO(file(client, WEEK, "xlsx")))["QC topics"]
    assert [sheet.cell(2, 2).data_type, sheet.cell(2, 2).value] == ["s", "=夜间装卸"]
    tables = Document(io.BytesIO(file(client, WEEK, "docx"))).tables
    texts = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert texts.count("{{ company }} <w:p>") == 2


def copied(order: WorkOrder, **given: Any) -> WorkOrder:
    """Another order like it, written as an import would."""
    fields = {field.attname for field in WorkOrder._meta.concrete_fields} - {"id", "number"}
    same = {name: getattr(order, name) for name in fields} | given
    return WorkOrder(**same, number=f"问字{same['sequence']}")


def test_f19_36_orders_29_confirmed_the_first_time_3_recurred(office: Office) -> None:
    """The worked figures of F-19: 80.56 %, 8.33 %."""
    week = standings.period_of(WEEK)
    customer = CustomerFactory.create()
    complaint = history(office.company.branch, at=MONDAY)
    Complaint.objects.filter(pk=complaint.pk).update(
        customer=customer, category=Category.objects.all()[0]
    )
    complaint.refresh_from_db()
    order = WorkOrder.objects.filter(branch=office.company.branch).get()
    judge = office.executive
    made = []
    for number in range(72):
        # Half of them confirmed in the week, half 90 days before.
        at = DUE if number < 36 else DUE - 90 * DAY
        made.append(
            copied(
                order,
                status="confirmed",
                sequence=1000 + number,
                created_at=at - (number % 36 + 1) * HOUR,
                confirmed_at=at,
                confirmed_by_id=judge.pk,
                promised_on=(at + (DAY if number % 2 else -DAY)).date() if number % 3 else None,
            )
        )
    rows = WorkOrder.objects.bulk_create(made)
    Event.objects.bulk_create(
        Event(work_order=row, kind="order_returned", at=DUE) for row in rows[:7]
    )
    OrderComplaint.objects.bulk_create(
        OrderComplaint(order=row, complaint=complaint) for row in rows[36:39]
    )
    again = history(office.company.sibling, at=DUE - 30 * DAY, category=complaint.category)
    Complaint.objects.filter(pk=again.pk).update(customer=customer)
    company, branch = loops.loops(week, now=clock.now())
    assert (company.orders, branch.orders, branch.code) == (36, 36, "WX")
    assert (company.first_time["met"], company.first_time["n"]) == (29, 36)
    assert (company.recurred["met"], company.recurred["n"]) == (3, 36)
    assert f"{company.first_time['share']:.4f} {company.recurred['share']:.4f}" == "0.8056 0.0833"
    assert (company.on_date["met"], company.on_date["n"]) == (12, 24)
    assert (company.recurred_so_far, company.hours_open) == (0, 18.5)
    # The scorecards say the same of the same orders.
    found = outcomes.figures(
        "first_time", "branch", [office.company.headquarters.pk], period=week, now=clock.now()
    )
    assert found[office.company.headquarters.pk] == (29.0, 36)
    # What was invalid did not happen, nor what came after 90 days or was of the order itself.
    Complaint.objects.filter(pk=again.pk).update(
        status=Status.MERGED, closed_at=None, merged_into=complaint
    )
    assert loops.loops(week, now=clock.now())[0].recurred["met"] == 0


def subscribed(*people_: Person, kind: str = "week") -> None:
    for person in people_:
        subscriptions.subscribe(kind=kind, by=person, now=DUE)


def sent() -> list[tuple[str, int]]:
    return sorted(SentReport.objects.values_list("period", "person"))


def test_r01_sent_on_monday_at_eight_in_each_ones_language(office: Office) -> None:
    people.change(person=office.manager, by=None, now=DUE, language="zh-hans")
    office.manager.refresh_from_db()
    subscribed(office.executive, office.manager)
    assert subscriptions.send_due(now=CLOSING - timedelta(microseconds=1)) == 0
    assert subscriptions.send_due(now=CLOSING) == 2
    assert [subscriptions.send_due(now=CLOSING + n * HOUR) for n in range(3)] == [0, 0, 0]
    assert sent() == sorted((WEEK, person.pk) for person in (office.executive, office.manager))
    rows = Message.objects.filter(key=f"report:{WEEK}", channel="email")
    assert rows.count() == 2
    delivery.deliver(now=CLOSING)
    letters = {letter.to[0]: str(letter.body) for letter in mailbox.outbox}
    theirs, ours = letters[office.executive.email], letters[office.manager.email]
    assert "周报：2026 年第 46 周" in ours
    assert "On-time share of all clocks" not in ours
    for letter in (theirs, ours):
        assert f"/reports/{WEEK}/" in letter
        assert "2026-11-18 08:00" in letter  # until then it may be disputed
    assert ours.count("可见 1 件，共 2 件") == 3
    # What was sent stays, and each sees their own.
    page = office.client(office.executive, "en").get("/reports/").content.decode()
    assert page.count("See the report") == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        SentReport.objects.update(words="-")


def test_r02_missed_and_late_sweeps_change_nothing(office: Office) -> None:
    """A worker that stood still for three weeks makes up for them; history is no news."""
    subscribed(office.executive)
    subscribed(office.manager, kind="month")
    late = CLOSING + 18 * DAY  # Friday, the fourth of December
    periods.close(period=WEEK, now=late, by=None)
    assert subscriptions.send_due(now=late) == 4
    assert sent() == sorted(
        [(f"2026-W{number}", office.executive.pk) for number in (46, 47, 48)]
        + [(MONTH, office.manager.pk)]
    )
    row = SentReport.objects.get(period=WEEK)
    checksum = FrozenRanking.objects.get(period=WEEK, level="branch").checksum
    assert (row.stage, row.revision, row.checksum) == ("frozen", 1, checksum)
    assert checksum in row.words
    subscriptions.subscribe(kind="week", by=office.manager, now=late)
    assert subscriptions.send_due(now=late) == 0
    assert subscriptions.send_due(now=late + 30 * DAY) == 4 + 4 + 1


def test_r01_who_lost_access_or_unsubscribed_gets_nothing(office: Office) -> None:
    gone = PersonFactory.create(branch=office.company.branch, role=Role.HANDLER)
    moved = PersonFactory.create(branch=office.company.branch, role=Role.HANDLER)
    subscribed(office.executive, office.manager, gone, moved)
    people.change(person=gone, by=None, now=DUE, is_active=False)
    people.change(person=moved, by=None, now=DUE, postings=[(office.company.branch, Role.REVIEWER)])
    client = office.client(office.manager)
    answer = client.post("/reports/subscription/", {"kind": "week", "act": "end"}, follow=True)
    assert "You get no more of these reports." in answer.content.decode()
    assert subscriptions.send_due(now=CLOSING) == 1
    assert sent() == [(WEEK, office.executive.pk)]
    with pytest.raises(Forbidden):
        subscriptions.subscribe(kind="week", by=Person.objects.get(pk=moved.pk), now=CLOSING)
    for _time in range(2):
        client.post("/reports/subscription/", {"kind": "month", "act": "begin"})
    assert ReportSubscription.objects.filter(person=office.manager).get().kind == "month"


@pytest.mark.django_db(transaction=True)
def test_r01_two_sweeps_at_once_send_once() -> None:
    company = tree()
    history(company.branch, all_four("met"))
    readers = [
        PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE) for _n in range(3)
    ]
    subscribed(*readers)
    counts = race(*[lambda: subscriptions.send_due(now=CLOSING)] * 2)
    assert sum(int(str(count)) for count in counts) == 3
    assert sent() == sorted((WEEK, person.pk) for person in readers)
    assert Message.objects.filter(key=f"report:{WEEK}").count() == 6


def test_c14_an_empty_week_reads_well(office: Office) -> None:
    text = office.client(office.executive).get(f"/reports/{EMPTY}/").content.decode()
    assert "No complaint was received and no deadline fell into this week." in text
    for words_ in (
        "No valid complaint was received.",
        "No work order was confirmed in this period.",
        "Nobody was named in this period.",
        "No topic was requested in this period.",
        "No course was requested in this period.",
    ):
        assert words_ in text
    mailed = mail.words(report(EMPTY, office.executive))
    assert "No complaint and no deadline fell into this period." in mailed
    assert "On-time" not in mailed


@pytest.mark.parametrize("key", ["2026-W99", "2099-W01", "nonsense", "2026"])
def test_r01_what_is_no_period_or_lies_ahead_is_not_there(office: Office, key: str) -> None:
    client = office.client(office.executive)
    assert client.get(f"/reports/{key}/").status_code == 404
    assert client.post(f"/reports/{key}/file/", {"form": "xlsx"}).status_code == 404
    assert client.get(f"/api/v1/reports/{key}/").status_code == 404
    assert client.post(f"/reports/{WEEK}/file/", {"form": "pdf"}).status_code == 404
    assert not AccessRecord.objects.exists()


def test_c14_a_long_report_is_made_by_the_worker(office: Office) -> None:
    order = WorkOrder.objects.first()
    assert order is not None
    Improvement.objects.bulk_create(
        Improvement(
            kind="course", order=order, branch=order.branch, title=f"课程 {n}", reason="-",
            requested_at=DUE,
        )
        for n in range(300)
    )  # fmt: skip
    client = office.client(office.executive)
    page = client.get(f"/reports/{WEEK}/").content.decode()
    assert "252 more stand in the file." in page
    answer = client.post(f"/reports/{WEEK}/file/", {"form": "docx"})
    job = Job.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/jobs/{job.pk}/"
    jobs.run_due(runners=RUNNERS, now=clock.now())
    job.refresh_from_db()
    assert (job.state, job.done, job.share) == ("done", job.total, 1.0)
    with job.files.get().file.content.open("rb") as content:
        assert len(Document(content).tables[-1].rows) == 1 + 302


def test_c14_queries_do_not_grow_with_the_lists(office: Office) -> None:
    client = office.client(office.executive)
    client.get(f"/reports/{WEEK}/")

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(f"/reports/{WEEK}/")
        return len(found)

    before = count()
    for order in WorkOrder.objects.all():
        Improvement.objects.bulk_create(
            Improvement(
                kind=kind, order=order, branch=order.branch, title="-", reason="-",
                requested_at=DUE,
            )
            for kind in ("course", "qc_topic")
            for _n in range(20)
        )  # fmt: skip
    assert count() == before
