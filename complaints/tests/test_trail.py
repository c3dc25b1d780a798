"""From a list to a complaint and on to its neighbours."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from complaints.tests.rows import signed_in
from csm.kit import clock
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")


def follow(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def link(text: str, rel: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', text)
    return found[1].replace("&amp;", "&") if found else ""


def made(company: Tree) -> list[Complaint]:
    """Three of the own branch, the most urgent first; an ended one; one of the sibling."""
    now = clock.now()
    rows = [
        ComplaintFactory.create(branch=company.branch, received_at=now - hours * HOUR)
        for hours in (9, 6, 3)
    ]
    rows.append(ComplaintFactory.create(branch=company.branch, until="closed"))
    ComplaintFactory.create(branch=company.sibling, received_at=now - 7 * HOUR)
    return rows


def test_u11_the_neighbours_of_a_row_are_those_of_its_list(company: Tree, handler: Person) -> None:
    rows = made(company)
    client = signed_in(handler)
    text = follow(client, "/complaints/?through=all&channel=hotline")
    first = re.search(r'class="r-subject[^"]*" href="([^"]+)"', text)
    assert first
    urls = [first[1].replace("&amp;", "&")]
    while url := link(text := follow(client, urls[-1]), "next"):
        assert 'href="/complaints/?through=all&amp;channel=hotline"' in text
        urls.append(url)
    assert [url.split("/")[2] for url in urls] == [row.number for row in rows]
    back = [urls[-1]]
    while url := link(follow(client, back[-1]), "prev"):
        back.append(url)
    assert back == urls[::-1]


def test_u11_a_move_keeps_the_way_back(company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=company.branch, until="handling")
    client = signed_in(handler)
    text = follow(client, f"/complaints/{complaint.number}/?list=through%3Dall")
    action = re.search(rf'action="(/complaints/{complaint.number}/note/[^"]*)"', text)
    assert action
    answer: Any = client.post(action[1], {"text": "请看。"})
    assert answer.url == f"/complaints/{complaint.number}/?list=through%3Dall"
    refused = client.post(action[1], {"text": ""})
    assert refused.status_code == 422
    assert 'href="/complaints/?through=all"' in refused.content.decode()


def test_without_a_list_there_are_no_neighbours(company: Tree, handler: Person) -> None:
    rows = made(company)
    text = follow(signed_in(handler), reverse("complaint", args=(rows[1].number,)))
    assert (link(text, "next"), link(text, "prev")) == ("", "")


def test_b14_a_hostile_list_is_harmless(company: Tree, handler: Person) -> None:
    complaint = made(company)[0]
    url = reverse("complaint", args=(complaint.number,))
    client = signed_in(handler)
    wrong = ("through=x&ordering=x", "search=%00", "//evil", "<script>")
    for text in ("\0", "a" * 2000, "&" * 900, *wrong):
        answer = client.get(url, {"list": text})
        assert answer.status_code == 200, text
        assert "<script>" not in answer.content.decode()
        assert 'href="//evil' not in answer.content.decode()
