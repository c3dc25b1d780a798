"""The application under gunicorn, and one client that measures it."""

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from csm.embedded.servers import free_port
from csm.kit import clock
from organisation.actions import tokens
from organisation.models import Person

PATIENCE = 60  # seconds
THREADS = 4
WARM_UP = THREADS


@dataclass(frozen=True)
class Visit:
    """One request of one person, with a session or (`body`) with a token."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, object] | None = None
    expected: int = 200


@dataclass
class Server:
    """Answers on a port of its own; the clock of a visit stops when the whole answer is there."""

    port: int
    process: psutil.Process
    # How often two visits are compared.
    times: int
    _connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def visit(self, visit: Visit) -> float:
        """Milliseconds."""
        return self._ask(visit)[0]

    def text(self, visit: Visit) -> str:
        return self._ask(visit)[1]

    def _ask(self, visit: Visit) -> tuple[float, str]:
        body = None if visit.body is None else json.dumps(visit.body)
        started = time.perf_counter()
        self._connection.request("GET" if body is None else "POST", visit.path, body, visit.headers)
        answer = self._connection.getresponse()
        text = answer.read()
        span = (time.perf_counter() - started) * 1000
        assert answer.status == visit.expected, (visit.path, answer.status, text[:500])
        return span, text.decode()


@dataclass(frozen=True)
class Spans:
    """Milliseconds of some visits of one kind."""

    spans: tuple[float, ...]

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.spans, n=20)[-1]

    @property
    def median(self) -> float:
        """What is compared between two moments: the slowest few tell of the weather of one."""
        return statistics.median(self.spans)


def compared(server: Server, ours: Visit, reference: Visit, *, times: int) -> tuple[Spans, Spans]:
    """Two visits by turns, so that both have the same weather."""
    for _round in range(WARM_UP):
        server.visit(ours)
        server.visit(reference)
    pairs = [(server.visit(ours), server.visit(reference)) for _round in range(times)]
    first, second = zip(*pairs, strict=True)
    return Spans(first), Spans(second)


@contextmanager
def serving(times: int) -> Iterator[Server]:
    """gunicorn as in the Procfile, on the database of this process; one worker is measured."""
    port = int(free_port())
    own = {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "BENCH_DATABASE": str(connection.settings_dict["NAME"]),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "csm.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--workers", "1", "--threads", str(THREADS), "--no-control-socket"),
            *("--log-level", "warning"),
        ],
        env={**os.environ, **own},
    )
    try:
        _wait(port)
        yield Server(port, psutil.Process(process.pid), times)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        attempt = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            attempt.request("GET", "/healthz")
            attempt.getresponse().read()
        except OSError:
            assert time.monotonic() < deadline, "gunicorn does not answer"
            time.sleep(0.1)
        else:
            return
        finally:
            attempt.close()


def signed_in(person: Person) -> dict[str, str]:
    """The header of a session."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}"}


def with_token(person: Person) -> dict[str, str]:
    """The headers of a program."""
    _row, token = tokens.issue_token(person=person, now=clock.now())
    return {"Authorization": f"Token {token}", "Content-Type": "application/json"}
