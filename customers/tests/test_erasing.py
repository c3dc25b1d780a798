"""A customer is anonymised: no word is left in any room, every count is (B-26)."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.db.models import JSONField
from django.urls import reverse
from openpyxl import Workbook

from complaints.factories import ComplaintFactory
from complaints.models import Attachment, Complaint, Event, Timer
from csm.kit.errors import Forbidden, NotOpen, Refused
from customers.actions import blanking, customers, erasing, keeping, merging
from customers.actions.customers import Caller
from customers.actions.erasing_rows import reach
from customers.factories import CustomerFactory
from customers.models import Contact, Customer, CustomerFacts, Erasure, TimelineEntry
from customers.tests.test_customers import signed_in
from organisation.actions import access_records, files
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Job, Letter, Message, Person, PublicLink, Role, StoredFile
from surveys import factories as surveys

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
NAME = "CANARY王芳"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def quality(company: Tree) -> Person:
    return PersonFactory.create(
        branch=company.headquarters, role=Role.QUALITY_MANAGER, language="en"
    )


@pytest.fixture
def customer(company: Tree) -> Customer:
    return CustomerFactory.create(
        name=NAME, phone="13800138000", email="canary@example.com", home_branch=company.branch
    )


@pytest.fixture
def second(company: Tree) -> Person:
    return PersonFactory.create(
        branch=company.headquarters, role=Role.QUALITY_MANAGER, language="en", name="Second"
    )


def erased(customer: Customer, by: Person, second: Person) -> Erasure:
    erasing.prepare(customer=customer, reason="request", by=by, now=NOW)
    return erasing.erase(customer=customer, name=customer.name, by=second, now=NOW)


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(name for (name,) in cursor.fetchall())


def asked(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def holding(word: str) -> list[str]:
    """The tables in which the word stands."""
    return [
        name
        for name in tables()
        if asked(f"SELECT count(*) FROM \"{name}\" t WHERE t::text LIKE '%{word}%'")
    ]


def sizes() -> dict[str, int]:
    return {name: asked(f'SELECT count(*) FROM "{name}"') for name in tables()}


def written_over(customer: Customer) -> Iterator[str]:
    """The name put into every column of every row that may hold words; which columns."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model, keys in reach([customer]).items():
            for column in blanking.columns(model) if keys else ():
                value = f"'{NAME}'"
                if column.get_internal_type() == "ArrayField":
                    value = f"ARRAY['{NAME}']"
                elif isinstance(column, JSONField):
                    part = f'{{"sign": "V", "words": "{NAME}", "n": 3}}'
                    value = f"'[{part}]'" if column.default is list else f"'{part}'"
                table = model._meta.db_table
                put = f'UPDATE "{table}" SET "{column.column}" = {value}'
                where = f'WHERE "{model._meta.pk.column}" = ANY(%s)'
                # Where the database wants nothing to stand there in this state, nothing does.
                with suppress(IntegrityError), transaction.atomic():
                    cursor.execute(f"{put} {where}", [list(keys)])
                    yield f"{model._meta.label}.{column.name}"
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def lived(customer: Customer, company: Tree, quality: Person) -> Complaint:
    """Complaints, an order, a survey, a file, letters: whatever rooms keep about a customer."""
    made: Complaint = ComplaintFactory.create(
        customer=customer, branch=company.branch, until="closed", now=NOW, subject=f"{NAME}来电",
        quality=quality,
    )  # fmt: skip
    Complaint.objects.filter(pk=made.pk).update(
        contact_name=NAME, contact_phone="13800138000", contact_email="canary@example.com"
    )
    survey = surveys.survey(company.headquarters, now=NOW)
    invited = surveys.invitation(
        survey, company.branch, NOW, customer=customer, address="canary@example.com"
    )
    surveys.answered(invited, NOW, total=1, why=NAME)
    stored = files.keep(
        content=ContentFile(b"CANARY"), name="CANARY.txt", content_type="text/plain",
        by=quality, now=NOW, expires_at=NOW + timedelta(days=9),
    )  # fmt: skip
    StoredFile.objects.filter(pk=stored.pk).update(expires_at=None)
    Attachment.objects.create(complaint=made, file=stored)
    Letter.objects.create(
        key="letter", address="canary@example.com", name=NAME, language="en", text="x",
        context={"customer": NAME}, created_at=NOW, next_attempt_at=NOW,
    )  # fmt: skip
    customers.change(customer=customer, by=quality, now=NOW, note=NAME)
    access_records.write(by=quality, what="contact", reference="customer:1", now=NOW, words=NAME)
    return made


