"""The PostgreSQL and the Redis that CSM brings along for development and tests.

Both come as wheels and keep their data under CSM_DATA_DIR. They are shared: a development server,
a command and a test run may need them at once or alone. Each user holds a shared lock on their
folder and starts what does not run; on leaving, whoever can turn the lock into an exclusive one was
the last and stops them. A killed user leaves the servers running for the next one to take over.

Nothing here imports Django: the addresses below are read by the settings, before Django exists.
"""

import fcntl
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from csm.embedded.home import Home, socket_folder
from csm.embedded.servers import Postgres, Redis, Server, free_port

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def data_dir() -> Path:
    """CSM_DATA_DIR, or `.data` beside manage.py."""
    return Path(os.environ.get("CSM_DATA_DIR") or BASE_DIR / ".data").resolve()


def secret_key(data_dir: Path) -> str:
    """SECRET_KEY of this checkout, made up on first use."""
    return stored(data_dir / "secret_key", lambda: secrets.token_urlsafe(48))


def demo_password(data_dir: Path) -> str:
    """Password of the demo accounts: CSM_DEMO_PASSWORD, or one made up on first use."""
    return os.environ.get("CSM_DEMO_PASSWORD") or stored(
        data_dir / "demo_password", lambda: secrets.token_urlsafe(9)
    )


def database_url(data_dir: Path) -> str:
    """Address of the embedded PostgreSQL, which listens on a socket in a private folder only."""
    return f"postgres://csm@/{quote(str(socket_folder(data_dir)))}/csm"


def redis_url(data_dir: Path, number: int = 0) -> str:
    """Address of one numbered database of the embedded Redis, which listens on loopback only."""
    port = stored(data_dir / "redis_port", free_port)
    return f"redis://:{_redis_password(data_dir)}@127.0.0.1:{port}/{number}"


def stored(path: Path, make: Callable[[], str]) -> str:
    """Text of a small private file, made and written on first use."""
    if not path.exists():
        _claim(path.parent)
        with _locked(path.parent):
            if not path.exists():
                draft = path.with_name(f"{path.name}.new")
                draft.unlink(missing_ok=True)
                draft.touch(mode=0o600)
                draft.write_text(make())
                draft.replace(path)
    return path.read_text()


@contextmanager
def running(data_dir: Path, *, durable: bool = True) -> Iterator[Callable[[], None]]:
    """Keep the servers up that the environment does not name (DATABASE_URL, REDIS_URL).

    Gives a function that starts again what has died in the meantime. `durable=False` trades the
    safety of the data in a power cut for speed, for tests.
    """
    if not (wanted := _wanted()):
        yield lambda: None
        return
    _claim(data_dir)
    with _locked(data_dir):
        home = Home(data_dir, durable=durable)
    servers = [_server(kind, home) for kind in wanted]

    def revive() -> None:
        for server in servers:
            if server.is_gone():
                with _locked(home.run):
                    server.start()

    _exit_on(signal.SIGTERM, signal.SIGHUP)
    with _opened(home.path) as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with _locked(home.run):
                for server in servers:
                    server.start()
            yield revive
        finally:
            with _uninterrupted():
                if _is_last(users):
                    for server in servers:
                        server.stop()


def _wanted() -> list[type[Server]]:
    if os.environ.get("CSM_ENV") == "production":
        return []
    named = {Postgres: "DATABASE_URL", Redis: "REDIS_URL"}
    return [kind for kind, name in named.items() if not os.environ.get(name)]


def _server(kind: type[Server], home: Home) -> Server:
    return Redis(home, _redis_password(home.data_dir)) if kind is Redis else Postgres(home)


def _redis_password(data_dir: Path) -> str:
    return stored(data_dir / "redis_password", lambda: secrets.token_urlsafe(24))


def _claim(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK | os.X_OK):
        sys.exit(
            f"CSM cannot write to {folder}, which belongs to another user: "
            "run as that user, or set CSM_DATA_DIR to a folder of your own."
        )


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with _opened(folder) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def _is_last(users: int) -> bool:
    # Of several who leave at once one succeeds: a failed upgrade gives up the shared lock, too.
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _exit_on(*signals: signal.Signals) -> None:
    # By default these end Python at once, past every `finally`.
    for number in signals:
        if _in_main_thread() and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, _frame: sys.exit(128 + received))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let no second Ctrl-C leave a server behind."""
    if not _in_main_thread():
        yield
        return
    before = {
        number: signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
