"""The frame of every page: what it costs, and where it leads."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from csm.tests.addresses import ROWS
from csm.tests.company import Company
from organisation.factories import PersonFactory
from organisation.models import Branch, Role

pytestmark = pytest.mark.django_db
# Session, person and postings say who asks; the frame asks for the last sweep and the
# number of unread messages at once.
WHO = ["django_session", "organisation_person", "organisation_posting"]
FRAME = ["organisation_sweeprun"]
# What an administrator does not do.
WORK = (
    *("complaint-new", "customer-new", "callbacks", "complaint-handlers", "notice-new"),
    *("assessment-new", "dissatisfied-item-new", "work-order-open", "work-order-open-finding"),
    *("contest-new", "contest-plan-new", "contest-reviews", "api-contest-reviews"),
    *("questionnaire-new", "survey-touchpoint-new", "survey-new", "star-new"),
    *("customer-privacy", "customer-privacy-due"),
)
# What auditors do.
AUDITING = ("first-contact-draw", "mystery-call-new", "tips", "api-tips")
# What top management does.
LEADING = ("task-force-new",)
# What managers do.
MANAGING = (
    *("checklist-new", "audit-new"),
    *(
        "handover-new",
        "customer-duplicates",
        "api-customer-duplicates",
        "customer-notice-new",
        "segment-new",
        "points-give",
        "induction-new",
        "training-needs",
        "course-new",
        "account-managers",
    ),
    *("api-training-needs", "api-account-managers"),
)
# Pages that name people: how often they ask for postings of their own.
OWN_POSTINGS = {
    "people": 1,
    "complaint-handlers": 1,
    "policy-new": 2,
    "points-give": 1,
    "handover-new": 1,
    "induction-new": 2,
    "task-force-new": 1,
}
LISTS_WITH_PARTS = ("inbox", "customers", "people")
STAFF = [
    *("my-work", "complaints", "work-orders", "customers", "rankings", "notices", "assessments"),
    *("surveys", "staff"),
]
ENTERED = {
    "staff": STAFF,
    "manager": STAFF,
    "executive": STAFF,
    "quality": [*STAFF[:3], "callbacks", *STAFF[3:]],
    "administrator": [*STAFF, "settings"],
    "idle": ["my-work"],
}


def tables(client: Client, url: str, *, status: int = 200, is_part: bool = False) -> list[str]:
    """The table that each statement of a page reads first."""
    headers = {"HX-Request": "true"} if is_part else {}
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url, headers=headers).status_code == status
    found = [re.search(r'FROM "(\w+)"', query["sql"]) for query in queries]
    return [match.group(1) for match in found if match]


def test_the_frame_asks_once(firm: Company) -> None:
    """On a page that has nothing of its own; the middlewares ask who it is."""
    found = tables(firm.client("quality"), "/nothing/", status=404)
    assert sorted(found) == sorted(WHO + FRAME)


@pytest.mark.parametrize("name", [r.name for r in ROWS if r.method == "GET" and not r.of])
def test_the_frame_asks_once_on_every_page(name: str, firm: Company) -> None:
    persona = "quality" if name in WORK else "administrator"
    persona = "manager" if name in MANAGING else persona
    persona = "auditor" if name in AUDITING else persona
    # Nothing is new for who does not say since when.
    status = 204 if name == "complaint-list-news" else 200
    client = firm.client(persona)
    if name in LEADING:
        top = Branch.objects.top()
        client.force_login(PersonFactory.create(branch=top, role=Role.GENERAL_MANAGER))
    found = tables(client, reverse(name), status=status)
    assert found.count("organisation_sweeprun") <= 1 + (name == "operations")
    assert found.count("organisation_posting") <= 1 + OWN_POSTINGS.get(name, 0)
    assert found.count("django_session") <= 1


@pytest.mark.parametrize("name", LISTS_WITH_PARTS)
def test_a_part_pays_nothing_for_the_frame(name: str, firm: Company) -> None:
    client, url = firm.client("administrator"), reverse(name)
    whole, part = Counter(tables(client, url)), Counter(tables(client, url, is_part=True))
    # The bar reads the postings, unless the page did.
    assert set(FRAME) <= set(whole - part) <= {*FRAME, "organisation_posting"}
    assert not part - whole
    assert "organisation_sweeprun" not in part


@pytest.mark.parametrize("persona", ENTERED)
def test_the_bar_leads_where_the_person_may_go(persona: str, firm: Company) -> None:
    text = firm.client(persona).get("/").content.decode()
    bar = re.search(r"<nav .*?</nav>", text, re.DOTALL)
    assert bar
    ways = re.findall(r'<a (?:class="menu-line" )?href="([^"]+)"', bar.group())
    assert ways == [reverse(name) for name in ENTERED[persona]]
    assert re.findall(r'href="([^"]+)" aria-current="page"', bar.group()) == ["/"]


@pytest.mark.parametrize(("persona", "is_offered"), [("staff", True), ("idle", False)])
def test_the_menu_leads_to_the_canned_replies(
    persona: str, is_offered: bool, firm: Company
) -> None:
    """Who answers customers finds them without a room of their own; settings are everybody's."""
    text = firm.client(persona).get("/").content.decode()
    menu = text.partition('<div class="menu-box">')[2].partition("</details>")[0]
    assert (reverse("phrases") in menu) is is_offered
    assert f'href="{reverse("settings")}"' in menu


def test_a_visitor_sees_no_room(firm: Company) -> None:
    text = Client().get("/login/").content.decode()
    links = set(re.findall(r'href="(/[^"]*)"', text))
    assert not links & {reverse(name) for name in ENTERED["administrator"]}


@pytest.mark.parametrize("theme", ['"><script>', "dark light", "", "x" * 5000])
def test_b05_a_made_up_theme_is_none(theme: str, firm: Company) -> None:
    client = firm.client("staff")
    client.cookies["theme"] = theme
    text = client.get("/").content.decode()
    assert "data-bs-theme" not in text
    assert "<script>" not in text
