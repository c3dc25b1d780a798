"""Logging in (U-01): everybody arrives at what they came for."""

import pytest
from django.test import Client

from csm.kit import clock
from organisation.actions import people
from organisation.factories import PersonFactory, tree
from organisation.models import Posting, Role

pytestmark = pytest.mark.django_db
PASSWORD = "wuxi-clock-1968"


@pytest.mark.parametrize(
    ("roles", "asked", "arrives"),
    [
        ([Role.EXECUTIVE], "", "/rankings/"),
        ([Role.EXECUTIVE], "/complaints/", "/complaints/"),
        ([Role.EXECUTIVE, Role.QUALITY_MANAGER], "", "/"),
        ([Role.HANDLER], "", "/"),
        ([], "", "/"),
        ([Role.EXECUTIVE], "https://example.com/", "/rankings/"),
    ],
)
def test_who_only_reads_reports_arrives_at_the_ranking(
    roles: list[str], asked: str, arrives: str
) -> None:
    company = tree()
    person = PersonFactory.create(username="somebody", postings=[])
    for role in roles:
        Posting.objects.create(person=person, branch=company.headquarters, role=role)
    people.set_password(person=person, password=PASSWORD, by=None, now=clock.now())
    client = Client()
    given = {"username": "somebody", "password": PASSWORD, "next": asked}
    answer = client.post("/login/", given)
    assert (answer.status_code, answer.headers["location"]) == (302, arrives)
    # Who is in already is not asked again.
    again = client.get("/login/", {"next": asked})
    assert (again.status_code, again.headers["location"]) == (302, arrives)
