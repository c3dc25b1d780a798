"""Customers that are one: found, merged with both histories, corrected on record (K-17)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from complaints.actions import facts
from complaints.factories import ComplaintFactory
from complaints.models import Complaint
from csm.kit import clock
from csm.kit.errors import Forbidden, Refused
from csm.tests.race import race
from customers import duplicates, volume_figures
from customers.actions import customers as actions
from customers.actions import merging
from customers.actions.customers import Caller
from customers.factories import CustomerFactory
from customers.models import Correction, Customer, CustomerFacts, CustomerVolume
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Person, Role
from surveys import factories as surveys
from surveys.models import Invitation

pytestmark = pytest.mark.django_db
COMPANY = "company"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def boss(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)


def signed_in(person: Person) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def made(company: Tree, name: str, **more: Any) -> Customer:
    return CustomerFactory.create(
        **{"name": name, "kind": COMPANY, "home_branch": company.branch} | more
    )


def rows(*customers: Customer) -> list[Any]:
    keys = [row.pk for row in customers]
    return list(Customer.objects.filter(pk__in=keys).order_by("pk").values())


def test_every_room_says_what_moves_with_a_customer() -> None:
    """A new foreign key to a customer moves by itself; here somebody looks at it once."""
    assert {held.model._meta.label for held in merging.holders()} == {
        *("customers.Contact", "customers.TimelineEntry", "customers.Correction"),
        *("customers.ChurnChange", "customers.RetentionCase", "customers.CompetitorNote"),
        *("customers.Handover", "customers.Rung", "customers.AccountFile"),
        *("customers.SegmentMember", "customers.CareWish", "customers.CareDate"),
        *("customers.CareAct", "customers.NoticeRecipient"),
        *("complaints.Complaint", "complaints.DissatisfiedItem", "complaints.WorkOrder"),
        *("surveys.Invitation", "surveys.Response", "staff.StarBallot", "customers.Visit"),
    }


def test_duplicates_are_found_by_number_address_and_near_same_name(
    company: Tree, boss: Person
) -> None:
    one = made(company, "无锡百货有限公司", phone="13800138000", email="a@example.com")
    two = made(company, "無錫百貨（集團）", phone="+86 138 0013 8000", email="A@example.com")
    three = made(company, "吴溪百货", phone="13700137000", home_branch=company.child)
    made(company, "无锡医药", phone="13600136000")
    made(company, "无锡百货有限公司", phone="13500135000", home_branch=company.sibling)
    made(company, "无锡百货", kind="person", phone="13400134000")
    found = [(pair.first, pair.second, len(pair.reasons)) for pair in duplicates.pairs(boss)]
    # The third sounds alike but for the tone.
    assert found == [(one, two, 4), (one, three, 1), (two, three, 1)]
    client, url = signed_in(boss), reverse("customer-duplicates-apart")
    assert client.post(url, {"first": three.pk, "second": one.pk}).status_code == 302
    assert client.post(url, {"first": "x"}).status_code == 422
    text = client.get(reverse("customer-duplicates")).content.decode()
    assert text.count("Look and merge</a>") == 2
    assert [pair.other(three) for pair in duplicates.pairs(boss, one=three)] == [two]


def test_a_merge_keeps_both_histories_and_the_old_address_leads_to_the_new(
    company: Tree, boss: Person
) -> None:
    old = made(company, "旧名商贸", phone="13800138000", grade="3A", note="Call in the morning")
    new = made(company, "新名商贸", phone="13900139000", note="Key account")
    for customer, subject in ((old, "送货迟到"), (new, "单据遗失")):
        ComplaintFactory.create(subject=subject, customer=customer, branch=company.branch)
    for customer in (old, new):
        CustomerVolume.objects.create(
            customer=customer, branch=company.branch, starts_on=date(2026, 10, 1), days=31,
            shipments=3, revenue=7, last_on=date(2026, 10, 5), source="file",
            written_at=clock.now(),
        )  # fmt: skip
    Customer.objects.filter(pk=old.pk).update(declines_surveys_at=clock.now())
    client, url = signed_in(boss), reverse("customer-merge", args=[old.pk])
    preview = client.get(url, {"into": new.pk})
    assert dict(preview.context["moves"])["Complaints"] == 1
    assert client.post(url, {"into": new.pk, "version": 9}).status_code == 409
    assert Customer.objects.current().count() == 2
    answer = client.post(url, {"into": new.pk, "version": old.version})
    assert answer["Location"] == reverse("customer", args=[new.pk])
    assert client.get(reverse("customer", args=[old.pk]))["Location"] == answer["Location"]
    kept = Customer.objects.get(pk=new.pk)
    assert (kept.grade, kept.note) == ("3A", "Key account\nCall in the morning")
    assert kept.declines_surveys_at is not None
    assert [row.is_primary for row in kept.contacts.all()] == [True, False]
    assert set(Complaint.objects.values_list("customer", flat=True)) == {new.pk}
    for text in ("旧名", "jiuming", "13800138000", "新名", "13900139000"):
        assert list(Customer.objects.all().named(text)) == [kept], text
    page = client.get(answer["Location"])
    assert {"送货迟到", "单据遗失", "旧名商贸"} <= {entry.link for entry in page.context["entries"]}
    assert CustomerFacts.objects.get(pk=new.pk).refreshed_at is None
    facts.refresh_due(now=clock.now())
    counted = CustomerFacts.objects.order_by("pk").values_list("pk", "complaints")
    assert dict(counted) == {old.pk: 0, new.pk: 2}
    # Both numbers stay in the books; the figures are those of the one that goes on.
    assert [(row.shipments, row.revenue) for row in volume_figures.months(kept)] == [
        (6, Decimal(14))
    ]
    # Who calls from the old number, or gives the old name, is the one that goes on.
    for caller in (Caller(phone="13800138000"), Caller(name="旧名商贸")):
        given: dict[str, Any] = {"by": None, "now": clock.now(), "branch": company.branch}
        assert actions.find_or_create(caller=caller, **given) == kept


def test_what_can_be_had_once_only_stays_with_the_pointer(company: Tree, boss: Person) -> None:
    old, new = (
        made(company, "旧", email="a@example.com"),
        made(company, "新", email="b@example.com"),
    )
    now = clock.now()
    survey = surveys.survey(company.branch, name="Asked", name_en="", method="phone", now=now)
    for customer in (old, new):
        Invitation.objects.create(
            survey=survey, customer=customer, branch=company.branch, created_at=now,
            call_at=now, expires_at=now + timedelta(days=14),
        )  # fmt: skip
    left = merging.merge(customer=old, into=new, by=boss, now=now)
    assert left == {"surveys.Invitation": 1}
    assert Invitation.objects.filter(customer=old).count() == 1


def test_merges_that_cannot_be_are_refused_and_change_nothing(company: Tree, boss: Person) -> None:
    one, two, three = (made(company, name) for name in "甲乙丙")
    person = made(company, "丁", kind="person")
    foreign = made(company, "戊", home_branch=company.sibling)
    now = clock.now()
    merging.merge(customer=one, into=two, by=boss, now=now)
    before = rows(one, two, three, person, foreign)
    for customer, into, kind in (
        (one, three, Refused),  # merged already
        (three, one, Refused),  # into a merged one
        (three, three, Refused),
        (three, person, Refused),
        (three, foreign, Forbidden),
    ):
        with pytest.raises(kind):
            merging.merge(customer=customer, into=into, by=boss, now=now)
    client = signed_in(boss)
    answer = client.post(reverse("customer-merge", args=[three.pk]), {"into": one.pk})
    assert answer.status_code == 422
    assert "has been merged itself" in answer.content.decode()
    card = {"name": "庚", "kind": COMPANY, "home_branch": company.branch.pk, "version": 2}
    assert client.post(reverse("customer-edit", args=[one.pk]), card).status_code == 422
    for row, changed in (
        (three, {"merged_into": one, "merged_at": now}),
        (two, {"merged_into": three, "merged_at": now}),
        (three, {"merged_into": three, "merged_at": now}),
        (three, {"merged_into": two}),
        (one, {"merged_into": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Customer.objects.filter(pk=row.pk).update(**changed)
    assert rows(one, two, three, person, foreign) == before
    # A chain is cut short: whoever led to the second leads to the third.
    merging.merge(customer=two, into=three, by=boss, now=now)
    pointers = Customer.objects.exclude(merged_into=None)
    assert list(pointers.values_list("merged_into", flat=True)) == [three.pk] * 2


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_at_once_that_would_close_a_circle_one_is_done(company: Tree) -> None:
    one, two = made(company, "甲"), made(company, "乙")

    def merge(customer: Customer, into: Customer) -> None:
        merging.merge(customer=customer, into=into, by=None, now=clock.now())

    outcomes = race(lambda: merge(one, two), lambda: merge(two, one))
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "Refused"]
    assert Customer.objects.current().count() == 1


def test_what_was_written_meanwhile_follows(company: Tree, boss: Person) -> None:
    old, new = made(company, "旧"), made(company, "新")
    now = clock.now()
    merging.merge(customer=old, into=new, by=boss, now=now)
    late = ComplaintFactory.create(customer=old, branch=company.branch)
    assert merging.gather(now=now + timedelta(hours=1)) == 0
    assert merging.gather(now=now + timedelta(minutes=1)) == 1
    late.refresh_from_db()
    assert late.customer == new


def test_every_change_of_a_card_is_on_record_and_stays(company: Tree, boss: Person) -> None:
    customer = made(company, "旧名", phone="", grade="1A")
    client = signed_in(boss)
    card = {"name": "新名", "kind": COMPANY, "grade": "2A", "home_branch": company.child.pk}
    assert client.post(reverse("customer-edit", args=[customer.pk]), card).status_code == 302
    contact = {"contact_name": "王小明", "phone": "13800138000"}
    client.post(reverse("customer-contact-new", args=[customer.pk]), contact)
    kept = Correction.objects.order_by("pk").values_list("field", "was", "became", "by")
    said = list(kept)
    assert sorted(said) == sorted([
        ("name", "旧名", "新名", boss.pk), ("grade", "1A", "2A", boss.pk),
        ("home_branch", company.branch.name, company.child.name, boss.pk),
        ("contact", "", "王** 138****8000", boss.pk),
    ])  # fmt: skip
    page = client.get(reverse("customer-corrections", args=[customer.pk])).content.decode()
    assert "旧名" in page
    assert "13800138000" not in page
    with connection.cursor() as cursor:
        for change in (
            "UPDATE customers_correction SET became = 'x'",
            "UPDATE customers_correction SET by_id = NULL, became = ''",
            "DELETE FROM customers_correction",
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(change)
    assert list(kept.all()) == said
