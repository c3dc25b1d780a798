"""What the jobs of an import do. A job that is started anew gives the same end: no row twice."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints import importing
from complaints.actions import import_undoing as undoing
from complaints.actions.imports import CHECK, IMPORT, UNDO, VERB, refusal_of
from complaints.importing import Result, profiles
from complaints.models import ImportRun
from csm.kit import tables
from csm.kit.errors import Refused
from csm.kit.reading.rows import Rejection
from csm.kit.reading.sources import Source
from csm.kit.tables import Cell, Column
from organisation.access import require_everywhere
from organisation.actions.jobs import Runner, Work

ERRORS = "errors"
# So many rejected rows are shown on the page itself.
SHOWN = 20


def check(work: Work) -> dict[str, Any]:
    """Count what an import would do, and list what would stay behind."""
    run, path = _run(work)
    with _rejections(work, run) as (reject, first):
        found = _read(run, path, work, reject, is_dry=True)
    return _result(found, first)


def import_all(work: Work) -> dict[str, Any]:
    """Write the complaints. What an earlier start has written counts as imported, too."""
    run, path = _run(work)
    with _rejections(work, run) as (reject, first):
        found = _read(run, path, work, reject, is_dry=False)
    ours = run.links.count()
    found.unchanged += found.imported - ours
    found.imported = ours
    return _result(found, first)


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


def _in_its_language(runner: Runner) -> Runner:
    """Reasons are written in the language in which the job was asked for."""

    def run(work: Work) -> dict[str, Any]:
        with translation.override(work.job.parameters["language"]):
            return runner(work)

    return run


RUNNERS: dict[str, Runner] = {
    kind: _in_its_language(runner)
    for kind, runner in ((CHECK, check), (IMPORT, import_all), (UNDO, undo))
}


def _run(work: Work) -> tuple[ImportRun, Path]:
    """The import, and where its file lies."""
    require_everywhere(work.by, VERB)
    run = ImportRun.objects.select_related("file").get(pk=work.job.parameters["run"])
    if run.file is None:
        raise Refused(_("The file has been taken away after 30 days. Upload it again."))
    return run, Path(run.file.content.path)


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


@contextmanager
def _rejections(
    work: Work, run: ImportRun
) -> Iterator[tuple[Callable[[Rejection], None], list[list[str]]]]:
    """Writes rejected rows to a file of the job, and remembers the first of them.

    Without one there is no file.
    """
    first: list[list[str]] = []
    columns = [
        Column(pgettext("of a table", "Row"), 8),
        Column(pgettext("of a table", "Column"), 24),
        Column(_("Reason"), 60),
        Column(_("Number at the source"), 20, is_text=True),
    ]
    file = work.new_file(ERRORS, _("Errors of %(file)s") % {"file": run.name} + ".csv", "text/csv")
    with tables.writing(file, "csv", columns, title=run.name) as table:

        def add(rejection: Rejection) -> None:
            names, reasons = "; ".join(rejection.faults), "; ".join(rejection.faults.values())
            cells: list[Cell] = [rejection.row, names, reasons, rejection.reference]
            table.add(cells)
            if len(first) < SHOWN:
                first.append([str(cell) for cell in cells])

        yield add, first
    if not first:
        work.made.pop()


def _result(found: Result, first: list[list[str]]) -> dict[str, Any]:
    counts = {name: getattr(found, name) for name in ("imported", "unchanged", "rejected")}
    return {**counts, "first": first}
