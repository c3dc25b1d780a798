"""Everything about one customer as a file (PIPL art. 45)."""

import io
import json

import pytest
from django.test import Client
from django.urls import reverse
from docx import Document

from complaints.factories import ComplaintFactory
from csm.kit import clock
from customers.actions import merging
from customers.factories import CustomerFactory
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Tree:
    return tree()


def client_of(company: Tree, place: str) -> Client:
    person: Person = PersonFactory.create(branch=getattr(company, place), role=Role.QUALITY_MANAGER)
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_pipl45_all_rooms_are_in_the_file_and_who_took_it_is_on_record(company: Tree) -> None:
    customer, old, other = (
        CustomerFactory.create(name=f"{name}-CANARY", phone=phone, home_branch=company.branch)
        for name, phone in (("我", "13800138000"), ("旧", "13900139000"), ("别", "13700137000"))
    )
    ComplaintFactory.create(customer=customer, subject="送货迟到", branch=company.sibling)
    ComplaintFactory.create(
        customer=old, subject="单据遗失", branch=company.branch, until="called_back"
    )
    ComplaintFactory.create(customer=other, subject="别人的事", branch=company.branch)
    merging.merge(customer=old, into=customer, by=None, now=clock.now())
    url = reverse("customer-data", args=[customer.pk])
    client = client_of(company, "headquarters")
    for bad in ({}, {"reason": "request"}, {"reason": "other", "form": "json"}):
        assert client.post(url, bad).status_code == 422
    assert client_of(company, "region").get(url).status_code == 403
    assert not AccessRecord.objects.exists()
    answer = client.post(url, {"reason": "request", "form": "json"})
    found = json.loads(answer.content)
    assert {len(found[f"complaints.{kind}"]) for kind in ("Complaint",)} == {2}
    text = answer.content.decode()
    words = ("13800138000", "13900139000", "旧-CANARY", "送货迟到", "单据遗失")
    assert [word for word in words if word not in text] == []
    assert "别" not in text
    assert "complaints.CallbackAttempt" in found
    assert client.get(url)["Cache-Control"] == answer["Cache-Control"]
    word = client.post(url, {"reason": "request", "form": "docx"})
    lines = "\n".join(each.text for each in Document(io.BytesIO(word.content)).paragraphs)
    assert [word for word in words if word not in lines] == []
    records = AccessRecord.objects.values_list("what", "reference", "reason")
    assert list(records) == [("person-data", f"customer:{customer.pk}", "request")] * 2
