"""The embedded servers: shared, crash-safe, private, and gone when nobody needs them."""

import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import environ
import psutil
import psycopg2
import pytest
import redis

from csm import embedded
from csm.embedded.home import socket_folder
from csm.embedded.servers import is_free
from csm.tests.installation import until

quickly = partial(embedded.running, durable=False)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has an account to drop to")
as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture(autouse=True)
def no_other_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test's own servers be wanted."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that the servers' account can enter, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="csm-embedded-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def crew(data_dir: Path) -> dict[str, psutil.Process]:
    """The main process of each server that works below the folder."""
    servers = (data_dir / "servers").resolve()
    found = [
        process
        for process in psutil.process_iter(["cwd", "name", "ppid"])
        if process.info["cwd"] and Path(process.info["cwd"]).is_relative_to(servers)
    ]
    numbers = {process.pid for process in found}
    return {
        process.info["name"]: process for process in found if process.info["ppid"] not in numbers
    }


def sql(data_dir: Path, statement: str) -> Any:
    """The first value that a statement gives."""
    at = environ.Env.db_url_config(embedded.database_url(data_dir))
    connection = psycopg2.connect(host=at["HOST"], user=at["USER"], dbname=at["NAME"])
    with closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def holder(data_dir: Path) -> subprocess.Popen[str]:
    """Another process that holds the servers until its input ends.

    Signals are given back first: a run in the background or under nohup has them switched off.
    """
    code = (
        "import signal, sys; from pathlib import Path; from csm import embedded\n"
        "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"with embedded.running(Path({str(data_dir)!r}), durable=False):\n"
        "    print('up', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=embedded.BASE_DIR,
    )
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def test_the_settings_read_addresses_without_django_and_without_a_start(data_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from csm import embedded\n"
        f"folder = Path({str(data_dir)!r})\n"
        "embedded.secret_key(folder), embedded.database_url(folder), embedded.redis_url(folder)\n"
        "assert not {'django', 'celery'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=embedded.BASE_DIR)
    assert crew(data_dir) == {}


def test_secrets_are_made_once_and_private(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSM_DEMO_PASSWORD", raising=False)
    for name in ("secret_key", "demo_password"):
        made = getattr(embedded, name)(data_dir)
        assert made == getattr(embedded, name)(data_dir)
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600
    assert len(embedded.secret_key(data_dir)) >= 50


def test_servers_are_shared_and_leave_with_the_last_user(data_dir: Path) -> None:
    with quickly(data_dir):
        first = crew(data_dir)
        assert len(first) == 2
        with holder(data_dir) as other:
            assert crew(data_dir) == first
            other.communicate()
        assert crew(data_dir) == first
    assert crew(data_dir) == {}


def test_data_outlives_a_restart(data_dir: Path) -> None:
    with embedded.running(data_dir):
        sql(data_dir, "CREATE TABLE kept AS SELECT '投诉' AS text")
        with redis.Redis.from_url(embedded.redis_url(data_dir)) as client:
            client.set("kept", "yes")
    with embedded.running(data_dir):
        assert sql(data_dir, "SELECT text FROM kept") == "投诉"
        with redis.Redis.from_url(embedded.redis_url(data_dir)) as client:
            assert client.get("kept") == b"yes"


def test_the_database_is_made_for_utf8_utc_and_safety(data_dir: Path) -> None:
    with embedded.running(data_dir):
        assert sql(data_dir, "SHOW server_encoding") == "UTF8"
        assert sql(data_dir, "SHOW timezone") == "UTC"
        assert sql(data_dir, "SHOW fsync") == "on"
        assert sql(data_dir, "SHOW listen_addresses") == ""
        assert sql(data_dir, "SELECT datlocprovider FROM pg_database WHERE datname='csm'") == "b"


def test_a01_a_killed_user_leaves_servers_that_the_next_one_takes_over(data_dir: Path) -> None:
    with holder(data_dir) as killed:
        killed.kill()
    left = crew(data_dir)
    assert len(left) == 2
    with quickly(data_dir):
        assert crew(data_dir) == left
    assert crew(data_dir) == {}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_a_user_with_its_servers(data_dir: Path, number: signal.Signals) -> None:
    with holder(data_dir) as user:
        user.send_signal(number)
        user.wait(90)
    assert crew(data_dir) == {}


def test_a01_killed_servers_come_back_with_their_data(data_dir: Path) -> None:
    with quickly(data_dir) as revive:
        sql(data_dir, "CREATE TABLE kept AS SELECT 1 AS number")
        before = crew(data_dir)
        for process in before.values():
            process.kill()
        until(lambda: not crew(data_dir))
        revive()
        after = crew(data_dir)
        assert len(after) == 2
        assert {process.pid for process in after.values()}.isdisjoint(
            process.pid for process in before.values()
        )
        assert sql(data_dir, "SELECT number FROM kept") == 1
    assert crew(data_dir) == {}


def test_a05_a_frozen_server_is_not_started_twice(data_dir: Path) -> None:
    with quickly(data_dir) as revive:
        before = crew(data_dir)
        for process in before.values():
            process.suspend()
        revive()
        assert crew(data_dir) == before
        for process in before.values():
            process.resume()


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(data_dir: Path) -> None:
    with quickly(data_dir):
        pass
    for name in ("postgres/postmaster.pid", "run/.s.PGSQL.5432.lock", "redis/redis.pid"):
        (data_dir / "servers" / name).write_text(f"{os.getpid()}\n")
    with quickly(data_dir):
        assert len(crew(data_dir)) == 2


def test_a_port_that_was_taken_is_given_up(data_dir: Path) -> None:
    with quickly(data_dir):
        pass
    port = int((data_dir / "redis_port").read_text())
    assert is_free(port)
    with socket.create_server(("127.0.0.1", port)), quickly(data_dir):
        assert (data_dir / "redis_port").read_text() != str(port)
        with redis.Redis.from_url(embedded.redis_url(data_dir)) as client:
            assert client.ping()


def test_nobody_else_gets_in(data_dir: Path) -> None:
    with quickly(data_dir):
        assert stat.S_IMODE(socket_folder(data_dir).stat().st_mode) == 0o700
        with (
            redis.Redis(port=int((data_dir / "redis_port").read_text())) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()


def test_a_path_too_long_for_a_socket(data_dir: Path) -> None:
    long = data_dir / ("客户投诉" * 12)
    with quickly(long):
        assert sql(long, "SELECT 1") == 1
        assert stat.S_IMODE(socket_folder(long).stat().st_mode) == 0o700
    socket_folder(long).rmdir()


def test_only_what_the_environment_does_not_name(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://somewhere/else")
    with quickly(data_dir):
        assert [*crew(data_dir)] == ["redis-server"]
    monkeypatch.setenv("CSM_ENV", "production")
    monkeypatch.delenv("DATABASE_URL")
    with quickly(data_dir):
        assert crew(data_dir) == {}


@as_root
def test_root_hands_the_servers_to_an_account_without_rights(data_dir: Path) -> None:
    with quickly(data_dir):
        assert {process.username() for process in crew(data_dir).values()} == {"nobody"}
    assert not (data_dir / "servers").is_symlink()


@as_root
def test_root_in_a_private_folder_opens_nothing_up(data_dir: Path) -> None:
    data_dir.chmod(0o700)
    with quickly(data_dir):
        elsewhere = (data_dir / "servers").resolve()
        assert sql(data_dir, "SELECT 1") == 1
        assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
        assert elsewhere.stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert not elsewhere.is_relative_to(data_dir)
    subprocess.run(["rm", "-r", str(elsewhere)], check=True)


@as_user
def test_a_folder_of_somebody_else_is_refused_in_one_line(data_dir: Path) -> None:
    data_dir.chmod(0o500)
    with pytest.raises(SystemExit, match="belongs to another user"), quickly(data_dir):
        pass
