"""/healthz and /readyz."""

import os
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError, connection
from django.test import Client
from redis import Redis

from csm.embedded.servers import free_port
from csm.kit import clock
from organisation.models import SweepRun


def swept(ago: timedelta) -> None:
    SweepRun.objects.create(name="escalation", ran_at=clock.now() - ago)


def test_healthz_asks_nobody(client: Client) -> None:
    # Without the django_db mark any query raises.
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_before_the_first_sweep(client: Client) -> None:
    response = client.get("/readyz")
    facts = {"status": "ready", "database": True, "redis": True, "sweep_age": None}
    assert (response.status_code, response.json()) == (200, facts)


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(30, 200), (90, 503)])
def test_a25_the_age_of_the_last_sweep_counts(client: Client, seconds: int, status: int) -> None:
    swept(timedelta(seconds=seconds))
    response = client.get("/readyz")
    assert response.status_code == status
    assert seconds <= response.json()["sweep_age"] < seconds + 5


@pytest.mark.django_db
def test_a25_redis_away(client: Client, settings: Any) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    before = time.monotonic()
    response = client.get("/readyz")
    assert time.monotonic() - before < 5
    assert response.status_code == 503
    assert (response.json()["redis"], response.json()["database"]) == (False, True)


@pytest.mark.django_db
def test_a05_a_frozen_redis_costs_a_second(client: Client, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        before = time.monotonic()
        response = client.get("/readyz")
        assert time.monotonic() - before < 5
    assert (response.status_code, response.json()["redis"]) == (503, False)


@pytest.mark.django_db
def test_a25_database_away(client: Client) -> None:
    def refuse(execute: Callable[..., Any], *args: Any) -> None:
        raise OperationalError("server closed the connection at secret-host")

    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] is False
    assert b"secret-host" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a25_no_names_and_no_secrets(client: Client, settings: Any, path: str) -> None:
    redis = urlsplit(settings.REDIS_URL)
    body = client.get(path).content.decode()
    for secret in (redis.hostname, redis.password, connection.settings_dict["HOST"]):
        assert not secret or secret not in body


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_and_never_cached(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
    assert "no-store" in client.get(path)["Cache-Control"]


def test_a_test_process_has_redis_and_files_of_its_own(settings: Any) -> None:
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    assert str(settings.DATA_DIR) == os.environ["CSM_DATA_DIR"]
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    assert (int(urlsplit(settings.REDIS_URL).path[1:]) - 1) % 16 == process
    with Redis.from_url(settings.REDIS_URL) as client:
        assert client.ping()
