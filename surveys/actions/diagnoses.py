"""Writing a diagnosis: drafted from the figures, corrected, finished."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen, Refused
from csm.kit.transitions import check_version, move, touch
from organisation.access import require
from organisation.models import Person
from surveys.models import Chapter, DiagnosedProblem, Diagnosis, DiagnosisPart, DiagnosisStatus
from surveys.results import diagnosing
from surveys.results.reading import Asked

EDIT = "survey.edit"


@dataclass(frozen=True)
class Entry:
    """A problem in its place of the two by two."""

    text: str
    breadth: str
    reach: str


@transaction.atomic
def draft(*, asked: Asked, by: Person, now: datetime) -> Diagnosis:
    """A draft from the figures that the person sees; the present one, if there is one."""
    require(by, EDIT, asked.survey)
    key = asked.period.key if asked.period else ""
    made, is_new = Diagnosis.objects.get_or_create(
        survey=asked.survey,
        period=key,
        status=DiagnosisStatus.DRAFT,
        defaults={"branch": asked.survey.branch, "created_at": now, "created_by": by},
    )
    if is_new:
        found = diagnosing.draft(asked)
        _keep(
            made, found.texts, [Entry(row.text, row.breadth, row.reach) for row in found.problems]
        )
    return made


@transaction.atomic
def save(
    *,
    diagnosis: Diagnosis,
    texts: Mapping[str, str],
    problems: Sequence[Entry],
    by: Person,
    now: datetime,
    version: int | None = None,
) -> None:
    """Keep what was corrected."""
    _check_draft(diagnosis, by, version)
    touch(diagnosis)
    _keep(diagnosis, texts, problems)


@transaction.atomic
def finish(*, diagnosis: Diagnosis, by: Person, now: datetime, version: int | None = None) -> None:
    """From now on it stays as it is."""
    _check_draft(diagnosis, by, version)
    if not diagnosis.parts.exclude(text="").exists():
        raise Refused(_("Write something before you finish it."))
    move(diagnosis, to=DiagnosisStatus.FINISHED, finished_at=now, finished_by=by)


def _check_draft(diagnosis: Diagnosis, by: Person, version: int | None) -> None:
    require(by, EDIT, diagnosis)
    if diagnosis.status != DiagnosisStatus.DRAFT:
        raise NotOpen(_("This diagnosis is finished and stays as it is."))
    check_version(diagnosis, version)


def _keep(diagnosis: Diagnosis, texts: Mapping[str, str], problems: Sequence[Entry]) -> None:
    DiagnosisPart.objects.bulk_create(
        [
            DiagnosisPart(diagnosis=diagnosis, chapter=chapter, text=texts.get(chapter, ""))
            for chapter in Chapter
        ],
        update_conflicts=True,
        unique_fields=["diagnosis", "chapter"],
        update_fields=["text"],
    )
    diagnosis.problems.all().delete()
    DiagnosedProblem.objects.bulk_create(
        DiagnosedProblem(
            diagnosis=diagnosis,
            position=place,
            text=row.text,
            breadth=row.breadth,
            reach=row.reach,
        )
        for place, row in enumerate(problems, start=1)
    )
