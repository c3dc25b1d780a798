"""Taking a complaint in through the form (C-01, C-02, C-30)."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from complaints.factories import CategoryFactory, ComplaintFactory
from complaints.models import Attachment, Complaint, Event, Participant, Status, Timer
from complaints.tests.rows import RACERS, at_once, everything, signed_in
from csm.kit import clock
from customers.factories import CustomerFactory
from customers.models import Customer, Kind
from organisation.actions import branches
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import Message, Person, Role

pytestmark = pytest.mark.django_db
# The head of a picture of one pixel.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
POLYGLOT = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def front(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.FRONT_DESK, email="")


def local(minutes_ago: float = 0) -> str:
    moment = timezone.localtime(clock.now() - timedelta(minutes=minutes_ago))
    return moment.strftime("%Y-%m-%dT%H:%M")


def sheet(**more: Any) -> dict[str, Any]:
    """A filled-in form."""
    return {
        "subject": "夜班装卸野蛮作业，外包装压损 12 箱",
        "severity": "normal",
        "channel": "hotline",
        "received_at": local(),
        "submission": str(uuid.uuid4()),
        **more,
    }


def send(person: Person, **more: Any) -> Any:
    return signed_in(person).post(reverse("complaint-new"), sheet(**more))


def test_c01_the_empty_form(front: Person) -> None:
    text = signed_in(front).get(reverse("complaint-new")).content.decode()
    assert f'value="{local()}"' in text or f'value="{local(1)}"' in text
    submissions = re.findall(r'name="submission" value="([0-9a-f-]{36})"', text)
    assert len(submissions) == 1
    # One place to take complaints in: nothing to choose.
    assert "Taken in by" not in text


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "0001-01-01T07:00", "1900-01-01T00:00"])
def test_b14_a_year_that_nobody_means_is_refused(front: Person, moment: str) -> None:
    response = send(front, received_at=moment)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"received_at"}
    assert Complaint.objects.count() == 0


def test_an_inactive_branch_takes_nothing_in(company: Tree) -> None:
    places = [(company.branch, Role.FRONT_DESK), (company.sibling, Role.FRONT_DESK)]
    both = PersonFactory.create(postings=places, email="")
    branches.change(branch=company.sibling, by=None, is_active=False)
    assert send(both, intake_branch=company.sibling.pk).status_code == 422
    assert Complaint.objects.count() == 0


def test_c01_the_whole_form(company: Tree, front: Person) -> None:
    category = CategoryFactory.create()
    client = signed_in(front)
    typed = sheet(
        description="客户要求今天内说明原因。",
        customer_name="天山医药配送",
        contact_name="王建国",
        contact_phone="138 0013 8000",
        contact_email="wang@example.com",
        category=category.pk,
        severity="critical",
        waybill="YD6510 8827 3041",
        channel="phone",
        received_at=local(30),
        files=[SimpleUploadedFile("照片.png", PNG), SimpleUploadedFile("说明.txt", b"plain")],
    )
    answer: Any = client.post(reverse("complaint-new"), typed)
    complaint = Complaint.objects.get()
    assert (answer.status_code, answer.url) == (303, f"/complaints/{complaint.number}/")
    assert complaint.status == Status.RECEIVED
    assert complaint.branch == company.headquarters
    assert complaint.intake_branch == company.branch
    assert (complaint.logged_by, complaint.category) == (front, category)
    assert complaint.contact_digits == "13800138000"
    customer = complaint.customer
    assert customer is not None
    assert (customer.name, customer.kind) == ("天山医药配送", Kind.COMPANY)
    assert customer.contacts.get().name == "王建国"
    assert sorted(Attachment.objects.values_list("file__name", flat=True)) == [
        "照片.png",
        "说明.txt",
    ]
    assert Timer.objects.count() == 4
    assert set(Timer.objects.values_list("started_at", flat=True)) == {complaint.received_at}
    assert Participant.objects.get().person == front
    page = client.get(answer.url).content.decode()
    assert f"{complaint.number} is logged." in page
    assert page.count("<span>Due ") == 4
    assert "logged 30m late" in page or "logged 31m late" in page


def test_a_known_customer_is_chosen(company: Tree, front: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, name="无锡锐诚机电")
    answer = send(front, customer_name="锐诚", customer=customer.pk, contact_name="周工")
    assert answer.status_code == 303
    complaint = Complaint.objects.get()
    assert (complaint.customer, complaint.contact_name) == (customer, "周工")
    assert Customer.objects.count() == 1


def test_a_chosen_customer_is_called_at_the_main_contact(company: Tree, front: Person) -> None:
    customer = CustomerFactory.create(
        home_branch=company.branch, phone="13912345678", contact_name="周建国"
    )
    assert send(front, customer_name="5678", customer=customer.pk).status_code == 303
    complaint = Complaint.objects.get()
    assert (complaint.contact_name, complaint.contact_phone) == ("周建国", "13912345678")
    assert complaint.contact_digits == "13912345678"


def test_a_chosen_customer_without_a_contact_stays_without(company: Tree, front: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, phone="")
    assert send(front, customer=customer.pk).status_code == 303
    complaint = Complaint.objects.get()
    assert (complaint.contact_name, complaint.contact_phone) == ("", "")


@pytest.mark.parametrize("digits", ["5678", "139 1234-5678", "+86 139 1234 5678"])
def test_the_digits_of_a_search_are_nobodys_name(digits: str, front: Person) -> None:
    before = everything()
    answer = send(front, customer_name=digits)
    assert answer.status_code == 422
    assert "Choose the customer, or enter a name." in answer.content.decode()
    assert everything() == before


def test_all_that_is_wrong_is_said_at_once(front: Person) -> None:
    before = everything()
    answer: Any = send(
        front,
        subject="",
        received_at="2090-01-01T00:00",
        contact_email="x",
        waybill="长" * 61,
        contact_phone="1" * 41,
        customer_name="5678",
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {
        "subject", "received_at", "contact_email", "waybill", "contact_phone", "customer_name"
    }  # fmt: skip
    assert everything() == before


def test_a_known_phone_finds_its_customer(company: Tree, front: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, phone="13912345678")
    assert send(front, contact_phone="+86 139-1234-5678").status_code == 303
    assert Complaint.objects.get().customer == customer


def test_a_new_name_makes_a_person(front: Person) -> None:
    assert send(front, customer_name="顾女士", contact_phone="13700001111").status_code == 303
    customer = Customer.objects.get()
    assert (customer.name, customer.kind) == ("顾女士", Kind.PERSON)
    assert Complaint.objects.get().contact_name == "顾女士"


def test_b01_a_foreign_customer_cannot_be_chosen(company: Tree, front: Person) -> None:
    foreign = CustomerFactory.create(home_branch=company.sibling)
    before = everything()
    assert send(front, customer=foreign.pk).status_code == 422
    assert everything() == before


@pytest.mark.parametrize("words", ["锐诚", "13912345678", "5678"])
def test_customers_are_suggested_masked(words: str, company: Tree, front: Person) -> None:
    CustomerFactory.create(
        home_branch=company.branch,
        name="无锡锐诚机电",
        phone="13912345678",
        kind=Kind.COMPANY,
        contact_name="周建国",
    )
    CustomerFactory.create(home_branch=company.sibling, name="锐诚苏州", phone="13812345678")
    client = signed_in(front)
    url = reverse("complaint-new-customers")
    text = client.post(url, {"customer_name": words}).content.decode()
    assert "无锡锐诚机电" in text
    assert "周**" in text
    assert "139****5678" in text
    for secret in ("13912345678", "周建国", "锐诚苏州", "138****5678", "<html"):
        assert secret not in text


def test_without_script_a_button_finds_the_customer_and_keeps_everything(
    company: Tree, front: Person
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch, name="无锡锐诚机电")
    before = everything()
    typed = sheet(customer_name="锐诚", description="写了很多。", waybill="YD1", severity="high")
    del typed["subject"]
    answer = signed_in(front).post(reverse("complaint-new"), typed | {"look": "customer"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="customer" id="customer-{customer.pk}" value="{customer.pk}"' in text
    for kept in ("写了很多。</textarea>", 'value="YD1"', 'value="锐诚"', typed["submission"]):
        assert kept in text
    assert '<option value="high" selected>' in text
    # Nothing is judged before the form is sent.
    assert 'id="errors"' not in text
    assert everything() == before


def test_c02_logged_late_runs_from_the_receipt_and_is_born_overdue(front: Person) -> None:
    answer = send(front, received_at=local(120))
    assert answer.status_code == 303
    page = signed_in(front).get(answer.url).content.decode()
    assert "Overdue by 1 h" in page


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"subject": ""}, "Enter the subject."),
        ({"subject": "长" * 201}, "at most 200 characters"),
        ({"received_at": "2090-01-01T00:00"}, "Enter a time that has passed."),
        ({"received_at": "gestern"}, "Enter a valid date/time."),
        ({"received_at": ""}, "Enter when it was received."),
        ({"contact_email": "nicht"}, "Enter a valid email address."),
        ({"category": "999"}, "Select a valid choice."),
        ({"channel": "smoke"}, "Select a valid choice."),
        ({"customer": "x"}, "Select a valid choice."),
        ({"repeat_of": "TS1"}, "Select a valid choice."),
        ({"submission": "x"}, "Enter a valid UUID."),
    ],
)
def test_bad_input_is_422_keeps_what_was_typed_and_changes_nothing(
    fault: dict[str, str], words: str, front: Person
) -> None:
    before = everything()
    answer = send(front, description="写了很多。", **fault)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "写了很多。</textarea>" in text
    assert "<title>Error: " in text
    assert everything() == before


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (("a.png", b"<svg onload=alert(1)>"), "photos, PDF, Word, Excel"),
        (("a.html", b"<html><script>1</script>"), "photos, PDF, Word, Excel"),
        (("a.exe", b"MZ\x90\x00"), "photos, PDF, Word, Excel"),
        (("a.pdf", PNG), "photos, PDF, Word, Excel"),
        (("a.txt", b""), "The submitted file is empty."),
    ],
)
def test_b07_a_malformed_upload_changes_nothing(
    upload: tuple[str, bytes], words: str, front: Person
) -> None:
    before = everything()
    good = SimpleUploadedFile("照片.png", PNG)
    answer = send(front, description="写了很多。", files=[good, SimpleUploadedFile(*upload)])
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "写了很多。</textarea>" in text
    # The browser gives files only once.
    assert "Choose these files again:" in text
    assert '<span class="mini">照片.png</span>' in text
    assert everything() == before


def test_b07_an_oversized_upload_changes_nothing(front: Person, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    before = everything()
    big = SimpleUploadedFile("照片.png", PNG + b"\0" * 1024 * 1024)
    answer = send(front, files=big)
    assert answer.status_code == 422
    assert "it is larger than 1 MB" in answer.content.decode()
    assert everything() == before


def test_c30_a_likely_repeat_is_asked_about_once(company: Tree, front: Person) -> None:
    earlier = ComplaintFactory.create(branch=company.branch, waybill="YD6510")
    foreign = ComplaintFactory.create(branch=company.sibling, waybill="YD6510")
    before = everything()
    typed = sheet(waybill="YD6510", subject="另一件事")
    client = signed_in(front)
    answer: Any = client.post(reverse("complaint-new"), typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "This may be a repeat" in text
    assert f'value="{earlier.number}"' in text
    assert foreign.number not in text
    assert everything() == before
    seen = re.search(r'name="seen" value="([^"]*)"', text)
    assert seen
    again = client.post(reverse("complaint-new"), typed | {"seen": seen[1]})
    assert again.status_code == 303
    assert Complaint.objects.latest("pk").repeat_of is None


def test_c30_a_repeat_names_the_earlier_one(company: Tree, front: Person) -> None:
    earlier = ComplaintFactory.create(branch=company.branch, waybill="YD6510")
    answer = send(front, waybill="YD6510", repeat_of=earlier.number, seen=earlier.number)
    assert answer.status_code == 303
    assert Complaint.objects.latest("pk").repeat_of == earlier
    assert earlier.number in signed_in(front).get(answer.url).content.decode()


def test_c30_the_chosen_customers_last_complaints_may_be_repeated(
    company: Tree, front: Person
) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    earlier = ComplaintFactory.create(branch=company.branch, customer=customer)
    ComplaintFactory.create(branch=company.branch)
    url = reverse("complaint-new-repeats")
    client = signed_in(front)
    text = client.post(url, {"subject": "另一件事", "customer": customer.pk}).content.decode()
    assert f'name="seen" value="{earlier.number}"' in text
    assert 'name="seen" value=""' in client.post(url, {"subject": "另一件事"}).content.decode()


def test_c30_the_warning_while_typing(company: Tree, front: Person) -> None:
    earlier = ComplaintFactory.create(branch=company.branch, subject="外包装压损 12 箱，装卸野蛮")
    url = reverse("complaint-new-repeats")
    client = signed_in(front)
    text = client.post(url, {"subject": "装卸野蛮，外包装压损 12 箱"}).content.decode()
    assert f'name="seen" value="{earlier.number}"' in text
    assert "<html" not in text
    nothing = client.post(url, {"subject": "司机态度"}).content.decode()
    assert 'name="seen" value=""' in nothing


def test_c01_sending_twice_makes_one_complaint(front: Person) -> None:
    typed = sheet(customer_name="顾女士")
    client = signed_in(front)
    first: Any = client.post(reverse("complaint-new"), typed)
    again: Any = client.post(reverse("complaint-new"), typed)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.url == again.url
    assert Complaint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_c01_race_of_one_sheet_makes_one_complaint(company: Tree, front: Person) -> None:
    quality = PersonFactory.create(branch=company.region, role=Role.QUALITY_MANAGER, email="")
    typed = sheet(customer_name="顾女士")
    urls = []

    def act(client: Any) -> int:
        answer: Any = client.post(reverse("complaint-new"), typed)
        urls.append(getattr(answer, "url", ""))
        return int(answer.status_code)

    codes = at_once([front], act)
    assert codes == [303] * RACERS
    assert len(set(urls)) == 1
    assert Complaint.objects.count() == 1
    assert Customer.objects.count() == 1
    assert Event.objects.filter(kind="logged").count() == 1
    assert Timer.objects.count() == 4
    assert Message.objects.filter(recipient=quality).count() == 1


def test_b04_only_the_fields_of_the_form_are_taken(company: Tree, front: Person) -> None:
    more = {
        "number": "TS1",
        "status": "closed",
        "version": "9",
        "cycle": "9",
        "branch": company.sibling.pk,
        "handler": front.pk,
        "logged_by": company.branch.pk,
        "logged_at": local(90),
        "closed_at": local(),
        "next_due_at": local(),
        "is_history": "on",
        "source": "x",
        "reference": "x",
    }
    assert send(front, **more).status_code == 303
    complaint = Complaint.objects.get()
    assert complaint.number.startswith("TS20")
    assert (complaint.status, complaint.version, complaint.cycle) == (Status.RECEIVED, 1, 1)
    assert complaint.branch == company.headquarters
    assert (complaint.handler, complaint.logged_by) == (None, front)
    assert (complaint.closed_at, complaint.is_history) == (None, False)
    assert (complaint.source, complaint.reference) == ("", "")
    assert Timer.objects.get(kind="apology").due_at == complaint.next_due_at


def test_b01_only_who_may_log(company: Tree) -> None:
    executive = PersonFactory.create(branch=company.headquarters, role=Role.EXECUTIVE)
    client = signed_in(executive)
    before = everything()
    assert client.get(reverse("complaint-new")).status_code == 403
    for name in ("complaint-new", "complaint-new-customers", "complaint-new-repeats"):
        assert client.post(reverse(name), sheet()).status_code == 403
    assert everything() == before


def test_several_places_are_asked_for(company: Tree) -> None:
    person = PersonFactory.create(
        postings=[(company.branch, Role.FRONT_DESK), (company.sibling, Role.FRONT_DESK)], email=""
    )
    text = signed_in(person).get(reverse("complaint-new")).content.decode()
    assert "Taken in by" in text
    assert send(person, intake_branch=company.sibling.pk).status_code == 303
    assert Complaint.objects.get().intake_branch == company.sibling
    before = everything()
    assert send(person, intake_branch=company.region.pk, subject="别的").status_code == 422
    assert everything() == before


def test_b05_words_stay_words(front: Person) -> None:
    answer = send(
        front, subject=POLYGLOT, description=POLYGLOT, customer_name=POLYGLOT[:80], waybill=""
    )
    assert answer.status_code == 303
    text = signed_in(front).get(answer.url).content.decode()
    assert "<script>alert" not in text
    again = send(front, subject="", description=POLYGLOT, seen=POLYGLOT).content.decode()
    assert "<script>alert" not in again


def test_b14_hostile_values_never_fail(company: Tree, front: Person) -> None:
    fields = [name for name in sheet() if name != "submission"]
    fields += ["customer", "customer_name", "contact_phone", "category", "repeat_of", "seen"]
    fields += ["intake_branch", "waybill", "contact_name"]
    client = signed_in(front)
    for value in ("\0", "9" * 40, POLYGLOT, "é" * 3000, "-1", "²"):
        for name in ("complaint-new", "complaint-new-customers", "complaint-new-repeats"):
            answer = client.post(reverse(name), sheet() | dict.fromkeys(fields, value))
            assert answer.status_code < 500, (name, value)
            assert "<script>alert" not in answer.content.decode()
    for value in ("\0", "x", "9" * 40):
        assert client.get(reverse("complaint-new"), {"customer": value}).status_code == 200


def test_from_a_customers_card_the_customer_is_chosen(company: Tree, front: Person) -> None:
    customer = CustomerFactory.create(home_branch=company.branch)
    text = signed_in(front).get(reverse("complaint-new"), {"customer": customer.pk}).content
    assert f'value="{customer.pk}" checked' in text.decode()
