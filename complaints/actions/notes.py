"""Words and files from colleague to colleague."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actions.events import log, log_all
from complaints.actions.guard import check_open
from complaints.models import (
    Attachment,
    Complaint,
    Note,
    Participant,
)
from csm.kit.errors import Refused
from csm.kit.transitions import check_version
from organisation import outbox
from organisation.access import can, require
from organisation.actions import files
from organisation.models import Importance, Person

# Of a person and of a user name.
LONGEST_NAME = 80


@transaction.atomic
def write(
    *, complaint: Complaint, text: str, by: Person, now: datetime, version: int | None = None
) -> Note:
    """A note; whoever is mentioned with @name takes part from now on and is told."""
    check_note(complaint, by=by)
    check_version(complaint, version)
    check_text(text)
    return write_all([complaint], text=text, by=by, now=now)[0]


def check_note(complaint: Complaint, *, by: Person, parts: Container[int] | None = None) -> None:
    if not may_write(complaint, by, parts):
        require(by, "complaint.note", complaint)
    check_open(complaint, "note")


def check_text(text: str) -> None:
    if not text.strip():
        raise Refused(_("The note is empty."), fields={"text": _("Write the note.")})


def write_all(
    complaints: Sequence[Complaint], *, text: str, by: Person, now: datetime
) -> list[Note]:
    """The same note to each, after the checks; a handful of statements."""
    notes = Note.objects.bulk_create(
        Note(complaint=complaint, text=text, by=by, at=now) for complaint in complaints
    )
    mentioned = mentions(text)
    _let_take_part(notes, mentioned)
    of = {note.complaint_id: note.pk for note in notes}
    log_all(complaints, "noted", by=by, at=now, data=lambda row: {"note": of[row.pk]})
    people = [person.pk for person in mentioned]
    outbox.put_all([_news_of(note, people) for note in notes], now=now, apart_from=by)
    return notes


def _let_take_part(notes: Sequence[Note], people: Sequence[Person]) -> None:
    pairs = [(note, person) for note in notes for person in people]
    Note.mentioned.through.objects.bulk_create(
        Note.mentioned.through(note=note, person=person) for note, person in pairs
    )
    Participant.objects.bulk_create(
        [
            Participant(
                complaint=note.complaint,
                person=person,
                reason=Participant.Reason.MENTIONED,
                since_at=note.at,
            )
            for note, person in pairs
        ],
        ignore_conflicts=True,
    )


def _news_of(note: Note, people: list[int]) -> outbox.Notice:
    complaint = note.complaint
    return outbox.Notice(
        key=f"note:{note.pk}",
        people=people,
        text="mentioned",
        context={
            "number": complaint.number,
            "subject": complaint.subject,
            "by": note.by.name,
            "words": note.text,
        },
        importance=Importance.REMINDER,
        path=f"/complaints/{complaint.number}/",
    )


def may_write(complaint: Complaint, person: Person, parts: Container[int] | None = None) -> bool:
    """Whether the person may add words and files: by branch, or because they take part.

    `parts`: the ids of the complaints in which they do, where that is known.
    """
    if can(person, "complaint.note", complaint):
        return True
    if not can(person, "complaint.note"):
        return False
    if parts is not None:
        return complaint.pk in parts
    return complaint.participants.filter(person=person).exists()


def parts_of(person: Person, complaints: Sequence[Complaint]) -> set[int]:
    """The ids of those complaints in which the person takes part."""
    mine = Participant.objects.filter(person=person, complaint__in=complaints)
    return set(mine.values_list("complaint", flat=True))


def _require_voice(by: Person, complaint: Complaint) -> None:
    if not may_write(complaint, by):
        require(by, "complaint.note", complaint)


def mentions(text: str) -> list[Person]:
    """The people named as @name or @username; a name shared by several mentions none of them."""
    if "@" not in text:
        return []
    words = [part for part in text.split("@")[1:] if part]
    bearers: dict[str, list[Person]] = {}
    for person in Person.objects.with_logins():
        for name in {person.name, person.username or ""} - {""}:
            bearers.setdefault(name, []).append(person)
    meant = {_longest(bearers, word) for word in words} & bearers.keys()
    unique = {people[0].pk: people[0] for name in meant if len(people := bearers[name]) == 1}
    return list(unique.values())


def _longest(names: Container[str], word: str) -> str:
    """The longest name that the word begins with: @张三丰 is not for 张三."""
    lengths = range(min(len(word), LONGEST_NAME), 0, -1)
    return next((word[:length] for length in lengths if word[:length] in names), "")


@transaction.atomic
def attach(
    *,
    complaint: Complaint,
    uploads: "Iterable[UploadedFile[Any]]",
    by: Person,
    now: datetime,
    version: int | None = None,
) -> list[Attachment]:
    """Files to a complaint; the content decides the type, never the name."""
    _require_voice(by, complaint)
    check_open(complaint, "attach")
    check_version(complaint, version)
    added = [
        Attachment.objects.create(complaint=complaint, file=file)
        for file in files.store(uploads, by=by, now=now)
    ]
    for attachment in added:
        log(complaint, "attached", by=by, at=now, attachment=attachment.pk)
    return added
