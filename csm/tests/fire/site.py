"""An installation to shoot at: `make run` with PostgreSQL and Redis of its own."""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import environ
import psutil
import redis
from django.conf import settings
from django.db import connection

from csm import embedded
from csm.tests import migrated
from csm.tests.fire import gate
from csm.tests.installation import Installation
from csm.tests.waiting import wait_until

PATIENCE = 120  # seconds: on a busy machine a Celery process takes long to start
# How many processes each part has.
PARTS = {"worker@": 2, "second-worker@": 2, " beat ": 2, "gunicorn": 3}


class Site(Installation):
    """Two workers of one child each, two beats, and the web, under the supervisor."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(
            data_dir,
            *("-m", "csm.tests.fire.launcher"),
            EMAIL_URL="dummymail://",
            SECRET_KEY=settings.SECRET_KEY,
            CSM_TEMPLATE=migrated.conninfo(migrated.template()),
        )

    @contextmanager
    def redis(self) -> "Iterator[redis.Redis]":
        """A client of its Redis."""
        with closing(redis.Redis.from_url(embedded.redis_url(self.data_dir))) as client:
            yield client

    def server(self, name: str) -> psutil.Process:
        """The process of "postgres" or "redis"."""
        pid_file = next((self.data_dir / "servers" / name).glob("*.pid"))
        return psutil.Process(int(pid_file.read_text().split()[0]))

    def worker(self, name: str) -> psutil.Process:
        """The process above the child of a worker."""
        return self._first(f"--hostname {name}@", lambda process: bool(process.children()))

    def web(self) -> psutil.Process:
        return self._first("gunicorn")

    def beat(self) -> psutil.Process:
        return self._first(" beat ")

    def _first(
        self, part: str, fits: Callable[[psutil.Process], bool] = lambda _process: True
    ) -> psutil.Process:
        """The one above the others of a part, as soon as there is one: it may be coming back."""
        found: list[psutil.Process] = []

        def look() -> bool:
            family = self.named(part)
            with suppress(psutil.NoSuchProcess):
                found[:] = [one for one in family if one.parent() not in family and fits(one)]
            return bool(found)

        wait_until(look, f"the return of {part.strip()}", patience=PATIENCE)
        return found[0]

    def wait_until_whole(self) -> None:
        """Every process is there, and the pages answer."""

        def is_whole() -> bool:
            return all(
                len(self.named(f"--hostname {part}" if "@" in part else part)) == count
                for part, count in PARTS.items()
            )

        wait_until(is_whole, "the return of every process", patience=PATIENCE)
        wait_until(lambda: self.readiness()["redis"], "a ready web", patience=PATIENCE)


def has_ended(process: psutil.Process) -> bool:
    """Also when nobody has asked yet how it ended."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@contextmanager
def running() -> Iterator[Site]:
    """Start one; the ORM of this process works in its database. Nothing stays behind."""
    with TemporaryDirectory(prefix="csm-fire-") as folder:
        Path(folder).chmod(0o755)  # started by root, the servers run as somebody else
        site = Site(Path(folder))
        try:
            with _moved(site.data_dir):
                gate.build()
                yield site
        finally:
            for name in ("postgres", "redis"):
                _thaw(site, name)
            site.stop()


def _thaw(site: Site, name: str) -> None:
    try:
        site.server(name).send_signal(signal.SIGCONT)
    except (StopIteration, psutil.NoSuchProcess):
        return


@contextmanager
def _moved(data_dir: Path) -> Iterator[None]:
    """The default connection leads to the installation's database."""
    connection.close()
    usual = dict(connection.settings_dict)
    there = environ.Env.db_url_config(embedded.database_url(data_dir))
    connection.settings_dict.update(there, ENGINE=usual["ENGINE"])
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(usual)
