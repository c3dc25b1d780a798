"""What runs beside the requests: the schedule, the worker, `make run`, the tests' own guards."""

import ast
import os
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import send_mail
from django.template import Context, Template

from csm import embedded, launch
from csm.celery import app
from csm.tests.installation import PATIENCE, Installation, until
from csm.tests.mailbox import Mailbox
from csm.tests.worker import Worker
from organisation.models import SweepRun

APPS = ("organisation", "customers", "complaints", "surveys", "staff", "reports", "csm")


def modules() -> list[Path]:
    """Every module of the application, tests and migrations left out."""
    return [
        path
        for folder in APPS
        for path in sorted((embedded.BASE_DIR / folder).rglob("*.py"))
        if not {"tests", "migrations"} & {*path.parts}
    ]


def publishes(node: ast.AST) -> bool:
    """Whether the code asks for a task by message, or for one at a later time."""
    match node:
        case ast.Call(func=ast.Attribute(attr="delay" | "apply_async" | "send_task")):
            return True
        case ast.keyword(arg="eta" | "countdown"):
            return True
    return False


def test_a14_no_deadline_and_no_duty_travels_in_a_message() -> None:
    found = [
        f"{path}:{getattr(node, 'lineno', '?')}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if publishes(node)
    ]
    assert len(modules()) > 100
    assert found == []


def test_a14_the_queue_speaks_json_and_keeps_no_results() -> None:
    assert app.conf.task_serializer == "json"
    assert app.conf.accept_content == ["json"]
    assert app.conf.result_backend is None
    assert app.conf.task_ignore_result
    assert app.conf.broker_transport_options["ack_emulation"] is False


def queues(child: launch.Child) -> set[str]:
    """What a worker hears."""
    return {*child.command.split("--queues ")[1].split()[0].split(",")}


def test_the_schedule_rings_known_bells_on_queues_that_a_worker_hears() -> None:
    app.loader.import_default_modules()
    workers = [child for child in launch.procfile() if " worker " in child.command]
    for bell in app.conf.beat_schedule.values():
        assert bell["task"] in app.tasks
        heard = [child for child in workers if queues(child) & {bell["options"]["queue"]}]
        assert len(heard) == 1
        assert bell["options"]["expires"] == bell["schedule"]


def test_the_procfile_keeps_to_commands_that_pass_signals_on() -> None:
    children = launch.procfile()
    assert [child.name for child in children] == ["web", "worker", "bulk", "beat"]
    assert all(child.command.startswith("exec ") for child in children)


def test_a_real_worker_hears_the_bell(worker: Callable[..., Worker]) -> None:
    worker("notify")
    assert not SweepRun.objects.exists()
    app.send_task("organisation.tasks.deliver_messages", queue="notify")
    until(SweepRun.objects.exists)


def test_a01_a_killed_worker_is_replaced_without_a_trace(worker: Callable[..., Worker]) -> None:
    worker("escalation").kill()
    worker("escalation")
    app.send_task("complaints.tasks.fire_timers", queue="escalation")
    until(SweepRun.objects.filter(name="escalation").exists)


def test_mail_reaches_the_mailbox(smtp: Mailbox) -> None:
    send_mail("投诉", "text", "csm@localhost", ["quality@example.com"])
    (message,) = smtp.messages
    assert (message["Subject"], message["To"]) == ("投诉", "quality@example.com")
    smtp.reply = "451 later"
    with pytest.raises(smtplib.SMTPDataError):
        send_mail("投诉", "text", "csm@localhost", ["quality@example.com"])
    assert len(smtp.messages) == 1


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(PermissionError):
        outside.connect(("192.0.2.1", 80))


def test_an_unknown_template_variable_fails() -> None:
    with pytest.raises(pytest.fail.Exception):
        Template("{{ nobody_set_this }}").render(Context())


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """Where the first start makes the database, and the next ones find it."""
    with tempfile.TemporaryDirectory(prefix="csm-run-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def installation(data_dir: Path) -> Iterator[Installation]:
    installed = Installation(data_dir)
    yield installed
    installed.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_make_run_ends_without_a_trace(installation: Installation, number: signal.Signals) -> None:
    assert f"http://localhost:{installation.port}/" in installation.output()
    assert "frontdesk" in installation.output()
    expected = {"gunicorn": 3, "celery --quiet --app csm worker": 6, "csm beat": 1}
    until(lambda: {part: len(installation.named(part)) for part in expected} == expected)
    installation.process.send_signal(number)
    assert installation.process.wait(PATIENCE) == 0
    assert installation.processes() == []


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "csm.launch"],
            cwd=embedded.BASE_DIR,
            env={**os.environ, "PORT": str(port), "CSM_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"PORT={port + 1} make run" in done.stderr


def test_production_names_what_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=embedded.BASE_DIR,
        env={"PATH": os.environ["PATH"], "CSM_ENV": "production", "CSM_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "CSM cannot start in production: set DATABASE_URL, REDIS_URL, SECRET_KEY, ALLOWED_HOSTS."
    ]
    assert settings.CSM_ENV == "development"
