"""Importing a table: a file is put, checked at once, and imported when somebody says so.

What lasts is done by jobs (`table_jobs`).
"""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from csm.kit.errors import NotOpen
from customers.models import TableImport, TableState
from organisation.access import require_everywhere
from organisation.actions import files, jobs, uploaded_tables
from organisation.models import Job, Person

VERB = "customer.import"
CHECK, IMPORT = "customers-check", "customers-import"
STARTABLE = (TableState.CHECKED, TableState.STOPPED)


@transaction.atomic
def upload(*, kind: str, upload: "UploadedFile[Any]", by: Person, now: datetime) -> TableImport:
    """Keep a file, and have it counted without writing anything of it."""
    require_everywhere(by, VERB)
    uploaded_tables.check_size(upload)
    name = files.clean_name(upload.name or "")
    stored = uploaded_tables.keep(upload, name, by=by, now=now)
    made = TableImport.objects.create(kind=kind, name=name, file=stored, by=by, uploaded_at=now)
    made.check_job = _put(made, CHECK, _("Check of %(file)s"), by, now)
    TableImport.objects.filter(pk=made.pk).update(check_job=made.check_job)
    return made


@transaction.atomic
def start(*, table: TableImport, by: Person, now: datetime) -> Job:
    """Import what was checked; also the rest of what stopped on the way."""
    require_everywhere(by, VERB)
    TableImport.objects.select_for_update().get(pk=table.pk)
    found = TableImport.objects.select_related("file", "check_job", "import_job").get(pk=table.pk)
    if found.state not in STARTABLE:
        raise NotOpen(_("This is not possible now: %(state)s.") % {"state": found.state.label})
    uploaded_tables.path_of(found.file)
    job = _put(found, IMPORT, _("Import of %(file)s"), by, now)
    TableImport.objects.filter(pk=found.pk).update(import_job=job)
    return job


def _put(table: TableImport, kind: str, title: str, by: Person, now: datetime) -> Job:
    return jobs.put(
        kind=kind,
        title=title % {"file": table.name},
        parameters={"table": table.pk, "language": get_language()},
        by=by,
        now=now,
        path=reverse("customer-import", args=[table.pk]),
    )
