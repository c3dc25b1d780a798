"""The two embedded servers: how each is made ready, started, found again and stopped."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing

import psutil
import psycopg2
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from csm.embedded.home import Home

PATIENCE = 60  # seconds: a start after a crash replays the log first
LAUNCHES = 5
PROGRAMS = ("postgres", "redis-server", "valkey-server")  # anything else in there only looks around


class Server:
    """One server process, working in a folder of its own."""

    name: str
    pid_file: str
    stop_signal: signal.Signals

    def __init__(self, home: Home) -> None:
        self.home = home
        self.folder = home.path / self.name
        self.log = home.run / f"{self.name}.log"

    def prepare(self) -> None:
        """Make what the server needs before a start."""
        raise NotImplementedError

    def command(self) -> list[str]:
        """The command line that starts it in the foreground."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether a client is served."""
        raise NotImplementedError

    def is_gone(self) -> bool:
        """Whether its process has ended; one that hangs is not gone."""
        return self._process() is None

    def start(self) -> None:
        """Have the server running and answering; one that already runs is kept."""
        deadline = time.monotonic() + PATIENCE
        launches = 0
        while not (self._process() and self.answers()):
            if time.monotonic() > deadline or launches == LAUNCHES:
                sys.exit(f"{self.name} does not start; its last words are in {self.log}")
            # After a crash the old one's children may still be leaving: never start beside them.
            if not self._crew():
                self._launch()
                launches += 1
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        if process := self._process():
            process.send_signal(self.stop_signal)
            try:
                process.wait(PATIENCE)
            except psutil.TimeoutExpired:
                process.kill()

    def _process(self) -> psutil.Process | None:
        # A crash leaves the file behind, and its number may by now be somebody else's process.
        try:
            process = psutil.Process(int((self.folder / self.pid_file).read_text().split()[0]))
            return process if process.cwd() == str(self.folder) else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def _crew(self) -> list[psutil.Process]:
        return [
            process
            for process in psutil.process_iter(["name", "cwd"])
            if process.info["cwd"] == str(self.folder) and process.info["name"].startswith(PROGRAMS)
        ]

    def _launch(self) -> None:
        self.prepare()
        (self.folder / self.pid_file).unlink(missing_ok=True)
        with self.log.open("wb") as log:
            self.home.give(self.log)
            # Not in our session: Ctrl-C in the terminal must reach it last, through `stop`.
            started = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.home.account,
            )
        started.returncode = 0  # no warning when it outlives this process, as it may


class Postgres(Server):
    """PostgreSQL on a Unix socket, without a password: its folder admits nobody else."""

    name = "postgres"
    pid_file = "postmaster.pid"
    stop_signal = signal.SIGINT  # "fast": ends the sessions that are open

    def prepare(self) -> None:
        """Make the cluster, and clear a lock that a crash left."""
        (self.home.socket_folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        if not self.folder.exists():
            self._make()

    def command(self) -> list[str]:
        """The command line that starts it in the foreground."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.home.socket_folder}"',
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": "256MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.home.durable:
            options |= {"fsync": "off", "full_page_writes": "off"}
        settings = (f"--{name}={value}" for name, value in options.items())
        return [str(self.home.postgres() / "postgres"), "-D", str(self.folder), *settings]

    def answers(self) -> bool:
        """Whether it serves the database `csm`, which is made on the first start."""
        try:
            with closing(self._connection("postgres")) as connection, connection.cursor() as cursor:
                connection.autocommit = True
                cursor.execute("SELECT FROM pg_database WHERE datname = 'csm'")
                if cursor.fetchone() is None:
                    cursor.execute("CREATE DATABASE csm")
        except psycopg2.OperationalError:
            return False
        return True

    def _make(self) -> None:
        draft = self.home.path / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        made = subprocess.run(
            [
                str(self.home.postgres() / "initdb"),
                *("-D", str(draft), "-U", "csm", "-A", "trust", "-E", "UTF8", "--locale=C"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                *([] if self.home.durable else ["--no-sync"]),
            ],
            cwd=self.home.path,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            capture_output=True,
            check=False,
            text=True,
            **self.home.account,
        )
        if made.returncode != 0:
            sys.exit(f"PostgreSQL's initdb failed:\n{made.stdout}{made.stderr}")
        draft.rename(self.folder)

    def _connection(self, name: str) -> "psycopg2.extensions.connection":
        return psycopg2.connect(
            host=str(self.home.socket_folder), user="csm", dbname=name, connect_timeout=5
        )


class Redis(Server):
    """Redis on a loopback port, with a password: every user of the machine can reach that port."""

    name = "redis"
    pid_file = "redis.pid"
    stop_signal = signal.SIGTERM

    def __init__(self, home: Home, password: str) -> None:
        super().__init__(home)
        self.password = password
        self.port_file = home.data_dir / "redis_port"

    def prepare(self) -> None:
        """Write the configuration; a port that another program has taken since is given up."""
        self.home.folder(self.name)
        if not self.port_file.exists() or not is_free(int(self.port_file.read_text())):
            self.port_file.write_text(free_port())
        options = {
            "port": self.port_file.read_text(),
            "bind": "127.0.0.1",
            "requirepass": self.password,
            "dir": f'"{self.folder}"',
            "pidfile": f'"{self.folder / self.pid_file}"',
            "databases": "128",
            "appendonly": "yes" if self.home.durable else "no",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        configuration = self.home.run / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text("".join(f"{name} {value}\n" for name, value in options.items()))
        self.home.give(configuration)

    def command(self) -> list[str]:
        """The command line that starts it in the foreground."""
        return [str(self.home.redis()), str(self.home.run / "redis.conf")]

    def answers(self) -> bool:
        """Whether it serves a client who knows the password."""
        port = int(self.port_file.read_text())
        once = Retry(NoBackoff(), retries=0)
        client = redis.Redis(port=port, password=self.password, socket_timeout=2, retry=once)
        with closing(client):
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def free_port() -> str:
    """A loopback port that nobody listens on."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return str(candidate.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens on the loopback port."""
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
