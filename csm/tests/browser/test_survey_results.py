"""Results of a survey in the browser: charts beside equal tables, nothing for axe to find."""

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from csm.kit import clock
from csm.tests.browser.conftest import DESK, PHONE, Company, SignIn
from csm.tests.browser.test_every_page import faults
from surveys import factories
from surveys.actions import diagnoses
from surveys.models import Survey
from surveys.results.reading import Asked

ITEMS = {
    "ontime": ("送达准时", "On-time delivery", 6, 5),
    "safety": ("货物安全", "Safety of goods", 7, 6),
    "reply": ("异常响应", "Answer to troubles", 6, 4),
    "manner": ("服务态度", "Manner of staff", 5, 6),
    "price": ("价格", "Price", 6, 5),
}
QUESTIONS: tuple[dict[str, Any], ...] = (
    *factories.SHORT,
    {"key": "effort", "kind": "ces", "text": "办事省力", "text_en": "It was easy"},
    {
        "key": "parts",
        "kind": "matrix",
        "text": "各方面",
        "text_en": "The parts",
        "dimension": "reliability",
        "with_importance": True,
        "with_expectation": True,
        "items": [
            {"key": key, "text": zh, "text_en": en} for key, (zh, en, _w, _own) in ITEMS.items()
        ],
    },
    {
        "key": "way",
        "kind": "single",
        "text": "最常用的渠道",
        "text_en": "Usual channel",
        "options": [
            {"key": "app", "text": "小程序", "text_en": "App"},
            {"key": "phone", "text": "热线电话", "text_en": "Phone"},
        ],
    },
)


@pytest.fixture
def survey(company: Company) -> Survey:
    """Four months of answers from two branches, two tiers."""
    top, now = company.tree.headquarters, clock.now()
    edition = factories.edition(top, questions=QUESTIONS, now=now)
    made = factories.survey(top, edition=edition, now=now)
    for month in range(4):
        for place, branch in enumerate((company.tree.branch, company.tree.sibling)):
            sheets = [_sheet(number, month + place) for number in range(12)]
            factories.responses(
                made,
                branch,
                now - timedelta(days=31 * month),
                sheets,
                tier=("gold", "basic")[place],
                stage="growth",
            )
    for leg, name, key in (
        ("inquire", "热线", "effort"),
        ("buy", "下单", "total"),
        ("use", "运输途中", "parts"),
        ("after_sale", "售后", "recommend"),
    ):
        moment = "problem_solving" if leg == "use" else ""
        factories.touchpoint(
            leg=leg, name=name, name_en=name, question_keys=[key], moment=moment
        ).categories.add(company.category)
    return made


def _sheet(number: int, turn: int) -> dict[str, Any]:
    mark = (10, 9, 9, 8, 8, 7, 6, 10, 9, 8, 3, 10)[(number + turn) % 12]
    sheet: dict[str, Any] = {
        "total": mark,
        "recommend": max(mark - turn, 0),
        "effort": 1 + mark * 6 // 10,
        "way": ["app" if number % 3 else "phone"],
    }
    for key, (*_names, weight, own) in ITEMS.items():
        value = max(1, min(7, own + (number + turn) % 3 - 1))
        sheet[f"parts.{key}"] = {"value": value, "importance": weight, "expectation": weight}
    if number % 4 == 0:
        sheet["wish"] = ("包装破损，希望改进包装", "送货员态度好，但是价格偏高")[number % 8 // 4]
    return sheet


@pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
def test_u14_charts_stand_beside_equal_tables(
    survey: Survey, company: Company, sign_in: SignIn, locale: str
) -> None:
    page = sign_in("quality", locale=locale)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    wrong, charts = [], Counter[str]()
    asked = Asked(survey, company.people["quality"])
    made = diagnoses.draft(asked=asked, by=asked.person, now=clock.now())
    one = f"/surveys/{survey.pk}/"
    pages = {
        "results": f"{one}results/",
        "drivers": f"{one}results/drivers/",
        "comments": f"{one}comments/",
        "responses": f"{one}responses/",
        "diagnoses": f"{one}diagnoses/",
        "diagnosis": f"/surveys/diagnoses/{made.pk}/",
        "journey": "/surveys/journey/",
        "touchpoint": "/surveys/touchpoints/new/",
    }
    for name, address in pages.items():
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(address)
            for place in page.locator("[data-chart]").all():
                expect(place.locator("canvas").first).to_be_attached()
                assert place.get_attribute("aria-label")
                charts[name] += 1
            shoot(page, f"{name}-{size['width']}-{locale[:2]}")
            wrong += [f"{name} {size['width']}: {fault}" for fault in faults(page)]
    assert wrong == []
    assert told == []
    # At both sizes: the trend and nine questions; two maps; the trend of the diagnosis.
    assert charts == {"results": 20, "drivers": 4, "diagnosis": 2}


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("CSM_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
