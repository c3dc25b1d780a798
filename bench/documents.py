"""A thousand documents in the background, and whether pages stay quick meanwhile."""

import os
import subprocess
import sys

from django.db import connection
from django.http import QueryDict

from bench.company import Company
from bench.result import Result
from bench.server import PATIENCE, Server, Spans, Visit, serving, signed_in
from complaints import order_documents
from complaints.actions import work_orders
from complaints.factories import SECTIONS
from complaints.models import Complaint, OrderComplaint, Status, WorkOrder
from complaints.register_export import WORK_ORDERS
from csm.kit import clock
from organisation.actions.exports import Asked
from organisation.models import Job, JobFile, JobState

MANY, FEWEST = 1000, 10
VISITS, MOST_VISITS = 40, 5000
LIST = "/complaints/"
# As the process `bulk` of the Procfile does, without waiting for a bell.
NICE = ("nice", "-n", "10")
RUN = """
import django; django.setup()
from complaints.background import RUNNERS
from csm.kit import clock
from organisation.actions import jobs
jobs.run_due(runners=RUNNERS, now=clock.now())
"""


def measure(scale: float, made: Company) -> Result:
    """The list of complaints at headquarters, alone and beside the job; `ours` is the latter."""
    count = max(int(MANY * scale), FEWEST)
    query = _fill(made, count)
    with serving(VISITS) as server:
        visit = Visit(LIST, signed_in(made.quality))
        usual = Spans(tuple(server.visit(visit) for _round in range(VISITS))).p95
        job = order_documents.put(query=query, by=made.quality, now=clock.now())
        beside = Spans(tuple(_visits(server, visit))).p95
    job.refresh_from_db()
    assert (job.state, job.result) == (JobState.DONE, {"documents": count}), job.reason
    _tidy(job)
    name = f"list of complaints beside {count} documents in the background, against alone"
    return Result(name, beside, usual, beside / usual, 2)


def _fill(made: Company, count: int) -> QueryDict:
    """So many drafts at one branch: an order as in life, and copies of it."""
    complaint = Complaint.objects.filter(status=Status.HANDLING).latest("pk")
    order = work_orders.draft(complaint=complaint, by=made.quality, now=clock.now(), **SECTIONS)
    query = QueryDict(f"status=draft&branch={order.branch.code}")
    known = WORK_ORDERS.count(Asked(made.quality, query, clock.now()), most=None)
    fields = [field.attname for field in WorkOrder._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(order, name) for name in fields}
    copies = [WorkOrder(**values) for _copy in range(count - known)]
    WorkOrder.objects.bulk_create(copies)
    links = [OrderComplaint(order=copy, complaint=complaint) for copy in copies]
    OrderComplaint.objects.bulk_create(links)
    return query


def _visits(server: Server, visit: Visit) -> list[float]:
    """Visits as long as the job lasts, at least as many as alone."""
    own = {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_DATABASE": str(connection.settings_dict["NAME"]),
    }
    spans: list[float] = []
    with subprocess.Popen([*NICE, sys.executable, "-c", RUN], env={**os.environ, **own}) as process:
        while len(spans) < VISITS or (process.poll() is None and len(spans) < MOST_VISITS):
            spans.append(server.visit(visit))
        assert process.wait(PATIENCE) == 0
    return spans


def _tidy(job: Job) -> None:
    for link in JobFile.objects.filter(job=job).select_related("file"):
        link.file.content.delete(save=False)
