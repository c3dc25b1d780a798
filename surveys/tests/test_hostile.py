"""What customers and colleagues may write runs nowhere: pages, files, documents (B-05, B-12)."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from complaints.models import DissatisfiedItem
from csm.kit import clock
from customers.factories import CustomerFactory
from organisation.actions import tokens
from organisation.factories import PersonFactory, tree
from organisation.models import PublicLink, Role
from surveys import factories
from surveys.models import Diagnosis

pytestmark = pytest.mark.django_db
EVIL = '=HYPERLINK("//x")<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}'
ASKED: tuple[dict[str, Any], ...] = (
    {**factories.SHORT[0], "text": EVIL, "text_en": EVIL, "with_importance": True},
    {
        "key": "what",
        "kind": "multiple",
        "text": EVIL,
        "hint": EVIL,
        "options": [{"key": "late", "text": EVIL}, {"key": "broken", "text": "@SUM(1)"}],
    },
    {"key": "wish", "kind": "text", "text": EVIL},
)


def test_b05_b12_what_is_written_runs_nowhere() -> None:
    places, now = tree(), clock.now()
    edition = factories.edition(places.headquarters, questions=ASKED, name=EVIL, now=now)
    survey = factories.survey(
        places.headquarters, edition=edition, name=EVIL, name_en=EVIL, now=now, method="phone"
    )
    person = PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    given = {"q-what": ["late"], "q-wish": [EVIL + "\x0b\x00"], "importance-total": ["7"]}
    rows = []
    for branch in (places.branch, places.sibling):
        for _each in range(5):
            customer = CustomerFactory.create(name=EVIL[:80], home_branch=branch)
            invited = factories.invitation(survey, branch, now, customer=customer)
            rows.append(factories.answered(invited, now, total=3, why=EVIL, **given))
    waiting = factories.invitation(survey, places.branch, now, call_at=now)
    comment = rows[0].answers.get(question__key="wish")
    tag = reverse("survey-comment-tag", args=[survey.pk, comment.pk])
    assert client.post(tag, {"act": "add", "name": EVIL[:30]}).status_code == 302
    assert client.post(tag, {"act": "add", "name": EVIL}).status_code == 422
    factories.touchpoint(name=EVIL[:60], name_en=EVIL[:60], question_keys=["total"])
    assert client.post(reverse("survey-diagnosis-new", args=[survey.pk])).status_code == 302
    made = Diagnosis.objects.get()
    texts = {"version": made.version, "level": EVIL + "\x0b", "text-1": EVIL}
    assert client.post(reverse("survey-diagnosis", args=[made.pk]), texts).status_code == 302
    item = DissatisfiedItem.objects.earliest("pk")
    of_survey = [f"survey-{name}" for name in ("results", "comments", "responses", "drivers")]
    of_survey += ["survey", "survey-diagnoses", "survey-calls"]
    sheets = PublicLink.objects.filter(invitation__in=(waiting, rows[0].invitation))
    pages = [
        *(reverse(name, args=[survey.pk]) for name in of_survey),
        f"{reverse('survey-comments', args=[survey.pk])}?search=HYPERLINK&tag={EVIL[:9]}",
        reverse("survey-response", args=[rows[0].pk]),
        reverse("survey-diagnosis", args=[made.pk]),
        reverse("survey-call", args=[waiting.pk]),
        reverse("survey-enter", args=[waiting.pk]),
        reverse("customer-surveys", args=[rows[0].customer_id]),
        reverse("dissatisfied-item", args=[item.pk]),
        reverse("item-answer", args=[item.pk]),
        reverse("survey-journey"),
        reverse("surveys"),
        *(f"{tokens.path_of(link)}?change=1" for link in sheets),
    ]
    for page in pages:
        answer = client.get(page)
        text = answer.content.decode()
        assert (page, answer.status_code) == (page, 200)
        assert (page, text.count("<script>alert"), text.count("<img src=x")) == (page, 0, 0)
        assert "HYPERLINK(&quot;//x&quot;)&lt;script&gt;" in text, page

    export = reverse("survey-results-export", args=[survey.pk])
    lines = list(csv.reader(io.StringIO(file_of(client, export, "csv").decode("utf-8-sig"))))
    written = [cell for line in lines for cell in line]
    assert f"'{EVIL}" in written
    assert "'@SUM(1)" in written
    assert not [cell for cell in written if cell.startswith(("=", "@"))]
    book = load_workbook(io.BytesIO(file_of(client, export, "xlsx")))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert EVIL in [cell.value for cell in cells]
    assert not {cell.data_type for cell in cells} & {"f", "e"}
    paper = client.get(reverse("survey-diagnosis-document", args=[made.pk]))
    document = Document(io.BytesIO(b"".join(paper.streaming_content)))  # type: ignore[attr-defined]
    assert EVIL in [paragraph.text for paragraph in document.paragraphs]


def file_of(client: Client, export: str, form: str) -> bytes:
    answer: Any = client.post(export, {"form": form, "query": ""})
    return b"".join(answer.streaming_content)
