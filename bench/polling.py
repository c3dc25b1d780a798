"""What fifty people cost who have the list open: their pages ask every 20 s what is new."""

import re
import time
from html import unescape

import psutil

from bench.result import Result
from bench.server import Server, Visit, signed_in
from organisation.models import Person

PEOPLE, EVERY = 50, 20
LIST = "/complaints/"
ADDRESS = re.compile(r'data-news="([^"]+)"')


def measure(server: Server) -> Result:
    """One round of all of them, spread over the interval; processor time of gunicorn."""
    people = Person.objects.filter(postings__isnull=False).distinct().order_by("pk")[:PEOPLE]
    visits = [_question(server, signed_in(person)) for person in people]
    for visit in visits:
        server.visit(visit)
    before, begun = _seconds(server.process), time.monotonic()
    for number, visit in enumerate(visits):
        time.sleep(max(0, begun + number * EVERY / len(visits) - time.monotonic()))
        server.visit(visit)
    used = _seconds(server.process) - before
    share = used / EVERY
    return Result(
        f"{len(visits)} people polling the list, ms of a core in a second", share * 1000, 1000,
        share, 0.1,
    )  # fmt: skip


def _question(server: Server, headers: dict[str, str]) -> Visit:
    """What the open page of a person asks, as its script does."""
    found = ADDRESS.search(server.text(Visit(LIST, headers)))
    assert found
    return Visit(unescape(found.group(1)), {**headers, "HX-Request": "true"})


def _seconds(process: psutil.Process) -> float:
    """Processor time of the server and its workers up to now."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)
