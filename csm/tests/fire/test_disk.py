"""A-22: the disk of the web is full: said in words, what was typed is there, nothing is half."""

import resource
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from complaints.models import Attachment, Complaint, Event
from csm.kit import clock
from csm.tests.fire.overdue import Control, wait_until_fired
from csm.tests.fire.site import Site
from csm.tests.fire.visitor import Answer, Visitor
from organisation.models import Person, Role, StoredFile

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
ROOM = 500_000  # bytes
# Django keeps the first in memory until it is stored, and the second in a temporary file.
SIZES = (900_000, 3_000_000)
NO_ROOM = "The file could not be kept: there is no room left."
WORDS = {"subject": "夜班装卸野蛮作业，外包装压损", "description": "客户要求今日答复"}


def sheet() -> dict[str, str]:
    """A filled-in form of a complaint."""
    moment = timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M")
    return WORDS | {
        "severity": "normal",
        "channel": "hotline",
        "received_at": moment,
        "submission": str(uuid.uuid4()),
    }


@contextmanager
def full_disk(site: Site) -> Iterator[None]:
    """No file of the web process grows beyond so much: what a full disk does, for it alone."""
    processes = site.named("gunicorn")
    usual = [process.rlimit(resource.RLIMIT_FSIZE) for process in processes]
    try:
        for process, (_soft, hard) in zip(processes, usual, strict=True):
            process.rlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
        yield
    finally:
        for process, limits in zip(processes, usual, strict=True):
            process.rlimit(resource.RLIMIT_FSIZE, limits)


def media(site: Site) -> set[Path]:
    return {path for path in (site.data_dir / "media").rglob("*") if path.is_file()}


def rows() -> list[int]:
    """What people wrote; the clock goes on writing beside them."""
    told = Event.objects.filter(by__isnull=False)
    return [told.count(), *(row.objects.count() for row in (Complaint, Attachment, StoredFile))]


def test_a22_a_file_that_finds_no_room(site: Site, control: Control) -> None:
    person = Person.objects.get(postings__role=Role.FRONT_DESK)
    visitor, number = Visitor(site, person), control.complaint.number
    attach, intake = f"/complaints/{number}/attach/", "/complaints/new/"

    def send(path: str, size: int, typed: dict[str, str]) -> Answer:
        photo = SimpleUploadedFile("photo.png", PNG + bytes(size), "image/png")
        return visitor.send(path, {**typed, "files": [photo]})

    def check_refused(answer: Answer) -> None:
        assert (answer.status, NO_ROOM in answer.text) == (422, True), answer.text[-3000:]
        assert (media(site), rows()) == before

    with full_disk(site):
        before = media(site), rows()
        for size in SIZES:
            check_refused(send(attach, size, {}))
            refused = send(intake, size, sheet())
            check_refused(refused)
            assert all(words in refused.text for words in WORDS.values())
        assert visitor.post(intake, sheet()).status == 303, "without the file"
        control.add("A22", 10)
        wait_until_fired()
        control.check("A22", 10)
    assert Complaint.objects.filter(subject=WORDS["subject"]).count() == 1
    assert send(attach, SIZES[0], {}).status == 303
    assert len(media(site)) == len(before[0]) + 1