def test_b26_no_canary_is_left_and_counts_verdicts_and_clocks_stay(
    customer: Customer,
    company: Tree,
    quality: Person,
    second: Person,
    django_capture_on_commit_callbacks: Any,
) -> None:
    made = lived(customer, company, quality)
    other = ComplaintFactory.create(branch=company.branch, subject="别人的事", now=NOW)
    columns = list(written_over(customer))
    assert {label.split(".")[0] for label in columns} >= {"customers", "complaints", "surveys"}
    assert Message.objects.filter(context__icontains="CANARY").exists()
    stored = StoredFile.objects.get(name="CANARY.txt")
    old = str(stored.content.name)
    counted = sizes()
    CustomerFacts.objects.filter(customer=customer).update(complaints=1, open_complaints=0)
    timers = list(Timer.objects.order_by("pk").values())
    verdict = ("status", "closed_at", "answered_at", "severity", "category", "number", "cycle")
    verdicts = list(Complaint.objects.order_by("pk").values(*verdict))
    with django_capture_on_commit_callbacks(execute=True):
        done = erased(Customer.objects.get(pk=customer.pk), quality, second)
    assert (holding("CANARY"), holding("13800138000"), holding("canary@")) == ([], [], [])
    assert list(Timer.objects.order_by("pk").values()) == timers
    assert list(Complaint.objects.order_by("pk").values(*verdict)) == verdicts
    assert CustomerFacts.objects.get(customer=customer).complaints == 1
    gone = {name: counted[name] - n for name, n in sizes().items() if counted[name] != n}
    assert gone == {
        "customers_contact": 1, "customers_contactpoint": 2, "customers_searchname": 1,
        "customers_erasure": -1, "organisation_accessrecord": -1, "organisation_letter": 3,
    }  # fmt: skip
    assert done.rows["complaints.Complaint"] == 1
    other.refresh_from_db()
    assert other.subject == "别人的事"
    stored.refresh_from_db()
    with stored.content.open() as file:
        assert b"CANARY" not in file.read()
    assert not stored.content.storage.exists(old)
    assert not PublicLink.objects.filter(invitation__customer=customer, revoked_at=None).exists()
    client = signed_in(quality)
    page = client.get(reverse("complaint", args=[made.number])).content.decode()
    assert (made.number in page, "Anonymised customer" in page) == (True, True)
    for name in ("customer", "customer-corrections", "customer-value", "customer-surveys"):
        assert client.get(reverse(name, args=[customer.pk])).status_code == 200


def test_b26_who_calls_again_is_a_new_customer(
    customer: Customer, company: Tree, quality: Person, second: Person
) -> None:
    old = CustomerFactory.create(name="旧", phone="13900139000", home_branch=company.branch)
    merging.merge(customer=old, into=customer, by=None, now=NOW)
    customer.refresh_from_db()
    erased(customer, quality, second)
    for phone in ("13800138000", "13900139000"):
        caller = Caller(name=NAME, phone=phone)
        found = customers.find_or_create(caller=caller, branch=company.branch, by=None, now=NOW)
        assert found is not None
        assert found.pk not in (customer.pk, old.pk)
    customer.refresh_from_db()
    again = customers.find_or_create(
        caller=Caller(name=customer.name), branch=company.branch, by=None, now=NOW
    )
    assert again is not None
    assert again != customer
    assert customer not in Customer.objects.current()
    before = Customer.objects.filter(pk=customer.pk).values().get()
    acts = (
        lambda: customers.add_contact(
            customer=customer, caller=Caller(phone="1"), by=quality, now=NOW
        ),
        lambda: customers.change(customer=customer, by=quality, now=NOW, name="x"),
        lambda: merging.merge(customer=again, into=customer, by=quality, now=NOW),
        lambda: erasing.prepare(customer=customer, reason="request", by=quality, now=NOW),
    )
    for act in acts:
        with pytest.raises(Refused, match="anonymised"):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.filter(pk=customer.pk).update(note="back")
    assert Customer.objects.filter(pk=customer.pk).values().get() == before


