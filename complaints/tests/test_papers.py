"""Documents for Word: what stands in them, whose they are, whose template they are made of."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from complaints import order_documents
from complaints.actions import document_templates, papers
from complaints.actions.order_rows import Analysis, Proof
from complaints.background import RUNNERS
from complaints.documents import defaults
from complaints.documents.kinds import DOCUMENTS
from complaints.factories import (
    PLAN,
    SECTIONS,
    ComplaintFactory,
    WorkOrderFactory,
    quality_manager,
)
from complaints.models import (
    Accountability,
    Complaint,
    DocumentTemplate,
    PaperKind,
    WorkOrder,
)
from complaints.notice_factories import NoticeFactory
from csm.kit import docx
from csm.kit.docx import Plain
from csm.kit.errors import Refused
from csm.tests.race import race
from csm.tests.word_files import (
    OFFICE,
    made,
    printed_by_office,
    text_of,
    texts_of,
    upload,
)
from customers.actions.customers import Caller
from customers.factories import CustomerFactory
from customers.models import Kind
from organisation.actions import jobs
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Job, JobFile, Person, Role, StoredFile

pytestmark = pytest.mark.django_db
PHONE = "13812348000"
HOSTILE = "<b>&amp;{{ 7*7 }}{% x %}</w:t></w:p>\x07\x01"
COURSE, CAUSE = SECTIONS["course"][0].text, SECTIONS["causes"][0].text
RECORD = SECTIONS["causes"][0].evidence[0].text
RELIEF = SECTIONS["emergency_measures"][0].text
SETTINGS = "/settings/templates/work_order/"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, language="zh-hans")


@pytest.fixture
def admin(company: Tree) -> Person:
    return PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR, language="en")


@pytest.fixture
def order(company: Tree, handler: Person) -> WorkOrder:
    return ordered(company, handler)


def ordered(company: Tree, handler: Person, **more: Any) -> WorkOrder:
    complaint = ComplaintFactory.create(
        branch=company.branch,
        handler=handler,
        until="handling",
        customer=CustomerFactory.create(
            name="徐州矿山装备", kind=Kind.COMPANY, home_branch=company.branch
        ),
        caller=Caller("刘大伟", PHONE),
    )
    given = {"until": "confirmed", "effect_report": "已提前告知。"} | more
    return WorkOrderFactory.create(complaint=complaint, filler=handler, **given)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def word_of(response: Any) -> str:
    return text_of(content_of(response))


def content_of(response: Any) -> bytes:
    assert response.status_code == 200, response.content[:300]
    assert response["Content-Type"] == papers.DOCX
    assert response["Cache-Control"] == "private, no-store"
    return b"".join(response)


def paths(shape: Any, before: str = "") -> Iterator[str]:
    for name, inner in shape.items():
        yield before + name
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield from paths(inner[0], f"{before}{name}.")


def test_c15_an_order_in_word_says_all_of_it_in_chinese(order: WorkOrder, handler: Person) -> None:
    content = content_of(browser(handler).get(f"/work-orders/{order.pk}/document/"))
    text, complaint = text_of(content), order.links.get().complaint
    for words in (
        *(str(order.number), complaint.number, "整改工作单", "徐州矿山装备", "刘**", "138****8000"),
        *(order.title_subject, COURSE, CAUSE, RECORD, RELIEF),
        *(order.place, order.involved, *(each.text for each in PLAN), "2030-01-31"),
        *(order.effect_report, order.guidance, "按时完成", "整改责任人 签字 / 日期"),
    ):
        assert words in text
    assert PHONE not in text
    assert "{" not in text
    assert AccessRecord.objects.get(what="document").reference == f"work_order {order.pk}"
    assert word_of(browser(handler).get(f"/api/v1/work-orders/{order.pk}/document/")) == text
    if OFFICE:
        pages = texts_of(printed_by_office(content))
        for words in ("整改工作单", "徐州矿山装备", "138****8000"):
            assert words in pages[0]
        for number, page in enumerate(pages, 1):
            assert f"{number} / {len(pages)}" in page
            assert str(order.number) in page


def test_c04_c15_the_sheet_of_a_complaint_has_cause_measures_and_verdicts(
    order: WorkOrder, handler: Person
) -> None:
    complaint = order.links.get().complaint
    text = word_of(browser(handler).get(f"/complaints/{complaint.number}/document/"))
    for words in (
        *(complaint.number, complaint.subject, complaint.description, str(order.number)),
        *(CAUSE, PLAN[0].text, order.effect_report, "138****8000", "按时完成"),
    ):
        assert words in text
    assert PHONE not in text


def test_c11_c15_a_notice_in_word_names_its_branches_and_no_insider(company: Tree) -> None:
    notice = NoticeFactory.create(addressees=[company.branch, company.sibling], until="published")
    reader = PersonFactory.create(branch=company.sibling, role=Role.HANDLER, language="zh-hans")
    text = word_of(browser(reader).get(f"/notices/{notice.pk}/document/"))
    page = browser(reader).get(f"/notices/{notice.pk}/print/").content.decode()
    for shown in (text, page):
        assert str(notice.number) in shown
        assert notice.title in shown
        assert notice.text in shown
        assert f"{company.branch.name}、{company.sibling.name}" in shown.replace(", ", "、")
        assert "品质管理员 签字 / 日期" in shown
    assert quality_manager().name not in text.replace("品质管理员 签字", "")


def test_c28_w06_who_answers_stands_on_order_and_sheet(order: WorkOrder, handler: Person) -> None:
    given = {"party": "person", "person": handler, "what": "未移交清单", "consequence": "扣 2 分"}
    Accountability.objects.create(work_order=order, created_at=order.created_at, **given)
    complaint = order.links.get().complaint
    for path in (f"work-orders/{order.pk}", f"complaints/{complaint.number}"):
        text = word_of(browser(handler).get(f"/{path}/document/"))
        page = browser(handler).get(f"/{path}/print/").content.decode()
        for words in (handler.name, "未移交清单", "扣 2 分"):
            assert words in text
            assert words in page


def test_b02_the_sheet_keeps_the_order_from_those_who_may_not_see_it(company: Tree) -> None:
    """A branch that only took the complaint in sees what was said, not the work of the other."""
    handler = PersonFactory.create(branch=company.branch, role=Role.HANDLER)
    order = ordered(company, handler)
    complaint = order.links.get().complaint
    Complaint.objects.filter(pk=complaint.pk).update(intake_branch=company.sibling)
    outsider = PersonFactory.create(branch=company.sibling, role=Role.FRONT_DESK)
    text = word_of(browser(outsider).get(f"/complaints/{complaint.number}/document/"))
    page = browser(outsider).get(f"/complaints/{complaint.number}/print/").content.decode()
    for shown in (text, page):
        assert complaint.subject in shown
        assert CAUSE not in shown
        assert PLAN[0].text not in shown


def test_b05_hostile_text_is_text_in_every_document(company: Tree, handler: Person) -> None:
    hostile = Analysis("process", HOSTILE, (), (Proof("record", HOSTILE),))
    order = ordered(
        company, handler, until="submitted", causes=(hostile,), title_subject=HOSTILE[:60]
    )
    complaint = order.links.get().complaint
    Complaint.objects.filter(pk=complaint.pk).update(subject=HOSTILE, description=HOSTILE)
    plain = "<b>&amp;{{ 7*7 }}{% x %}</w:t></w:p>"
    client = browser(handler)
    for path in (f"work-orders/{order.pk}", f"complaints/{complaint.number}"):
        text = word_of(client.get(f"/{path}/document/"))
        assert plain in text
        assert not set("\x07\x01") & set(text)
        page = client.get(f"/{path}/print/").content.decode()
        assert "<b>&amp;" not in page
        assert "&lt;b&gt;&amp;amp;{{ 7*7 }}" in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", PaperKind.values)
def test_every_kind_has_a_template_an_example_and_words_for_its_fields(
    kind: str, language: str
) -> None:
    known = DOCUMENTS[kind]
    assert sorted(known.fields) == sorted(paths(known.example))
    with translation.override(language):
        docx.check(defaults.template(kind), known.example)


def test_the_values_of_an_order_have_the_shape_of_its_example(
    order: WorkOrder, handler: Person, now: datetime
) -> None:
    assert_shape(DOCUMENTS["work_order"], order, handler, now)
    assert_shape(DOCUMENTS["complaint"], order.links.get().complaint, handler, now)
    notice = NoticeFactory.create(addressees=[order.branch], until="withdrawn")
    assert_shape(DOCUMENTS["notice"], notice, handler, now)


def assert_shape(known: Any, record: Any, by: Person, now: datetime) -> None:
    values: dict[str, Plain] = known.values(record, by=by, now=now)
    assert set(paths(values)) <= set(known.fields)
    assert values.keys() == known.example.keys()


def test_a_document_costs_the_same_queries_for_a_long_order(
    company: Tree, order: WorkOrder, handler: Person
) -> None:
    parts = ("course", "causes", "emergency_measures")
    long = ordered(company, handler, **{name: SECTIONS[name] * 20 for name in parts})
    client = browser(handler)

    def queries(of: WorkOrder) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/work-orders/{of.pk}/print/").status_code == 200
        return len(asked)

    queries(order)
    assert queries(long) == queries(order) <= 19


# Templates of the company's own.


def replaced(admin: Person, content: bytes, name: str = "own.docx") -> Any:
    return browser(admin).post(SETTINGS, {"file": upload(content, name)})


def test_a_template_of_the_company_takes_the_place_of_ours(
    order: WorkOrder, handler: Person, admin: Person
) -> None:
    assert replaced(admin, made("我司格式 {{ number }} {{ phone }}")).status_code == 302
    text = word_of(browser(handler).get(f"/work-orders/{order.pk}/document/"))
    assert f"我司格式 {order.number} 138****8000" in text
    assert replaced(admin, made("第二版 {{ number }}")).status_code == 302
    assert DocumentTemplate.objects.filter(replaced_at=None).count() == 1
    assert DocumentTemplate.objects.count() == 2
    text = word_of(browser(handler).get(f"/work-orders/{order.pk}/document/"))
    assert f"第二版 {order.number}" in text
    assert browser(admin).post(f"{SETTINGS}reset/").status_code == 302
    assert "第二版" not in word_of(browser(handler).get(f"/work-orders/{order.pk}/document/"))
    assert StoredFile.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (made("one", "{{ nubmer }}"), "own.docx", "Line 2 “{{ nubmer }}”: there is no field"),
        (made("{% for x in causes %}"), "own.docx", "this cannot be read"),
        (b"just text", "own.docx", "This is no Word document"),
        (made("{{ number }}"), "own.docm", "was not added"),
        (b"", "own.docx", "The file is empty."),
    ],
)
def test_a_broken_template_is_refused_and_nothing_changes(
    admin: Person, content: bytes, name: str, words: str
) -> None:
    replaced(admin, made("{{ number }}"))
    response = replaced(admin, content, name)
    assert response.status_code == 422
    assert words in response.content.decode().replace("&#x27;", "'")
    assert DocumentTemplate.objects.count() == StoredFile.objects.count() == 1
    assert document_templates.active("work_order") is not None
    tried = browser(admin).post(f"{SETTINGS}try/", {"file": upload(content, "own.docx")})
    assert tried.status_code == (200 if name.endswith("m") else 422)


def test_a_template_is_tried_without_being_kept(admin: Person) -> None:
    given = {"file": upload(made("试用 {{ customer }}"))}
    assert "试用 徐州矿山装备" in word_of(browser(admin).post(f"{SETTINGS}try/", given))
    assert not StoredFile.objects.exists()
    for what in ("file", "default", "example"):
        word_of(browser(admin).get(f"{SETTINGS}{what}/"))


def test_only_the_headquarters_replaces_templates(company: Tree, now: datetime) -> None:
    local = PersonFactory.create(branch=company.region, role=Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        document_templates.replace(
            kind="work_order", upload=upload(made("x")), by=local, now=now
        )  # fmt: skip
    assert not DocumentTemplate.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_templates_uploaded_at_once_one_is_active(now: datetime) -> None:
    places = tree()
    admin = PersonFactory.create(branch=places.headquarters, role=Role.ADMINISTRATOR)

    def put(number: int) -> None:
        document_templates.replace(
            kind="notice",
            upload=upload(made(f"{number} {{{{ number }}}}")),
            by=admin,
            now=now + timedelta(seconds=number),
        )

    race(lambda: put(1), lambda: put(2))
    active = document_templates.active("notice")
    assert active is not None
    assert DocumentTemplate.objects.filter(kind="notice", replaced_at=None).count() == 1
    assert StoredFile.objects.count() == DocumentTemplate.objects.count()


# All that match, by a job.


def test_all_orders_that_match_become_one_file(
    company: Tree, order: WorkOrder, handler: Person, now: datetime
) -> None:
    second = ordered(company, handler, until="submitted")
    ordered(company, handler, until="draft")
    client = browser(handler)
    response = client.post("/work-orders/documents/", {"query": "status=submitted"})
    assert response.status_code == 302
    job = Job.objects.get()
    assert response["Location"] == f"/jobs/{job.pk}/"
    assert jobs.run_due(runners=RUNNERS, now=now) == 1
    job.refresh_from_db()
    assert (job.state, job.total, job.result) == ("done", 1, {"documents": 1})
    file = JobFile.objects.get().file
    assert file.expires_at is not None
    with file.content.open("rb") as content, zipfile.ZipFile(content) as packed:
        [name] = packed.namelist()
        assert str(second.number) in name
        assert str(second.number) in text_of(packed.read(name))
    fetched = client.get(f"/jobs/{job.pk}/files/{file.pk}/")
    assert zipfile.is_zipfile(io.BytesIO(b"".join(fetched)))


def test_too_many_orders_or_none_are_refused(
    handler: Person, order: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(handler)
    assert client.post("/work-orders/documents/", {"query": "status=draft"}).status_code == 409
    monkeypatch.setattr(order_documents, "MOST", 0)
    assert client.post("/work-orders/documents/").status_code == 409
    assert not Job.objects.exists()


def test_b25_the_orders_of_others_become_no_documents(
    company: Tree, order: WorkOrder, handler: Person, now: datetime
) -> None:
    neighbour = PersonFactory.create(branch=company.sibling, role=Role.HANDLER)
    assert browser(neighbour).post("/work-orders/documents/").status_code == 409
    browser(handler).post("/work-orders/documents/")
    handler.postings.all().delete()
    jobs.run_due(runners=RUNNERS, now=now)
    assert Job.objects.get().state == "failed"
    assert not JobFile.objects.exists()
