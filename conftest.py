"""What every test may use: the servers, a stated `now`, a real worker, a mail server, Chromium.

The process that is started first (the only one, or the controller of pytest-xdist) brings
PostgreSQL and Redis up, unless DATABASE_URL and REDIS_URL name others. Each process then has a
database, a Redis database and a data folder of its own; runs side by side in one checkout keep
apart by a numbered slot.
"""

import atexit
import fcntl
import os
import shutil
import socket
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation
from pytest_django import DjangoDbBlocker

from csm import embedded
from csm.tests import chromium, migrated, pristine
from csm.tests.mailbox import Mailbox
from csm.tests.worker import Worker

PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "")
SLOTS = 7  # times 16 processes, within the 128 databases of the embedded Redis
# What takes long and starts much comes first; the many short tests level the processes at the end.
LONG = ("csm/tests/fire/", "csm/tests/test_runtime.py", "csm/tests/browser/")


def _take_slot(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(SLOTS):
        claim = (folder / f"slot-{slot}").open("w")
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            claim.close()
            continue
        _until_exit.callback(claim.close)
        return slot
    raise pytest.UsageError(f"{SLOTS} test runs use {folder} already")


def _bring_up() -> None:
    folder = embedded.data_dir() / "test"
    os.environ["CSM_TEST_SLOT"] = str(_take_slot(folder))
    _until_exit.enter_context(embedded.running(folder, durable=False))
    os.environ.setdefault("DATABASE_URL", embedded.database_url(folder))
    os.environ.setdefault("REDIS_URL", embedded.redis_url(folder))


def _set_apart() -> None:
    slot, process = int(os.environ["CSM_TEST_SLOT"]), int(PROCESS.removeprefix("gw") or 0)
    redis = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = redis._replace(path=f"/{1 + 16 * slot + process}").geturl()
    os.environ["CSM_DATA_DIR"] = tempfile.mkdtemp(prefix="csm-test-")
    _until_exit.callback(shutil.rmtree, os.environ["CSM_DATA_DIR"], ignore_errors=True)


_until_exit = ExitStack()
atexit.register(_until_exit.close)
if not PROCESS:
    _bring_up()
_set_apart()
# Tests with real clocks also run at night; those of quiet hours set them.
os.environ["QUIET_FROM"] = os.environ["QUIET_UNTIL"] = ""
os.environ["DJANGO_SETTINGS_MODULE"] = "csm.settings"
django.setup()
# Inherited, it would make pytest-django load the settings of xdist's processes before this file.
del os.environ["DJANGO_SETTINGS_MODULE"]
connection.settings_dict["TEST"]["NAME"] = f"test_csm_{os.environ['CSM_TEST_SLOT']}"
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A busy machine is no reason for a property to fail.
hypothesis.settings.register_profile("csm", deadline=None)
hypothesis.settings.load_profile("csm")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first, each folder in one piece: what its tests share is made once."""
    items.sort(key=lambda item: [not item.nodeid.startswith(part) for part in LONG])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud what this run leaves open."""
    if not os.environ.get("CSM_REAL_DATA"):
        terminalreporter.write_line(
            "Tests on real public records did NOT run: set CSM_REAL_DATA to their folder.",
            yellow=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """A new database is a copy of one that was migrated before."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database, which a transactional test leaves as it was."""
    with ExitStack() as after:
        with django_db_blocker.unblock():
            _count_branches_by_six_digits()
            after.enter_context(pristine.restored_after_tests())
        yield
    with django_db_blocker.unblock():
        _send_others_away()


def _send_others_away() -> None:
    """Who is still connected, a worker that was just shot, would keep the database alive."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _count_branches_by_six_digits() -> None:
    """They are listed by their path, as text: with ids of one length, as they were made."""
    table = "pg_get_serial_sequence('organisation_branch', 'id')"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval({table}, greatest(100000, nextval({table})))")


@pytest.fixture
def now() -> datetime:
    """A stated moment: Thursday, 14:30 in Shanghai."""
    return datetime(2026, 11, 19, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Actions and commands speak English here, whatever a request before has switched on."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def own_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test did often does not count for the next."""
    monkeypatch.setattr("organisation.actions.limits.PREFIX", uuid.uuid4().hex)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real public complaint records."""
    folder = os.environ.get("CSM_REAL_DATA")
    if not folder:
        pytest.skip("CSM_REAL_DATA is not set: the real records are NOT tested")
    return Path(folder).resolve(strict=True)


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Mailbox]:
    """A mail server that keeps what it gets, for this process and for workers started later."""
    with Mailbox() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = mailbox.host, mailbox.port
        monkeypatch.setenv("EMAIL_URL", f"smtp://{mailbox.host}:{mailbox.port}")
        yield mailbox


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Callable[..., Worker]]:
    """Starts a real Celery worker on this test's database and Redis: `worker("escalation")`."""
    with ExitStack() as workers:
        yield lambda *queues: workers.enter_context(Worker(*queues))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How pytest-playwright starts Chromium."""
    return {**browser_type_launch_args, **chromium.launch_arguments()}


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse every connection to another machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise PermissionError(f"a test may not connect to {address[0]}")
        return connect(self, address)

    return guarded


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
