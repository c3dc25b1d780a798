"""`manage.py sweep` and `manage.py close_period` (contract, "Commands")."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from complaints.factories import ComplaintFactory
from complaints.models import Event
from organisation.factories import PersonFactory, headquarters, tree
from organisation.models import Delivery, Message, Role
from reports.models import FrozenRanking
from reports.tests.histories import CLOSING, FREEZING, HOUR, MONDAY, all_four, history

pytestmark = pytest.mark.django_db
# Tuesday noon: nothing of this week is to be closed.
NOON = MONDAY + timedelta(days=1, hours=12)


def told(command: str, *arguments: str) -> list[str]:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue().splitlines()


def swept(*arguments: str) -> dict[str, int]:
    (line,) = told("sweep", *arguments)
    found: dict[str, int] = json.loads(line)
    assert list(found) == ["fired", "queued", "delivered", "periods"]
    return found


def unanswered() -> None:
    """A complaint nobody touches, and one person whom the ladder names, with an e-mail address."""
    company = tree()
    PersonFactory.create(branch=company.branch, role=Role.BRANCH_MANAGER)
    ComplaintFactory.create(branch=company.branch, received_at=NOON, now=NOON)


def test_sweep_runs_every_sweep_as_if_it_were_that_moment() -> None:
    unanswered()
    assert swept("--at", NOON.isoformat())["fired"] == 0
    at = (NOON + HOUR).isoformat()
    first = swept("--at", at)
    assert first == {"fired": 1, "queued": 2, "delivered": 1, "periods": 0}
    assert Event.objects.filter(kind="step_fired", at=NOON + HOUR).count() == 1
    assert Message.objects.filter(key__startswith="timer:", state=Delivery.SENT).count() == 2
    assert swept("--at", at) == dict.fromkeys(first, 0)


def test_r01_sweep_closes_48_hours_after_monday_at_eight() -> None:
    tree()
    assert swept("--at", FREEZING.isoformat())["periods"] == 2
    assert set(FrozenRanking.objects.values_list("period", flat=True)) == {"2026-10", "2026-W46"}
    assert swept("--at", FREEZING.isoformat())["periods"] == 0


def test_sweep_takes_company_time_without_an_offset() -> None:
    tree()
    assert swept("--at", "2026-11-18T07:59")["periods"] == 2
    assert set(FrozenRanking.objects.values_list("period", flat=True)) == {"2026-10", "2026-W45"}
    assert swept("--at", "2026-11-18T08:00")["periods"] == 1
    assert FrozenRanking.objects.filter(period="2026-W46").count() == 2


def test_sweep_without_a_moment_takes_the_present_one() -> None:
    tree()
    assert swept()["periods"] == 2


@pytest.mark.parametrize("at", ["now", "2026-13-01T00:00", ""])
def test_sweep_refuses_what_is_no_moment(at: str) -> None:
    tree()
    with pytest.raises(CommandError, match="no moment"):
        told("sweep", "--at", at)
    assert not FrozenRanking.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sweep_works_while_the_broker_is_down_and_prints_one_line() -> None:
    """In a process of its own; mail goes to the console there."""
    unanswered()
    environment = os.environ | {
        "DATABASE_URL": address_of_this_database(),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "consolemail://",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "sweep", "--at", (NOON + HOUR).isoformat()],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line) == {"fired": 1, "queued": 2, "delivered": 1, "periods": 2}
    assert "Message-ID" in done.stderr


def address_of_this_database() -> str:
    of = connection.settings_dict
    who = f"{quote(str(of['USER']))}:{quote(str(of['PASSWORD']))}"
    port = f":{of['PORT']}" if of["PORT"] else ""
    # The embedded server listens on a socket: its folder stands in the place of the path.
    host, folder = ("", of["HOST"]) if str(of["HOST"]).startswith("/") else (of["HOST"], "")
    path = f"{quote(str(folder))}/{of['NAME']}" if folder else of["NAME"]
    return f"postgres://{who}@{host}{port}/{path}"


def test_close_period_says_what_it_froze() -> None:
    company = tree()
    history(company.branch, all_four("met"))
    history(company.branch, {"result": "breached"})
    lines = told("close_period", "2026-W46", "--at", CLOSING.isoformat())
    figures = "2 complaints, 4 of 5 clocks on time (composite-1)"
    assert lines == [
        f"2026-W46 branch: frozen 2026-11-16 08:00, 3 rows, {figures}",
        f"2026-W46 region: frozen 2026-11-16 08:00, 2 rows, {figures}",
    ]


def test_close_period_twice_says_so_and_changes_nothing() -> None:
    tree()
    told("close_period", "2026-10", "--at", CLOSING.isoformat())
    lines = told("close_period", "2026-10", "--at", (CLOSING + HOUR).isoformat())
    assert all("was already frozen 2026-11-16 08:00" in line for line in lines)
    assert FrozenRanking.objects.count() == 2


@pytest.mark.parametrize(
    ("key", "words"),
    [("2026-W47", "has not ended"), ("2026-47", "not a period"), ("w", "not a period")],
)
def test_close_period_refuses_in_one_line(key: str, words: str) -> None:
    headquarters()
    with pytest.raises(CommandError, match=words) as refused:
        told("close_period", key, "--at", CLOSING.isoformat())
    assert "\n" not in str(refused.value)
    assert not FrozenRanking.objects.exists()
