"""What the front desk begins with, by category: offered, and never over what was typed."""

from typing import Any

import pytest

from complaints.factories import CategoryFactory
from complaints.models import Category, Complaint
from complaints.tests.rows import everything, signed_in
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
NEW, PART = "/complaints/new/", "/complaints/new/template/"
TEXT = "运单号：\n件数：\n破损情况："
ASKED = {
    "intake_hints": "运单号\n\n 件数 \n照片",
    "intake_text": TEXT,
    "intake_severity": "high",
}


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def desk(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK, email="")


def post(person: Person, url: str, **data: Any) -> Any:
    return signed_in(person).post(url, data)


def test_the_category_form_keeps_what_is_asked_at_the_intake(company: Tree) -> None:
    admin = PersonFactory.create(branch=company.headquarters, role=Role.ADMINISTRATOR)
    named = {"code": "broken", "name": "货物破损", "position": "0"}
    assert post(admin, "/settings/categories/new/", **named, **ASKED).status_code == 302
    made = Category.objects.get(code="broken")
    assert (made.intake_text.splitlines(), made.intake_severity) == (TEXT.splitlines(), "high")
    url = f"/settings/categories/{made.pk}/"
    bad = post(admin, url, **named, **ASKED | {"intake_severity": "mild"}, is_active="on")
    assert bad.status_code == 422
    long = post(admin, url, **named, **ASKED | {"intake_hints": "x" * 1001}, is_active="on")
    assert long.status_code == 422
    assert post(admin, url, **named, is_active="on").status_code == 302
    made.refresh_from_db()
    assert (made.intake_hints, made.intake_text, made.intake_severity) == ("", "", "")


def test_a_category_asks_as_the_one_above_it_where_it_says_nothing(
    company: Tree, desk: Person
) -> None:
    above = CategoryFactory.create(**ASKED)
    below = CategoryFactory.create(parent=above, intake_severity="critical")
    answer = post(desk, PART, category=below.pk).content.decode()
    assert [f"<li>{hint}</li>" in answer for hint in ("运单号", "件数", "照片")] == [True] * 3
    assert answer.count("<li>") == 3
    assert f">{TEXT}</template>" in answer
    assert ">critical</template>" in answer
    for nothing in ("", "0", "x", "9" * 30):
        assert ">normal</template>" in post(desk, PART, category=nothing).content.decode()


def test_without_script_the_button_fills_in_only_what_is_empty(company: Tree, desk: Person) -> None:
    category = CategoryFactory.create(**ASKED)
    typed = {
        "subject": "两箱瓷砖到货破损",
        "category": category.pk,
        "contact_phone": "13800138000",
        "severity": "normal",
        "channel": "email",
        "template": "category",
    }
    before = everything()
    begun = post(desk, NEW, **typed, description="")
    kept = post(desk, NEW, **typed | {"severity": "low"}, description="客户已写明。")
    assert everything() == before
    assert (begun.status_code, kept.status_code) == (200, 200)
    for answer, description, severity in ((begun, TEXT, "high"), (kept, "客户已写明。", "low")):
        form = answer.context["form"]
        assert (form["description"].value(), form["severity"].value()) == (description, severity)
        assert (form["subject"].value(), form["channel"].value()) == (typed["subject"], "email")
        assert "<li>照片</li>" in answer.content.decode()
        assert not form.errors
    assert not Complaint.objects.exists()
