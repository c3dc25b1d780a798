"""Who answers and what comes of it: the pages on a desk and on a phone, in both languages."""

import pytest

from complaints.actions import accountability, assessments, suppliers
from complaints.actions.accountability import Line
from complaints.factories import ComplaintFactory, WorkOrderFactory
from complaints.models import AssessmentRule, Complaint
from csm.kit import clock
from csm.tests.browser.conftest import DESK, PHONE, Company, SignIn
from csm.tests.browser.test_every_page import LOCALES, faults
from organisation.factories import PersonFactory
from organisation.models import Role

Pages = dict[str, list[str]]


@pytest.fixture
def pages(company: Company) -> Pages:
    """Addresses by who looks at them: a record of lines, and an assessment in several states."""
    branch, people, now = company.tree.branch, company.people, clock.now()
    director = PersonFactory.create(
        username="director", branch=company.tree.headquarters, role=Role.SERVICE_DIRECTOR,
        name="吴芳", password="four-promises-72", language="",
    )  # fmt: skip
    complaint: Complaint = ComplaintFactory.create(
        until="handling", branch=branch, category=company.category, handler=people["handler"]
    )
    carrier = suppliers.add(name="苏南货运车队", contact="赵队长", by=None, now=now)
    lines = (
        Line("manager", people["manager"].pk, None, "当班没有安排双人复核", "扣当月绩效 200 元"),
        Line("supplier", None, carrier.pk, "途中装卸不当，到达时货物已受损", "按合同扣款 500 元"),
    )
    quality = people["quality"]
    accountability.write(of=complaint, lines=lines, by=quality, now=now)
    order = WorkOrderFactory.create(
        complaint=complaint, filler=people["handler"], accountability=lines
    )
    made = [
        assessments.propose(
            branch=branch, kind="points", points=5, reason="整改工作单逾期未交，且未说明原因",
            rule="整改工作单未按时提交", complaint=complaint, by=quality, now=now,
        )
        for _each in range(3)
    ]  # fmt: skip
    for each in made[1:]:
        assessments.decide(assessment=each, words="属实", by=director, now=now)
    assessments.appeal(assessment=made[2], words="客户拒收", by=people["manager"], now=now)
    number = complaint.number
    return {
        "director": ["/", "/assessments/", f"/assessments/{made[0].pk}/"],
        "manager": [f"/assessments/{made[1].pk}/", f"/assessments/{made[2].pk}/"],
        "handler": [f"/work-orders/{order.pk}/", "/suppliers/new/"],
        "quality": [
            *("/suppliers/", f"/suppliers/{carrier.pk}/", f"/complaints/{number}/"),
            f"/complaints/{number}/accountability/",
            *("/assessments/new/", f"/assessments/new/?complaint={number}"),
            *("/assessments/totals/", "/assessments/?state=final&month=2020-01"),
        ],
        "admin": [
            "/settings/assessment-rules/",
            f"/settings/assessment-rules/{AssessmentRule.objects.get().pk}/",
        ],
    }


@pytest.mark.parametrize("locale", LOCALES)
def test_u01_axe_finds_nothing_and_nothing_overflows(
    pages: Pages, sign_in: SignIn, locale: str
) -> None:
    found: dict[str, list[str]] = {}
    for username, addresses in pages.items():
        page = sign_in(username, locale=locale)
        for address in addresses:
            page.set_viewport_size(DESK)  # type: ignore[arg-type]
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            for size in (DESK, PHONE):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                if wrong := faults(page):
                    found[f"{address} at {size['width']}"] = wrong
    assert not found