def test_b26_two_steps_by_two_people_of_the_headquarters_with_a_reason(
    customer: Customer, company: Tree, quality: Person
) -> None:
    client, url = signed_in(quality), reverse("customer-erase", args=[customer.pk])
    now_url = reverse("customer-erase-now", args=[customer.pk])
    manager = PersonFactory.create(branch=company.region, role=Role.QUALITY_MANAGER)
    assert signed_in(manager).get(url).status_code == 403
    assert signed_in(manager).post(now_url, {"name": NAME}).status_code == 403
    with pytest.raises(Forbidden):
        erasing.prepare(customer=customer, reason="request", by=manager, now=NOW)
    with pytest.raises(NotOpen):
        erasing.erase(customer=customer, name=NAME, by=quality, now=NOW)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "request"}).status_code == 302
    page = client.get(url).content.decode()
    assert ("nobody else has the right" in page, "Anonymise for good" in page) == (True, False)
    # Who said why does not do it, whatever is sent; the database says so, too.
    assert client.post(now_url, {"name": NAME}).status_code == 422
    with pytest.raises(IntegrityError, match="done_by_another"), transaction.atomic():
        Erasure.objects.update(done_by=quality, done_at=NOW)
    other = PersonFactory.create(
        branch=company.headquarters, role=Role.QUALITY_MANAGER, name="Second", language="en"
    )
    assert "Second" in client.get(url).content.decode()
    theirs = signed_in(other)
    assert NAME in theirs.get(reverse("customer-privacy")).content.decode()
    assert "Type the name of the customer" in theirs.get(url).content.decode()
    assert theirs.post(now_url, {"name": "somebody"}).status_code == 422
    assert Contact.objects.filter(customer=customer).exists()
    CustomerFacts.objects.filter(customer=customer).update(open_complaints=1)
    assert theirs.post(now_url, {"name": NAME}).status_code == 422
    CustomerFacts.objects.filter(customer=customer).update(open_complaints=0)
    job = Job.objects.create(
        kind="x",
        title="x",
        by=quality,
        created_at=NOW,
        state="running",
        started_at=NOW,
        lease_until=NOW,
    )
    assert theirs.post(now_url, {"name": NAME}).status_code == 422
    job.delete()
    drop = reverse("customer-erase-drop", args=[customer.pk])
    assert client.post(drop).status_code == 302
    assert not Erasure.objects.exists()
    client.post(url, {"reason": "order"})
    assert theirs.post(now_url, {"name": NAME}).status_code == 302
    assert client.post(drop).status_code == 302
    done = Erasure.objects.get()
    assert (done.asked_by, done.done_by) == (quality, other)
    assert "anonymised already" in client.get(url).content.decode()


def _packed(book: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("book.xlsx", book)
    return content.getvalue()


def _book(name: str) -> bytes:
    book, content = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append([name])
    book.save(content)
    return content.getvalue()


def test_b26_of_lists_those_go_in_which_the_customer_may_stand(
    customer: Customer, quality: Person, second: Person
) -> None:
    contents = {
        "named.csv": f"a,{NAME},b".encode(),
        "gb.csv": NAME.encode("gb18030"),
        "number.csv.gz": gzip.compress(b"x" * 3_000_000 + b"13800138000"),
        "book.xlsx": _book(NAME),
        "books.zip": _packed(_book(NAME)),
        "closed.pdf": b"%PDF-1.7 nothing to see",
        "damaged.xlsx": _book("x")[:-30],
        "others.csv": "13900139000,别人".encode(),
        "others.xlsx": _book("别人"),
        "others.zip": _packed(_book("别人")),
    }
    for name, content in contents.items():
        files.keep(
            content=ContentFile(content), name=name, content_type="x", by=quality, now=NOW,
            expires_at=NOW + timedelta(days=9),
        )  # fmt: skip
    done = erased(customer, quality, second)
    assert done.rows["organisation.StoredFile"] == 7
    left = StoredFile.objects.filter(expires_at__gt=NOW).order_by("name")
    assert list(left.values_list("name", flat=True)) == ["others.csv", "others.xlsx", "others.zip"]
    assert files.purge(now=NOW) == 7


def test_b26_rows_that_never_change_may_only_be_emptied(customer: Customer, company: Tree) -> None:
    ComplaintFactory.create(customer=customer, branch=company.branch, now=NOW)
    event = Event.objects.order_by("pk").first()
    assert event is not None
    changes: list[dict[str, Any]] = [
        {"kind": "other"},
        {"data": {"other": 1}},
        {"at": NOW + timedelta(days=1)},
    ]
    rows = Event.objects.filter(pk=event.pk)
    # Without the erasure's setting nothing changes; with it words go, and nothing is put there.
    for change in (*changes, {"kind": "—"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('csm.erasing', 'on', true)")
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    assert rows.update(kind="—") == 1


def test_whom_the_periods_would_take_is_listed_and_nobody_is_taken(
    company: Tree, quality: Person
) -> None:
    long_ago = NOW - timedelta(days=3 * 365)
    old, heard, firm = (
        CustomerFactory.create(name=name, home_branch=company.branch, kind=kind)
        for name, kind in (("旧客", "person"), ("近客", "person"), ("公司", "company"))
    )
    Customer.objects.update(created_at=long_ago)
    TimelineEntry.objects.create(
        customer=heard, at=NOW, kind="x", title="x", branch=company.branch, url_name="x",
        reference="1",
    )  # fmt: skip
    assert list(keeping.due(Customer.objects.all(), NOW)) == []
    client, url = signed_in(quality), reverse("customer-privacy")
    assert client.post(url, {"person": "3"}).status_code == 422
    assert client.post(url, {"person": "24"}).status_code == 302
    assert list(keeping.due(Customer.objects.all(), NOW)) == [old]
    page = client.get(reverse("customer-privacy-due")).content.decode()
    assert ("旧客" in page, "近客" in page, "公司" in page) == (True, False, False)
    assert client.post(url, {"person": "", "company": "24"}).status_code == 302
    assert list(keeping.due(Customer.objects.all(), NOW)) == [firm]
    assert "Record of processing" in client.get(url).content.decode()
    assert Customer.objects.current().count() == 3
