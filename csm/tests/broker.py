"""A Redis of a test's own, which may be frozen, killed and started again."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import redis

from csm import embedded
from csm.celery import app
from csm.embedded.servers import free_port


class Broker:
    """`url` is its address; it listens unless it is frozen or killed."""

    def __init__(self, folder: Path, revive: Callable[[], None]) -> None:
        self.folder = folder
        self.revive = revive
        self.url = embedded.redis_url(folder)

    def _signal(self, number: signal.Signals) -> None:
        os.kill(int((self.folder / "servers/redis/redis.pid").read_text()), number)

    def freeze(self) -> None:
        """It keeps its connections and answers nobody."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def forget(self) -> None:
        """It loses everything, bindings of queues included."""
        with closing(redis.Redis.from_url(self.url)) as client:
            client.flushall()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)


@contextmanager
def own_broker() -> Iterator[Broker]:
    """Start one; it and its folder are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="csm-broker-"))
    folder.chmod(0o755)  # started by root, it runs as somebody else
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("REDIS_URL")
        patch.setenv("DATABASE_URL", "none")
        started = embedded.running(folder)
        revive = started.__enter__()
    try:
        broker = Broker(folder, revive)
        yield broker
    finally:
        broker.thaw()
        started.__exit__(None, None, None)
        shutil.rmtree(folder)


def closed_port() -> str:
    """The address of a broker that is not there."""
    return f"redis://127.0.0.1:{free_port()}/0"


def use(patch: pytest.MonkeyPatch, url: str) -> None:
    """Have this process, and those that it starts, take this broker."""
    patch.setenv("REDIS_URL", url)
    patch.setenv("CELERY_BROKER_URL", url)
    patch.setattr("django.conf.settings.REDIS_URL", url)
    # Celery keeps its connections to the one before.
    patch.setattr(app, "_pool", None)
    patch.setattr(app.amqp, "_producer_pool", None)
