"""Reading and writing the rows of a work order as plain values.

Forms, the API, versions and comparisons all speak of these values. Writing a list replaces it: a
row is known by its position.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from complaints.actions import accountability
from complaints.actions.guard import EARLIEST, LATEST, implausible_year
from complaints.models import (
    LONGEST_CHAIN,
    Cause,
    CourseEntry,
    EmergencyMeasure,
    Evidence,
    EvidenceKind,
    OrderFile,
    WorkOrder,
)
from csm.kit.errors import Refused
from csm.kit.inserting import insert
from organisation.actions import files
from organisation.models import Person

BATCH = 500
# As many rows as fit in one request of a form.
MOST_ENTRIES, MOST_RELIEFS, MOST_CAUSES, MOST_WORDS = 600, 100, 20, 20


@dataclass(frozen=True)
class Entry:
    """What happened, when and where."""

    at: datetime | None = None
    place: str = ""
    text: str = ""


@dataclass(frozen=True)
class Relief:
    """What the customer got, and when."""

    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True)
class Proof:
    """A piece of evidence: words, or a file of the order by the id of the stored file."""

    kind: str
    text: str = ""
    file: uuid.UUID | None = None


@dataclass(frozen=True)
class Analysis:
    """One cause. `uploads` become its files when it is written: no part of what it says."""

    category: str = ""
    text: str = ""
    whys: tuple[str, ...] = ()
    evidence: tuple[Proof, ...] = ()
    uploads: "tuple[UploadedFile[Any], ...]" = field(default=(), compare=False)

    @property
    def is_proven(self) -> bool:
        return bool(self.evidence or self.uploads)


# Each list of rows by its name in the forms, in the API and on the order.
ROWS = ("course", "causes", "emergency_measures", "accountability")
Rows = Mapping[str, Sequence[Any]]


def read_rows(order: WorkOrder) -> dict[str, tuple[Any, ...]]:
    """All rows of the order; the queries do not grow with their number."""
    causes = order.causes.prefetch_related("evidence__file")
    return {
        "course": tuple(Entry(row.at, row.place, row.text) for row in order.course.all()),
        "causes": tuple(_analysis(row) for row in causes),
        "emergency_measures": tuple(
            Relief(row.at, row.text) for row in order.emergency_measures.all()
        ),
        "accountability": accountability.lines_of(order),
    }


def _analysis(cause: Cause) -> Analysis:
    proofs = (
        Proof(row.kind, row.text, row.file.file_id if row.file else None)
        for row in cause.evidence.all()
    )
    return Analysis(cause.category, cause.text, tuple(cause.whys), tuple(proofs))


def split_rows(given: Mapping[str, Any]) -> tuple[dict[str, tuple[Any, ...]], dict[str, Any]]:
    """What is given of the rows, without those that are wholly empty, and the rest."""
    rows = {
        name: tuple(row for row in given[name] if row != type(row)() or is_with_files(row))
        for name in ROWS
        if name in given
    }
    return rows, {name: value for name, value in given.items() if name not in ROWS}


def is_with_files(row: Any) -> bool:
    return isinstance(row, Analysis) and bool(row.uploads)


def check_rows(rows: Rows, sections: Mapping[str, Any], *, now: datetime) -> None:
    """Refuse moments that cannot be: what is told here has happened."""
    occurred_at = sections.get("occurred_at")
    ahead = _("Enter a time of occurrence that has passed.")
    told = {"occurred_at": ahead} if occurred_at and occurred_at > now else {}
    wrong = {
        f"{name}.{place}.at": words
        for name in ("course", "emergency_measures")
        for place, row in enumerate(rows.get(name, ()))
        if row.at and (words := _problem_of(row.at, now))
    }
    long = {
        f"causes.{place}.whys": _("A chain has at most five whys.")
        for place, row in enumerate(rows.get("causes", ()))
        if len(row.whys) > LONGEST_CHAIN
    }
    if told or wrong or long:
        raise Refused(_("The work order cannot be kept like this."), fields=told | wrong | long)


def _problem_of(at: datetime, now: datetime) -> str:
    if not EARLIEST <= at.year <= LATEST:
        return implausible_year()
    return _("Enter a time that has passed.") if at > now else ""


def write_rows(order: WorkOrder, rows: Rows, *, by: Person, now: datetime) -> None:
    """Replace the lists that are given; the caller holds the order."""
    if "course" in rows:
        order.course.all().delete()
        _insert(
            CourseEntry(order=order, position=place, at=row.at, place=row.place, text=row.text)
            for place, row in enumerate(rows["course"])
        )
    if "emergency_measures" in rows:
        order.emergency_measures.all().delete()
        _insert(
            EmergencyMeasure(order=order, position=place, at=row.at, text=row.text)
            for place, row in enumerate(rows["emergency_measures"])
        )
    if "accountability" in rows:
        accountability.replace(order, rows["accountability"], by=by, now=now)
    if "causes" in rows:
        _write_causes(order, rows["causes"], by=by, now=now)


def _write_causes(
    order: WorkOrder, analyses: Sequence[Analysis], *, by: Person, now: datetime
) -> None:
    proven = _with_files(order, analyses, by=by, now=now)
    order.causes.all().delete()
    causes = [
        Cause(order=order, position=place, category=row.category, text=row.text, whys=[*row.whys])
        for place, row in enumerate(analyses)
    ]
    insert(causes)
    _insert(
        Evidence(cause=cause, position=place, kind=kind, text=text, file=link)
        for cause, proofs in zip(causes, proven, strict=True)
        for place, (kind, text, link) in enumerate(proofs)
    )


def _with_files(
    order: WorkOrder, analyses: Sequence[Analysis], *, by: Person, now: datetime
) -> list[list[tuple[str, str, OrderFile | None]]]:
    """The evidence of each cause, its uploads kept first. A file must be one of this order."""
    uploads = [upload for row in analyses for upload in row.uploads]
    stored = iter(keep_files(order, uploads, by=by, now=now))
    known = {link.file_id: link for link in order.files.all()} if _names_files(analyses) else {}
    found = []
    for place, row in enumerate(analyses):
        proofs: list[tuple[str, str, OrderFile | None]] = []
        for proof in row.evidence:
            if proof.file is not None and proof.file not in known:
                words = _("This is not a file of this order.")
                raise Refused(words, fields={f"causes.{place}.evidence": words})
            proofs.append((proof.kind, proof.text, known[proof.file] if proof.file else None))
        proofs += [(EvidenceKind.FILE, "", next(stored)) for _upload in row.uploads]
        found.append(proofs)
    return found


def _names_files(analyses: Sequence[Analysis]) -> bool:
    return any(proof.file for row in analyses for proof in row.evidence)


def keep_files(
    order: WorkOrder,
    uploads: "Sequence[UploadedFile[Any]]",
    *,
    by: Person,
    now: datetime,
) -> list[OrderFile]:
    """Files of the order; what may be kept, `organisation.actions.files` decides."""
    return [
        OrderFile.objects.create(order=order, file=stored)
        for stored in files.store(uploads, by=by, now=now)
    ]


def _insert(rows: Any) -> None:
    """In batches: a statement has a limit of parameters."""
    found = list(rows)
    for start in range(0, len(found), BATCH):
        insert(found[start : start + BATCH])
