"""What the jobs of an import do. A job that is started anew gives the same end: no row twice."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import importing
from complaints.actions import import_undoing as undoing
from complaints.actions.imports import CHECK, IMPORT, UNDO, VERB, refusal_of
from complaints.importing import Result, profiles
from complaints.models import ImportRun
from csm.kit.errors import Refused
from csm.kit.reading.rows import Rejection
from csm.kit.reading.sources import Source
from csm.kit.tables import Column
from organisation.access import require_everywhere
from organisation.actions import uploaded_tables
from organisation.actions.jobs import Runner, Work
from organisation.actions.uploaded_tables import Rejected


def check(work: Work) -> dict[str, Any]:
    """Count what an import would do, and list what would stay behind."""
    run, path = _run(work)
    with uploaded_tables.rejections(work, run.name, _reference()) as rejected:
        found = _read(run, path, work, rejected.add, is_dry=True)
    return _result(found, rejected)


def import_all(work: Work) -> dict[str, Any]:
    """Write the complaints. What an earlier start has written counts as imported, too."""
    run, path = _run(work)
    with uploaded_tables.rejections(work, run.name, _reference()) as rejected:
        found = _read(run, path, work, rejected.add, is_dry=False)
    ours = run.links.count()
    found.unchanged += found.imported - ours
    found.imported = ours
    return _result(found, rejected)


def undo(work: Work) -> dict[str, Any]:
    """All or nothing; a second start finds it done."""
    require_everywhere(work.by, VERB)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=work.job.parameters["run"])
        if run.undone_at is None:
            undoing.lock(run)
            if touched := undoing.touched(run):
                raise Refused(refusal_of(touched))
            undoing.take_back(run, by=work.by, now=work.watch.now)
    run.refresh_from_db()
    return {"removed": run.undone_count}


RUNNERS: dict[str, Runner] = {
    kind: uploaded_tables.in_its_language(runner)
    for kind, runner in ((CHECK, check), (IMPORT, import_all), (UNDO, undo))
}


def _run(work: Work) -> tuple[ImportRun, Path]:
    """The import, and where its file lies."""
    require_everywhere(work.by, VERB)
    run = ImportRun.objects.select_related("file").get(pk=work.job.parameters["run"])
    return run, uploaded_tables.path_of(run.file)


def _read(
    run: ImportRun, path: Path, work: Work, reject: Callable[[Rejection], None], *, is_dry: bool
) -> Result:
    return importing.run(
        path=path,
        profile=profiles.from_table(run.name, run.table),
        by=work.by,
        now=run.imported_at or work.watch.now,
        on_reject=reject,
        on_progress=lambda source: _say_how_far(work, source),
        is_dry=is_dry,
        name=run.name,
        run_id=run.pk,
    )


def _say_how_far(work: Work, source: Source) -> None:
    """In hundredths: nobody knows the number of rows before the last of them."""
    share = source.position() / source.size if source.size else 0
    work.alive(int(100 * min(share, 1)), 100)


def _reference() -> Column:
    return Column(_("Number at the source"), 20, is_text=True)


def _result(found: Result, rejected: Rejected) -> dict[str, Any]:
    counts = {name: getattr(found, name) for name in ("imported", "unchanged", "rejected")}
    return {**counts, "first": rejected.first}
