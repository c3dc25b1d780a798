"""Imports in the browser: a file is put, checked, imported, and undone as a whole.

The database row of the import says how far it is; what lasts is done by jobs (`import_jobs`).
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from complaints.actions import import_undoing as undoing
from complaints.importing import preview, profiles, template
from complaints.models import ImportProfile, ImportRun, ImportState
from csm.kit.errors import NotOpen, Refused
from csm.kit.reading import guessing
from organisation.access import require_everywhere
from organisation.actions import files, jobs, uploaded_tables
from organisation.models import Job, Person

VERB = "complaint.import"
CHECK, IMPORT, UNDO = "import-check", "import-complaints", "import-undo"
MAPPABLE = (ImportState.UPLOADED, ImportState.CHECKED)
STARTABLE = (ImportState.CHECKED, ImportState.STOPPED)
UNDOABLE = (ImportState.IMPORTED, ImportState.STOPPED)


def upload(*, upload: "UploadedFile[Any]", by: Person, now: datetime) -> ImportRun:
    """Keep a file to import, unless it is none: traps and damage are known before it is kept.
    One in the lay-out of our template is checked at once, since nothing has to be chosen.
    """
    require_everywhere(by, VERB)
    name = files.clean_name(upload.name or "")
    uploaded_tables.check_size(upload)
    try:
        with transaction.atomic():
            stored = uploaded_tables.keep(upload, name, by=by, now=now)
            table = _table(Path(stored.content.path), name)
            run = ImportRun.objects.create(
                name=name, file=stored, by=by, uploaded_at=now, table=table
            )
            if table:
                check(run=run, table=table, by=by, now=now)
    except Refused as refusal:
        raise Refused(fields={"file": refusal.message}) from refusal
    return run


def _table(path: Path, name: str) -> dict[str, Any]:
    """How it is read, when it is our template; else nothing yet.

    What cannot be a table is refused, and its content goes with its row.
    """
    given = guessing.guess(path)
    try:
        return template.table(preview.look(path, name, **given), given)
    except Refused:
        path.unlink()
        raise


@transaction.atomic
def check(*, run: ImportRun, table: Mapping[str, Any], by: Person, now: datetime) -> Job:
    """Keep how the file is read, and have it counted without writing anything."""
    require_everywhere(by, VERB)
    run = _locked(run, MAPPABLE)
    uploaded_tables.path_of(run.file)
    profiles.from_table(run.name, dict(table))
    job = _put(run, CHECK, _("Check of %(file)s"), by, now)
    ImportRun.objects.filter(pk=run.pk).update(table=dict(table), check_job=job)
    return job


@transaction.atomic
def start(*, run: ImportRun, by: Person, now: datetime) -> Job:
    """Import what was checked; also the rest of what stopped on the way."""
    require_everywhere(by, VERB)
    run = _locked(run, STARTABLE)
    uploaded_tables.path_of(run.file)
    job = _put(run, IMPORT, _("Import of %(file)s"), by, now)
    moment = run.imported_at or now
    ImportRun.objects.filter(pk=run.pk).update(import_job=job, imported_at=moment)
    return job


@transaction.atomic
def undo(*, run: ImportRun, reason: str, by: Person, now: datetime) -> Job:
    """Take back all that came with an import, as long as nobody has touched any of it."""
    require_everywhere(by, VERB)
    run = _locked(run, UNDOABLE)
    if not reason.strip():
        raise Refused(fields={"reason": _("Say why.")})
    if touched := undoing.touched(run):
        raise Refused(refusal_of(touched))
    job = _put(run, UNDO, _("Undoing the import of %(file)s"), by, now, reason=reason.strip())
    ImportRun.objects.filter(pk=run.pk).update(undo_job=job)
    return job


@transaction.atomic
def keep_profile(
    *, name: str, table: Mapping[str, Any], by: Person, now: datetime
) -> ImportProfile:
    """Keep how a kind of file is read; under a name that is known, instead of what it said."""
    require_everywhere(by, VERB)
    profiles.from_table(name, dict(table))
    given = {"table": dict(table), "saved_by": by, "saved_at": now}
    kept, _is_new = ImportProfile.objects.update_or_create(name=name, defaults=given)
    return kept


def delete_profile(*, profile: ImportProfile, by: Person) -> None:
    """Imports that were read by it keep what it said."""
    require_everywhere(by, VERB)
    profile.delete()


def refusal_of(touched: int) -> str:
    """Why an import stays."""
    return ngettext(
        "%(n)d of its complaints has been worked on since. The import can no longer be undone.",
        "%(n)d of its complaints have been worked on since. The import can no longer be undone.",
        touched,
    ) % {"n": touched}


def _locked(run: ImportRun, states: tuple[ImportState, ...]) -> ImportRun:
    """The row as it is now, held; of two who press a button, one finds it already done."""
    ImportRun.objects.select_for_update().get(pk=run.pk)
    found = ImportRun.objects.select_related("file", "check_job", "import_job", "undo_job").get(
        pk=run.pk
    )
    if found.state not in states:
        raise NotOpen(
            _("This is not possible now: %(state)s.") % {"state": found.state.label},
        )
    return found


def _put(
    run: ImportRun, kind: str, title: str, by: Person, now: datetime, **parameters: Any
) -> Job:
    return jobs.put(
        kind=kind,
        title=title % {"file": run.name},
        parameters={"run": run.pk, "language": get_language(), **parameters},
        by=by,
        now=now,
        path=reverse("import", args=[run.pk]),
    )
