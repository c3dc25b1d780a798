"""A real gunicorn writes no token down, and tells no page's address to others (B-08)."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from complaints.actions import tracking
from complaints.factories import ComplaintFactory
from csm.embedded import BASE_DIR
from csm.embedded.servers import free_port
from csm.kit import clock
from csm.tests.waiting import wait_until
from csm.tests.worker import database_url
from organisation.actions import tokens

pytestmark = pytest.mark.django_db(transaction=True)


def fetched(url: str, data: bytes | None = None) -> tuple[int, str, dict[str, str]]:
    try:
        with urllib.request.urlopen(url, data, timeout=20) as response:
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), dict(error.headers)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """gunicorn on this test's database with every log it has, in one file."""
    port, log = free_port(), tmp_path / "log"
    environment = {**os.environ, "DATABASE_URL": database_url(connection.settings_dict)}
    environment |= {"LOG_LEVEL": "DEBUG", "PORT": str(port)}
    command = [sys.executable, "-m", "gunicorn", "csm.wsgi", "--bind", f"127.0.0.1:{port}"]
    logs = ["--access-logfile", "-", "--log-level", "debug", "--no-control-socket"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, *logs], cwd=BASE_DIR, env=environment, stdout=output, stderr=output
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until(lambda: "Booting worker" in log.read_text(), "gunicorn")
            wait_until(lambda: is_up(url), "the first answer")
            yield url, log
        finally:
            process.terminate()
            process.wait(20)


def is_up(url: str) -> bool:
    try:
        return fetched(f"{url}/healthz")[0] == 200
    except OSError:
        return False


def test_b08_no_token_in_any_log_and_nothing_tells_where_the_page_is(
    site: tuple[str, Path],
) -> None:
    url, log = site
    complaint = ComplaintFactory.create(channel="web")
    row = tracking.current(complaint, now=clock.now())
    assert row is not None
    path = tokens.path_of(row.link)
    token, guess = path.split("/")[2], "G" * 43
    asked = {
        path: 200,
        f"{path}?said=addition": 200,
        path.rstrip("/"): 200,  # led on to the one with a slash
        f"/track/{guess}/": 404,
        f"/track/{guess}/nothing/": 404,
        f"/s/{guess}/": 404,
        f"/aware/{guess}/": 404,
        f"/track/{guess}%00/": 404,
    }
    for address, wanted in asked.items():
        status, page, headers = fetched(url + address)
        assert (status, address) == (wanted, address)
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert guess not in page
    assert fetched(f"{url}{path}add/", b"text=x")[0] == 403  # without the form's own token
    with urllib.request.urlopen(
        urllib.request.Request(f"{url}/healthz", headers={"Referer": url + path}), timeout=20
    ):
        pass
    wait_until(lambda: len(re.findall(r"/track/…", log.read_text())) >= 6, "the log")
    text = log.read_text()
    assert token not in text
    assert guess not in text
    # The tables hold it no more than the log does.
    with connection.cursor() as cursor:
        cursor.execute("SELECT json_agg(l)::text FROM organisation_publiclink l")
        assert token not in str(cursor.fetchone())
