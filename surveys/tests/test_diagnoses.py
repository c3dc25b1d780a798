"""The diagnosis: drafted from the figures, corrected, finished, on paper (O-10, O-11, S-13)."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from docx import Document

from complaints.actions import order_opening
from complaints.factories import ItemFactory
from csm.kit import clock
from csm.kit.errors import Stale
from csm.tests.race import race
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.actions import diagnoses
from surveys.actions.diagnoses import Entry
from surveys.models import Chapter, Diagnosis, Survey
from surveys.results.reading import Asked

pytestmark = pytest.mark.django_db
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"key": "total", "kind": "total", "text": "总体"},
    {"key": "price", "kind": "csat5", "text": "价格", "driver": "price"},
    {"key": "reply", "kind": "csat5", "text": "响应", "driver": "channel"},
    {"key": "crew", "kind": "csat5", "text": "送货员"},
)
PROBLEM = """
INSERT INTO surveys_diagnosedproblem (diagnosis_id, position, text, breadth, reach)
VALUES (%s, 2, 'x', 'common', 'strategic')
"""


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def person(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


@pytest.fixture
def survey(places: Tree, now: datetime) -> Survey:
    """Prices are bad everywhere, the reply at one branch; the crew is good."""
    edition = factories.edition(places.headquarters, questions=QUESTIONS, now=now)
    made = factories.survey(places.headquarters, edition=edition, now=now)
    for branch, reply in ((places.branch, 1), (places.sibling, 3), (places.child, 4)):
        sheet = {"total": 7, "price": 2, "reply": reply, "crew": 5}
        factories.responses(made, branch, now, [sheet] * 6)
    return made


def test_o10_the_document_has_charts_and_the_table_of_each(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    sheet = {"total": 10, "price": 1, "reply": 1, "crew": 1}
    factories.responses(survey, places.branch, now - timedelta(days=40), [sheet] * 8)
    made = draft(survey, person, now)
    client = signed_in(person)
    response = client.get(reverse("survey-diagnosis-document", args=[made.pk]))
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    with ZipFile(BytesIO(content)) as file:
        drawn = [
            ElementTree.fromstring(file.read(name))
            for name in sorted(file.namelist())
            if name.startswith("word/charts/")
        ]
    values = [[each.text for each in root.iterfind(f".//{C}val//{C}v")] for root in drawn]
    assert values == [
        ["1", "0"],  # October, November: satisfied with the whole
        ["0.571429", "0", "0"],  # by branch
        [*"000000", "0", "0.692308", *"00", "0.307692"],  # how the marks are spread
    ]
    document = Document(BytesIO(content))
    assert not [row for row in document.paragraphs if "⟦" in row.text]
    tables = [
        [[cell.text for cell in row.cells] for row in table.rows] for table in document.tables
    ]
    assert [["Month", "Satisfied"], ["October 2026", "100.0%"], ["November 2026", "0.0%"]] in tables
    assert ["7", "69.2% (n = 18)"] in tables[-1]


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def draft(survey: Survey, person: Person, now: datetime) -> Diagnosis:
    return diagnoses.draft(asked=Asked(survey, person), by=person, now=now)


def test_o10_o11_a_draft_says_what_the_figures_say(
    survey: Survey, person: Person, now: datetime
) -> None:
    made = draft(survey, person, now)
    texts = {part.chapter: part.text for part in made.parts.all()}
    assert texts["level"].startswith("18 complete answers.\nSatisfied: 0.0% (interval 0.0% to")
    assert texts["strengths"].startswith("送货员: 100.0%")
    assert [line.split(":")[0] for line in texts["problems"].split("\n")] == [
        "价格",
        "总体",
        "响应",
    ]
    sorted_out = {row.text: (row.breadth, row.reach) for row in made.problems.all()}
    assert sorted_out == {
        "价格": ("common", "strategic"),
        "总体": ("common", "tactical"),
        "响应": ("common", "tactical"),
    }
    assert draft(survey, person, now) == made


def test_o10_the_causes_are_those_of_the_orders(
    survey: Survey, places: Tree, person: Person, now: datetime
) -> None:
    answer = survey.responses.earliest("pk").answers.get(question__key="price")
    item = ItemFactory.create(branch=places.branch, by=person)
    answer.dissatisfied_item = item
    answer.save(update_fields=["dissatisfied_item"])
    order = order_opening.open_for_item(item=item, by=person, now=now)
    order.causes.create(position=1, text="报价单看不懂")
    texts = {part.chapter: part.text for part in draft(survey, person, now).parts.all()}
    assert "报价单看不懂 (work orders: 1)" in texts["causes"]


def test_a_draft_is_corrected_finished_and_printed(
    survey: Survey, person: Person, now: datetime
) -> None:
    client = signed_in(person)
    assert client.post(reverse("survey-diagnosis-new", args=[survey.pk])).status_code == 302
    made = Diagnosis.objects.get()
    address = reverse("survey-diagnosis", args=[made.pk])
    page = client.get(address).content.decode()
    assert "价格" in page
    given = {
        "version": made.version,
        "level": "尚可 <b>",
        "text-1": "=价格偏高",
        "breadth-1": "common",
        "reach-1": "strategic",
    }
    assert client.post(address, given | {"breadth-1": "huge"}).status_code == 422
    assert made.problems.count() == 3
    assert client.post(address, given).status_code == 302
    assert [(row.text, row.reach) for row in made.problems.all()] == [("=价格偏高", "strategic")]
    assert client.post(address, given).status_code == 409  # the version is an old one
    with pytest.raises(Stale):
        diagnoses.save(
            diagnosis=Diagnosis.objects.get(),
            texts={},
            problems=[Entry("x", "single", "tactical")],
            by=person,
            now=now,
            version=1,
        )
    assert client.post(reverse("survey-diagnosis-finish", args=[made.pk])).status_code == 302
    made = Diagnosis.objects.get()
    assert (made.status, made.finished_by) == ("finished", person)
    assert client.post(address, given | {"version": made.version}).status_code == 409
    # Nor past the application.
    part, problem = made.parts.get(chapter="level"), made.problems.get()
    for statement, key in (
        (
            "UPDATE surveys_diagnosis SET version = 99 WHERE id = %s",
            made.pk,
        ),
        ("DELETE FROM surveys_diagnosis WHERE id = %s", made.pk),
        ("UPDATE surveys_diagnosispart SET text = 'x' WHERE id = %s", part.pk),
        ("DELETE FROM surveys_diagnosispart WHERE id = %s", part.pk),
        ("UPDATE surveys_diagnosedproblem SET position = 9 WHERE id = %s", problem.pk),
        (PROBLEM, made.pk),
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [key])
    assert made.parts.get(chapter="level").text == "尚可 <b>"
    response = client.get(reverse("survey-diagnosis-document", args=[made.pk]))
    paper = Document(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "尚可 <b>" in words
    assert "=价格偏高" in cells
    assert "Strategic" in cells
    assert "0.0%" in cells
    assert clock.now() > now


def test_o10_of_eight_drafts_at_once_one_is_made(transactional_db: None, now: datetime) -> None:
    places = tree()
    survey = factories.survey(places.headquarters, now=now)
    factories.responses(survey, places.branch, now, [{"total": 3}] * 8)
    people = [
        PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)
        for _each in range(8)
    ]
    made = race(*(lambda who=who: draft(survey, who, now).pk for who in people))
    [row] = Diagnosis.objects.all()
    assert set(made) == {row.pk}
    assert row.parts.count() == len(Chapter)
    # Finished and corrected at once: either the correction is in it, or it was refused.
    texts = {str(chapter): "x" for chapter in Chapter}

    def finish() -> str:
        held = Diagnosis.objects.get(pk=row.pk)
        diagnoses.finish(diagnosis=held, by=people[0], now=now, version=row.version)
        return "finished"

    def save() -> str:
        held = Diagnosis.objects.get(pk=row.pk)
        diagnoses.save(
            diagnosis=held, texts=texts, problems=[], by=people[1], now=now, version=row.version
        )
        return "saved"

    told = race(finish, save)
    assert sum(isinstance(each, str) for each in told) == 1
    row.refresh_from_db()
    assert (row.status == "finished") == (told[0] == "finished")
    assert row.parts.filter(text="x").exists() == (told[1] == "saved")


def test_a_month_that_is_none_is_not_diagnosed(survey: Survey, person: Person) -> None:
    address = reverse("survey-diagnosis-new", args=[survey.pk])
    assert signed_in(person).post(address, {"period": "soon"}).status_code == 409
    assert not Diagnosis.objects.exists()
