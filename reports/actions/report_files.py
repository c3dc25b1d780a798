"""A report as a file: at once when it is short, else by the worker, with progress."""

from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import transaction

from csm.kit.tables import CONTENT_TYPES as TABLES
from organisation.access import require
from organisation.actions import access_records, jobs
from organisation.actions.exports import Ready
from organisation.actions.jobs import Work
from organisation.models import Job, Person
from reports import standings
from reports.documents import building, word, workbook
from reports.documents.cells import Report
from reports.documents.workbook import Progress

VERB, KIND = "ranking.see", "report-file"
CONTENT_TYPES: dict[str, str] = {
    "xlsx": TABLES["xlsx"],
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# So many lines are written while the person waits: Word takes longer for each.
SMALL: dict[str, int] = {"xlsx": 2000, "docx": 300}


@transaction.atomic
def make(*, period: str, form: str, by: Person, now: datetime) -> Ready | Job:
    """The report as the person sees it, or the job that makes it; `form` is xlsx or docx.

    Raises `ValueError` for what is no period.
    """
    require(by, VERB)
    chosen = standings.period_of(period)
    found = building.facts(chosen, now=now)
    report = building.report(found, by, most=building.SHOWN)
    access_records.write(by=by, what="export-report", reference=f"{period} {form}", now=now)
    if _length(report) > SMALL[form]:
        parameters = {"form": form, "period": period}
        title = _name(report, form)
        return jobs.put(kind=KIND, title=title, parameters=parameters, by=by, now=now)
    content = TemporaryFile()  # noqa: SIM115  the response closes it
    _write(content, building.report(found, by, most=building.MOST), form, by)
    content.seek(0)
    return Ready(content, _name(report, form), CONTENT_TYPES[form])


def run(work: Work) -> dict[str, Any]:
    """What the worker does; rights are those of this moment."""
    require(work.by, VERB)
    form, now = work.job.parameters["form"], work.watch.now
    found = building.facts(standings.period_of(work.job.parameters["period"]), now=now)
    report = building.report(found, work.by, most=building.MOST)
    total = sum(len(section.lines) for section in report.sections)
    work.alive(0, total)
    file = work.new_file("export", _name(report, form), CONTENT_TYPES[form])
    _write(file, report, form, work.by, work.alive)
    work.alive(total)
    return {"rows": total}


def _write(
    file: IO[bytes],
    report: Report,
    form: str,
    by: Person,
    on_progress: Progress = lambda _n: None,
) -> None:
    if form == "xlsx":
        workbook.write(file, report, on_progress)
    else:
        file.write(word.document(report, by=by))


def _length(report: Report) -> int:
    """How many lines the file will have."""
    return sum(len(section.lines) + section.left_out for section in report.sections)


def _name(report: Report, form: str) -> str:
    return f"{report.title}.{form}"
