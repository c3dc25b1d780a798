"""Files of a complaint: added by whoever may write, delivered to whoever sees it (B-07, B-25)."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from complaints.actions import notes
from complaints.factories import ComplaintFactory
from complaints.models import Attachment, Complaint, Event
from complaints.tests.rows import everything, signed_in
from csm.kit import clock
from organisation.factories import PersonFactory, Tree, tree
from organisation.models import AccessRecord, Person, Role

pytestmark = pytest.mark.django_db
# The head of a picture of one pixel.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
TEXT = b"plain words"


@pytest.fixture
def company() -> Tree:
    return tree()


@pytest.fixture
def handler(company: Tree) -> Person:
    return PersonFactory.create(branch=company.branch, role=Role.HANDLER, email="")


@pytest.fixture
def complaint(company: Tree) -> Complaint:
    return ComplaintFactory.create(branch=company.branch, until="handling")


def add(person: Person, complaint: Complaint, *uploads: SimpleUploadedFile) -> Any:
    url = reverse("complaint-attach", args=(complaint.number,))
    return signed_in(person).post(url, {"files": list(uploads)})


def attached(complaint: Complaint, name: str = "照片.png", content: bytes = PNG) -> Attachment:
    uploads = [SimpleUploadedFile(name, content)]
    person = complaint.handler
    assert person is not None
    return notes.attach(complaint=complaint, uploads=uploads, by=person, now=clock.now())[0]


def url(complaint: Complaint, attachment: Attachment) -> str:
    return reverse("complaint-file", args=(complaint.number, attachment.file_id))


def test_several_files_at_once(handler: Person, complaint: Complaint) -> None:
    answer = add(
        handler,
        complaint,
        SimpleUploadedFile("照片.png", PNG),
        SimpleUploadedFile("说明.txt", TEXT),
    )
    assert answer.status_code == 303
    assert Attachment.objects.count() == 2
    assert Event.objects.filter(kind="attached", by=handler).count() == 2
    page = signed_in(handler).get(answer.url).content.decode()
    # In the list of files, and in the time line.
    assert page.count(">照片.png</a>") == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("a.html", b"<script>alert(1)</script>"),
        ("a.png", b"<svg onload=alert(1)>"),
        ("a.pdf", PNG),
        ("a", PNG),
        ("a.exe", b"MZ\x90\x00" + b"\0" * 100),
    ],
)
def test_b07_what_a_browser_could_run_is_refused(
    name: str, content: bytes, handler: Person, complaint: Complaint
) -> None:
    before = everything()
    answer = add(handler, complaint, SimpleUploadedFile(name, content))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "was not added: photos, PDF, Word, Excel" in text
    assert 'id="move-attach" open' in text
    assert everything() == before


def test_b07_names_lose_paths_and_marks(handler: Person, complaint: Complaint) -> None:
    hostile = "..\\../\u202e\u200bgnp.exe<script>alert(1)<\\script>.png"
    assert add(handler, complaint, SimpleUploadedFile(hostile, PNG)).status_code == 303
    attachment = Attachment.objects.get()
    assert "\u202e" not in attachment.file.name
    assert "/" not in attachment.file.name
    assert "\\" not in attachment.file.name
    # The name on disk is ours.
    assert Path(str(attachment.file.content.name)).name.startswith(str(attachment.file_id))
    page = signed_in(handler).get(reverse("complaint", args=(complaint.number,)))
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize(
    ("place", "status"), [("branch", 200), ("child", 200), ("sibling", 404), ("region", 404)]
)
def test_b01_scope_of_a_file(place: str, status: int, company: Tree, handler: Person) -> None:
    complaint = ComplaintFactory.create(branch=getattr(company, place), until="handling")
    attachment = attached(complaint)
    records = AccessRecord.objects.count()
    answer: Any = signed_in(handler).get(url(complaint, attachment))
    assert answer.status_code == status
    # Reading to the end closes the file.
    assert status == 404 or b"".join(answer.streaming_content) == PNG
    assert AccessRecord.objects.count() == records + (status == 200)


def test_b01_a_file_is_found_only_under_its_own_complaint(
    company: Tree, handler: Person, complaint: Complaint
) -> None:
    foreign = ComplaintFactory.create(branch=company.sibling, until="handling")
    attachment = attached(foreign)
    assert signed_in(handler).get(url(complaint, attachment)).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [("照片.png", PNG, "image/png"), ("说明.txt", TEXT, "text/plain")],
)
def test_b07_a_file_is_delivered_so_that_no_browser_runs_it(
    name: str, content: bytes, content_type: str, handler: Person, complaint: Complaint
) -> None:
    attachment = attached(complaint, name, content)
    answer: Any = signed_in(handler).get(url(complaint, attachment))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"].split(";")[0] == content_type
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.person, record.what, record.reference) == (
        handler,
        "file",
        str(attachment.file_id),
    )


def test_b07_a_file_has_no_address_of_its_own(handler: Person, complaint: Complaint) -> None:
    attachment = attached(complaint)
    client = signed_in(handler)
    for address in (f"/media/{attachment.file.content.name}", f"/{attachment.file.content.name}"):
        assert client.get(address).status_code == 404
    stored = Path(settings.MEDIA_ROOT) / str(attachment.file.content.name)
    assert stored.stat().st_mode & 0o077 == 0
