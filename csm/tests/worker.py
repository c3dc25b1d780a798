"""A real Celery worker for tests, on the database and the Redis of the test that starts it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from typing import Any, Self
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

from csm.celery import app

PATIENCE = 60  # seconds


class Worker:
    """One worker process with one child, consuming the named queues."""

    def __init__(self, *queues: str) -> None:
        self.queues = queues or ("escalation", "notify", "bulk")

    def __enter__(self) -> Self:
        """Start it on an empty Redis and wait until it consumes."""
        with closing(redis.Redis.from_url(settings.REDIS_URL)) as client:
            client.flushdb()
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "--quiet", "--app", "csm", "worker"),
                *("--queues", ",".join(self.queues), "--concurrency", "1", "--loglevel", "WARNING"),
                *("--without-gossip", "--without-mingle"),
            ],
            env={**os.environ, "DATABASE_URL": database_url(connection.settings_dict)},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it, by force if it does not stop."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.kill()
            self.log.close()

    def output(self) -> str:
        """What it has printed."""
        self.log.seek(0)
        return self.log.read()

    def kill(self) -> None:
        """End the worker and its child at once, as a crash would."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while not app.control.ping(timeout=2, limit=1):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                with self.log:
                    raise AssertionError(f"the Celery worker does not start:\n{self.output()}")


def database_url(database: dict[str, Any]) -> str:
    """The address that stands for Django's settings of a database."""
    host = str(database["HOST"])
    path = f"{quote(host)}/{database['NAME']}" if host.startswith("/") else database["NAME"]
    port = f":{database['PORT']}" if database["PORT"] else ""
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'], safe='')}"
    return f"postgres://{login}@{'' if host.startswith('/') else host}{port}/{path}"
