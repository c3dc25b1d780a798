"""The orders of a list as Word files in one ZIP file, made by a job."""

import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from complaints.actions import document_templates, papers
from complaints.documents import order as orders
from complaints.models import PaperKind, WorkOrder
from complaints.register_export import WORK_ORDERS
from csm.kit.errors import Refused
from organisation.access import require
from organisation.actions import access_records, jobs
from organisation.actions.exports import LONGEST_QUERY, Asked
from organisation.actions.jobs import Runner, Work
from organisation.models import Job, Person

KIND = "order-documents"
MOST = 1000
# A sign of life, and how many orders are read at once.
BATCH = 20


@transaction.atomic
def put(*, query: QueryDict, by: Person, now: datetime) -> Job:
    """Have the documents of all orders made that match, as the list shows them."""
    require(by, WORK_ORDERS.verb)
    if len(query.urlencode()) > LONGEST_QUERY:
        raise Refused(_("These are too many conditions for one export. Remove some of them."))
    count = WORK_ORDERS.count(Asked(by, query, now), most=MOST + 1)
    if count > MOST:
        words = _("At most %(most)d documents can be made at once. Narrow the list down.")
        raise Refused(words % {"most": MOST})
    if not count:
        raise Refused(_("No order matches."))
    access_records.write(by=by, what=KIND, reference=query.urlencode(), now=now)
    title = f"{_('Work orders as Word files')} {timezone.localtime(now):%Y-%m-%d %H%M}.zip"
    given = {"query": query.urlencode(), "language": get_language(), "title": title}
    return jobs.put(kind=KIND, title=title, parameters=given, by=by, now=now)


def make(work: Work) -> dict[str, Any]:
    """One ZIP file; what the person no longer sees is not in it."""
    given = work.job.parameters
    with translation.override(given["language"]):
        require(work.by, WORK_ORDERS.verb)
        asked = Asked(work.by, QueryDict(given["query"]), work.watch.now)
        rows = WORK_ORDERS.rows(asked)
        keys = list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])
        work.alive(0, len(keys))
        file = work.new_file("documents", given["title"], "application/zip")
        return {"documents": _pack(file, rows, keys, work)}


RUNNERS: dict[str, Runner] = {KIND: make}


def _pack(file: IO[bytes], rows: QuerySet[WorkOrder], keys: list[int], work: Work) -> int:
    """The files are packed already. A name that two orders share gets a number."""
    template, count = document_templates.content_of(PaperKind.WORK_ORDER), 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
        for order in _in_batches(rows, keys):
            values = orders.values(order, by=work.by, now=work.watch.now)
            content = papers.filled(PaperKind.WORK_ORDER, template, values)
            packed.writestr(f"{order.pk} {papers.file_name(values)}", content)
            count += 1
            if count % BATCH == 0:
                work.alive(count)
    return count


def _in_batches(rows: QuerySet[WorkOrder], keys: list[int]) -> Iterator[WorkOrder]:
    related = ("branch", "issuing_branch", "owner", "customer", "submitted_by", "confirmed_by")
    for start in range(0, len(keys), BATCH):
        found = rows.filter(pk__in=keys[start : start + BATCH]).select_related(*related)
        yield from found.order_by("-pk")
