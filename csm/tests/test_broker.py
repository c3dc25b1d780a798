"""The broker is away or frozen: nobody waits, nothing is lost, and all goes on by itself (A-05)."""

import ast
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from complaints.models import Complaint, Note
from csm.kit import clock
from csm.tests import broker, ladders
from csm.tests.test_architecture import ROOT, sources
from csm.tests.waiting import FIRE, ring, wait_until
from csm.tests.worker import Worker, database_url
from organisation.factories import PersonFactory
from organisation.models import Branch, Person, Role, SweepRun

LONGEST = 3  # seconds
PAGES = ("/", "/complaints/", "/complaints/new/", "/inbox/", "/api/v1/me/", "/api/v1/complaints/")
NEW = {"subject": "货物滞留", "description": "无人通知", "channel": "hotline"}
# Whoever else spoke to the broker could make a page wait for it.
MAY_IMPORT = {
    "celery": {"csm/celery.py", "*/tasks.py"},
    # Limits count there, and in the database while it is away; they ring no bell.
    "redis": {
        "organisation/broker.py",
        "organisation/actions/limits.py",
        "csm/embedded/servers.py",
    },
    "kombu": set(),
}
RINGING = {"delay", "apply_async", "send_task", "signature", "apply_on_commit", "delay_on_commit"}


def test_a05_a14_nothing_else_speaks_to_the_broker() -> None:
    """No page, act or command publishes: what is due is a row that a sweep finds."""
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        patterns = {name, f"*/{path.name}"}
        for node in ast.walk(ast.parse(path.read_text())):
            for module in _imported(node):
                assert patterns & MAY_IMPORT.get(module, patterns), f"{name} imports {module}"
            assert not (isinstance(node, ast.Attribute) and node.attr in RINGING), name


def _imported(node: ast.AST) -> list[str]:
    """The packages that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module.split(".")[0]]
    return []


@pytest.fixture(params=["away", "frozen"])
def lost_broker(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody listens on the broker's port, or somebody does and never answers."""
    if request.param == "away":
        broker.use(monkeypatch, broker.closed_port())
        yield
        return
    with broker.own_broker() as own:
        broker.use(monkeypatch, own.url)
        own.freeze()
        yield


@pytest.fixture
def person(transactional_db: None) -> Person:
    ladders.untouched(3)
    branch = Branch.objects.get(code="WX")
    return PersonFactory.create(branch=branch, role=Role.QUALITY_MANAGER)


def test_a04_a05_pages_api_and_sweep_do_without_the_broker(
    person: Person, client: Client, lost_broker: None
) -> None:
    client.force_login(person)
    for page in PAGES:
        assert in_time(client.get, page).status_code == 200
    assert in_time(client.get, "/healthz").status_code == 200
    readiness = in_time(client.get, "/readyz")
    assert readiness.status_code == 503
    assert (readiness.json()["database"], readiness.json()["redis"]) == (True, False)

    number = Complaint.objects.earliest("pk").number
    noted = in_time(client.post, f"/complaints/{number}/note/", {"text": "已联系"})
    assert (noted.status_code, Note.objects.count()) == (303, 1)
    logged = in_time(client.post, "/api/v1/complaints/", NEW, "application/json")
    assert (logged.status_code, Complaint.objects.count()) == (201, 4)

    ladders.let_pass(timedelta(days=5))
    # At once: one step of each of the four clocks speaks for those before it.
    assert swept()["fired"] == 4 * 4
    assert not ladders.due()


def in_time(call: Callable[..., Any], *arguments: object) -> Any:
    began = time.monotonic()
    answer = call(*arguments)
    assert time.monotonic() - began < LONGEST, arguments
    return answer


def swept() -> dict[str, int]:
    """`manage.py sweep` as a process of its own."""
    done = subprocess.run(
        [sys.executable, "manage.py", "sweep"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url(connection.settings_dict)},
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    said: dict[str, int] = json.loads(done.stdout)
    return said


def test_a05_a_worker_goes_on_by_itself(
    monkeypatch: pytest.MonkeyPatch, worker: Callable[..., Worker]
) -> None:
    with broker.own_broker() as own:
        broker.use(monkeypatch, own.url)
        running = worker("escalation")
        wait_until(has_swept_since(clock.now()), "the first sweep")

        own.forget()
        wait_until(has_swept_since(clock.now()), "a sweep after a FLUSHALL")

        own.freeze()
        time.sleep(settings.CELERY_BROKER_TRANSPORT_OPTIONS["socket_timeout"] + 0.5)
        own.thaw()
        wait_until(has_swept_since(clock.now()), "a sweep after the freeze")

        own.kill()
        time.sleep(0.5)
        own.revive()
        wait_until(has_swept_since(clock.now()), "a sweep after the restart")
        assert running.process.poll() is None
        running.kill()


def has_swept_since(moment: datetime) -> Callable[[], bool]:
    """Rings, and looks whether somebody heard."""

    def look() -> bool:
        ring(*FIRE)
        return SweepRun.objects.filter(name="escalation", ran_at__gt=moment).exists()

    return look
