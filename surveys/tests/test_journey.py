"""The journey map: what feeds it, what it hides, and who draws it (S-14, S-15)."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from complaints.factories import CategoryFactory, ComplaintFactory
from csm.kit import clock
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories
from surveys.models import Touchpoint
from surveys.results.journey import Journey, Stop, journey

pytestmark = pytest.mark.django_db
QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "key": "phone",
        "kind": "csat5",
        "text": "热线",
        "with_expectation": True,
        "threshold": 3,
    },
    {"key": "solved", "kind": "ces", "text": "省力"},
)


@pytest.fixture
def places() -> Tree:
    return tree()


@pytest.fixture
def person(places: Tree) -> Person:
    return PersonFactory.create(branch=places.headquarters, role=Role.QUALITY_MANAGER)


def stops(found: Journey) -> dict[str, Stop]:
    return {stop.touchpoint.name: stop for stage in found.stages for stop in stage.stops}


def test_s14_s15_answers_and_complaints_feed_the_map(places: Tree, person: Person) -> None:
    now: datetime = clock.now()
    edition = factories.edition(places.headquarters, questions=QUESTIONS)
    survey = factories.survey(places.headquarters, edition=edition)
    # Five at 2 of 5 (25 of 100), who expected 4 of 7 (50 of 100); five at 7 of 7 (100).
    factories.responses(survey, places.branch, now, [{"phone": {"value": 2, "expectation": 4}}] * 5)
    factories.responses(survey, places.sibling, now, [{"solved": 7}] * 5)
    above = CategoryFactory.create(code="service")
    below = CategoryFactory.create(code="rude", parent=above)
    ComplaintFactory.create(branch=places.branch, category=below)
    hotline = factories.touchpoint(question_keys=["phone"])
    hotline.categories.add(above)
    factories.touchpoint(
        leg="after_sale",
        name="解决",
        moment="problem_solving",
        weight=1,
        question_keys=["solved"],
    )
    later = clock.now()
    found = journey(person, now=later)
    seen = stops(found)
    first = seen["热线"]
    assert (first.n, first.experience, first.expectation) == (5, 25, 50)
    assert (first.gap, first.low, first.complaints) == (-25, 5, 1)
    assert seen["解决"].experience == 100
    # Weights 3 and 1: (3·25 + 100) / 4.
    assert found.experience == pytest.approx(43.75)
    assert [stop.touchpoint.name for stop in found.worst] == ["热线"]
    # The neighbour sees their own answers, and not the complaint of Wuxi.
    neighbour = PersonFactory.create(branch=places.sibling, role=Role.HANDLER)
    others = stops(journey(neighbour, now=later))
    assert (others["热线"].n, others["热线"].complaints) == (0, 0)
    assert others["解决"].experience == 100
    # F-22: four are too few.
    edition.questions.filter(key="solved").get().answers.first().delete()  # type: ignore[union-attr]
    assert stops(journey(person, now=later))["解决"].experience is None


def test_the_map_is_drawn_by_who_may(places: Tree, person: Person, now: datetime) -> None:
    factories.edition(places.headquarters, questions=QUESTIONS, now=now)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    address = reverse("survey-touchpoint-new")
    # An empty map says what it is for, and questions are chosen by their words.
    assert "No touchpoint yet" in client.get(reverse("survey-journey")).content.decode()
    assert 'value="solved"' in client.get(address).content.decode()
    good = {
        "leg": "buy",
        "name": "签约",
        "position": 1,
        "weight": 2,
        "question_keys": ["phone", "solved"],
    }
    for wrong in (
        {"weight": 6},
        {"question_keys": ["phone", "nothing"]},
        {"leg": "x"},
        {"name": ""},
    ):
        response = client.post(address, good | wrong)
        assert response.status_code == 422
        assert not Touchpoint.objects.exists()
    assert client.post(address, good).status_code == 302
    made = Touchpoint.objects.get()
    assert (made.question_keys, made.changed_by) == (["phone", "solved"], person)
    assert client.post(address, good).status_code == 422  # the name is taken
    text = re.sub(r"<[^>]+>", " ", client.get(reverse("survey-journey")).content.decode())
    assert "签约" in text
    assert client.get(reverse("survey-journey"), {"period": "2026-W01"}).status_code == 200
    one = reverse("survey-touchpoint", args=[made.pk])
    assert client.post(one, good | {"name": "合同"}).status_code == 302
    made.refresh_from_db()
    assert made.name == "合同"
    client.force_login(PersonFactory.create(branch=places.region, role=Role.QUALITY_MANAGER))
    assert client.post(reverse("survey-touchpoint-delete", args=[made.pk])).status_code == 403
    assert Touchpoint.objects.count() == 1
    client.force_login(person)
    assert client.post(reverse("survey-touchpoint-delete", args=[made.pk])).status_code == 302
    assert not Touchpoint.objects.exists()
